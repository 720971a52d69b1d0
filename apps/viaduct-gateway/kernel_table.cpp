// SPDX-License-Identifier: GPL-2.0-or-later
#include "viaduct-gateway/kernel_table.hpp"

#include "net/address.hpp"
#include "os/nft_text.hpp"
#include "viaduct-gateway/ruleset.hpp"

#include <array>
#include <cstring>

namespace viaduct::gateway {
namespace {

/// Element octets: each field in network order, padded to four octets (nftables registers).
class Key {
 public:
  Key& address(const net::Address& address) {
    std::memcpy(octets_.data() + size_, address.octets.data(), address.size());
    size_ += address.size();
    return *this;
  }
  Key& endpoint(const net::Endpoint& endpoint) {
    address(endpoint.address);
    octets_[size_++] = static_cast<char>(endpoint.port >> 8);
    octets_[size_++] = static_cast<char>(endpoint.port);
    octets_[size_++] = 0;
    octets_[size_++] = 0;
    return *this;
  }
  [[nodiscard]] base::Bytes bytes() const { return {octets_.data(), size_}; }

 private:
  std::array<char, 40> octets_{};
  std::size_t size_ = 0;
};

Key endpoint_key(const net::Endpoint& endpoint) {
  return Key().endpoint(endpoint);
}

const char* set_of(const alg::Effect& effect) {
  const bool four = effect.key.inner.address.family == net::Family::ipv4;
  if (effect.mapping == alg::MappingKind::watched) return four ? names::kWatched4 : names::kWatched6;
  if (effect.mapping == alg::MappingKind::signalling) return names::kSignalling4;
  return four ? names::kMedia4 : names::kMedia6;
}

bool is_ipv4(const alg::Effect& effect) {
  return effect.key.inner.address.family == net::Family::ipv4;
}

}  // namespace

os::Result<KernelTable> KernelTable::open() {
  os::Result<os::NftBatch> batch = os::NftBatch::open();
  if (!batch) return std::unexpected(batch.error());
  return KernelTable(std::move(*batch));
}

// Into the table that is there, so that its timeout policies stay; else, where its shape does not fit, anew.
os::Result<void> KernelTable::load(const std::string& script) {
  const os::Result<void> done = os::run_nft(script);
  return done ? done : os::run_nft(kDropTable + script);
}

os::Result<void> KernelTable::install(const GatewayConfig& config, const std::vector<std::string>& wans,
                                      std::span<const alg::Effect> effects) {
  batch_.discard();
  os::Result<void> done = load(ruleset_script(config, wans, Ipsec::matched));
  if (!done) done = load(ruleset_script(config, wans, Ipsec::unknown));
  if (!done) return done;
  active_ = reads_sip(config.policy);
  if (!active_) return {};
  for (const char* set : {names::kMedia4, names::kMedia6, names::kWatched4, names::kWatched6, names::kSignalling4,
                          names::kGuarded4, names::kGuarded6, names::kAllowed4, names::kAllowed6, names::kOuterToInner})
    batch_.clear(set);
  for (std::size_t wan = 0; wan < wans.size(); ++wan)
    batch_.clear((names::kInnerToOuter + std::to_string(wan)).c_str());
  add(effects);
  return commit();
}

os::Result<void> KernelTable::start_queue(std::uint16_t number) {
  const os::Result<os::QueueStatement> done = os::append_queue_rule(names::kQueueChain, number);
  if (!done) return std::unexpected(done.error());
  return {};
}

os::Result<void> KernelTable::stop_queue() {
  if (!active_) return {};
  return os::flush_chain(names::kQueueChain);
}

os::Result<void> KernelTable::remove() {
  batch_.discard();
  active_ = false;
  return os::delete_table();
}

void KernelTable::add(std::span<const alg::Effect> effects) {
  if (!active_) return;
  for (const alg::Effect& effect : effects) add(effect);
}

void KernelTable::add(const alg::Effect& effect) {
  const bool four = is_ipv4(effect);
  const Key outer = endpoint_key(effect.outer);
  switch (effect.kind) {
    case alg::Effect::Kind::map:
    case alg::Effect::Kind::unmap:
      return set_element(effect, effect.kind == alg::Effect::Kind::map);
    case alg::Effect::Kind::guard:
      return batch_.add(four ? names::kGuarded4 : names::kGuarded6, outer.bytes());
    case alg::Effect::Kind::unguard:
      return batch_.remove(four ? names::kGuarded4 : names::kGuarded6, outer.bytes());
    case alg::Effect::Kind::allow:
    case alg::Effect::Kind::disallow:
      break;
  }
  if (effect.source.family != effect.outer.address.family) return;
  const Key source = Key().endpoint(effect.outer).address(effect.source);
  const char* set = four ? names::kAllowed4 : names::kAllowed6;
  if (effect.kind == alg::Effect::Kind::allow)
    batch_.add(set, source.bytes());
  else
    batch_.remove(set, source.bytes());
}

void KernelTable::set_element(const alg::Effect& effect, bool present) {
  const Key inner = endpoint_key(effect.key.inner);
  const bool translates = is_ipv4(effect) && effect.outer.port != 0;
  const char* set = set_of(effect);
  const std::string to_outer = names::kInnerToOuter + std::to_string(effect.key.wan);
  const Key outer = endpoint_key(effect.outer);
  if (present) {
    batch_.add(set, inner.bytes());
    if (!translates) return;
    batch_.add(names::kOuterToInner, outer.bytes(), inner.bytes());
    batch_.add(to_outer.c_str(), inner.bytes(), outer.bytes());
  } else {
    batch_.remove(set, inner.bytes());
    if (!translates) return;
    batch_.remove(names::kOuterToInner, outer.bytes());
    batch_.remove(to_outer.c_str(), inner.bytes());
  }
}

os::Result<void> KernelTable::commit() {
  if (batch_.empty()) return {};
  ++commits_;
  return batch_.commit();
}

}  // namespace viaduct::gateway
