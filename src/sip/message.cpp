// SPDX-License-Identifier: GPL-2.0-or-later
#include "sip/message.hpp"

#include "base/text.hpp"
#include "sip/grammar.hpp"
#include "sip/header_table.hpp"
#include "sip/lines.hpp"
#include "sip/scan.hpp"

#include <cstring>

namespace viaduct::sip {
namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

bool is_blank_or_control(char c) {
  return static_cast<unsigned char>(c) <= ' ';
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

Bytes name(Method method) {
  constexpr std::array<Bytes, 16> kNames = {"",        "INVITE",  "ACK",       "BYE",    "CANCEL",  "REGISTER",
                                            "OPTIONS", "PRACK",   "SUBSCRIBE", "NOTIFY", "PUBLISH", "INFO",
                                            "REFER",   "MESSAGE", "UPDATE",    "other"};
  static_assert(kNames.size() == static_cast<std::size_t>(Method::other) + 1);
  return kNames[static_cast<std::size_t>(method)];
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
    if (begin == line.end) return stop(Problem::empty, 0);
    m_.start_line_ = base::between(begin, line.end);
    if (!start_line(buffer, m_.start_line_.offset, m_.start_line_.end())) return false;
    std::size_t at = line.next;
    if (!headers(buffer, lines, at)) return false;
    body(buffer, static_cast<std::uint32_t>(at));
    return true;
  }
  [[nodiscard]] Error error() const { return error_; }

 private:
  [[gnu::cold, gnu::noinline]] bool stop(Problem problem, std::size_t at) {
    error_ = Error{problem, static_cast<std::uint32_t>(at)};
    return false;
  }

  bool start_line(Bytes buffer, std::uint32_t begin, std::uint32_t end) {
    if (end - begin > 4 && buffer[begin + 3] == '/' && base::iequals({buffer.data() + begin, 4}, "SIP/"))
      return status_line(buffer, begin, end);
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
    if (line_end - method_end > 8 && base::equals({buffer.data() + line_end - 8, 8}, " SIP/2.0")) {
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
    m_.version_2_ = base::equals(text, "SIP/2.0") || base::iequals(text, "SIP/2.0");
    return m_.version_2_ || is_sip_version(text);
  }

  /// Reads header lines up to the empty line, and moves `section` behind it, or to the buffer's end without one.
  bool headers(Bytes buffer, scan::Lines lines, std::size_t& section) {
    std::uint8_t* const firsts = m_.first_.data();
    Header* const table = m_.headers_.data();
    std::size_t count = 0;
    std::size_t begin = section;
    std::size_t next = begin;
    for (; begin < buffer.size(); begin = next) {
      const scan::Lines::Line line = lines.from(begin);
      next = line.next;
      if (line.end == begin) break;
      if (count == Message::kMaxHeaders) return stop(Problem::too_many_headers, begin);
      Header& header = table[count];
      if (next >= buffer.size() || is_blank(buffer[next]) || !usual_header(buffer, begin, line.end, header)) {
        // The copy keeps `lines` itself in registers.
        scan::Lines ahead = lines;
        if (!any_header(buffer, begin, line, ahead, header)) return false;
        lines = ahead;
        next = next_;
      }
      std::uint8_t& first = firsts[static_cast<std::size_t>(header.id)];
      if (first == Message::kNone)
        first = static_cast<std::uint8_t>(count);
      else
        m_.repeated_[static_cast<std::size_t>(header.id) / 64] |= Message::bit_of(header.id);
      ++count;
    }
    m_.has_empty_line_ = begin < buffer.size();
    m_.header_section_ = base::between(section, begin);
    m_.count_ = static_cast<std::uint8_t>(count);
    section = next;
    return true;
  }

  /// `Name: value` without extra blanks, or a long or unknown name, and not at the buffer's end: what nearly all
  /// headers are. false: it is not, and nothing is changed.
  static bool usual_header(Bytes buffer, std::size_t begin, std::size_t end, Header& header) {
    if (begin + 16 >= buffer.size()) return false;
    const char* const name = buffer.data() + begin;
    const std::size_t length = static_cast<std::size_t>(std::countr_zero(scan::mask16<':'>(name) | 0x10000U));
    // Octet `end` belongs to the line end, so what is read below is at most that one.
    std::size_t value = begin + length + 1;
    if (length - 2 > 13 || value >= end) return false;
    value += buffer[value] == ' ';
    const HeaderId id = table::find_short(name, length);
    // Blanks at the ends are not usual, nor are control octets.
    if (is_blank_or_control(buffer[value]) || is_blank_or_control(buffer[end - 1]) || id == HeaderId::other)
      return false;
    header.name_offset = static_cast<std::uint32_t>(begin);
    header.value_offset = static_cast<std::uint32_t>(value);
    header.value_length = static_cast<std::uint32_t>(end - value);
    header.name_length = static_cast<std::uint16_t>(length);
    header.id = id;
    header.folded = false;
    return true;
  }

  /// message-header = field-name HCOLON field-value, HCOLON = *( SP / HTAB ) ":" SWS (RFC 3261 7.3.1, 25.1), with its
  /// continuation lines; sets next_.
  [[gnu::cold, gnu::noinline]] bool any_header(Bytes buffer, std::size_t at, scan::Lines::Line line, scan::Lines& lines,
                                               Header& header) {
    if (is_blank(buffer[at])) return stop(Problem::stray_continuation, at);
    const std::uint32_t begin = static_cast<std::uint32_t>(at);
    const std::uint32_t line_end = static_cast<std::uint32_t>(line.end);
    while (line.next < buffer.size() && is_blank(buffer[line.next])) line = lines.from(line.next);
    next_ = line.next;
    const std::uint32_t end = static_cast<std::uint32_t>(line.end);
    const std::uint32_t colon = scan::find<':'>(buffer, begin, line_end);
    if (colon == line_end) return stop(Problem::no_colon, begin);
    const std::uint32_t name_end = trim_end(buffer, begin, colon);
    const std::uint32_t bad = skip_token(buffer, begin, name_end);
    if (bad != name_end || bad == begin || bad - begin > 0xffff) return stop(Problem::bad_header_name, bad);
    const std::uint32_t value = skip_lws(buffer, colon + 1, end);
    const std::uint32_t value_end = trim_end(buffer, value, end);
    const bool folded = end != line_end && scan::find<'\r', '\n'>(buffer, value, value_end) != value_end;
    const std::uint16_t length = static_cast<std::uint16_t>(name_end - begin);
    const HeaderId id = header_id(span_of(begin, name_end).of(buffer));
    header = Header{begin, value, value_end - value, length, id, folded};
    return true;
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
  std::size_t next_ = 0;  ///< behind the lines that any_header() read
};

Result<Message> parse(Bytes buffer) {
  // One return of one variable: the message is built where the caller wants it, never moved.
  Result<Message> result;
  MessageParser parser(*result);
  if (!parser.run(buffer)) result = std::unexpected(parser.error());
  return result;
}

const Header* Message::search(const Header& header) const {
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
