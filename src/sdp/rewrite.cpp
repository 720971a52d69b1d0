// SPDX-License-Identifier: GPL-2.0-or-later
#include "sdp/rewrite.hpp"

#include "sdp/line.hpp"

#include <charconv>
#include <optional>

namespace viaduct::sdp {
namespace {

/// A number as text, on the stack.
class Decimal {
 public:
  explicit Decimal(std::uint64_t value) : end_(std::to_chars(room_, room_ + sizeof room_, value).ptr) {}
  [[nodiscard]] base::Bytes text() const { return {room_, end_}; }

 private:
  char room_[20];
  char* end_;
};

base::Bytes line_end_of(const Line& line) {
  switch (line.end) {
    case LineEnd::lf:
      return "\n";
    case LineEnd::cr:
      return "\r";
    case LineEnd::crlf:
    case LineEnd::none:
      break;
  }
  return "\r\n";
}

}  // namespace

Edited replace_address(edit::EditList& list, const Session& session, const AddressField& field,
                       const net::Address& address) {
  if (!address.present()) return base::fail(edit::EditProblem::out_of_buffer, 0);
  if (field.literal == address) return {};
  const base::Bytes type = address.family == net::Family::ipv4 ? "IP4" : "IP6";
  if (session.text(field.addrtype) != type)
    if (Edited done = list.replace(field.addrtype, type); !done) return done;
  char room[net::kMaxAddressText];
  return list.replace(field.address, address.write_text(room));
}

Edited replace_port(edit::EditList& list, const Media& media, std::uint16_t port) {
  if (media.port == port) return {};
  if (port + media.port_count - 1 > 65535) return base::fail(edit::EditProblem::does_not_fit, media.port_text.offset);
  return list.replace(media.port_text, Decimal(port).text());
}

Edited replace_rtcp_port(edit::EditList& list, const Rtcp& rtcp, std::uint16_t port) {
  if (rtcp.port == port && rtcp.present()) return {};
  return list.replace(rtcp.port_text, Decimal(port).text());
}

Edited add_rtcp(edit::EditList& list, const Session& session, const Media& media, std::uint16_t port) {
  std::uint32_t behind = media.line.end();  // not behind the blank lines that may follow: readers stop there
  base::Bytes line_end = "\r\n";
  for (Lines lines(session.buffer, media.section); std::optional<Line> line = lines.next();) {
    if (line->type == 0) continue;
    if (line->type == 'm') line_end = line_end_of(*line);
    behind = line->whole.end();
  }
  char text[32];
  std::size_t size = 0;
  const Decimal number(port);
  for (base::Bytes piece : {line_end, base::Bytes("a=rtcp:"), number.text()})
    size += piece.copy(text + size, piece.size());
  return list.replace({behind, 0}, {text, size});
}

Edited replace_origin_version(edit::EditList& list, const Session& session, std::uint64_t version) {
  const Decimal number(version);
  if (session.text(session.origin.version) == number.text()) return {};
  return list.replace(session.origin.version, number.text());
}

}  // namespace viaduct::sdp
