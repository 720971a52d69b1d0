// SPDX-License-Identifier: GPL-2.0-or-later
#include "sip/check.hpp"

#include "sip/fields.hpp"
#include "sip/grammar.hpp"
#include "sip/scan.hpp"
#include "sip/values.hpp"

#include <array>

namespace viaduct::sip {
namespace {

/// Headers of one value: a second one makes the message ambiguous (RFC 3261 7.3.1 and table 2, RFC 4475 3.3.8).
constexpr HeaderId kSingle[] = {
    HeaderId::call_id,
    HeaderId::content_disposition,
    HeaderId::content_length,
    HeaderId::content_type,
    HeaderId::cseq,
    HeaderId::date,
    HeaderId::event,
    HeaderId::expires,
    HeaderId::from,
    HeaderId::max_forwards,
    HeaderId::mime_version,
    HeaderId::min_expires,
    HeaderId::min_se,
    HeaderId::rack,
    HeaderId::refer_to,
    HeaderId::referred_by,
    HeaderId::replaces,
    HeaderId::rseq,
    HeaderId::session_expires,
    HeaderId::target_dialog,
    HeaderId::to,
};

constexpr HeaderId kRequired[] = {HeaderId::via, HeaderId::from, HeaderId::to, HeaderId::call_id, HeaderId::cseq};

/// Line ends other than CR LF, the first of each kind. RFC 3261 7 wants CR LF, and most of the field takes all three.
void check_line_ends(const Message& message, ProblemList& list) {
  const Bytes buffer = message.bytes();
  bool feed = false;
  bool lone = false;
  const std::uint32_t end = message.body().offset;
  for (std::uint32_t at = scan::find<'\r', '\n'>(buffer, message.start_line().offset, end); at < end;) {
    const bool pair = buffer[at] == '\r' && at + 1 < end && buffer[at + 1] == '\n';
    bool& seen = buffer[at] == '\n' ? feed : lone;
    if (!pair && !seen) list.add(buffer[at] == '\n' ? Problem::bare_line_feed : Problem::bare_return, at);
    seen = seen || !pair;
    at = scan::find<'\r', '\n'>(buffer, at + (pair ? 2 : 1), end);
  }
}

void check_request_line(const Message& message, ProblemList& list) {
  const Bytes buffer = message.bytes();
  const Range uri = message.request_uri();
  const auto one_space = [&](std::uint32_t begin, std::uint32_t end) {
    if (end - begin != 1 || buffer[begin] != ' ') list.add(Problem::extra_space, begin);
  };
  one_space(message.method_text().end(), uri.offset);
  if (buffer[uri.offset] == '<') {
    list.add(Problem::bracketed_request_uri, uri.offset);
  } else if (const Result<Uri> read = parse_uri(buffer, uri); !read) {
    list.add(read.error().code, read.error().offset);
  } else {
    check_uri(buffer, *read, list);
    if (read->headers.present()) list.add(Problem::headers_in_request_uri, read->headers.offset - 1);
  }
  one_space(uri.end(), message.version().offset);
  if (message.version().end() != message.start_line().end()) list.add(Problem::extra_space, message.version().end());
}

void check_status_line(const Message& message, ProblemList& list) {
  const Bytes line = message.text(message.start_line());
  const std::uint32_t begin = message.start_line().offset;
  const std::size_t code = message.version().length + 1;
  // The code is three octets; parse() has seen to that.
  if (line[code - 1] != ' ' || line[code] == ' ')
    list.add(Problem::extra_space, begin + code - 1);
  else if (line.size() == code + 3)
    list.add(Problem::missing_space, begin + line.size());
  for (std::uint32_t at = message.reason().offset; at < message.reason().end(); ++at) {
    const unsigned char c = static_cast<unsigned char>(message.bytes()[at]);
    if ((c >= ' ' && c != 0x7f) || c == '\t') continue;
    list.add(Problem::control_octet, at);
    break;
  }
}

void check_start(const Message& message, ProblemList& list) {
  if (message.start_line().offset > 0) list.add(Problem::leading_line_ends, 0);
  if (message.is_request())
    check_request_line(message, list);
  else
    check_status_line(message, list);
  if (!message.is_version_2()) list.add(Problem::unknown_version, message.version().offset);
  check_line_ends(message, list);
}

void check_presence(const Message& message, ProblemList& list) {
  for (const HeaderId id : kRequired)
    if (message.find(id) == nullptr) list.add(Problem::missing_header, message.header_section().end());
  if (message.is_request() && message.find(HeaderId::max_forwards) == nullptr)
    list.add(Problem::missing_max_forwards, message.header_section().end());
  for (const HeaderId id : kSingle)
    if (const Header* const first = message.find(id); first != nullptr)
      for (const Header* again = message.next(*first); again != nullptr; again = message.next(*again))
        list.add(Problem::duplicate_header, again->name().offset);
}

/// The method of CSeq is that of the request (RFC 3261 8.1.1.5); methods are case-sensitive.
void check_method(const Message& message, ProblemList& list) {
  const Result<CSeq> sequence = cseq(message);
  if (!message.is_request() || !sequence) return;
  if (message.text(sequence->method_text) != message.text(message.method_text()))
    list.add(Problem::method_mismatch, sequence->method_text.offset);
}

/// Contact: * stands alone (RFC 3261 10.2.2), and in a REGISTER request only (20.10).
void check_wildcard(const Message& message, ProblemList& list) {
  std::uint32_t count = 0;
  Range star;
  MessageValues values(message, HeaderId::contact);
  while (const std::optional<Range> value = values.next()) {
    ++count;
    if (message.text(*value) == "*") star = *value;
  }
  if (!star.present()) return;
  if (count > 1) list.add(Problem::wildcard_contact, star.offset);
  if (message.method() != Method::register_) list.add(Problem::misplaced_wildcard, star.offset);
}

void check_body(const Message& message, ProblemList& list) {
  if (!message.has_empty_line()) list.add(Problem::no_empty_line, message.header_section().end());
  const Header* const length = message.find(HeaderId::content_length);
  if (message.framing() == Framing::too_short) list.add(Problem::body_too_short, length->value().offset);
  if (message.framing() == Framing::trailing) list.add(Problem::octets_after_body, message.body().end());
  if (message.body().length > 0 && message.find(HeaderId::content_type) == nullptr)
    list.add(Problem::missing_content_type, message.body().offset);
}

}  // namespace

void check(const Message& message, ProblemList& list) {
  check_start(message, list);
  check_presence(message, list);
  for (const Header& header : message.headers()) check_header(message, header, list);
  check_method(message, list);
  check_wildcard(message, list);
  check_body(message, list);
}

}  // namespace viaduct::sip
