// SPDX-License-Identifier: GPL-2.0-or-later
#include "simulate/nat.hpp"

#include <algorithm>

namespace viaduct::simulate {

bool Nat::taken(std::uint16_t port) const {
  return std::ranges::any_of(mappings_, [port](const Mapping& mapping) { return mapping.port == port; });
}

std::uint16_t Nat::free_port(int low, int high) {
  for (;;) {
    const auto port = static_cast<std::uint16_t>(random_.whole(low, high));
    if (!taken(port)) return port;
  }
}

std::uint16_t Nat::port_for(Socket inner, bool had_one) {
  const bool keep = rules_.keeps_port && !(had_one && rules_.new_port_after_expiry);
  return keep && !taken(inner.port) ? inner.port : free_port();
}

Socket Nat::outbound(Socket inner, Socket remote, Seconds now) {
  bool had_one = false;
  for (Mapping& mapping : mappings_) {
    if (mapping.inner != inner || (rules_.symmetric && !mapping.pinned && mapping.remote != remote)) continue;
    if (!dead(mapping, now)) {
      mapping.used = std::max(mapping.used, now);
      return {outer_, mapping.port};
    }
    had_one = true;
  }
  const std::uint16_t port = port_for(inner, had_one);
  std::erase_if(mappings_, [&](const Mapping& mapping) { return dead(mapping, now); });
  mappings_.push_back({inner, remote, port, false, now});
  return {outer_, port};
}

std::optional<Socket> Nat::inbound(std::uint16_t port, Socket remote, Seconds now) {
  for (Mapping& mapping : mappings_) {
    if (mapping.port != port || dead(mapping, now)) continue;
    if (rules_.symmetric && !mapping.pinned && mapping.remote != remote) continue;
    if (rules_.inbound_refreshes) mapping.used = std::max(mapping.used, now);
    return mapping.inner;
  }
  return std::nullopt;
}

std::optional<Socket> Nat::mapping(Socket inner, Seconds now) const {
  for (const Mapping& mapping : mappings_)
    if (mapping.inner == inner && !dead(mapping, now)) return Socket{outer_, mapping.port};
  return std::nullopt;
}

void Nat::pin(Socket inner, std::uint16_t port) {
  std::erase_if(mappings_, [&](const Mapping& mapping) { return mapping.inner == inner; });
  mappings_.push_back({inner, {}, port, true, 0});
}

}  // namespace viaduct::simulate
