// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/sides/written.hpp"

#include "base/text.hpp"
#include "diagnose/sides/pieces.hpp"
#include "sip/uri.hpp"

#include <algorithm>
#include <span>

namespace viaduct::diagnose::sides {
namespace {

[[nodiscard]] std::uint16_t port_of(Bytes digits) {
  return base::parse_decimal<std::uint16_t>(digits).value_or(0);
}

class Reader {
 public:
  explicit Reader(Bytes message) : message_(message) {}

  std::vector<Written> read() {
    for (const Line& line : lines_of(message_)) {
      if (found_.size() >= kMostWritten) break;
      if (line.field.place == Place::header || line.field.place == Place::start_line) header(line);
      if (line.field.place == Place::sdp) sdp(line);
    }
    if (found_.size() > kMostWritten) found_.resize(kMostWritten);
    return std::move(found_);
  }

 private:
  void add(const Field& field, net::Endpoint endpoint, Range address, Range port) {
    Written one{field, endpoint, address, port};
    for (const Written& other : found_)
      if (same_field(other.field, field) && other.field.media == field.media) ++one.ordinal;
    found_.push_back(one);
  }

  void header(const Line& line) {
    const std::vector<Piece> pieces = pieces_of(message_, line);
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      const Piece& piece = pieces[i];
      if (piece.field.part == Part::sent_by) sent_by(piece);
      if (piece.field.part == Part::host) host(piece, std::span(pieces).subspan(i + 1));
      if (piece.field.part == Part::parameter && line.field.is_header(sip::HeaderId::via) &&
          base::iequals(piece.field.name, "received"))
        received(piece, pieces);
    }
  }

  void sent_by(const Piece& piece) {
    const sip::Result<sip::HostPort> read = sip::parse_host_port(message_, piece.range, true);
    if (read && read->literal.present()) add(piece.field, {read->literal, read->port}, read->host, read->port_text);
  }

  void host(const Piece& piece, std::span<const Piece> behind) {
    const std::optional<net::Address> address = net::parse_address(piece.range.of(message_));
    if (!address) return;
    Range port;
    // The port of this URI: behind a colon alone.
    if (behind.size() > 1 && behind[0].range.of(message_) == ":" && behind[1].field.part == Part::port)
      port = behind[1].range;
    add(piece.field, {*address, port_of(port.of(message_))}, piece.range, port);
  }

  /// `received` and the `rport` of the same Via (RFC 3581 4): the first behind the last sent-by.
  void received(const Piece& piece, const std::vector<Piece>& pieces) {
    const Range address = value_of(piece);
    const std::optional<net::Address> literal = net::parse_address(address.of(message_));
    if (!literal) return;
    const auto same_via = [&](const Piece& other) { return other.field.lower == piece.field.lower; };
    Range port;
    for (const Piece& other : pieces)
      if (other.field.part == Part::parameter && base::iequals(other.field.name, "rport") && same_via(other) &&
          !port.present())
        port = value_of(other);
    add(piece.field, {*literal, port_of(port.of(message_))}, address, port);
  }

  [[nodiscard]] Range value_of(const Piece& parameter) const {
    const std::size_t sign = parameter.range.of(message_).find('=');
    if (sign == Bytes::npos) return {};
    return base::between(parameter.range.offset + sign + 1, parameter.range.end());
  }

  void sdp(const Line& line) {
    const char letter = line.field.line;
    if (letter == 'v') connections_ = {};
    if (letter == 'm') connections_.own = {};
    const bool addressed = letter == 'o' || letter == 'c' || letter == 'm' ||
                           line.field.is_attribute(sdp::AttributeId::rtcp) ||
                           line.field.is_attribute(sdp::AttributeId::candidate);
    if (!addressed) return;
    Written one{line.field, {}, {}, {}};
    for (const Piece& piece : pieces_of(message_, line)) {
      if (piece.field.part == Part::address) {
        one.address = piece.range;
        one.endpoint.address = net::parse_address(piece.range.of(message_)).value_or(net::Address{});
        one.field = piece.field;
      }
      if (piece.field.part == Part::port) {
        one.port = piece.range;
        one.endpoint.port = port_of(piece.range.of(message_));
        if (!one.address.present()) one.field = piece.field;
      }
    }
    if (letter == 'c') connection(one);
    if (letter == 'm' || (letter == 'a' && !one.address.present())) one.endpoint.address = connections_.governing();
    // The c= of a media description comes behind its m= line.
    if (one.endpoint.address.present() || letter == 'm') add(one.field, one.endpoint, one.address, one.port);
  }

  void connection(const Written& one) {
    if (one.field.media == 0)
      connections_.session = one.endpoint.address;
    else
      connections_.own = one.endpoint.address;
    for (Written& earlier : found_)
      if (one.field.media != 0 && earlier.field.media == one.field.media &&
          (earlier.field.is_sdp('m') || (earlier.field.is_sdp('a') && !earlier.address.present())))
        earlier.endpoint.address = one.endpoint.address;
  }

  struct Connections {
    net::Address session;
    net::Address own;
    [[nodiscard]] const net::Address& governing() const { return own.present() ? own : session; }
  };

  Bytes message_;
  Connections connections_;
  std::vector<Written> found_;
};

}  // namespace

std::vector<Written> written_in(Bytes message) {
  std::vector<Written> found = Reader(message).read();
  std::erase_if(found, [](const Written& one) { return !one.endpoint.address.present(); });
  return found;
}

}  // namespace viaduct::diagnose::sides
