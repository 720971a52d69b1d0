// SPDX-License-Identifier: GPL-2.0-or-later
#include "sip/fields.hpp"

#include "base/text.hpp"
#include "sip/grammar.hpp"
#include "sip/parameters.hpp"
#include "sip/read.hpp"
#include "sip/scan.hpp"
#include "sip/values.hpp"

#include <limits>

namespace viaduct::sip {
namespace {

constexpr std::uint32_t kMaxSequence = 0x7fffffff;

/// Takes the value of the first header of an id. Not a Result: those of sixteen octets and less come back in registers
/// by way of the stack, which stalls.
bool take_value(const Message& message, HeaderId id, Range& value, Error& error) {
  const Header* const header = message.find(id);
  if (header == nullptr) return read::stop(error, Problem::missing_header, message.header_section().end());
  value = header->value();
  return value.length > 0 || read::stop(error, Problem::empty_value, value.offset);
}

/// 1*DIGIT that fits T; leading zeros are allowed everywhere in SIP (RFC 4475 3.1.1.1).
template <class T>
Result<T> number(Bytes buffer, Range range) {
  const std::optional<T> value = base::parse_decimal<T>(range.of(buffer));
  if (!value) return base::fail(Problem::bad_number, range.offset);
  return *value;
}

/// The part of `value` before its first ';', and the parameter list behind.
struct Split {
  Range head;
  Range parameters;
};
Split split(Bytes buffer, Range value) {
  const std::uint32_t semicolon = scan::find<';'>(buffer, value.offset, value.end());
  Split parts{span_of(value.offset, trim_end(buffer, value.offset, semicolon)), {}};
  if (semicolon < value.end()) parts.parameters = span_of(semicolon, value.end());
  return parts;
}

}  // namespace

// CSeq = 1*DIGIT LWS Method
Result<CSeq> cseq(const Message& message) {
  Range value;
  Error error;
  if (!take_value(message, HeaderId::cseq, value, error)) return std::unexpected(error);
  const Bytes buffer = message.bytes();
  const std::uint32_t end = value.end();
  std::uint32_t at = value.offset;
  std::uint64_t number = 0;
  for (; at < end && base::kDigits.contains(buffer[at]); ++at)
    if (number <= kMaxSequence) number = number * 10 + static_cast<unsigned char>(buffer[at] - '0');
  const std::uint32_t method = skip_lws(buffer, at, end);
  if (number > kMaxSequence || at == value.offset || method == at || method == end)
    return base::fail(Problem::bad_sequence, value.offset);
  const Range token = span_of(method, end);
  const Method known = method_of(token.of(buffer));
  if (known == Method::other && skip_token(buffer, method, end) != end) return base::fail(Problem::bad_method, method);
  return CSeq{static_cast<std::uint32_t>(number), known, span_of(value.offset, at), token};
}

Result<ContentLength> content_length(const Message& message) {
  Range value;
  Error error;
  if (!take_value(message, HeaderId::content_length, value, error)) return std::unexpected(error);
  const Bytes digits = value.of(message.bytes());
  std::uint64_t length = 0;
  bool readable = true;
  for (const char c : digits) {
    readable = readable && c >= '0' && c <= '9';
    if (length <= 0xffffffff) length = length * 10 + static_cast<unsigned char>(c - '0');
  }
  if (!readable || length > 0xffffffff) return base::fail(Problem::bad_content_length, value.offset);
  const Header* const again = message.next(*message.find(HeaderId::content_length));
  if (again != nullptr) return base::fail(Problem::bad_content_length, again->name().offset);
  return ContentLength{static_cast<std::uint32_t>(length), value, message.framing()};
}

bool MediaType::is(Bytes buffer, Bytes type_name, Bytes subtype_name) const {
  const auto same = [buffer](Range part, Bytes wanted) {
    return part.of(buffer) == wanted || base::iequals(part.of(buffer), wanted);
  };
  return same(subtype, subtype_name) && same(type, type_name);
}

// media-type = m-type SLASH m-subtype *(SEMI m-parameter)
Result<MediaType> parse_media_type(Bytes buffer, Range value) {
  if (base::equals(value.of(buffer), "application/sdp"))
    return MediaType{{value.offset, 11}, {value.offset + 12, 3}, {}};
  const std::uint32_t end = value.end();
  const std::uint32_t type_end = skip_token(buffer, value.offset, end);
  const std::uint32_t slash = skip_lws(buffer, type_end, end);
  if (type_end == value.offset || slash == end || buffer[slash] != '/')
    return base::fail(Problem::bad_media_type, value.offset);
  const std::uint32_t subtype = skip_lws(buffer, slash + 1, end);
  const std::uint32_t subtype_end = skip_token(buffer, subtype, end);
  const std::uint32_t semicolon = skip_lws(buffer, subtype_end, end);
  if (subtype_end == subtype) return base::fail(Problem::bad_media_type, value.offset);
  if (semicolon != end && buffer[semicolon] != ';') return base::fail(Problem::trailing_octets, semicolon);
  MediaType out{span_of(value.offset, type_end), span_of(subtype, subtype_end), {}};
  if (semicolon < end) out.parameters = span_of(semicolon, end);
  return out;
}

Result<MediaType> content_type(const Message& message) {
  Range value;
  Error error;
  if (!take_value(message, HeaderId::content_type, value, error)) return std::unexpected(error);
  return parse_media_type(message.bytes(), value);
}

Result<std::uint8_t> max_forwards(const Message& message) {
  Range value;
  Error error;
  if (!take_value(message, HeaderId::max_forwards, value, error)) return std::unexpected(error);
  return number<std::uint8_t>(message.bytes(), value);
}

Result<std::uint32_t> parse_delta_seconds(Bytes buffer, Range value) {
  const Bytes text = value.of(buffer);
  if (const std::optional<std::uint32_t> seconds = base::parse_decimal(text)) return *seconds;
  const bool digits = !text.empty() && skip_set(buffer, value.offset, value.end(), base::kDigits) == value.end();
  if (!digits) return base::fail(Problem::bad_number, value.present() ? value.offset : 0);
  return std::numeric_limits<std::uint32_t>::max();
}

Result<std::uint32_t> expires(const Message& message) {
  Range value;
  Error error;
  if (!take_value(message, HeaderId::expires, value, error)) return std::unexpected(error);
  return parse_delta_seconds(message.bytes(), value);
}

// Min-SE = delta-seconds *(SEMI generic-param) (RFC 4028 5)
Result<std::uint32_t> min_se(const Message& message) {
  Range value;
  Error error;
  if (!take_value(message, HeaderId::min_se, value, error)) return std::unexpected(error);
  return parse_delta_seconds(message.bytes(), split(message.bytes(), value).head);
}

// Session-Expires = delta-seconds *(SEMI se-params) (RFC 4028 4)
Result<SessionExpires> session_expires(const Message& message) {
  Range value;
  Error error;
  if (!take_value(message, HeaderId::session_expires, value, error)) return std::unexpected(error);
  const Bytes buffer = message.bytes();
  const Split parts = split(buffer, value);
  const Result<std::uint32_t> seconds = parse_delta_seconds(buffer, parts.head);
  if (!seconds) return std::unexpected(seconds.error());
  const Bytes refresher = parameter_value(buffer, parts.parameters, "refresher").of(buffer);
  if (base::iequals(refresher, "uac")) return SessionExpires{*seconds, Refresher::uac};
  if (base::iequals(refresher, "uas")) return SessionExpires{*seconds, Refresher::uas};
  return SessionExpires{*seconds, Refresher::none};
}

bool has_option(const Message& message, HeaderId id, Bytes tag) {
  MessageValues values(message, id);
  while (const std::optional<Range> value = values.next())
    if (base::iequals(message.text(*value), tag)) return true;
  return false;
}

Result<DialogReference> parse_dialog_reference(Bytes buffer, Range value) {
  const Split parts = split(buffer, value);
  if (parts.head.length == 0) return base::fail(Problem::empty_value, value.offset);
  DialogReference out{parts.head, {}, {}, parts.parameters};
  ParameterCursor cursor(buffer, parts.parameters);
  while (const std::optional<Parameter> parameter = cursor.next()) {
    const Bytes name = parameter->name.of(buffer);
    if (base::iequals(name, "to-tag") || base::iequals(name, "remote-tag")) out.to_tag = parameter->value;
    if (base::iequals(name, "from-tag") || base::iequals(name, "local-tag")) out.from_tag = parameter->value;
  }
  return out;
}

Result<DialogReference> replaces(const Message& message) {
  Range value;
  Error error;
  if (!take_value(message, HeaderId::replaces, value, error)) return std::unexpected(error);
  return parse_dialog_reference(message.bytes(), value);
}

Result<DialogReference> target_dialog(const Message& message) {
  Range value;
  Error error;
  if (!take_value(message, HeaderId::target_dialog, value, error)) return std::unexpected(error);
  return parse_dialog_reference(message.bytes(), value);
}

bool Credentials::covers_body(Bytes buffer) const {
  bool integrity = false;
  bool other = false;
  ValueCursor options(buffer, qop);
  while (const std::optional<Range> option = options.next())
    (base::iequals(option->of(buffer), "auth-int") ? integrity : other) = true;
  return integrity && !other;
}

// credentials = ("Digest" LWS digest-response) / other-response; a challenge has the same shape
Result<Credentials> parse_credentials(Bytes buffer, Range value) {
  const std::uint32_t end = value.end();
  const std::uint32_t scheme_end = skip_token(buffer, value.offset, end);
  const std::uint32_t list = skip_lws(buffer, scheme_end, end);
  if (scheme_end == value.offset || (list == scheme_end && list != end))
    return base::fail(Problem::bad_credentials, value.offset);
  Credentials out;
  out.scheme = span_of(value.offset, scheme_end);
  out.digest = base::iequals(out.scheme.of(buffer), "Digest");
  if (list < end) out.parameters = span_of(list, end);
  struct Slot {
    Bytes name;
    Range Credentials::*where;
  };
  static constexpr Slot kSlots[] = {{"username", &Credentials::username},  {"realm", &Credentials::realm},
                                    {"nonce", &Credentials::nonce},        {"uri", &Credentials::uri},
                                    {"response", &Credentials::response},  {"qop", &Credentials::qop},
                                    {"algorithm", &Credentials::algorithm}};
  AuthParameterCursor cursor(buffer, out.parameters);
  while (const std::optional<Parameter> parameter = cursor.next())
    for (const Slot& slot : kSlots)
      if (base::iequals(parameter->name.of(buffer), slot.name))
        out.*slot.where = without_quotes(buffer, parameter->value);
  return out;
}

Result<Credentials> authorization(const Message& message) {
  Range value;
  Error error;
  if (!take_value(message, HeaderId::authorization, value, error)) return std::unexpected(error);
  return parse_credentials(message.bytes(), value);
}

Result<Credentials> proxy_authorization(const Message& message) {
  Range value;
  Error error;
  if (!take_value(message, HeaderId::proxy_authorization, value, error)) return std::unexpected(error);
  return parse_credentials(message.bytes(), value);
}

Result<Identity> identity(const Message& message) {
  Range value;
  Error error;
  if (!take_value(message, HeaderId::identity, value, error)) return std::unexpected(error);
  const Bytes buffer = message.bytes();
  if (buffer[value.offset] == '"') return Identity{without_quotes(buffer, value), {}, true};
  const Split parts = split(buffer, value);
  if (parts.head.length == 0) return base::fail(Problem::empty_value, value.offset);
  return Identity{parts.head, parts.parameters, false};
}

Result<SessionId> session_id(const Message& message) {
  Range value;
  Error error;
  if (!take_value(message, HeaderId::session_id, value, error)) return std::unexpected(error);
  const Split parts = split(message.bytes(), value);
  if (parts.head.length == 0) return base::fail(Problem::empty_value, value.offset);
  return SessionId{parts.head, parameter_value(message.bytes(), parts.parameters, "remote")};
}

Range product(const Message& message) {
  const Header* header = message.find(HeaderId::user_agent);
  if (header == nullptr) header = message.find(HeaderId::server);
  return header == nullptr ? Range{} : header->value();
}

}  // namespace viaduct::sip
