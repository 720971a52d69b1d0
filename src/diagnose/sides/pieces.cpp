// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/sides/pieces.hpp"

#include "sdp/line.hpp"
#include "sip/body.hpp"
#include "sip/message.hpp"

#include <algorithm>

namespace viaduct::diagnose::sides {
namespace {

/// Cuts what stands in [begin, end) behind its line feeds.
void plain_lines(Bytes message, std::uint32_t begin, std::uint32_t end, Place place, std::vector<Line>& lines) {
  while (begin < end) {
    const std::size_t feed = message.substr(0, end).find('\n', begin);
    const std::uint32_t behind = feed == Bytes::npos ? end : static_cast<std::uint32_t>(feed) + 1;
    Field field;
    field.place = place;
    lines.push_back({field, base::between(begin, behind)});
    begin = behind;
  }
}

class Cutter {
 public:
  explicit Cutter(const sip::Message& message) : message_(message), octets_(message.bytes()) {}

  std::vector<Line> cut() {
    start_line();
    headers();
    body();
    plain_lines(octets_, at_, size(), Place::body, lines_);
    return std::move(lines_);
  }

 private:
  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(octets_.size()); }

  void add(const Field& field, std::uint32_t end) {
    end = std::min(end, size());
    if (end <= at_) return;
    lines_.push_back({field, base::between(at_, end)});
    at_ = end;
  }

  void start_line() {
    Field field;
    field.place = Place::start_line;
    add(field, message_.header_section().offset);
  }

  void headers() {
    const std::span<const sip::Header> all = message_.headers();
    bool via = false;
    for (std::size_t i = 0; i < all.size(); ++i) {
      Field field;
      field.place = Place::header;
      field.header = all[i].id;
      if (all[i].id == sip::HeaderId::other) field.name = message_.text(all[i].name());
      field.lower = via && all[i].id == sip::HeaderId::via;
      via = via || all[i].id == sip::HeaderId::via;
      add(field, i + 1 < all.size() ? all[i + 1].name_offset : message_.header_section().end());
    }
    Field empty;
    empty.place = Place::empty_line;
    if (message_.body().present()) add(empty, std::max(message_.header_section().end(), message_.body().offset));
  }

  void body() {
    sip::BodyParts parts(message_);
    std::uint8_t media = 0;
    while (const std::optional<sip::BodyPart> part = parts.next()) {
      if (!part->type.is(octets_, "application", "sdp") || part->content.offset < at_) continue;
      plain_lines(octets_, at_, part->content.offset, Place::body, lines_);
      at_ = part->content.offset;
      // Of a body of its own the end is the end of what was received: Content-Length may be what is wrong.
      session(base::between(at_, part->depth == 0 ? size() : part->content.end()), media);
    }
  }

  void session(Range body, std::uint8_t& media) {
    media = 0;
    const Bytes octets = octets_.substr(0, body.end());
    while (at_ < body.end()) {
      const std::size_t feed = octets.find('\n', at_);
      const std::uint32_t behind = feed == Bytes::npos ? body.end() : static_cast<std::uint32_t>(feed) + 1;
      Field field;
      field.place = Place::sdp;
      const bool typed = at_ + 1 < behind && octets[at_ + 1] == '=';
      field.line = typed ? octets[at_] : '\0';
      if (field.line == 'm' && media < 0xff) ++media;
      field.media = media;
      if (field.line == 'a') {
        const sdp::Attribute attribute = sdp::split_attribute(octets, without_end(octets, base::between(at_, behind)));
        field.attribute = attribute.id;
        if (attribute.id == sdp::AttributeId::other) field.name = attribute.name.of(octets);
      }
      add(field, behind);
    }
  }

  [[nodiscard]] static Range without_end(Bytes octets, Range line) {
    while (line.length > 0 && (octets[line.end() - 1] == '\n' || octets[line.end() - 1] == '\r')) --line.length;
    return line;
  }

  const sip::Message& message_;
  Bytes octets_;
  std::uint32_t at_ = 0;
  std::vector<Line> lines_;
};

void start_parts(Bytes message, const Line& line, std::vector<Piece>& parts) {
  const sip::Result<sip::Message> read = sip::parse(message);
  if (!read) return;
  const auto part = [&](Part kind, Range range) {
    Field field = line.field;
    field.part = kind;
    if (range.present() && range.length > 0) parts.push_back({field, range});
  };
  if (read->is_request()) {
    part(Part::method, read->method_text());
    uri_parts(message, line.field, read->request_uri(), parts);
    part(Part::version, read->version());
    return;
  }
  part(Part::version, read->version());
  if (read->reason().present() && read->reason().offset > read->version().end())
    part(Part::status, base::between(read->version().end(), read->reason().offset));
  part(Part::reason, read->reason());
}

/// Fills what lies between the parts, so that nothing of the line is left out.
[[nodiscard]] std::vector<Piece> filled(const Line& line, std::vector<Piece> parts) {
  std::sort(parts.begin(), parts.end(), [](const Piece& a, const Piece& b) { return a.range.offset < b.range.offset; });
  if (parts.empty()) return {{line.field, line.range}};
  std::vector<Piece> pieces;
  std::uint32_t at = line.range.offset;
  Field glue = line.field;
  glue.part = Part::glue;
  for (const Piece& part : parts) {
    if (part.range.length == 0 || part.range.offset < at || part.range.end() > line.range.end()) continue;
    if (part.range.offset > at) pieces.push_back({glue, base::between(at, part.range.offset)});
    pieces.push_back(part);
    at = part.range.end();
  }
  if (at < line.range.end()) pieces.push_back({glue, base::between(at, line.range.end())});
  return pieces;
}

[[nodiscard]] bool ends_line(char c) {
  return c == '\r' || c == '\n';
}

void header_frame(Bytes message, const Line& line, std::vector<Piece>& parts) {
  const auto part = [&](Part kind, std::uint32_t begin, std::uint32_t end) {
    Field field = line.field;
    field.part = kind;
    if (end > begin) parts.push_back({field, base::between(begin, end)});
  };
  const Bytes octets = line.range.of(message);
  const std::size_t colon = octets.find(':');
  if (colon == Bytes::npos) return;
  const std::uint32_t begin = line.range.offset;
  std::uint32_t value = begin + static_cast<std::uint32_t>(colon) + 1;
  std::uint32_t end = line.range.end();
  while (value < end && (sdp::is_blank(message[value]) || ends_line(message[value]))) ++value;
  while (end > value && (sdp::is_blank(message[end - 1]) || ends_line(message[end - 1]))) --end;
  std::uint32_t name = begin + static_cast<std::uint32_t>(colon);
  while (name > begin && sdp::is_blank(message[name - 1])) --name;
  part(Part::name, begin, name);
  part(Part::blanks, name, value);
  if (end > value) header_parts(message, line, base::between(value, end), parts);
  part(Part::line_end, end, line.range.end());
}

}  // namespace

std::vector<Line> lines_of(Bytes message) {
  const sip::Result<sip::Message> read = sip::parse(message);
  if (read) return Cutter(*read).cut();
  std::vector<Line> lines;
  plain_lines(message, 0, static_cast<std::uint32_t>(message.size()), Place::message, lines);
  return lines;
}

std::vector<Piece> pieces_of(Bytes message, const Line& line) {
  std::vector<Piece> parts;
  if (line.field.place == Place::start_line) start_parts(message, line, parts);
  if (line.field.place == Place::header) header_frame(message, line, parts);
  if (line.field.place == Place::sdp) sdp_parts(message, line, parts);
  return filled(line, std::move(parts));
}

}  // namespace viaduct::diagnose::sides
