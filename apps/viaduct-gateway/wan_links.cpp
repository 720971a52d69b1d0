// SPDX-License-Identifier: GPL-2.0-or-later
#include "viaduct-gateway/wan_links.hpp"

#include <algorithm>

namespace viaduct::gateway {
namespace {

net::Address choose_address(const std::vector<os::InterfaceAddress>& all, std::uint32_t index,
                            const net::Address& current) {
  net::Address first;
  for (const os::InterfaceAddress& entry : all) {
    if (entry.interface != index || !entry.usable || entry.address.family != net::Family::ipv4) continue;
    if (entry.address == current) return current;
    if (!first.present()) first = entry.address;
  }
  return first;
}

}  // namespace

os::Result<void> WanLinks::refresh() {
  const os::Result<std::vector<os::Interface>> interfaces = os::list_interfaces();
  if (!interfaces) return std::unexpected(interfaces.error());
  const os::Result<std::vector<os::InterfaceAddress>> addresses = os::list_addresses();
  if (!addresses) return std::unexpected(addresses.error());
  if (names_.empty()) {
    const os::Result<std::vector<os::DefaultRoute>> routes = os::list_default_routes();
    if (!routes) return std::unexpected(routes.error());
    for (const os::Interface& interface : *interfaces)
      if (std::any_of(routes->begin(), routes->end(),
                      [&](const os::DefaultRoute& r) { return r.interface == interface.index; }))
        names_.push_back(interface.name);
  }
  links_.resize(names_.size());
  for (std::size_t i = 0; i < names_.size(); ++i) {
    WanLink& link = links_[i];
    const auto found = std::find_if(interfaces->begin(), interfaces->end(),
                                    [&](const os::Interface& f) { return f.name == names_[i]; });
    const net::Address before = link.address;
    link = {names_[i], 0, {}, 1500};
    if (found == interfaces->end()) continue;
    link.index = found->index;
    if (found->mtu != 0) link.mtu = found->mtu;
    link.address = choose_address(*addresses, found->index, before);
  }
  return {};
}

std::vector<std::string> WanLinks::names() const {
  return names_;
}

std::optional<std::size_t> WanLinks::find(std::uint32_t index) const {
  if (index == 0) return std::nullopt;
  for (std::size_t i = 0; i < links_.size(); ++i)
    if (links_[i].index == index) return i;
  return std::nullopt;
}

}  // namespace viaduct::gateway
