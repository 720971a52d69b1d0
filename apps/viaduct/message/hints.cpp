// SPDX-License-Identifier: GPL-2.0-or-later
#include "message/reading.hpp"

#include <array>

namespace viaduct::message {
namespace {

template <class Problem>
struct Hint {
  Problem problem;
  std::string_view text;
};

constexpr std::size_t kSipHints = static_cast<std::size_t>(sip::Problem::last);
constexpr std::size_t kSdpHints = static_cast<std::size_t>(sdp::Problem::last);

using sip::Problem;

constexpr std::array<Hint<Problem>, kSipHints> kSip{{
    {Problem::empty, "line ends alone keep a NAT binding open (RFC 5626 3.5.1); there is nothing to answer"},
    {Problem::not_sip, "a request begins with METHOD URI SIP/2.0, a response with SIP/2.0 CODE"},
    {Problem::bad_status_code, "use three digits from 100 to 699; a receiver drops such a response"},
    {Problem::too_many_headers, "no real message has so many; the gateway passes it on unread"},
    {Problem::too_long, "split what is in the file: one message each"},
    {Problem::no_colon, "write Name: value, or begin the line with a blank if it continues the one above"},
    {Problem::bad_header_name, "a header name has letters, digits and -.!%*_+`'~ only"},
    {Problem::stray_continuation, "the first header line must not begin with a blank"},
    {Problem::unknown_version, "write SIP/2.0; the answer to anything else is 505 Version Not Supported"},
    {Problem::missing_header, "add the header: To, From, Call-ID, CSeq and Via stand in every message"},
    {Problem::duplicate_header, "remove one of them; receivers differ in which one they take"},
    {Problem::method_mismatch, "CSeq repeats the method of the request line; an ALG that edits one must edit both"},
    {Problem::extra_space, "the words of the start line are separated by one SP, and nothing follows the last"},
    {Problem::missing_space, "put one SP behind the status code, also when no reason phrase follows"},
    {Problem::no_empty_line, "end the headers with an empty line, CR LF CR LF"},
    {Problem::leading_line_ends, "allowed before a message, and ignored (RFC 3261 7.5)"},
    {Problem::bare_line_feed, "end lines with CR LF; a text editor or a log may have dropped the CR"},
    {Problem::bare_return, "end lines with CR LF"},
    {Problem::missing_max_forwards, "add Max-Forwards: 70, so that loops end"},
    {Problem::control_octet, "remove it, or write it behind a backslash in a quoted string"},
    {Problem::bad_content_length, "write one Content-Length with digits only; on TCP the connection is lost otherwise"},
    {Problem::body_too_short, "the message was cut off, or something changed its body and not Content-Length"},
    {Problem::octets_after_body, "ignored in a datagram; check whether something changed the body's length"},
    {Problem::missing_content_type, "add Content-Type, else nobody knows what the body is"},
    {Problem::empty_value, "give a value, or remove the separator"},
    {Problem::trailing_octets, "remove what follows the value, or put a separator before it"},
    {Problem::bad_number, "write digits within the range that the header allows"},
    {Problem::bad_method, "a method has letters, digits and -.!%*_+`'~ only"},
    {Problem::bad_token, "put the text into quotes, or remove the octet"},
    {Problem::unbalanced_quote, "close the quote; a \" inside is written \\\""},
    {Problem::unbalanced_bracket, "write both brackets"},
    {Problem::bad_display_name, "put the display name into quotes"},
    {Problem::no_space_before_bracket, "put a blank before <; receivers accept it without one (RFC 4475 3.1.1.6)"},
    {Problem::needs_brackets, "put the URI into < >, else the rest is read as parameters of the header"},
    {Problem::bad_parameter, "a parameter is ;name or ;name=value"},
    {Problem::duplicate_parameter, "remove one of them"},
    {Problem::too_many_parameters, "nothing that means well sends so many"},
    {Problem::bad_scheme, "begin the URI with sip:, sips:, tel: or another scheme"},
    {Problem::bad_user, "escape the octet as %HH"},
    {Problem::unescaped_user, "escape the octet as %HH; receivers take it as it is"},
    {Problem::bad_escape, "write % and two hexadecimal digits; a percent sign itself is %25"},
    {Problem::bad_host, "write a host name, an IPv4 address, or an IPv6 address in [ ]"},
    {Problem::odd_host,
     "host names have letters, digits and hyphens between dots; DNS does not resolve others everywhere"},
    {Problem::bad_port, "write a number from 1 to 65535; an IPv6 address needs [ ] around it"},
    {Problem::zero_port, "leave the port out if it is the default one"},
    {Problem::triple_colon, "write :: ; the grammar of RFC 3261 allowed a third colon by mistake (RFC 5118 4.10)"},
    {Problem::bracketed_received, "received= has no brackets in the grammar; receivers accept them (RFC 5118 4.5)"},
    {Problem::odd_received, "received= is filled in by the receiver with the address that the request came from"},
    {Problem::space_in_uri, "remove the blank, or write it as %20"},
    {Problem::bracketed_request_uri, "remove the < > around the Request-URI"},
    {Problem::headers_in_request_uri, "remove the ? and what follows (RFC 3261 19.1.1)"},
    {Problem::bad_protocol, "Via begins with SIP/2.0/TRANSPORT"},
    {Problem::bad_branch, "the branch is z9hG4bK and something unique; without it requests are matched as in RFC 2543"},
    {Problem::bad_sequence, "CSeq is a number below 2**31 and the method"},
    {Problem::bad_call_id, "Call-ID is word or word@word"},
    {Problem::bad_media_type, "write type/subtype"},
    {Problem::bad_credentials, "write the scheme, then name=value pairs with commas between them"},
    {Problem::bad_date, "write the date as in Sat, 13 Nov 2010 23:29:00 GMT"},
    {Problem::odd_date, "write the day with two digits"},
    {Problem::wildcard_contact, "Contact: * stands alone, with Expires: 0"},
    {Problem::misplaced_wildcard, "write an address; * asks a registrar to remove all bindings"},
}};

using Sdp = sdp::Problem;

constexpr std::array<Hint<Sdp>, kSdpHints> kSdp{{
    {Sdp::out_of_buffer, "the message is shorter than it says"},
    {Sdp::empty_body, "remove Content-Type, or send the description"},
    {Sdp::not_sdp, "a description begins with v=0"},
    {Sdp::too_many_media, "no real call has so many; the gateway leaves the body alone"},
    {Sdp::bad_media_line, "write m=type port protocol formats"},
    {Sdp::bad_port, "write a number from 0 to 65535; 0 rejects the stream"},
    {Sdp::bad_port_count, "write port/number with a number above 0, or leave it out"},
    {Sdp::missing_version, "begin the description with v=0"},
    {Sdp::bad_version, "write v=0"},
    {Sdp::missing_origin, "add o=user id version IN IP4 address"},
    {Sdp::bad_origin, "write o=user id version IN IP4 address, with numbers for id and version"},
    {Sdp::missing_name, "add s=-"},
    {Sdp::missing_time, "add t=0 0"},
    {Sdp::bad_time, "write t=0 0"},
    {Sdp::missing_connection, "add c=IN IP4 address, for the session or in each section"},
    {Sdp::bad_connection, "write c=IN IP4 address or c=IN IP6 address"},
    {Sdp::bad_address, "write an address of the family that stands before it, or a host name"},
    {Sdp::bad_bandwidth, "write b=AS:kbit/s or b=TIAS:bit/s"},
    {Sdp::bad_attribute, "write a=name or a=name:value"},
    {Sdp::bad_attribute_value, "look up the attribute's RFC; receivers ignore what they cannot read"},
    {Sdp::line_out_of_order, "order the lines as RFC 8866 section 5 lists them"},
    {Sdp::duplicate_line, "remove one of them; receivers differ in which one they take"},
    {Sdp::blank_line, "remove the empty line; receivers ignore it at the end of a body"},
    {Sdp::malformed_line, "write letter=value"},
    {Sdp::unknown_line, "receivers ignore the line"},
    {Sdp::empty_value, "give a value; a session without a name has s=-"},
    {Sdp::odd_line_end, "end lines with CR LF"},
    {Sdp::missing_line_end, "end the last line with CR LF; something may have cut the body"},
    {Sdp::nul_octet, "remove it"},
}};

template <class List, class Problem>
constexpr std::string_view find(const List& list, Problem problem) {
  for (const Hint<Problem>& hint : list)
    if (hint.problem == problem) return hint.text;
  return {};
}

/// As many hints as codes and none missing: hence one each.
template <class Problem, class List>
constexpr bool complete(const List& list) {
  for (std::size_t i = 0; i < list.size(); ++i)
    if (find(list, static_cast<Problem>(i)).empty()) return false;
  return true;
}
static_assert(complete<sip::Problem>(kSip), "a code of sip::Problem has no hint");
static_assert(complete<sdp::Problem>(kSdp), "a code of sdp::Problem has no hint");

}  // namespace

std::string_view hint(sip::Problem problem) {
  return find(kSip, problem);
}

std::string_view hint(sdp::Problem problem) {
  return find(kSdp, problem);
}

}  // namespace viaduct::message
