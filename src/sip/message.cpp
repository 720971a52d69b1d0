// SPDX-License-Identifier: GPL-2.0-or-later
#include "sip/message.hpp"

#include "base/text.hpp"
#include "sip/grammar.hpp"
#include "sip/header_table.hpp"
#include "sip/scan.hpp"

#include <cstring>

namespace viaduct::sip {
namespace {

constexpr Bytes kVersion2 = "SIP/2.0";

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

/// "SIP" "/" 1*DIGIT "." 1*DIGIT, in any case (RFC 3261 7.1).
bool is_sip_version(Bytes text) {
  if (text.size() < 7 || !base::iequals(text.substr(0, 4), "SIP/")) return false;
  const std::size_t dot = text.find('.', 4);
  if (dot == Bytes::npos) return false;
  return base::parse_decimal(text.substr(4, dot - 4)) && base::parse_decimal(text.substr(dot + 1));
}

}  // namespace

Method method_of(Bytes token) {
  // By length first: then the comparison has a constant size and is one or two instructions.
  const auto is = [&token]<std::size_t N>(const char(&name)[N]) { return std::memcmp(token.data(), name, N - 1) == 0; };
  switch (token.size()) {
    case 3:
      return is("ACK") ? Method::ack : is("BYE") ? Method::bye : Method::other;
    case 4:
      return is("INFO") ? Method::info : Method::other;
    case 5:
      return is("PRACK") ? Method::prack : is("REFER") ? Method::refer : Method::other;
    case 6:
      if (is("INVITE")) return Method::invite;
      if (is("CANCEL")) return Method::cancel;
      if (is("NOTIFY")) return Method::notify;
      return is("UPDATE") ? Method::update : Method::other;
    case 7:
      if (is("OPTIONS")) return Method::options;
      if (is("PUBLISH")) return Method::publish;
      return is("MESSAGE") ? Method::message : Method::other;
    case 8:
      return is("REGISTER") ? Method::register_ : Method::other;
    case 9:
      return is("SUBSCRIBE") ? Method::subscribe : Method::other;
    default:
      return Method::other;
  }
}

/// Fills one Message from front to back. Its state lives in locals: a member would have to be loaded again after each
/// store into the message's octet arrays, which may alias everything.
class MessageParser {
 public:
  explicit MessageParser(Message& message) : m_(message) {}

  /// false: error() says why.
  [[nodiscard]] bool run(Bytes buffer) {
    if (buffer.size() > Message::kMaxSize) return stop(Problem::too_long, Message::kMaxSize);
    m_.buffer_ = buffer;
    std::memset(m_.first_.data(), Message::kNone, m_.first_.size());
    scan::Lines lines(buffer);
    std::size_t begin = 0;
    scan::Lines::Line line = lines.from(0);
    while (line.end == begin && line.next < buffer.size()) {
      begin = line.next;
      line = lines.from(begin);
    }
    if (begin == line.end) return stop(Problem::empty, begin);
    m_.start_line_ = base::between(begin, line.end);
    if (!start_line(buffer, m_.start_line_.offset, m_.start_line_.end())) return false;
    std::size_t at = line.next;
    if (!split(buffer, lines, at) || !headers(buffer)) return false;
    body(buffer, static_cast<std::uint32_t>(at));
    return true;
  }

  [[nodiscard]] Error error() const { return error_; }

 private:
  bool stop(Problem problem, std::size_t at) {
    error_ = Error{problem, static_cast<std::uint32_t>(at)};
    return false;
  }

  bool start_line(Bytes buffer, std::uint32_t begin, std::uint32_t end) {
    if (end - begin > 4 && base::iequals(buffer.substr(begin, 4), "SIP/")) return status_line(buffer, begin, end);
    return request_line(buffer, begin, end);
  }

