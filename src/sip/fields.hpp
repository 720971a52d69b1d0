// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "sip/message.hpp"
#include "sip/problem.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

/// Typed access to single-valued headers. Each function reads the first header of its id; without one it fails
/// with Problem::missing_header. Nothing is remembered between calls.
namespace viaduct::sip {

/// CSeq: 4711 INVITE (RFC 3261 20.16). The number is below 2**31.
struct CSeq {
  std::uint32_t number = 0;
  Method method = Method::other;
  Range number_text;
  Range method_text;
};
[[nodiscard]] Result<CSeq> cseq(const Message& message);

/// The whole value; case-sensitive, compared octet by octet (RFC 3261 20.8).
[[nodiscard]] inline Result<Range> call_id(const Message& message) {
  const Header* const header = message.find(HeaderId::call_id);
  if (header == nullptr) return base::fail(Problem::missing_header, message.header_section().end());
  if (header->value_length == 0) return base::fail(Problem::empty_value, header->value_offset);
  return header->value();
}

/// Content-Length as a number with the place of its digits. Several headers fail with bad_content_length.
struct ContentLength {
  std::uint32_t value = 0;
  Range digits;
  Framing framing = Framing::absent;  ///< how it fits what was received
};
[[nodiscard]] Result<ContentLength> content_length(const Message& message);

/// Content-Type: multipart/mixed;boundary="b" (RFC 3261 20.15); also for a part of a multipart body.
struct MediaType {
  Range type;
  Range subtype;
  Range parameters;  ///< for ParameterCursor

  /// e.g. is(buffer, "application", "sdp"), in any case.
  [[nodiscard]] bool is(Bytes buffer, Bytes type_name, Bytes subtype_name) const;
};
[[nodiscard]] Result<MediaType> parse_media_type(Bytes buffer, Range value);
[[nodiscard]] Result<MediaType> content_type(const Message& message);

/// Hops left, 0 to 255 (RFC 3261 20.22).
[[nodiscard]] Result<std::uint8_t> max_forwards(const Message& message);
/// Seconds, 0 to 2**32-1.
[[nodiscard]] Result<std::uint32_t> expires(const Message& message);
/// The Expires header or an `expires` parameter of a Contact: 1*DIGIT, too large reads as 2**32-1 (RFC 3261 20.19).
[[nodiscard]] Result<std::uint32_t> parse_delta_seconds(Bytes buffer, Range value);
[[nodiscard]] Result<std::uint32_t> min_se(const Message& message);

enum class Refresher : std::uint8_t { none, uac, uas };
/// Session-Expires: 1800;refresher=uac (RFC 4028).
struct SessionExpires {
  std::uint32_t seconds = 0;
  Refresher refresher = Refresher::none;
};
[[nodiscard]] Result<SessionExpires> session_expires(const Message& message);

/// Whether an option tag stands in any header of the id (Supported, Require, Proxy-Require, Unsupported).
[[nodiscard]] bool has_option(const Message& message, HeaderId id, Bytes tag);

/// Replaces, Target-Dialog, Join: the Call-ID and tags of a dialog (RFC 3891, 4538, 3911). to_tag and from_tag
/// are absent if missing (Target-Dialog: local-tag reads as from_tag, remote-tag as to_tag).
struct DialogReference {
  Range call_id;
  Range to_tag;
  Range from_tag;
  Range parameters;
};
[[nodiscard]] Result<DialogReference> parse_dialog_reference(Bytes buffer, Range value);
[[nodiscard]] Result<DialogReference> replaces(const Message& message);
[[nodiscard]] Result<DialogReference> target_dialog(const Message& message);

/// Authorization, Proxy-Authorization, and the challenges (RFC 3261 20.7, RFC 7616, RFC 8760). Values come
/// without quotes; absent if missing. Other schemes than Digest have their parameters too, if they read as such.
struct Credentials {
  Range scheme;
  Range parameters;  ///< for AuthParameterCursor
  Range username;
  Range realm;
  Range nonce;
  Range uri;
  Range response;
  Range qop;
  Range algorithm;
  bool digest = false;

  /// The digest covers the body: qop is auth-int (RFC 7616 3.4.3), or the challenge offers nothing else.
  [[nodiscard]] bool covers_body(Bytes buffer) const;
};
[[nodiscard]] Result<Credentials> parse_credentials(Bytes buffer, Range value);
[[nodiscard]] Result<Credentials> authorization(const Message& message);
[[nodiscard]] Result<Credentials> proxy_authorization(const Message& message);

/// Identity: the signature with its parameters (RFC 8224: `digest;info=<..>;alg=ES256;ppt=shaken`; RFC 4474: a
/// quoted string, `parameters` absent).
struct Identity {
  Range signature;
  Range parameters;
  bool rfc4474 = false;
};
[[nodiscard]] Result<Identity> identity(const Message& message);

/// Session-ID: local;remote=... (RFC 7989).
struct SessionId {
  Range local;
  Range remote;  ///< absent without the parameter
};
[[nodiscard]] Result<SessionId> session_id(const Message& message);

/// User-Agent of a request, Server of a response, whichever is there; absent without one.
[[nodiscard]] Range product(const Message& message);

}  // namespace viaduct::sip
