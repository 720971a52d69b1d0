// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/fingerprint/spelling.hpp"

#include "base/text.hpp"
#include "call/hash.hpp"

#include <algorithm>

namespace viaduct::diagnose::fingerprint {
namespace {

/// Headers that each request has; others come and go with what the request is for.
[[nodiscard]] bool is_main(sip::HeaderId id) {
  switch (id) {
    case sip::HeaderId::via:
    case sip::HeaderId::max_forwards:
    case sip::HeaderId::from:
    case sip::HeaderId::to:
    case sip::HeaderId::call_id:
    case sip::HeaderId::cseq:
    case sip::HeaderId::contact:
    case sip::HeaderId::user_agent:
    case sip::HeaderId::content_length:
      return true;
    default:
      return false;
  }
}

/// All in lower case and not in compact form.
[[nodiscard]] bool is_lower(base::Bytes name) {
  return name.size() > 1 && std::none_of(name.begin(), name.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

/// "Content-Length:    117": room for another number, which phones do not leave.
[[nodiscard]] bool is_padded(const sip::Message& message, const sip::Header& header) {
  return header.id == sip::HeaderId::content_length && header.value_offset >= header.name().end() + 4 &&
         message.text(base::between(header.name().end(), header.value_offset)).ends_with("  ");
}

}  // namespace

Spelling spelling_of(const sip::Message& message) {
  Spelling spelling;
  std::size_t lower = 0;
  std::size_t total = 0;
  for (const sip::Header& header : message.headers()) {
    const base::Bytes name = message.text(header.name());
    if (is_main(header.id)) spelling.order = call::mix(spelling.order, call::hash_of(name));
    ++total;
    lower += is_lower(name) ? 1 : 0;
  }
  for (const sip::Header& header : message.headers()) {
    const bool lone = lower * 2 < total && is_lower(message.text(header.name()));
    if (!is_main(header.id) || (!lone && !is_padded(message, header))) continue;
    if (spelling.oddities++ == 0) spelling.odd = header.name();
  }
  const sip::Header* const via = message.find(sip::HeaderId::via);
  const sip::Header* const below = via == nullptr ? nullptr : message.next(*via);
  spelling.vias_differ = below != nullptr && message.text(via->name()) != message.text(below->name());
  return spelling;
}

}  // namespace viaduct::diagnose::fingerprint
