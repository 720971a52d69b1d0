// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/text.hpp"
#include "sip/check.hpp"
#include "sip/grammar.hpp"
#include "sip/parameters.hpp"
#include "sip/scan.hpp"

namespace viaduct::sip {
namespace {

// telephone-subscriber of RFC 3966 with what people put between digits
constexpr base::CharSet kPhone = base::kAlphanum | base::CharSet("+*#-.()%");

/// escaped = "%" HEXDIG HEXDIG
void check_escapes(Bytes buffer, Range range, ProblemList& list) {
  if (!range.present()) return;
  for (std::uint32_t at = range.offset; at < range.end(); ++at) {
    if (buffer[at] != '%') continue;
    if (range.end() - at < 3 || !kHex.contains(buffer[at + 1]) || !kHex.contains(buffer[at + 2]))
      list.add(Problem::bad_escape, at);
  }
}

/// The first octet outside `set` and '%'. Printable octets and UTF-8 read one way only; quotes, brackets and control
/// octets do not.
void check_user(Bytes buffer, Range range, const base::CharSet& set, ProblemList& list) {
  if (!range.present()) return;
  static constexpr base::CharSet kNever("\"<>");
  for (std::uint32_t at = range.offset; at < range.end(); ++at) {
    const char c = buffer[at];
    if (set.contains(c) || c == '%') continue;
    const bool readable = static_cast<unsigned char>(c) > ' ' && c != 0x7f && !kNever.contains(c);
    list.add(readable ? Problem::unescaped_user : Problem::bad_user, at);
    break;
  }
  check_escapes(buffer, range, list);
}

/// hostname = *( domainlabel "." ) toplabel [ "." ], toplabel begins with a letter
void check_host_name(Bytes buffer, Range host, ProblemList& list) {
  Bytes name = host.of(buffer);
  if (name.ends_with('.')) name.remove_suffix(1);
  const std::size_t top = name.rfind('.') + 1;
  if (top >= name.size() || base::kDigits.contains(name[top])) {
    // Digits and dots only are an address that is none, such as 10.0.0.256 or 010.1.1.1.
    const bool numeric = name.find_first_not_of("0123456789.") == Bytes::npos;
    list.add(numeric ? Problem::bad_host : Problem::odd_host, host.offset);
    return;
  }
  const bool odd = name.find('_') != Bytes::npos || name.find("..") != Bytes::npos || name.starts_with('.') ||
                   name.starts_with('-') || name.ends_with('-') || name.find("-.") != Bytes::npos ||
                   name.find(".-") != Bytes::npos;
  if (odd) list.add(Problem::odd_host, host.offset);
}

/// uri-parameters = *( ";" pname [ "=" pvalue ] ); what else stands in them is left to whoever knows the parameter
void check_uri_parameters(Bytes buffer, Range parameters, ProblemList& list) {
  ParameterCursor cursor(buffer, parameters);
  while (const std::optional<Parameter> parameter = cursor.next())
    if (parameter->name.length == 0) list.add(Problem::bad_parameter, parameter->whole.offset);
  check_escapes(buffer, parameters, list);
}

}  // namespace

void check_uri(Bytes buffer, const Uri& uri, ProblemList& list) {
  if (uri.scheme == Scheme::tel) {
    if (uri.user.length == 0 || skip_set(buffer, uri.user.offset, uri.user.end(), kPhone) != uri.user.end())
      list.add(Problem::bad_user, uri.user.offset);
    check_uri_parameters(buffer, uri.parameters, list);
  }
  if (!uri.is_sip()) return;
  if (uri.user.present() && uri.user.length == 0) list.add(Problem::bad_user, uri.user.offset);
  check_user(buffer, uri.user, kUser, list);
  check_user(buffer, uri.password, kPassword, list);
  if (!uri.literal.present())
    check_host_name(buffer, uri.host, list);
  else if (uri.host.of(buffer).find(":::") != Bytes::npos)
    list.add(Problem::triple_colon, uri.host.offset);
  if (uri.port_text.present() && uri.port == 0) list.add(Problem::zero_port, uri.port_text.offset);
  check_uri_parameters(buffer, uri.parameters, list);
  check_escapes(buffer, uri.headers, list);
}

}  // namespace viaduct::sip
