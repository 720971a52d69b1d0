// SPDX-License-Identifier: GPL-2.0-or-later
#include "sip/address_spec.hpp"

#include "sip/grammar.hpp"
#include "sip/parameters.hpp"
#include "sip/read.hpp"
#include "sip/scan.hpp"

#include <cstring>

namespace viaduct::sip {
namespace {

/// What may follow the address: LWS, then nothing or parameters.
bool read_parameters(Bytes buffer, std::uint32_t at, std::uint32_t end, NameAddr& out, Error& error) {
  at = skip_lws(buffer, at, end);
  if (at == end) return true;
  if (buffer[at] != ';') return read::stop(error, Problem::trailing_octets, at);
  out.parameters = span_of(at, end);
  return true;
}

/// addr-spec *( SEMI param ): the URI ends at the first ';', its own parameters cannot be told apart.
bool read_addr_spec(Bytes buffer, std::uint32_t at, std::uint32_t end, NameAddr& out, Error& error) {
  const std::uint32_t uri_end = scan::find<';', ' ', '\t', '\r', '\n'>(buffer, at, end);
  if (uri_end - at == 1 && buffer[at] == '*')
    out.star = true;
  else if (!read::uri(buffer, span_of(at, uri_end), out.uri, error))
    return false;
  return read_parameters(buffer, uri_end, end, out, error);
}

/// name-addr = [ display-name ] LAQUOT addr-spec RAQUOT
bool read_name_addr(Bytes buffer, Range value, NameAddr& out, Error& error) {
  const std::uint32_t begin = value.offset;
  const std::uint32_t end = value.end();
  out.whole = value;
  if (begin == end) return read::stop(error, Problem::empty_value, begin);
  std::uint32_t at = scan::find<'<', '"', ';'>(buffer, begin, end);
  while (at < end && buffer[at] == '"') {
    const std::uint32_t close = scan::closing_quote(buffer, at, end);
    if (close == end) return read::stop(error, Problem::unbalanced_quote, at);
    at = scan::find<'<', '"', ';'>(buffer, close + 1, end);
  }
  if (at == end || buffer[at] == ';') return read_addr_spec(buffer, begin, end, out, error);
  const std::uint32_t name_end = trim_end(buffer, begin, at);
  if (name_end > begin) out.display_name = span_of(begin, name_end);
  out.bracketed = true;
  const std::uint32_t close = scan::find<'>'>(buffer, at + 1, end);
  if (close == end) return read::stop(error, Problem::unbalanced_bracket, at);
  return read::uri(buffer, span_of(at + 1, close), out.uri, error) &&
         read_parameters(buffer, close + 1, end, out, error);
}

}  // namespace

Result<NameAddr> parse_name_addr(Bytes buffer, Range value) {
  Result<NameAddr> result;
  Error error{Problem::empty_value, 0};
  if (!value.present() || !read_name_addr(buffer, value, *result, error)) result = std::unexpected(error);
  return result;
}

Result<NameAddr> from(const Message& message) {
  return name_addr(message, HeaderId::from);
}

Result<NameAddr> to(const Message& message) {
  return name_addr(message, HeaderId::to);
}

Result<NameAddr> name_addr(const Message& message, HeaderId id) {
  const Header* const header = message.find(id);
  if (header == nullptr) return base::fail(Problem::missing_header, message.header_section().end());
  return parse_name_addr(message.bytes(), header->value());
}

Result<NameAddr> first_name_addr(const Message& message, HeaderId id) {
  const Header* const header = message.find(id);
  if (header == nullptr) return base::fail(Problem::missing_header, message.header_section().end());
  return parse_name_addr(message.bytes(), first_value(message.bytes(), header->value()));
}

Range tag(Bytes buffer, const NameAddr& from_or_to) {
  const Range list = from_or_to.parameters;
  constexpr Bytes usual = ";tag=";
  if (list.length <= usual.size() || std::memcmp(buffer.data() + list.offset, usual.data(), usual.size()) != 0)
    return parameter_value(buffer, list, "tag");
  // As nearly every peer writes it: the only parameter, or the first.
  const std::uint32_t begin = skip_lws(buffer, list.offset + static_cast<std::uint32_t>(usual.size()), list.end());
  if (begin < list.end() && buffer[begin] == '"') return parameter_value(buffer, list, "tag");
  return span_of(begin, trim_end(buffer, begin, scan::find<';'>(buffer, begin, list.end())));
}

}  // namespace viaduct::sip
