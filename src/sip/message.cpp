// SPDX-License-Identifier: GPL-2.0-or-later
#include "sip/message.hpp"

#include "base/text.hpp"
#include "sip/grammar.hpp"
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
  struct Entry {
    Bytes name;
    Method method;
  };
  // Sorted by how often they are seen.
  static constexpr Entry kMethods[] = {
      {"INVITE", Method::invite},   {"REGISTER", Method::register_},  {"ACK", Method::ack},
      {"BYE", Method::bye},         {"OPTIONS", Method::options},     {"CANCEL", Method::cancel},
      {"NOTIFY", Method::notify},   {"SUBSCRIBE", Method::subscribe}, {"PUBLISH", Method::publish},
      {"MESSAGE", Method::message}, {"INFO", Method::info},           {"UPDATE", Method::update},
      {"PRACK", Method::prack},     {"REFER", Method::refer},
  };
  for (const Entry& entry : kMethods)
    if (entry.name == token) return entry.method;
  return Method::other;
}

/// Fills one Message from front to back. Kept apart from Message so that its state dies with the parse.
class MessageParser {
 public:
  MessageParser(Message& message, Bytes buffer) : m_(message), buffer_(buffer), ends_(buffer) {}

  base::Result<void, Problem> run() {
    if (buffer_.size() > Message::kMaxSize) return base::fail(Problem::too_long, Message::kMaxSize);
    m_.buffer_ = buffer_;
    std::memset(m_.first_.data(), Message::kNone, m_.first_.size());
    if (base::Result<void, Problem> done = start_line(); !done) return done;
    if (base::Result<void, Problem> done = headers(); !done) return done;
    body();
    return {};
  }

 private:
  /// A line as [begin, end) without its line end; `next` is where the following one begins.
  struct Line {
    std::uint32_t begin;
    std::uint32_t end;
    std::uint32_t next;
  };

  Line line_from(std::uint32_t begin) {
    const std::uint32_t at = ends_.next();
    if (at >= buffer_.size()) return {begin, at, at};
    const bool with_return = buffer_[at] == '\n' && at > begin && buffer_[at - 1] == '\r';
    return {begin, with_return ? at - 1 : at, at + 1};
  }

  base::Result<void, Problem> start_line() {
    Line line = line_from(0);
    while (line.begin == line.end && line.next < buffer_.size()) line = line_from(line.next);
    if (line.begin == line.end) return base::fail(Problem::empty, line.begin);
    at_ = line.next;
    m_.start_line_ = span_of(line.begin, line.end);
    const Bytes text = m_.start_line_.of(buffer_);
    if (text.size() > 4 && base::iequals(text.substr(0, 4), "SIP/")) return status_line(line);
    return request_line(line);
  }

  /// Status-Line = SIP-Version SP Status-Code SP Reason-Phrase (RFC 3261 7.2)
  base::Result<void, Problem> status_line(Line line) {
    const std::uint32_t version_end = scan::find<' ', '\t'>(buffer_, line.begin, line.end);
    if (!set_version(line.begin, version_end)) return base::fail(Problem::not_sip, line.begin);
    const std::uint32_t code = skip_blanks(version_end, line.end);
    const std::uint32_t code_end = scan::find<' ', '\t'>(buffer_, code, line.end);
    m_.first_token_ = span_of(code, code_end);
    const std::optional<std::uint16_t> status = base::parse_decimal<std::uint16_t>(m_.first_token_.of(buffer_));
    if (!status || code_end - code != 3 || *status < 100 || *status > 699)
      return base::fail(Problem::bad_status_code, code);
    m_.status_ = *status;
    const std::uint32_t reason = code_end < line.end ? code_end + 1 : code_end;
    m_.second_ = span_of(reason, line.end);
    return {};
  }

  /// Request-Line = Method SP Request-URI SP SIP-Version (RFC 3261 7.1); what stands between the first and the
  /// last blank is the URI, so that one with blanks inside is still shown whole.
  base::Result<void, Problem> request_line(Line line) {
    const std::uint32_t method_end = scan::find<' ', '\t'>(buffer_, line.begin, line.end);
    m_.first_token_ = span_of(line.begin, method_end);
    m_.method_ = method_of(m_.first_token_.of(buffer_));
    const bool token = m_.method_ != Method::other || skip_set(buffer_, line.begin, method_end, kToken) == method_end;
    if (!token || method_end == line.begin) return base::fail(Problem::not_sip, line.begin);
    std::uint32_t end = line.end;
    while (end > method_end && is_blank(buffer_[end - 1])) --end;
    std::uint32_t version = end;
    while (version > method_end && !is_blank(buffer_[version - 1])) --version;
    if (!set_version(version, end)) return base::fail(Problem::not_sip, version);
    const std::uint32_t uri = skip_blanks(method_end, version);
    if (uri == version) return base::fail(Problem::not_sip, method_end);
    std::uint32_t uri_end = version;
    while (is_blank(buffer_[uri_end - 1])) --uri_end;
    m_.second_ = span_of(uri, uri_end);
    return {};
  }

