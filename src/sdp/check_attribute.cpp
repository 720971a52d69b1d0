// SPDX-License-Identifier: GPL-2.0-or-later
#include "sdp/check_attribute.hpp"

#include "base/text.hpp"
#include "sdp/attribute.hpp"
#include "sdp/candidate.hpp"
#include "sdp/value.hpp"

#include <algorithm>

namespace viaduct::sdp {
namespace {

constexpr base::CharSet kIceOctets = base::kAlphanum | base::CharSet{"+/"};  // RFC 8839 section 5.1

bool is_ice_word(base::Bytes text, std::size_t least) {
  return text.size() >= least && text.size() <= 256 &&
         std::all_of(text.begin(), text.end(), [](char c) { return kIceOctets.contains(c); });
}

bool are_remote_candidates(base::Bytes buffer, base::Range value) {
  RemoteCandidates all(buffer, value);
  std::size_t count = 0;
  while (all.next()) ++count;
  return count > 0 && !all.bad();
}

bool is_path(base::Bytes buffer, base::Range value) {
  Words words(buffer, value);
  std::size_t count = 0;
  for (base::Range uri = words.next(); uri.present(); uri = words.next(), ++count)
    if (!parse_msrp_uri(buffer, uri)) return false;
  return count > 0;
}

bool is_rtcp(base::Bytes buffer, base::Range value) {
  const Result<Rtcp> rtcp = parse_rtcp(buffer, value);
  return rtcp && rtcp->where.kind != AddressKind::other;
}

/// Attributes that are complete without a value (a=sendrecv).
bool is_property(AttributeId id) {
  switch (id) {
    case AttributeId::bundle_only:
    case AttributeId::end_of_candidates:
    case AttributeId::ice_lite:
    case AttributeId::ice_mismatch:
    case AttributeId::inactive:
    case AttributeId::recvonly:
    case AttributeId::rtcp_mux:
    case AttributeId::rtcp_mux_only:
    case AttributeId::sendonly:
    case AttributeId::sendrecv:
      return true;
    default:
      return false;
  }
}

bool has_good_value(base::Bytes buffer, const Attribute& attribute) {
  const base::Range value = attribute.value;
  switch (attribute.id) {
    case AttributeId::candidate:
      return parse_candidate(buffer, value).has_value();
    case AttributeId::remote_candidates:
      return are_remote_candidates(buffer, value);
    case AttributeId::crypto:
      return parse_crypto(buffer, value).has_value();
    case AttributeId::fingerprint:
      return parse_fingerprint(buffer, value).has_value();
    case AttributeId::group:
      return parse_group(buffer, value).has_value();
    case AttributeId::ice_ufrag:
      return is_ice_word(value.of(buffer), 4);
    case AttributeId::ice_pwd:
      return is_ice_word(value.of(buffer), 22);
    case AttributeId::ice_pacing:
      return base::parse_decimal<std::uint32_t>(value.of(buffer)).has_value();
    case AttributeId::mid:
      return is_token(value.of(buffer));
    case AttributeId::path:
      return is_path(buffer, value);
    case AttributeId::ptime:
    case AttributeId::maxptime:
      return parse_ptime(buffer, value).has_value();
    case AttributeId::rtcp:
      return is_rtcp(buffer, value);
    case AttributeId::rtpmap:
      return parse_rtpmap(buffer, value).has_value();
    case AttributeId::setup:
      return parse_setup(value.of(buffer)) != Setup::other;
    default:
      return value.length > 0;
  }
}

}  // namespace

void check_attribute(base::Bytes buffer, base::Range line, Sink sink) {
  const Attribute attribute = split_attribute(buffer, line);
  if (!is_token(attribute.name.of(buffer))) return sink(Problem::bad_attribute, line);
  if (attribute.id == AttributeId::other) return;
  const bool good = is_property(attribute.id) ? !attribute.value.present()
                                              : attribute.value.present() && has_good_value(buffer, attribute);
  if (!good) sink(Problem::bad_attribute_value, attribute.value.length > 0 ? attribute.value : line);
}

}  // namespace viaduct::sdp
