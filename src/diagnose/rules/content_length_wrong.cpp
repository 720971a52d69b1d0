// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/rules/rules.hpp"
#include "diagnose/rules/wrong_field.hpp"

namespace viaduct::diagnose::rules {
namespace {

constexpr finding::Rule kRule{
    .id = "content-length-wrong",
    .title = "Content-Length is not the length of the body",
    .cause = finding::Cause::alg,
    .needs = "SIP with SDP over UDP, captured whole.",
    .why =
        "The reader takes the body to end there: SDP is cut or refused, and over TCP the stream is lost (RFC 3261 "
        "section 18.3).",
    .remedy = "Switch off SIP ALG on the way; where the phone itself writes it, update its firmware.",
};

constexpr WrongField kField{
    .rule = kRule,
    .item = fingerprint::Item::content_length,
    .fits = &fingerprint::SourceEvidence::lengths_fit,
    .wrong = "Content-Length is wrong in messages",
    .right = "Each body is as long as its Content-Length says.",
    .missing = "No SIP with a body was captured whole.",
};

[[nodiscard]] std::vector<finding::Finding> judge(const CaseFacts& facts) {
  return judge_field(kField, facts);
}

}  // namespace

CaseRule content_length_wrong() {
  return {kRule, judge};
}

}  // namespace viaduct::diagnose::rules
