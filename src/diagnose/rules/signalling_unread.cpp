// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rules/rules.hpp"
#include "diagnose/words.hpp"

namespace viaduct::diagnose::rules {
namespace {

constexpr finding::Rule kRule{
    .id = "signalling-unread",
    .title = "SIP could not be read",
    .cause = finding::Cause::none,
    .needs = "SIP in plain text, captured whole.",
    .why =
        "Without SIP nobody knows which streams are a call, who hung up and why, and whether an ALG edits it: of all "
        "this nothing can be said, neither good nor bad.",
    .remedy =
        "Capture whole packets (tcpdump -s 0). Where SIP runs over TLS, capture where it is plain: in the platform "
        "behind its TLS, or by the HEP agent of the proxy.",
};

[[nodiscard]] finding::Finding open(std::string statement) {
  finding::Finding found = finding::Finding::inconclusive(kRule, std::move(statement));
  found.severity = finding::Severity::major;
  return found;
}

std::vector<finding::Finding> judge(const CaseFacts& facts) {
  const SignallingFacts& sip = facts.signalling;
  std::vector<finding::Finding> findings;
  // A scanner's junk between good messages is none of it.
  if (sip.unreadable > sip.messages)
    findings.push_back(open(counted(sip.unreadable, "packet has", "packets have") +
                            " the form of SIP and cannot be read" +
                            (sip.cut > 0 ? ", for they were captured in part" : "") + "; " +
                            counted(sip.messages, "message", "messages") + " can."));
  if (sip.encrypted > 0 && sip.messages == 0)
    findings.push_back(open("Signalling is encrypted: " + counted(sip.encrypted, "TCP segment", "TCP segments") +
                            " of port 5061 (SIP over TLS), and no SIP in plain text."));
  if (!findings.empty()) return findings;
  if (sip.messages == 0) return {finding::Finding::not_applicable(kRule, "There is no SIP here.")};
  return {finding::Finding::pass(kRule, 1, counted(sip.messages, "SIP message", "SIP messages") + " could be read.")};
}

}  // namespace

CaseRule signalling_unread() {
  return {kRule, judge};
}

}  // namespace viaduct::diagnose::rules
