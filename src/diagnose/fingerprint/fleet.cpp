// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/fingerprint/fleet.hpp"

#include <algorithm>

namespace viaduct::diagnose::fingerprint {
namespace {

constexpr std::size_t kMaxOrders = 8;

void add_order(std::vector<Make::Order>& orders, std::uint64_t hash) {
  if (hash == 0) return;
  const auto known =
      std::find_if(orders.begin(), orders.end(), [hash](const Make::Order& order) { return order.hash == hash; });
  if (known != orders.end())
    ++known->sources;
  else if (orders.size() < kMaxOrders)
    orders.push_back({hash, 1});
}

void add_device(Make& make, const Device& device) {
  make.untouched += device.untouched() && device.sdp_inner() ? 1 : 0;
  make.is_public += device.is_public() ? 1 : 0;
  make.with_rport += device.with_rport > 0 && device.without_rport == 0 ? 1 : 0;
  make.without_rport += device.with_rport == 0 && device.without_rport > 0 ? 1 : 0;
  make.counts_right += device.counts_right && device.excess == 0 ? 1 : 0;
  make.counts_wrong += device.excess != 0 ? 1 : 0;
  make.even += device.counts[static_cast<std::size_t>(Item::respelled)] == 0 ? 1 : 0;
  for (std::size_t kind = 0; kind < make.orders.size(); ++kind) add_order(make.orders[kind], device.order[kind]);
}

}  // namespace

bool Make::differs(std::size_t kind, std::uint64_t hash) const {
  if (hash == 0) return false;
  std::uint32_t total = 0;
  const Order* most = nullptr;
  std::uint32_t same = 0;
  for (const Order& order : orders[kind]) {
    total += order.sources;
    if (order.hash == hash) same = order.sources;
    if (most == nullptr || order.sources > most->sources) most = &order;
  }
  return most != nullptr && most->hash != hash && most->sources >= kQuorum && most->sources + same == total &&
         same == 1;
}

void Fleet::add(const Source& source) {
  std::vector<base::Bytes> counted;
  for (const Device& device : source.devices) {
    const base::Bytes product = device.product.view();
    if (product.empty()) continue;
    const auto known = makes_.find(std::string(product));
    if (known == makes_.end() && makes_.size() >= kMaxMakes) continue;
    Make& make = known == makes_.end() ? makes_[std::string(product)] : known->second;
    make.one_port += device.ports_agree ? 1 : 0;
    if (std::find(counted.begin(), counted.end(), product) != counted.end()) continue;
    counted.push_back(product);
    add_device(make, device);
  }
}

const Make* Fleet::find(const Device& device) const {
  if (device.product.empty()) return nullptr;
  const auto known = makes_.find(std::string(device.product.view()));
  return known == makes_.end() ? nullptr : &known->second;
}

}  // namespace viaduct::diagnose::fingerprint
