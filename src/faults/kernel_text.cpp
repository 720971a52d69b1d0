// SPDX-License-Identifier: GPL-2.0-or-later
#include "faults/kernel_text.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace viaduct::faults::kernel_text {
namespace {

constexpr std::uint32_t kLowestPort = 1024;
constexpr std::uint16_t kSipPort = 5060;
constexpr std::size_t kLongestAddress = 15;

struct Known {
  Bytes name;
  Bytes compact;
  Bytes needle;  ///< what stands before the value in the line
  bool uri;      ///< the value is behind the '@' of a URI, if there is one
  bool digits;   ///< the value is a number, not an address
};

constexpr Known kKnown[] = {
    {"CSeq", "", "", false, true},         {"From", "f", "sip:", true, false},       {"To", "t", "sip:", true, false},
    {"Contact", "m", "sip:", true, false}, {"Via", "v", "UDP ", false, false},       {"Via", "v", "TCP ", false, false},
    {"Expires", "", "", false, true},      {"Content-Length", "l", "", false, true},
};

const Known& known(Field field) {
  return kKnown[static_cast<std::size_t>(field)];
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_line_end(char c) {
  return c == '\r' || c == '\n';
}

std::size_t digits_end(Bytes text, std::size_t at) {
  while (at < text.size() && is_digit(text[at])) ++at;
  return at;
}

/// Behind a dotted quad at `at`; `at` itself if there is none.
std::size_t address_end(Bytes text, std::size_t at) {
  // One character more than an address has, to see that there is more.
  const Bytes here = text.substr(at, kLongestAddress + 1);
  const std::size_t end = at + std::min(here.find_first_not_of("0123456789."), here.size());
  return net::parse_ipv4(text.substr(at, end - at)) ? end : at;
}

/// Behind an address with its port.
std::size_t endpoint_end(Bytes text, std::size_t at) {
  const std::size_t end = address_end(text, at);
  if (end == at || end >= text.size() || text[end] != ':') return end;
  return digits_end(text, end + 1);
}

/// Looks from `from` on for a place where `found` says yes, to the end of the line or to `limit`. Where the search for
/// the same was before is remembered.
template <class IsFound>
std::size_t look(Bytes text, std::size_t from, std::size_t limit, Ahead::Search& search, IsFound found) {
  const std::size_t to_go = text.size() - std::min(from, text.size());
  if (to_go <= search.begin && to_go >= search.stop && search.begin != 0)
    return search.found ? text.size() - search.stop : Bytes::npos;
  std::size_t at = from;
  while (at < limit && !is_line_end(text[at]) && !found(at)) ++at;
  const bool is_found = at < limit && !is_line_end(text[at]);
  search = {to_go, text.size() - std::min(at, text.size()), is_found};
  return is_found ? at : Bytes::npos;
}

/// Where `needle` ends in this line, in any case; npos if it is not there.
std::size_t behind(Bytes text, std::size_t from, Bytes needle, bool any_case, Ahead::Search& search) {
  // The last character of the packet is never compared.
  const std::size_t limit = text.size() > needle.size() ? text.size() - needle.size() : 0;
  const std::size_t at = look(text, from, limit, search, [&](std::size_t place) {
    const Bytes here = text.substr(place, needle.size());
    return any_case ? base::iequals(here, needle) : here == needle;
  });
  return at == Bytes::npos ? at : at + needle.size();
}

std::size_t behind(Bytes text, std::size_t from, Bytes needle, bool any_case) {
  Ahead::Search search;
  return behind(text, from, needle, any_case, search);
}

/// Host and port of a URI whose scheme ends at `at`.
Range uri_host(Bytes text, std::size_t at, Ahead::Search& search) {
  const std::size_t user_end =
      look(text, at, text.size(), search, [&](std::size_t place) { return text[place] == '@'; });
  const std::size_t host = user_end == Bytes::npos ? at : user_end + 1;
  const std::size_t end = endpoint_end(text, host);
  return end == host ? Range{} : base::between(host, end);
}

/// The begin of the next line behind `from`, as the search sees lines: a line feed alone hides the line after it.
std::size_t next_line(Bytes text, std::size_t from) {
  for (std::size_t at = from; at < text.size(); ++at) {
    if (!is_line_end(text[at])) continue;
    if (++at >= text.size()) break;
    if (text[at - 1] == '\r' && text[at] == '\n' && ++at >= text.size()) break;
    return at;
  }
  return Bytes::npos;
}

/// Where the name of `field` ends at `at`; npos if another line begins there.
std::size_t name_end(Bytes text, std::size_t at, const Known& field) {
  if (base::iequals(text.substr(at, field.name.size()), field.name)) return at + field.name.size();
  const std::size_t compact = field.compact.size();
  if (compact == 0 || at + compact >= text.size()) return Bytes::npos;
  const bool matches = base::iequals(text.substr(at, compact), field.compact) && !is_letter(text[at + compact]);
  return matches ? at + compact : Bytes::npos;
}

std::size_t skip_blanks(Bytes text, std::size_t at) {
  while (at < text.size()) {
    if (text[at] == ' ') {
      ++at;
      continue;
    }
    // A folded line counts as a blank.
    const std::size_t line = is_line_end(text[at]) ? next_line(text, at) : Bytes::npos;
    if (line == Bytes::npos || (text[line] != ' ' && text[line] != '\t')) break;
    at = line + 1;
  }
  return at;
}

Range value_at(Bytes text, std::size_t at, const Known& field, Ahead& ahead) {
  if (field.uri) return uri_host(text, at, ahead.user_end);
  const std::size_t end = field.digits ? digits_end(text, at) : endpoint_end(text, at);
  return end == at ? Range{} : base::between(at, end);
}

Found found_at(Bytes text, std::size_t at, const Known& field, Ahead& ahead) {
  const std::size_t value = field.needle.empty() ? at : behind(text, at, field.needle, true, ahead.scheme);
  const Range range = value == Bytes::npos ? Range{} : value_at(text, value, field, ahead);
  if (!range.present()) return {Found::State::unusable, {}, value == Bytes::npos ? at : value};
  return {Found::State::usable, range, range.end()};
}

/// The content of the next line `letter=` behind `from`; npos if a line `limit=` comes first, or none.
std::size_t find_sdp_line(Bytes text, char letter, std::size_t from, char limit) {
  for (std::size_t at = next_line(text, from); at != Bytes::npos; at = next_line(text, at + 1)) {
    const bool line = at + 1 < text.size() && text[at + 1] == '=';
    const char here = line ? static_cast<char>(text[at] | 0x20) : '\0';
    if (limit != '\0' && here == limit) break;
    if (here == letter) return at + 2;
  }
  return Bytes::npos;
}

}  // namespace

Found find_field(Bytes text, Field field, std::size_t from) {
  const Known& wanted = known(field);
  for (std::size_t at = next_line(text, from); at != Bytes::npos; at = next_line(text, at + 1)) {
    if (text[at] == ' ' || text[at] == '\t') continue;
    std::size_t end = name_end(text, at, wanted);
    if (end == Bytes::npos) continue;
    end = skip_blanks(text, end);
    if (end + 1 >= text.size() || text[end] != ':') break;
    Ahead ahead;
    return found_at(text, skip_blanks(text, end + 1), wanted, ahead);
  }
  return {};
}

Found next_value(Bytes text, Field field, std::size_t from, Ahead& ahead) {
  const std::size_t comma = behind(text, from, ",", true);
  if (comma == Bytes::npos) return {};
  return found_at(text, skip_blanks(text, comma), known(field), ahead);
}

std::optional<net::Endpoint> endpoint_in(Bytes text, Range range) {
  const Bytes value = range.of(text);
  const std::size_t colon = std::min(value.find(':'), value.size());
  const std::optional<net::Address> address = net::parse_ipv4(value.substr(0, colon));
  if (!address) return std::nullopt;
  if (colon == value.size()) return net::Endpoint{*address, kSipPort};
  const std::optional<std::uint16_t> port = base::parse_decimal<std::uint16_t>(value.substr(colon + 1));
  if (!port || *port < kLowestPort) return std::nullopt;
  return net::Endpoint{*address, *port};
}

Range request_host(Bytes text) {
  std::size_t at = 0;
  while (at < text.size() && is_letter(text[at])) ++at;
  if (at == 0) return {};
  const std::size_t uri = behind(text, at + 1, "sip:", true);
  Ahead::Search search;
  return uri == Bytes::npos ? Range{} : uri_host(text, uri, search);
}

Range find_sdp_digits(Bytes text, char letter, std::size_t from) {
  const std::size_t at = find_sdp_line(text, letter, from, '\0');
  if (at == Bytes::npos) return {};
  const std::size_t end = digits_end(text, at);
  return end == at ? Range{} : base::between(at, end);
}

Range find_sdp_address(Bytes text, char letter, std::size_t from, char limit) {
  const std::size_t line = find_sdp_line(text, letter, from, limit);
  const std::size_t at = line == Bytes::npos ? line : behind(text, line, "IN IP4 ", false);
  if (at == Bytes::npos) return {};
  const std::size_t end = address_end(text, at);
  return end == at ? Range{} : base::between(at, end);
}

Range find_media(Bytes text, std::size_t from) {
  const std::size_t at = find_sdp_line(text, 'm', from, '\0');
  if (at == Bytes::npos) return {};
  std::size_t end = at;
  while (end < text.size() && is_letter(text[end])) ++end;
  if (end >= text.size() || text[end] != ' ') return {};
  return base::between(at, digits_end(text, end + 1));
}

Range find_parameter(Bytes text, std::size_t from, Bytes name, bool address) {
  // A value list ends at its comma.
  const std::size_t line = std::min(text.find_first_of("\r\n,", from), text.size());
  const std::size_t at = behind(text.substr(0, line), from, name, true);
  if (at == Bytes::npos) return {};
  const std::size_t end = address ? address_end(text, at) : digits_end(text, at);
  return end == at ? Range{} : base::between(at, end);
}

std::uint32_t number_in(Bytes text, Range range) {
  return base::parse_decimal<std::uint32_t>(range.of(text)).value_or(0);
}

}  // namespace viaduct::faults::kernel_text
