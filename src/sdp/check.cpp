// SPDX-License-Identifier: GPL-2.0-or-later
#include "sdp/check.hpp"

#include "base/text.hpp"
#include "sdp/address_reader.hpp"
#include "sdp/check_attribute.hpp"
#include "sdp/line.hpp"
#include "sdp/value.hpp"

#include <optional>

namespace viaduct::sdp {
namespace {

// RFC 8866 section 5, in the order that its grammar demands. t= and r= repeat in pairs.
constexpr base::Bytes kSessionOrder = "vosiuepcbtrzka";
constexpr base::Bytes kMediaOrder = "micbka";
constexpr base::Bytes kOnceInSession = "vosiuczk";
constexpr base::Bytes kOnceInMedia = "ik";

constexpr std::uint32_t bit(char letter) {
  return std::uint32_t{1} << (letter - 'a');
}

/// 1*DIGIT of any length: NTP times and session ids need not fit a machine word.
bool is_number(base::Bytes text) {
  return !text.empty() && text.find_first_not_of("0123456789") == base::Bytes::npos;
}

/// Which lines of one level were seen.
struct Level {
  std::uint32_t seen = 0;
  std::size_t rank = 0;  ///< the furthest place in the order that was reached
  base::Range line;      ///< the m= line, for a media description

  [[nodiscard]] bool has(char letter) const { return (seen & bit(letter)) != 0; }
};

class Checker {
 public:
  Checker(base::Bytes buffer, base::Range body, Sink sink) : buffer_(buffer), body_(body), sink_(sink) {}

  void run() {
    if (!body_.present() || body_.offset > buffer_.size() || body_.length > buffer_.size() - body_.offset)
      return sink_(Problem::out_of_buffer, base::between(buffer_.size(), buffer_.size()));
    octets();
    for (Lines lines(buffer_, body_); std::optional<Line> line = lines.next();) {
      if (!started_ && line->whole.length > 0 && !start(*line)) return;
      line_end(*line);
      typed(*line);
    }
    if (!started_) return sink_(Problem::empty_body, body_);
    close();
  }

 private:
  [[nodiscard]] base::Bytes text(base::Range range) const { return range.of(buffer_); }
  void octets();
  bool start(const Line& line);
  void line_end(const Line& line);
  void typed(const Line& line);
  void place(const Line& line);
  void content(const Line& line);
  void origin(const Line& line);
  void connection(const Line& line);
  void suffix(const Connection& connection, base::Range value);
  void media(const Line& line);
  void port(base::Range field);
  void close();

