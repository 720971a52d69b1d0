// SPDX-License-Identifier: GPL-2.0-or-later
#include "sdp/value.hpp"

#include "base/text.hpp"
#include "sdp/address_reader.hpp"

namespace viaduct::sdp {
namespace {

bool all_of(base::Bytes text, const base::CharSet& set) {
  for (char c : text)
    if (!set.contains(c)) return false;
  return !text.empty();
}

std::unexpected<base::Error<Problem>> bad(base::Range at, base::Range otherwise) {
  const base::Range place = at.present() ? at : otherwise;
  return base::fail(Problem::bad_attribute_value, place.present() ? place.offset : 0);
}

/// The part of `range` before the first `mark`, and the rest behind it; absent rest if there is no mark.
struct Halves {
  base::Range before;
  base::Range behind;
};
Halves split(base::Bytes buffer, base::Range range, char mark) {
  const std::size_t at = range.of(buffer).find(mark);
  if (at == base::Bytes::npos) return {range, {}};
  return {base::between(range.offset, range.offset + at), base::between(range.offset + at + 1, range.end())};
}

}  // namespace

bool is_token(base::Bytes text) {
  constexpr base::CharSet kToken = base::kAlphanum | base::CharSet{"!#$%&'*+-.^_`{|}~"};
  return all_of(text, kToken);
}

/// rtcp-attribute = "a=rtcp:" port [nettype space addrtype space connection-address]
Result<Rtcp> parse_rtcp(base::Bytes buffer, base::Range value) {
  Words words(buffer, value);
  Rtcp rtcp;
  rtcp.port_text = words.next();
  const std::optional<std::uint16_t> port = base::parse_decimal<std::uint16_t>(rtcp.port_text.of(buffer));
  if (!port) return bad(rtcp.port_text, value);
  rtcp.port = *port;
  if (words.rest().present()) read_address_field(buffer, words, rtcp.where);
  return rtcp;
}

Result<Crypto> parse_crypto(base::Bytes buffer, base::Range value) {
  Words words(buffer, value);
  Crypto crypto;
  const base::Range tag = words.next();
  const std::optional<std::uint32_t> number = base::parse_decimal<std::uint32_t>(tag.of(buffer));
  if (!number || tag.length > 9) return bad(tag, value);
  crypto.tag = *number;
  crypto.suite = words.next();
  crypto.key_params = words.next();
  crypto.session_params = words.rest();
  const Halves key = split(buffer, crypto.key_params, ':');
  if (!crypto.suite.present() || key.before.length == 0 || key.behind.length == 0) return bad(crypto.suite, value);
  return crypto;
}

Result<Fingerprint> parse_fingerprint(base::Bytes buffer, base::Range value) {
  constexpr base::CharSet kHex{"0123456789abcdefABCDEF"};
  Words words(buffer, value);
  const Fingerprint fingerprint{words.next(), words.next()};
  const base::Bytes digest = fingerprint.digest.of(buffer);
  if (!is_token(fingerprint.hash.of(buffer)) || digest.size() % 3 != 2) return bad(fingerprint.digest, value);
  for (std::size_t i = 0; i < digest.size(); ++i)
    if (i % 3 == 2 ? digest[i] != ':' : !kHex.contains(digest[i])) return bad(fingerprint.digest, value);
  if (words.next().present()) return bad(fingerprint.digest, value);
  return fingerprint;
}

Result<Group> parse_group(base::Bytes buffer, base::Range value) {
  Words words(buffer, value);
  const Group group{words.next(), words.rest()};
  if (!is_token(group.semantics.of(buffer))) return bad(group.semantics, value);
  return group;
}

Result<RtpMap> parse_rtpmap(base::Bytes buffer, base::Range value) {
  Words words(buffer, value);
  RtpMap map;
  const base::Range payload_type = words.next();
  const std::optional<std::uint8_t> number = base::parse_decimal<std::uint8_t>(payload_type.of(buffer));
  if (!number || *number > 127) return bad(payload_type, value);
  map.payload_type = *number;
  const base::Range coding = words.next();
  const Halves encoding = split(buffer, coding, '/');
  const Halves clock = split(buffer, encoding.behind, '/');
  const std::optional<std::uint32_t> rate = base::parse_decimal<std::uint32_t>(clock.before.of(buffer));
  if (encoding.before.length == 0 || !rate) return bad(coding, value);
  map.encoding = encoding.before;
  map.clock_rate = *rate;
  map.parameters = clock.behind;
  return map;
}

/// non-zero-int-or-real = integer / non-zero-real; kept in microseconds, finer fractions are cut off.
Result<std::uint32_t> parse_ptime(base::Bytes buffer, base::Range value) {
  Words words(buffer, value);
  const base::Range number = words.next();
  const Halves halves = split(buffer, number, '.');
  const std::optional<std::uint32_t> whole = base::parse_decimal<std::uint32_t>(halves.before.of(buffer));
  if (!whole || *whole > 4'000'000 || words.next().present()) return bad(number, value);
  std::uint32_t micros = *whole * 1000;
  if (halves.behind.present() && !all_of(halves.behind.of(buffer), base::kDigits)) return bad(number, value);
  std::uint32_t unit = 100;
  for (char digit : halves.behind.of(buffer)) {
    micros += static_cast<std::uint32_t>(digit - '0') * unit;
    unit /= 10;
  }
  if (micros == 0) return bad(number, value);
  return micros;
}

Result<Bandwidth> parse_bandwidth(base::Bytes buffer, base::Range value) {
  const Halves halves = split(buffer, value, ':');
  Words words(buffer, halves.behind);
  Bandwidth bandwidth{halves.before, words.next(), 0};
  const std::optional<std::uint64_t> number = base::parse_decimal<std::uint64_t>(bandwidth.number.of(buffer));
  if (!is_token(bandwidth.type.of(buffer)) || !number || words.next().present())
    return base::fail(Problem::bad_bandwidth, value.present() ? value.offset : 0);
  bandwidth.value = *number;
  return bandwidth;
}

Setup parse_setup(base::Bytes value) {
  const base::Bytes role = base::trim(value);
  if (base::iequals(role, "active")) return Setup::active;
  if (base::iequals(role, "passive")) return Setup::passive;
  if (base::iequals(role, "actpass")) return Setup::actpass;
  return base::iequals(role, "holdconn") ? Setup::holdconn : Setup::other;
}

/// MSRP-URI = msrp-scheme "://" authority ["/" session-id] ";" transport *(";" URI-parameter)
Result<MsrpUri> parse_msrp_uri(base::Bytes buffer, base::Range uri) {
  const base::Bytes text = uri.of(buffer);
  const std::size_t colon = text.find("://");
  MsrpUri parsed;
  parsed.whole = uri;
  if (colon == base::Bytes::npos) return bad(uri, uri);
  parsed.scheme = base::between(uri.offset, uri.offset + colon);
  const base::Bytes scheme = parsed.scheme.of(buffer);
  if (!base::iequals(scheme, "msrp") && !base::iequals(scheme, "msrps")) return bad(uri, uri);
  const std::size_t first = colon + 3;
  std::size_t end = text.find_first_of("/;", first);
  if (end == base::Bytes::npos) end = text.size();
  base::Bytes authority = text.substr(first, end - first);
  const std::size_t user = authority.rfind('@');
  if (user != base::Bytes::npos) authority.remove_prefix(user + 1);
  const std::size_t bracket = authority.rfind(']');
  const std::size_t port = authority.find(':', bracket == base::Bytes::npos ? 0 : bracket);
  parsed.host = base::range_in(buffer, authority.substr(0, port));
  parsed.kind = classify_address(parsed.host.of(buffer), parsed.literal);
  if (parsed.kind == AddressKind::other) return bad(parsed.host, uri);
  if (port == base::Bytes::npos) return parsed;
  parsed.port_text = base::range_in(buffer, authority.substr(port + 1));
  const std::optional<std::uint16_t> number = base::parse_decimal<std::uint16_t>(parsed.port_text.of(buffer));
  if (!number) return bad(parsed.port_text, uri);
  parsed.port = *number;
  return parsed;
}

}  // namespace viaduct::sdp