  bool set_version(std::uint32_t begin, std::uint32_t end) {
    m_.version_ = span_of(begin, end);
    const Bytes text = m_.version_.of(buffer_);
    m_.version_2_ = text == kVersion2 || base::iequals(text, kVersion2);
    return m_.version_2_ || is_sip_version(text);
  }

  base::Result<void, Problem> headers() {
    const std::uint32_t first = at_;
    if (at_ < buffer_.size() && is_blank(buffer_[at_])) return base::fail(Problem::stray_continuation, at_);
    std::uint32_t end = at_;
    while (at_ < buffer_.size()) {
      Line line = line_from(at_);
      at_ = line.next;
      if (line.begin == line.end) {
        m_.has_empty_line_ = true;
        break;
      }
      const std::uint32_t unfolded_end = line.end;
      while (at_ < buffer_.size() && is_blank(buffer_[at_])) {
        const Line more = line_from(at_);
        line.end = more.end;
        at_ = more.next;
      }
      if (base::Result<void, Problem> done = header(line, unfolded_end); !done) return done;
      end = at_;
    }
    m_.header_section_ = span_of(first, end);
    return {};
  }

  /// message-header = field-name HCOLON field-value, HCOLON = *( SP / HTAB ) ":" SWS (RFC 3261 7.3.1, 25.1)
  base::Result<void, Problem> header(const Line& line, std::uint32_t unfolded_end) {
    const std::uint32_t colon = scan::find<':'>(buffer_, line.begin, unfolded_end);
    if (colon == unfolded_end) return base::fail(Problem::no_colon, line.begin);
    std::uint32_t name_end = colon;
    while (name_end > line.begin && is_blank(buffer_[name_end - 1])) --name_end;
    const std::uint32_t length = name_end - line.begin;
    const HeaderId id = header_id(span_of(line.begin, name_end).of(buffer_));
    if (id == HeaderId::other) {
      const std::uint32_t bad = skip_set(buffer_, line.begin, name_end, kToken);
      if (bad != name_end || length == 0 || length > 0xffff) return base::fail(Problem::bad_header_name, bad);
    }
    if (m_.count_ == Message::kMaxHeaders) return base::fail(Problem::too_many_headers, line.begin);
    const std::uint32_t value = skip_lws(buffer_, colon + 1, line.end);
    const std::uint32_t value_end = trim_end(buffer_, value, line.end);
    std::uint8_t& first = m_.first_[static_cast<std::size_t>(id)];
    if (first == Message::kNone) first = m_.count_;
    const bool folded = line.end != unfolded_end && scan::find<'\r', '\n'>(buffer_, value, value_end) != value_end;
    m_.headers_[m_.count_++] =
        Header{line.begin, value, value_end - value, static_cast<std::uint16_t>(length), id, folded};
    return {};
  }

  void body() {
    const std::uint32_t size = static_cast<std::uint32_t>(buffer_.size());
    m_.body_ = span_of(at_, size);
    const Header* const header = m_.find(HeaderId::content_length);
    if (header == nullptr) return;
    const std::uint32_t rest = size - at_;
    std::uint64_t length = 0;
    const Bytes digits = header->value().of(buffer_);
    bool readable = !digits.empty() && m_.next(*header) == nullptr;
    for (char c : digits) {
      readable = readable && c >= '0' && c <= '9';
      if (length <= rest) length = length * 10 + static_cast<std::uint64_t>(c - '0');
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

  [[nodiscard]] std::uint32_t skip_blanks(std::uint32_t at, std::uint32_t end) const {
    while (at < end && is_blank(buffer_[at])) ++at;
    return at;
  }

  Message& m_;
  Bytes buffer_;
  scan::LineEnds ends_;
  std::uint32_t at_ = 0;
};

Result<Message> parse(Bytes buffer) {
  // One return of one variable: the message is built where the caller wants it, never moved.
  Result<Message> result;
  if (const base::Result<void, Problem> done = MessageParser(*result, buffer).run(); !done)
    result = std::unexpected(done.error());
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
