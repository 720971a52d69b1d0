// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rules/rules.hpp"
#include "diagnose/rules/shown_messages.hpp"
#include "diagnose/sides/tell.hpp"
#include "diagnose/words.hpp"

#include <algorithm>
#include <set>

namespace viaduct::diagnose::rules {
namespace {

using sides::ChangedMessage;
using sides::Comparison;

constexpr finding::Rule kRule{
    .id = "alg-edits-relayed-media",
    .title = "SDP is changed although an RTP proxy carries the media",
    .cause = finding::Cause::alg,
    .needs = "Captures from both sides of the router, SDP, and media through a relay of the provider.",
    .why =
        "The provider's relay learns where the phone is from its packets; the call needed nothing. Each re-INVITE that "
        "the router edits re-initialises media behind the relay's back.",
    .remedy = "Switch off SIP ALG on the router: with an RTP proxy there is no call that needs it.",
};

[[nodiscard]] net::Address platform_of(const Comparison& comparison, const sides::MessagePair& pair) {
  const sides::SeenMessage& before = comparison.before(pair);
  return comparison.outbound(pair) ? before.destination.address : before.source.address;
}
[[nodiscard]] net::Address platform_of(const Comparison& comparison, const ChangedMessage& message) {
  return platform_of(comparison, comparison.alignment.pairs[message.pair]);
}

/// Addresses outside that SIP goes to and media too: the platform relays.
[[nodiscard]] std::set<net::Address> relays(const Comparison& comparison) {
  std::set<net::Address> platforms;
  for (const sides::MessagePair& pair : comparison.alignment.pairs) platforms.insert(platform_of(comparison, pair));
  std::set<net::Address> relays;
  for (const sides::StreamJoin& join : comparison.streams.joins) {
    const sides::PacketRun& run = comparison.log(sides::Side::first).packets.runs()[join.first.front()];
    const net::Address& remote = join.from == comparison.inner ? run.destination.address : run.source.address;
    if (platforms.contains(remote)) relays.insert(remote);
  }
  return relays;
}

[[nodiscard]] bool edits_relay(const ChangedMessage& message) {
  return std::any_of(message.changes.begin(), message.changes.end(),
                     [](const sides::JudgedChange& one) { return one.behaviour == "B02"; });
}

[[nodiscard]] finding::Finding fail(const CaseFacts& facts, const std::vector<const ChangedMessage*>& edited,
                                    const std::set<net::Address>& relayed, std::size_t replaced) {
  const Comparison& comparison = *facts.other_side;
  std::string statement = "SDP of " + counted(edited.size(), "message", "messages") + " was changed";
  const net::Address platform = platform_of(comparison, *edited.front());
  if (relayed.contains(platform)) statement += " although media goes to the platform itself, " + platform.to_text();
  if (replaced > 0) statement += "; " + std::to_string(replaced) + " named a public media address, which was replaced";
  finding::Finding found = finding::Finding::fail(
      kRule, replaced > 0 ? finding::Severity::critical : finding::Severity::note, replaced > 0 ? 0.95 : 0.6,
      statement + ".", sides::evidence_of(comparison.before(comparison.alignment.pairs[edited.front()->pair]), ""));
  show_each_kind(found, facts, edited);
  std::erase_if(found.behaviours, [](const std::string& id) { return id[0] != 'B'; });
  found.family = comparison.family.name;
  return found;
}

std::vector<finding::Finding> judge(const CaseFacts& facts) {
  using finding::Finding;
  if (facts.other_side == nullptr) return {Finding::not_applicable(kRule, sides::kOneSide)};
  const Comparison& comparison = *facts.other_side;
  const std::set<net::Address> relayed = relays(comparison);
  std::vector<const ChangedMessage*> edited;
  std::size_t replaced = 0;
  for (const ChangedMessage& message : comparison.changed) {
    if (!message.sdp || !(relayed.contains(platform_of(comparison, message)) || edits_relay(message))) continue;
    replaced += edits_relay(message) ? 1U : 0U;
    edited.push_back(&message);
  }
  if (!edited.empty()) return {fail(facts, edited, relayed, replaced)};
  if (relayed.empty())
    return {Finding::not_applicable(kRule, "No media was seen to go through a relay of the platform.")};
  return {Finding::pass(kRule, 0.9, "Media goes through the platform, and SDP is the same on both sides.")};
}

}  // namespace

CaseRule alg_edits_relayed() {
  return {kRule, judge, About::edits};
}

}  // namespace viaduct::diagnose::rules
