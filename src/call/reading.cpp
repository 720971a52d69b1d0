// SPDX-License-Identifier: GPL-2.0-or-later
#include "call/reading.hpp"

#include "base/text.hpp"
#include "call/hash.hpp"
#include "sip/address_spec.hpp"

namespace viaduct::call {

namespace {

Bytes tag_of(const sip::Message& message, const sip::Result<sip::NameAddr>& value) {
  return value ? message.text(sip::tag(message.bytes(), *value)) : Bytes();
}

}  // namespace

std::uint64_t transaction_key(const sip::Message& message, Bytes from_tag, std::uint32_t cseq) {
  constexpr Bytes kCookie = "z9hG4bK";
  const sip::Result<sip::Via> via = sip::top_via(message);
  if (!via) return mix(hash_of(from_tag), cseq);
  const Bytes branch = message.text(via->branch);
  if (base::iequals(branch.substr(0, kCookie.size()), kCookie)) return hash_of(branch);
  return mix(mix(hash_of(message.text(via->sent_by())), hash_of(branch)), mix(hash_of(from_tag), cseq));
}

sip::Result<Reading> read(const Sighting& sighting, const sip::Message& message) {
  const sip::Result<base::Range> call_id = sip::call_id(message);
  if (!call_id) return std::unexpected(call_id.error());
  const sip::Result<sip::CSeq> cseq = sip::cseq(message);
  if (!cseq) return std::unexpected(cseq.error());
  Reading reading{.sighting = sighting,
                  .message = message,
                  .call_id = message.text(*call_id),
                  .from_tag = tag_of(message, sip::from(message)),
                  .to_tag = tag_of(message, sip::to(message))};
  // A request is what its start line says, whatever CSeq names.
  reading.method = message.is_request() ? message.method() : cseq->method;
  reading.cseq = cseq->number;
  reading.status = message.status();
  reading.transaction_key = transaction_key(message, reading.from_tag, reading.cseq);
  return reading;
}

}  // namespace viaduct::call