  /// Status-Line = SIP-Version SP Status-Code SP Reason-Phrase (RFC 3261 7.2)
  bool status_line(Bytes buffer, std::uint32_t begin, std::uint32_t end) {
    const std::uint32_t version_end = scan::find<' ', '\t'>(buffer, begin, end);
    if (!set_version(span_of(begin, version_end))) return stop(Problem::not_sip, begin);
    const std::uint32_t code = skip_blanks(buffer, version_end, end);
    const std::uint32_t code_end = scan::find<' ', '\t'>(buffer, code, end);
    m_.first_token_ = span_of(code, code_end);
    const std::optional<std::uint16_t> status = base::parse_decimal<std::uint16_t>(m_.first_token_.of(buffer));
    if (!status || code_end - code != 3 || *status < 100 || *status > 699) return stop(Problem::bad_status_code, code);
    m_.status_ = *status;
    m_.second_ = span_of(code_end < end ? code_end + 1 : code_end, end);
    return true;
  }

  /// Request-Line = Method SP Request-URI SP SIP-Version (RFC 3261 7.1); what stands between the first and the
  /// last blank is the URI, so that one with blanks inside is still shown whole.
  bool request_line(Bytes buffer, std::uint32_t begin, std::uint32_t line_end) {
    const std::uint32_t method_end = scan::find<' ', '\t'>(buffer, begin, line_end);
    m_.first_token_ = span_of(begin, method_end);
    m_.method_ = method_of(m_.first_token_.of(buffer));
    if (m_.method_ == Method::other && (method_end == begin || skip_token(buffer, begin, method_end) != method_end))
      return stop(Problem::not_sip, begin);
    std::uint32_t version = line_end;
    std::uint32_t end = line_end;
    if (line_end - method_end > 8 && buffer.substr(line_end - 8, 8) == " SIP/2.0") {
      version = line_end - 7;
    } else {
      while (end > method_end && is_blank(buffer[end - 1])) --end;
      version = end;
      while (version > method_end && !is_blank(buffer[version - 1])) --version;
    }
    if (!set_version(span_of(version, end))) return stop(Problem::not_sip, version);
    const std::uint32_t uri = skip_blanks(buffer, method_end, version);
    if (uri == version) return stop(Problem::not_sip, method_end);
    std::uint32_t uri_end = version;
    while (is_blank(buffer[uri_end - 1])) --uri_end;
    m_.second_ = span_of(uri, uri_end);
    return true;
  }

  bool set_version(Range range) {
    m_.version_ = range;
    const Bytes text = range.of(m_.buffer_);
    m_.version_2_ = text == kVersion2 || base::iequals(text, kVersion2);
    return m_.version_2_ || is_sip_version(text);
  }

  /// Cuts the header section into lines, continuations joined, up to the empty line. The table entries hold raw
  /// positions until headers() reads them: name_offset the begin, value_offset the end of the first line,
  /// value_length the end of all. Moves `at` behind the empty line, or to the buffer's end
  /// without one.
  bool split(Bytes buffer, scan::Lines lines, std::size_t& at) {
    std::size_t count = 0;
    const std::size_t first = at;
    while (at < buffer.size()) {
      const scan::Lines::Line line = lines.from(at);
      const std::uint32_t end = static_cast<std::uint32_t>(line.end);
      if (is_blank(buffer[at])) {
        if (count == 0) return stop(Problem::stray_continuation, at);
        m_.headers_[count - 1].value_length = end;
      } else if (at == line.end) {
        m_.has_empty_line_ = true;
        m_.header_section_ = base::between(first, at);
        m_.count_ = static_cast<std::uint8_t>(count);
        at = line.next;
        return true;
      } else {
        if (count == Message::kMaxHeaders) return stop(Problem::too_many_headers, at);
        Header& raw = m_.headers_[count++];
        raw.name_offset = static_cast<std::uint32_t>(at);
        raw.value_offset = end;
        raw.value_length = end;
      }
      at = line.next;
    }
    m_.header_section_ = base::between(first, at);
    m_.count_ = static_cast<std::uint8_t>(count);
    return true;
  }

