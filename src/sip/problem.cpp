// SPDX-License-Identifier: GPL-2.0-or-later
#include "sip/problem.hpp"

namespace viaduct::sip {
namespace {

struct Entry {
  Bytes name;
  Severity severity;
  Bytes text;
};

constexpr Severity kBad = Severity::invalid;
constexpr Severity kFine = Severity::tolerated;

// In the order of Problem.
constexpr Entry kEntries[] = {
    {"empty", kBad, "nothing but line ends"},
    {"not_sip", kBad, "the first line is neither a Request-Line nor a Status-Line of SIP"},
    {"bad_status_code", kBad, "the status code is not three digits from 100 to 699"},
    {"too_many_headers", kBad, "too many header lines"},
    {"too_long", kBad, "the message is too long"},
    {"no_colon", kBad, "a header line without a colon"},
    {"bad_header_name", kBad, "a header name that is not a token"},
    {"stray_continuation", kBad, "a folded line without a header line before it"},
    {"unknown_version", kBad, "a SIP version other than 2.0"},
    {"missing_header", kBad, "To, From, Call-ID, CSeq or Via is missing"},
    {"duplicate_header", kBad, "a header that may appear once appears again"},
    {"method_mismatch", kBad, "CSeq names another method than the request line"},
    {"extra_space", kBad, "blanks where the start line has one space or none"},
    {"missing_space", kFine, "no space behind the status code"},
    {"no_empty_line", kFine, "the header section is not ended by an empty line"},
    {"leading_line_ends", kFine, "line ends before the start line"},
    {"bare_line_feed", kFine, "a line ends in LF without CR"},
    {"bare_return", kFine, "a line ends in CR without LF"},
    {"missing_max_forwards", kFine, "a request without Max-Forwards"},
    {"control_octet", kBad, "a control octet inside the header section"},
    {"bad_content_length", kBad, "Content-Length is not a number"},
    {"body_too_short", kBad, "the body is shorter than Content-Length says"},
    {"octets_after_body", kFine, "octets behind the body, to be ignored"},
    {"missing_content_type", kFine, "a body without Content-Type"},
    {"empty_value", kBad, "a value is missing"},
    {"trailing_octets", kBad, "octets behind a complete value"},
    {"bad_number", kBad, "not a number, or out of its range"},
    {"bad_method", kBad, "the method is not a token"},
    {"bad_token", kBad, "octets that cannot stand in a token"},
    {"unbalanced_quote", kBad, "a quoted string without end"},
    {"unbalanced_bracket", kBad, "a bracket without its partner"},
    {"bad_display_name", kBad, "the display name needs quotes"},
    {"no_space_before_bracket", kFine, "no blank between display name and <"},
    {"needs_brackets", kBad, "the URI needs <> around it"},
    {"bad_parameter", kBad, "a parameter is empty or malformed"},
    {"duplicate_parameter", kBad, "a parameter that may appear once appears again"},
    {"too_many_parameters", kFine, "so many parameters that repeated ones are not looked for from here on"},
    {"bad_scheme", kBad, "the URI has no scheme"},
    {"bad_user", kBad, "octets in the user part that must be escaped"},
    {"unescaped_user", kFine, "octets in the user part that should be escaped"},
    {"bad_escape", kBad, "% without two hexadecimal digits"},
    {"bad_host", kBad, "neither host name nor IPv4 address nor IPv6 reference"},
    {"odd_host", kFine, "a host name with an underscore, an empty label, or a hyphen at a label's end"},
    {"bad_port", kBad, "the port is not a number up to 65535"},
    {"zero_port", kFine, "port 0"},
    {"triple_colon", kFine, "three colons in an IPv6 reference"},
    {"bracketed_received", kFine, "the address in received stands in brackets"},
    {"odd_received", kFine, "the value of received is not an address"},
    {"space_in_uri", kBad, "blanks inside a URI"},
    {"bracketed_request_uri", kBad, "the Request-URI stands in <>"},
    {"headers_in_request_uri", kBad, "the Request-URI carries headers"},
    {"bad_protocol", kBad, "Via does not begin with protocol, version and transport"},
    {"bad_branch", kBad, "the branch identifies no transaction"},
    {"bad_sequence", kBad, "CSeq is not a number below 2**31 and a method"},
    {"bad_call_id", kBad, "Call-ID is not word or word@word"},
    {"bad_media_type", kBad, "not a media type"},
    {"bad_credentials", kBad, "the credentials or challenge cannot be read"},
    {"bad_date", kBad, "not a date in GMT as RFC 1123 writes it"},
    {"odd_date", kFine, "the day of the date has one digit"},
    {"wildcard_contact", kBad, "Contact: * together with other values"},
    {"misplaced_wildcard", kBad, "Contact: * outside of a REGISTER request"},
};
static_assert(std::size(kEntries) == static_cast<std::size_t>(Problem::last));
static_assert(kEntries[static_cast<std::size_t>(Problem::misplaced_wildcard)].name == "misplaced_wildcard");

const Entry& entry(Problem problem) {
  return kEntries[problem < Problem::last ? static_cast<std::size_t>(problem) : 0];
}

}  // namespace

Bytes text(Problem problem) {
  return entry(problem).text;
}

Bytes name(Problem problem) {
  return entry(problem).name;
}

Severity severity(Problem problem) {
  return entry(problem).severity;
}

}  // namespace viaduct::sip
