// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rules/rules.hpp"
#include "diagnose/rules/wrong_field.hpp"

namespace viaduct::diagnose::rules {
namespace {

constexpr finding::Rule kRule{
    .id = "ice-mismatch",
    .title = "c= and m= are none of the ICE candidates",
    .cause = finding::Cause::alg,
    .needs = "SDP with ICE candidates, as it arrives from a customer.",
    .why =
        "Whoever gets such a description has to answer with ice-mismatch and goes without ICE (RFC 8839 section 5.4): "
        "calls between networks lose their media path.",
    .remedy =
        "Switch off SIP ALG on the way; where a PBX writes it, give its ICE the external address too, or switch "
        "ICE off.",
};

constexpr WrongField kField{
    .rule = kRule,
    .item = fingerprint::Item::ice_default,
    .fits = &fingerprint::SourceEvidence::candidates_fit,
    .wrong = "c= and m= are none of the candidates in SDP",
    .right = "Each description with ICE has its default among the candidates.",
    .missing = "No SDP with ICE candidates was captured outside of a router.",
};

[[nodiscard]] std::vector<finding::Finding> judge(const CaseFacts& facts) {
  return judge_field(kField, facts);
}

}  // namespace

CaseRule ice_mismatch() {
  return {kRule, judge};
}

}  // namespace viaduct::diagnose::rules