  base::Bytes buffer_;
  base::Range body_;
  Sink sink_;
  bool started_ = false;
  bool odd_end_reported_ = false;
  bool in_media_ = false;
  bool session_connection_ = false;
  std::size_t media_count_ = 0;
  Level level_;
};

void Checker::octets() {
  const std::size_t nul = text(body_).find('\0');
  if (nul != base::Bytes::npos) sink_(Problem::nul_octet, {body_.offset + static_cast<std::uint32_t>(nul), 1});
}

bool Checker::start(const Line& line) {
  started_ = true;
  if (line.type == 0) {
    sink_(Problem::not_sdp, line.whole);
    return false;
  }
  if (line.type != 'v') sink_(Problem::missing_version, line.whole);
  return true;
}

void Checker::line_end(const Line& line) {
  if (line.end == LineEnd::none) return sink_(Problem::missing_line_end, {line.whole.end(), 0});
  if (line.end == LineEnd::crlf || odd_end_reported_) return;
  odd_end_reported_ = true;  // once: such bodies have it on every line
  sink_(Problem::odd_line_end, {line.whole.end(), 1});
}

void Checker::typed(const Line& line) {
  if (line.type == 0) return sink_(line.whole.length == 0 ? Problem::blank_line : Problem::malformed_line, line.whole);
  if (line.type == 'm') {
    close();
    in_media_ = true;
    level_ = Level{0, 0, line.whole};
    if (++media_count_ == kMaxMedia + 1) sink_(Problem::too_many_media, line.whole);
  }
  place(line);
  if (text(line.value).empty() && line.type != 'm') return sink_(Problem::empty_value, line.whole);
  content(line);
}

/// Order and number of lines.
void Checker::place(const Line& line) {
  const base::Bytes order = in_media_ ? kMediaOrder : kSessionOrder;
  const std::size_t rank = order.find(line.type);
  if (rank == base::Bytes::npos) {
    const bool known = kSessionOrder.find(line.type) != base::Bytes::npos;
    return sink_(known ? Problem::line_out_of_order : Problem::unknown_line, line.whole);
  }
  const base::Bytes once = in_media_ ? kOnceInMedia : kOnceInSession;
  const bool again_after_repeat = line.type == 't' && level_.rank == kSessionOrder.find('r');
  if (level_.has(line.type) && once.find(line.type) != base::Bytes::npos) {
    sink_(Problem::duplicate_line, line.whole);
  } else if (rank < level_.rank && !again_after_repeat) {
    sink_(Problem::line_out_of_order, line.whole);
  } else {
    level_.rank = rank;
  }
  level_.seen |= bit(line.type);
}

void Checker::content(const Line& line) {
  switch (line.type) {
    case 'v':
      if (text(line.value) != "0") sink_(Problem::bad_version, line.value);
      break;
    case 'o':
      origin(line);
      break;
    case 'c':
      connection(line);
      break;
    case 't': {
      Words words(buffer_, line.value);
      const bool good = is_number(text(words.next())) && is_number(text(words.next())) && !words.rest().present();
      if (!good) sink_(Problem::bad_time, line.value);
      break;
    }
    case 'b':
      if (!parse_bandwidth(buffer_, line.value)) sink_(Problem::bad_bandwidth, line.value);
      break;
    case 'm':
      media(line);
      break;
    case 'a':
      check_attribute(buffer_, line.whole, sink_);
      break;
    default:
      break;
  }
}

void Checker::origin(const Line& line) {
  Words words(buffer_, line.value);
  static_cast<void>(words.next());
  const base::Range id = words.next();
  const bool numbers = is_number(text(id)) && is_number(text(words.next()));
  AddressField where;
  read_address_field(buffer_, words, where);
  if (!numbers || !where.address.present() || words.rest().present()) return sink_(Problem::bad_origin, line.value);
  if (where.kind == AddressKind::other || words.at() != where.address.end()) sink_(Problem::bad_address, where.address);
}

void Checker::connection(const Line& line) {
  Connection connection;
  read_connection(buffer_, line.whole, connection);
  Words words(buffer_, line.value);
  for (int i = 0; i < 3; ++i) static_cast<void>(words.next());
  if (!connection.where.address.present() || words.rest().present()) return sink_(Problem::bad_connection, line.value);
  if (connection.where.kind == AddressKind::other) return sink_(Problem::bad_address, connection.where.address);
  suffix(connection, line.value);
}

/// IP4-multicast = m1 3( "." decimal-uchar ) "/" ttl [ "/" numaddr ], IP6-multicast = hexpart [ "/" numaddr ];
/// unicast has no suffix (RFC 8866 section 5.7).
void Checker::suffix(const Connection& connection, base::Range value) {
  const bool multicast = connection.where.is_literal() && connection.where.literal.scope() == net::Scope::multicast;
  const bool ipv4 = connection.where.kind == AddressKind::ipv4;
  if (!connection.suffix.present()) {
    if (multicast && ipv4) sink_(Problem::bad_connection, value);
    return;
  }
  base::Bytes rest = text(connection.suffix).substr(1);
  const std::size_t slash = rest.find('/');
  const std::optional<std::uint32_t> first = base::parse_decimal<std::uint32_t>(rest.substr(0, slash));
  bool good = multicast && first && (!ipv4 || *first <= 255) && (ipv4 || slash == base::Bytes::npos);
  if (good && slash != base::Bytes::npos)
    good = base::parse_decimal<std::uint32_t>(rest.substr(slash + 1)).value_or(0) > 0;
  if (!good) sink_(Problem::bad_connection, connection.suffix);
}

void Checker::media(const Line& line) {
  Words words(buffer_, line.value);
  const base::Range type = words.next();
  const base::Range port_field = words.next();
  const base::Range protocol = words.next();
  if (!is_token(text(type)) || !protocol.present() || !words.rest().present())
    sink_(Problem::bad_media_line, line.value.length > 0 ? line.value : line.whole);
  if (port_field.present()) port(port_field);
}

void Checker::port(base::Range field) {
  const base::Bytes whole = text(field);
  const std::size_t slash = whole.find('/');
  const std::optional<std::uint16_t> number = base::parse_decimal<std::uint16_t>(whole.substr(0, slash));
  if (!number) return sink_(Problem::bad_port, field);
  if (slash == base::Bytes::npos) return;
  const std::optional<std::uint16_t> count = base::parse_decimal<std::uint16_t>(whole.substr(slash + 1));
  if (!count || *count == 0 || *number + *count - 1 > 65535) sink_(Problem::bad_port_count, field);
}

/// The end of the session level or of a media description.
void Checker::close() {
  if (in_media_) {
    if (!level_.has('c') && !session_connection_) sink_(Problem::missing_connection, level_.line);
    return;
  }
  session_connection_ = level_.has('c');
  const base::Range nowhere{body_.offset, 0};
  if (!level_.has('o')) sink_(Problem::missing_origin, nowhere);
  if (!level_.has('s')) sink_(Problem::missing_name, nowhere);
  if (!level_.has('t')) sink_(Problem::missing_time, nowhere);
}

}  // namespace

void check(base::Bytes buffer, base::Range body, Sink sink) {
  Checker(buffer, body, sink).run();
}

}  // namespace viaduct::sdp
