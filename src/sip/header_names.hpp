// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "sip/header.hpp"

#include <array>

/// The spelling of header names, long and compact. For the sources of this folder only.
namespace viaduct::sip::table {

// In the order of HeaderId.
inline constexpr std::array<Bytes, kHeaderIds> kNames = {
    "",
    "Accept",
    "Accept-Contact",
    "Accept-Encoding",
    "Accept-Language",
    "Alert-Info",
    "Allow",
    "Allow-Events",
    "Authentication-Info",
    "Authorization",
    "Call-ID",
    "Call-Info",
    "Contact",
    "Content-Disposition",
    "Content-Encoding",
    "Content-ID",
    "Content-Language",
    "Content-Length",
    "Content-Transfer-Encoding",
    "Content-Type",
    "CSeq",
    "Date",
    "Diversion",
    "Error-Info",
    "Event",
    "Expires",
    "Flow-Timer",
    "From",
    "Geolocation",
    "History-Info",
    "Identity",
    "Identity-Info",
    "In-Reply-To",
    "Join",
    "Max-Forwards",
    "MIME-Version",
    "Min-Expires",
    "Min-SE",
    "Organization",
    "P-Access-Network-Info",
    "P-Asserted-Identity",
    "P-Associated-URI",
    "P-Called-Party-ID",
    "P-Charging-Vector",
    "P-Preferred-Identity",
    "Path",
    "Priority",
    "Privacy",
    "Proxy-Authenticate",
    "Proxy-Authorization",
    "Proxy-Require",
    "RAck",
    "Reason",
    "Record-Route",
    "Refer-Sub",
    "Refer-To",
    "Referred-By",
    "Reject-Contact",
    "Remote-Party-ID",
    "Replaces",
    "Reply-To",
    "Request-Disposition",
    "Require",
    "Retry-After",
    "Route",
    "RSeq",
    "Security-Client",
    "Security-Server",
    "Security-Verify",
    "Server",
    "Service-Route",
    "Session-Expires",
    "Session-ID",
    "SIP-ETag",
    "SIP-If-Match",
    "Subject",
    "Subscription-State",
    "Supported",
    "Target-Dialog",
    "Timestamp",
    "To",
    "Unsupported",
    "User-Agent",
    "Via",
    "Warning",
    "WWW-Authenticate",
};
static_assert(kNames[static_cast<std::size_t>(HeaderId::www_authenticate)] == "WWW-Authenticate");
static_assert(kNames[static_cast<std::size_t>(HeaderId::min_se)] == "Min-SE");

struct Compact {
  char letter;
  HeaderId id;
};
// RFC 3261 7.3.3 and the registry of the IANA.
inline constexpr Compact kCompact[] = {
    {'a', HeaderId::accept_contact},
    {'b', HeaderId::referred_by},
    {'c', HeaderId::content_type},
    {'d', HeaderId::request_disposition},
    {'e', HeaderId::content_encoding},
    {'f', HeaderId::from},
    {'i', HeaderId::call_id},
    {'j', HeaderId::reject_contact},
    {'k', HeaderId::supported},
    {'l', HeaderId::content_length},
    {'m', HeaderId::contact},
    {'n', HeaderId::identity_info},
    {'o', HeaderId::event},
    {'r', HeaderId::refer_to},
    {'s', HeaderId::subject},
    {'t', HeaderId::to},
    {'u', HeaderId::allow_events},
    {'v', HeaderId::via},
    {'x', HeaderId::session_expires},
    {'y', HeaderId::identity},
};
inline constexpr std::array<HeaderId, 26> kCompactIds = [] {
  std::array<HeaderId, 26> ids{};
  for (const Compact& c : kCompact) ids[static_cast<std::size_t>(c.letter - 'a')] = c.id;
  return ids;
}();

}  // namespace viaduct::sip::table
