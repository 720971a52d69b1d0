// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/escape.hpp"
#include "base/place.hpp"
#include "message/report.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace viaduct::message {
namespace {

using base::escape;

/// Text under construction; colours are SGR sequences, or nothing.
class Page {
 public:
  Page(base::Bytes octets, bool colours) : octets_(octets), colours_(colours) {}

  Page& operator<<(std::string_view text) {
    out_ += text;
    return *this;
  }
  [[nodiscard]] std::string paint(std::string_view sgr, std::string_view text) const {
    if (!colours_) return std::string(text);
    return "\x1b[" + std::string(sgr) + "m" + std::string(text) + "\x1b[0m";
  }
  [[nodiscard]] std::string bold(std::string_view text) const { return paint("1", text); }
  [[nodiscard]] std::string dim(std::string_view text) const { return paint("2", text); }
  [[nodiscard]] std::string octets(base::Range range) const {
    return base::show_trailing_blanks(escape(range.of(octets_)));
  }
  /// "   62..126  ": the half-open range in a column of its own.
  [[nodiscard]] std::string span(base::Range range) const {
    std::array<char, 32> text;
    const int size = std::snprintf(text.data(), text.size(), "%6u..%-5u ", range.offset, range.end());
    return dim({text.data(), static_cast<std::size_t>(size)});
  }
  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  base::Bytes octets_;
  std::string out_;
  bool colours_;
};

constexpr std::string_view kIndent = "                ";  // below a span and two more

[[nodiscard]] std::string spoken(std::string_view name) {
  std::string words(name);
  std::replace(words.begin(), words.end(), '_', ' ');
  return words;
}

[[nodiscard]] std::string to_text(const Fact& fact) {
  std::string said = spoken(fact.name);
  if (const std::string* text = std::get_if<std::string>(&fact.value))
    said += " " + (text->empty() ? "(empty)" : escape(*text));
  else if (const std::uint64_t* number = std::get_if<std::uint64_t>(&fact.value))
    said += " " + std::to_string(*number);
  return said;
}

[[nodiscard]] std::string to_text(const Facts& facts) {
  std::string line;
  for (const Fact& fact : facts) line += (line.empty() ? "" : ", ") + to_text(fact);
  return line;
}

void write_values(Page& page, const HeaderReading& reading) {
  for (const ValueReading& value : reading.values) {
    // What a token list says stands in the line above already.
    if (value.facts.size() == 1 && value.facts[0].name == "token") continue;
    const std::string place = reading.values.size() > 1
                                  ? std::to_string(value.range.offset) + ".." + std::to_string(value.range.end()) + ": "
                                  : "";
    if (value.failure)
      page << kIndent << page.dim(place) << "cannot be read: " << sip::text(*value.failure) << "\n";
    else if (!value.facts.empty())
      page << kIndent << page.dim(place) << to_text(value.facts) << "\n";
  }
}

void write_header(Page& page, const Reading& reading, const HeaderReading& header) {
  const base::Bytes name = header.header.name().of(reading.octets);
  const base::Bytes long_name = sip::header_name(header.header.id);
  const base::Range value = header.header.value();
  page << page.span(base::between(header.header.name_offset, value.end())) << page.bold(escape(name));
  if (header.header.id == sip::HeaderId::other)
    page << page.dim(" (unknown)");
  else if (name != long_name)
    page << page.dim(" (" + std::string(long_name) + ")");
  page << ": " << (value.length == 0 ? "(empty)" : page.octets(value)) << "\n";
  write_values(page, header);
}

void write_attributes(Page& page, const std::vector<AttributeReading>& attributes) {
  for (const AttributeReading& attribute : attributes) {
    page << page.span(attribute.line) << "  a=" << attribute.name;
    if (attribute.failure)
      page << ": cannot be read: " << sdp::text(*attribute.failure);
    else if (!attribute.facts.empty())
      page << ": " << to_text(attribute.facts);
    page << "\n";
  }
}

void write_sdp(Page& page, const SdpReading& sdp) {
  if (sdp.failure) {
    page << kIndent << "cannot be read: " << sdp::text(*sdp.failure) << "\n";
    return;
  }
  if (sdp.origin_line.present())
    page << page.span(sdp.origin_line) << page.bold("origin") << ": " << to_text(sdp.origin) << "\n";
  if (sdp.connection_line.present())
    page << page.span(sdp.connection_line) << page.bold("connection") << ": " << to_text(sdp.connection) << "\n";
  write_attributes(page, sdp.attributes);
  for (const MediaReading& media : sdp.media) {
    page << page.span(media.line) << page.bold("media") << ": " << escape(media.type) << " at "
         << (media.address.empty() ? "no address" : escape(media.address)) << " port " << std::to_string(media.port)
         << ", " << to_text(media.facts) << "\n";
    write_attributes(page, media.attributes);
  }
}

void write_bodies(Page& page, const Reading& reading) {
  if (reading.bodies.empty()) return;
  page << page.bold("body") << "\n";
  for (const BodyReading& body : reading.bodies) {
    const sip::BodyPart& part = body.part;
    page << page.span(part.content);
    if (part.depth > 0) page << "part at depth " << std::to_string(part.depth) << ", ";
    page << (part.content_type.present() ? page.octets(part.content_type) : "no Content-Type") << ", "
         << std::to_string(part.content.length) << " octets";
    if (part.content_disposition.present()) page << ", disposition " << page.octets(part.content_disposition);
    if (part.content_id.present()) page << ", id " << page.octets(part.content_id);
    if (!part.closed) page << ", its last boundary is missing";
    if (part.bar != sip::BodyBar::none) page << ", must not be edited: " << sip::text(part.bar);
    page << "\n";
    if (body.sdp) write_sdp(page, *body.sdp);
  }
}

void write_complaint(Page& page, const Reading& reading, const Complaint& complaint) {
  const base::Place place = base::place_of(reading.octets, complaint.where.offset);
  const base::Excerpt excerpt = base::excerpt_of(reading.octets, complaint.where);
  const std::string line = std::to_string(place.line);
  const std::string gutter(std::max<std::size_t>(line.size(), 4), ' ');
  page << page.bold(escape(reading.file) + ":" + std::to_string(complaint.where.offset)) << ": "
       << (complaint.tolerated ? page.paint("35", "tolerated") : page.paint("31;1", "invalid")) << ": "
       << complaint.text << " [" << complaint.layer << " " << complaint.code << "]\n";
  page << gutter.substr(line.size()) << page.dim(line + " |") << (excerpt.line.empty() ? "" : " ") << excerpt.line
       << "\n";
  page << gutter << page.dim(" | ") << page.paint("32;1", excerpt.marker) << "\n";
  page << gutter << page.dim(" | ") << "hint: " << complaint.hint << "\n";
}

[[nodiscard]] std::string verdict(const Reading& reading) {
  const std::string size = ", " + std::to_string(reading.octets.size()) + " octets";
  const std::string word = reading.valid ? "valid " : "invalid ";
  if (!reading.message) return "invalid" + size;
  const sip::Message& m = *reading.message;
  if (m.is_request()) return word + escape(m.text(m.method_text())) + " request" + size;
  return word + "response " + std::to_string(m.status()) + size;
}

}  // namespace

std::string to_text(const Reading& reading, bool colours) {
  Page page(reading.octets, colours);
  page << page.bold(escape(reading.file)) << ": " << page.paint(reading.valid ? "32" : "31", verdict(reading)) << "\n";
  if (reading.message) {
    page << page.bold("start line") << "\n" << page.span(reading.message->start_line());
    page << page.octets(reading.message->start_line()) << "\n" << kIndent << to_text(reading.start_line) << "\n";
    if (!reading.headers.empty()) page << page.bold("headers") << "\n";
    for (const HeaderReading& header : reading.headers) write_header(page, reading, header);
    write_bodies(page, reading);
  }
  if (!reading.complaints.empty()) page << page.bold("problems") << "\n";
  for (const Complaint& complaint : reading.complaints) write_complaint(page, reading, complaint);
  if (reading.complaints_dropped > 0) page << "and " << std::to_string(reading.complaints_dropped) << " more\n";
  return page.take();
}

}  // namespace viaduct::message
