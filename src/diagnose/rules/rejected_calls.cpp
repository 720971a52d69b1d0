// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rules/rules.hpp"
#include "diagnose/words.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace viaduct::diagnose::rules {
namespace {

constexpr finding::Rule kRule{
    .id = "rejected-calls",
    .title = "A call fails for a reason that nobody chose",
    .cause = finding::Cause::signalling,
    .needs = "An INVITE with a final response.",
    .why =
        "Busy, declined, not found and cancelled are answers of people and dial plans. A loop, media that nobody "
        "agrees on, a message that cannot be read, a phone that cannot be reached or a password that is wrong are "
        "faults.",
    .remedy =
        "488: compare the codecs and the encryption of both offers. 482, 483: look at the routing. 400: compare the "
        "message with what was sent, as SIP ALGs damage it. 408: see whether the phone's registration and its UDP "
        "mapping live.",
};

struct Refusal {
  std::uint16_t status;
  finding::Cause cause;
  const char* meaning;
};
/// What is no fault of people (RFC 3261 21). The cause of what a box on the way may have damaged is left open.
constexpr Refusal kRefusals[] = {
    {400, finding::Cause::not_proven, "the message could not be understood"},
    {408, finding::Cause::not_proven, "the callee could not be reached"},
    {413, finding::Cause::signalling, "the body is too large"},
    {415, finding::Cause::not_proven, "the type of the body is not supported"},
    {416, finding::Cause::signalling, "the scheme of the URI is not supported"},
    {420, finding::Cause::signalling, "an extension is required that is not supported"},
    {421, finding::Cause::signalling, "an extension is missing"},
    {482, finding::Cause::signalling, "the request came in a loop"},
    {483, finding::Cause::signalling, "there were too many hops: a loop"},
    {488, finding::Cause::signalling, "the parties cannot agree on media"},
    {493, finding::Cause::not_proven, "the body could not be decrypted"},
    {500, finding::Cause::signalling, "the server failed"},
    {501, finding::Cause::signalling, "the server does not know the method"},
    {502, finding::Cause::signalling, "the server got a bad answer from another one"},
    {503, finding::Cause::signalling, "the server cannot serve now"},
    {504, finding::Cause::not_proven, "the next server could not be reached"},
    {505, finding::Cause::not_proven, "the version of SIP is not supported"},
    {513, finding::Cause::signalling, "the message is too large"},
    {580, finding::Cause::signalling, "resources could not be reserved"},
    {606, finding::Cause::signalling, "the parties cannot agree on media"},
};

[[nodiscard]] const Refusal* refusal_of(const call::Call& call) {
  const call::Ending& ending = call.ending;
  if (ending.kind != call::EndKind::rejected && ending.kind != call::EndKind::timed_out) return nullptr;
  // Who lets it ring until it times out was reached.
  if (ending.status == 408 && call.rang != call::kNever) return nullptr;
  const auto* const found = std::find_if(std::begin(kRefusals), std::end(kRefusals),
                                         [&](const Refusal& refusal) { return refusal.status == ending.status; });
  return found == std::end(kRefusals) ? nullptr : found;
}

/// Asked for credentials once more after they had come: those were no good.
[[nodiscard]] bool denied(const call::Call& call) {
  const std::uint16_t status = call.ending.status;
  return call.ending.kind == call::EndKind::rejected && (status == 401 || status == 407) && call.challenges >= 2;
}

[[nodiscard]] finding::Finding denial(const call::Call& call) {
  finding::Finding found = finding::Finding::fail(
      kRule, finding::Severity::major, 0.8,
      "The call was refused: its credentials were asked for " + counted(call.challenges, "time", "times") +
          ", and none were accepted. That is a matter of the account, its name and password.",
      evidence_at(call::pack(call.ending.frame), call.ending.time, "final response to the INVITE"));
  found.cause = finding::Cause::configuration;
  return found;
}

[[nodiscard]] std::optional<finding::Finding> refused(const call::Call& call) {
  if (denied(call)) return denial(call);
  const Refusal* const refusal = refusal_of(call);
  if (refusal == nullptr) return std::nullopt;
  finding::Finding found = finding::Finding::fail(
      kRule, finding::Severity::major, 0.8,
      "The call was refused with " + std::to_string(refusal->status) + ": " + refusal->meaning + ".",
      evidence_at(call::pack(call.ending.frame), call.ending.time, "final response to the INVITE"));
  found.cause = refusal->cause;
  return found;
}

finding::Finding judge(const CallFacts& facts) {
  if (std::optional<finding::Finding> found = refused(facts.call)) return *std::move(found);
  switch (facts.call.ending.kind) {
    case call::EndKind::no_final:
    case call::EndKind::unanswered:
      return finding::Finding::not_applicable(kRule, "The INVITE has no final response here.");
    case call::EndKind::open:
      if (!facts.call.established()) return finding::Finding::not_applicable(kRule, "No INVITE was captured.");
      break;
    default:
      break;
  }
  return finding::Finding::pass(kRule, 1, "The call was answered, or people or a dial plan did not want it.");
}

}  // namespace

CallRule rejected_calls() {
  return {kRule, judge};
}

}  // namespace viaduct::diagnose::rules
