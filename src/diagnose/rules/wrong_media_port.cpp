// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rules/rules.hpp"
#include "diagnose/words.hpp"

#include <tuple>

namespace viaduct::diagnose::rules {
namespace {

constexpr finding::Rule kRule{
    .id = "wrong-media-port",
    .title = "SDP names a port that its sender does not use",
    .cause = finding::Cause::alg,
    .needs = "An answered call with RTP both ways, seen outside of the customer's router, and SIP that shows an ALG.",
    .why =
        "SDP was translated to the public address, but with a port for which the router has no mapping: what is sent "
        "there is dropped, and the customer hears nothing, although media of both directions is seen outside.",
    .remedy = "Switch off SIP ALG under all of its names, and let the platform send media to where it comes from.",
};

constexpr Duration kLeast = std::chrono::seconds(5);
constexpr double kSuspected = 0.4;
constexpr double kOpen = 0.2;

[[nodiscard]] const AlgSign* sign_of(const CaseFacts& facts, const CallOutcome& call) {
  const AlgSign* best = nullptr;
  for (const AlgSign& sign : facts.alg_signs)
    if (sign.point == call.point && sign.address == call.unused->named.address &&
        (best == nullptr ||
         std::tuple(sign.proven, sign.log_likelihood) > std::tuple(best->proven, best->log_likelihood)))
      best = &sign;
  return best;
}

[[nodiscard]] finding::Evidence told(const NamedPort& port) {
  finding::Evidence evidence = evidence_at(call::pack(port.frame), port.told,
                                           "SDP of the " + std::string(call::name(port.receiver)) + " names port " +
                                               std::to_string(port.named.port) + "; its media comes from port " +
                                               std::to_string(port.used.port));
  const std::string line = "m=audio " + std::to_string(port.named.port);
  finding::quote(evidence, line, base::between(8, line.size()));
  return evidence;
}

[[nodiscard]] finding::Finding judge_call(const CallOutcome& call, const AlgSign* sign) {
  const NamedPort& port = *call.unused;
  const std::string what = "For " + seconds_text(port.length) + " media for the " +
                           std::string(call::name(port.receiver)) + " goes to " + port.named.to_text() +
                           ", from where nothing ever comes, while its own comes from " + port.used.to_text();
  finding::Finding found =
      sign != nullptr && sign->proven
          ? finding::Finding::fail(kRule, finding::Severity::critical, 0.9,
                                   what + "; and SIP of this customer was changed on the way.", told(port))
          : finding::Finding::inconclusive(kRule, what +
                                                      ": an ALG wrote a port without a mapping, or the phone sends and "
                                                      "receives on different ports. SIP proves no ALG here.");
  found.evidence = {told(port)};
  if (sign != nullptr) found.evidence.push_back(sign->proof);
  if (sign != nullptr && sign->proven) {
    found.family = sign->family;
    found.behaviours = {"B01"};
  } else {
    // A STUN phone behind a NAT that gives each destination another port shows the same.
    found.cause = kRule.cause;
    found.confidence = sign != nullptr ? kSuspected : kOpen;
  }
  found.calls = {call.index};
  found.streams = {port.streams[0], port.streams[1]};
  return found;
}

std::vector<finding::Finding> judge(const CaseFacts& facts) {
  std::vector<finding::Finding> findings;
  bool media = false;
  for (const CallOutcome& call : facts.outcomes) {
    media = media || (call.media_seen && call.due > Duration{});
    if (call.unused && call.unused->length >= kLeast) findings.push_back(judge_call(call, sign_of(facts, call)));
  }
  if (!findings.empty()) return findings;
  if (!media) return {finding::Finding::not_applicable(kRule, "No answered call has SDP and media of both parties.")};
  return {finding::Finding::pass(kRule, 0.8, "No media goes to a public port that its receiver does not use.")};
}

}  // namespace

CaseRule wrong_media_port() {
  return {kRule, judge};
}

}  // namespace viaduct::diagnose::rules
