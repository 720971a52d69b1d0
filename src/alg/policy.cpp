// SPDX-License-Identifier: GPL-2.0-or-later
#include "alg/policy.hpp"

#include "base/text.hpp"

#include <array>

namespace viaduct::alg {
namespace {

constexpr std::array<base::Bytes, 4> kModes = {"off", "observe", "pinhole", "assist"};

template <class T>
void take_first(std::optional<T>& value, const std::optional<T>& next) {
  if (!value) value = next;
}

void take(PartyRule& said, const PartyRule& next) {
  take_first(said.mode, next.mode);
  take_first(said.handles_contact, next.handles_contact);
  take_first(said.handles_sdp, next.handles_sdp);
}

bool matches(const PlatformRule& rule, const net::Address& platform, base::Bytes domain) {
  return rule.address ? rule.address->contains(platform) : base::iequals(rule.domain, domain);
}

}  // namespace

base::Bytes text(Mode mode) {
  return kModes[static_cast<std::size_t>(mode)];
}

std::optional<Mode> parse_mode(base::Bytes text) {
  for (std::size_t i = 0; i < kModes.size(); ++i)
    if (kModes[i] == text) return static_cast<Mode>(i);
  return std::nullopt;
}

PartyRule endpoint_rule_for(const Policy& policy, const net::Address& inner) {
  PartyRule said;
  for (const EndpointRule& endpoint : policy.endpoints)
    if (endpoint.address.contains(inner)) take(said, endpoint.rule);
  return said;
}

PartyRule rule_for(const Policy& policy, const net::Address& inner, const net::Address& platform, base::Bytes domain) {
  PartyRule said = endpoint_rule_for(policy, inner);
  for (const PlatformRule& rule : policy.platforms)
    if (matches(rule, platform, domain)) take(said, rule.rule);
  for (const InsideRule& network : policy.inside)
    if (network.network.contains(inner)) take_first(said.mode, network.mode);
  return said;
}

Mode mode_for(const Policy& policy, const net::Address& inner, const net::Address& platform, base::Bytes domain) {
  return rule_for(policy, inner, platform, domain).mode.value_or(policy.mode);
}

}  // namespace viaduct::alg
