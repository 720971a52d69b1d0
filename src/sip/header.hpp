// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"

#include <cstdint>

namespace viaduct::sip {

using base::Bytes;
using base::Range;

/// Header fields known by name. The order is that of the table in header.cpp (static_assert there).
enum class HeaderId : std::uint8_t {
  other,
  accept,
  accept_contact,
  accept_encoding,
  accept_language,
  alert_info,
  allow,
  allow_events,
  authentication_info,
  authorization,
  call_id,
  call_info,
  contact,
  content_disposition,
  content_encoding,
  content_id,
  content_language,
  content_length,
  content_transfer_encoding,
  content_type,
  cseq,
  date,
  diversion,
  error_info,
  event,
  expires,
  flow_timer,
  from,
  geolocation,
  history_info,
  identity,
  identity_info,
  in_reply_to,
  join,
  max_forwards,
  mime_version,
  min_expires,
  min_se,
  organization,
  p_access_network_info,
  p_asserted_identity,
  p_associated_uri,
  p_called_party_id,
  p_charging_vector,
  p_preferred_identity,
  path,
  priority,
  privacy,
  proxy_authenticate,
  proxy_authorization,
  proxy_require,
  rack,
  reason,
  record_route,
  refer_sub,
  refer_to,
  referred_by,
  reject_contact,
  remote_party_id,
  replaces,
  reply_to,
  request_disposition,
  require,
  retry_after,
  route,
  rseq,
  security_client,
  security_server,
  security_verify,
  server,
  service_route,
  session_expires,
  session_id,
  sip_etag,
  sip_if_match,
  subject,
  subscription_state,
  supported,
  target_dialog,
  timestamp,
  to,
  unsupported,
  user_agent,
  via,
  warning,
  www_authenticate,
  last  ///< not a header: the number of ids
};
inline constexpr std::size_t kHeaderIds = static_cast<std::size_t>(HeaderId::last);

/// The id of a header name in any case, long or compact ("v", "VIA"); HeaderId::other if unknown.
[[nodiscard]] HeaderId header_id(Bytes name);
/// The long name as the RFCs spell it, e.g. "Call-ID"; empty for HeaderId::other.
[[nodiscard]] Bytes header_name(HeaderId id);

/// One header line (with its continuation lines) as ranges of the message's buffer.
///
///    Via \t:  SIP/2.0/UDP host;\r\n  branch=z9hG4bK1  \r\n
///    |-|      |-----------------------------------|
///    name     value: blanks at both ends off, folds inside left as they are
struct Header {
  std::uint32_t name_offset;
  std::uint32_t value_offset;
  std::uint32_t value_length;
  std::uint16_t name_length;
  HeaderId id;
  bool folded;  ///< the value holds a line end

  [[nodiscard]] constexpr Range name() const { return {name_offset, name_length}; }
  /// Present, but perhaps empty.
  [[nodiscard]] constexpr Range value() const { return {value_offset, value_length}; }
};
static_assert(sizeof(Header) == 16);

}  // namespace viaduct::sip