  /// message-header = field-name HCOLON field-value, HCOLON = *( SP / HTAB ) ":" SWS (RFC 3261 7.3.1, 25.1)
  bool headers(Bytes buffer) {
    for (std::size_t i = 0; i < m_.count_; ++i) {
      Header& h = m_.headers_[i];
      const std::uint32_t begin = h.name_offset;
      const std::uint32_t line_end = h.value_offset;
      const std::uint32_t end = h.value_length;
      const std::uint32_t colon = scan::find<':'>(buffer, begin, line_end);
      if (colon == line_end) return stop(Problem::no_colon, begin);
      std::uint32_t name_end = colon;
      HeaderId id = table::find(Bytes(buffer.data() + begin, colon - begin));
      if (id == HeaderId::other) {
        name_end = trim_end(buffer, begin, colon);
        if (!unusual_name(buffer, begin, name_end, id)) return false;
      }
      const std::uint32_t value = skip_lws(buffer, colon + 1, end);
      const std::uint32_t value_end = trim_end(buffer, value, end);
      const bool folded = end != line_end && holds_line_end(buffer, value, value_end);
      h = Header{begin, value, value_end - value, static_cast<std::uint16_t>(name_end - begin), id, folded};
      std::uint8_t& first = m_.first_[static_cast<std::size_t>(id)];
      if (first == Message::kNone) first = static_cast<std::uint8_t>(i);
    }
    return true;
  }

  // The rare cases are kept out of the loop above, whose registers they would take.

  /// A name that the table does not have, or that had blanks behind it.
  [[gnu::noinline]] bool unusual_name(Bytes buffer, std::uint32_t begin, std::uint32_t end, HeaderId& id) {
    id = header_id(span_of(begin, end).of(buffer));
    const std::uint32_t bad = skip_token(buffer, begin, end);
    const bool token = bad == end && bad > begin && bad - begin <= 0xffff;
    return token || stop(Problem::bad_header_name, bad);
  }

  [[gnu::noinline]] static bool holds_line_end(Bytes buffer, std::uint32_t begin, std::uint32_t end) {
    return scan::find<'\r', '\n'>(buffer, begin, end) != end;
  }

  void body(Bytes buffer, std::uint32_t at) {
    const std::uint32_t rest = static_cast<std::uint32_t>(buffer.size()) - at;
    m_.body_ = {at, rest};
    const Header* const header = m_.find(HeaderId::content_length);
    if (header == nullptr) return;
    std::uint64_t length = 0;
    bool readable = header->value_length > 0 && m_.next(*header) == nullptr;
    for (const char c : header->value().of(buffer)) {
      readable = readable && c >= '0' && c <= '9';
      // Once it is too long, more digits make it no shorter.
      if (length <= rest) length = length * 10 + static_cast<unsigned char>(c - '0');
    }
    if (!readable) {
      m_.framing_ = Framing::invalid;
    } else if (length > rest) {
      m_.framing_ = Framing::too_short;
    } else {
      m_.framing_ = length == rest ? Framing::exact : Framing::trailing;
      m_.body_.length = static_cast<std::uint32_t>(length);
    }
  }

  static std::uint32_t skip_blanks(Bytes buffer, std::uint32_t at, std::uint32_t end) {
    while (at < end && is_blank(buffer[at])) ++at;
    return at;
  }

  Message& m_;
  Error error_;
};

Result<Message> parse(Bytes buffer) {
  // One return of one variable: the message is built where the caller wants it, never moved.
  Result<Message> result;
  MessageParser parser(*result);
  if (!parser.run(buffer)) result = std::unexpected(parser.error());
  return result;
}

const Header* Message::next(const Header& header) const {
  const Header* const end = headers_.data() + count_;
  for (const Header* h = &header + 1; h < end; ++h)
    if (h->id == header.id) return h;
  return nullptr;
}

const Header* Message::find_name(Bytes name) const {
  for (const Header& h : headers())
    if (base::iequals(text(h.name()), name)) return &h;
  return nullptr;
}

}  // namespace viaduct::sip
