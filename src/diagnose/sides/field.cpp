// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/sides/field.hpp"

#include "base/text.hpp"

#include <array>

namespace viaduct::diagnose::sides {
namespace {

/// In the order of Part.
constexpr std::array<Bytes, static_cast<std::size_t>(Part::formats) + 1> kWords = {
    "",        "spelling", "blanks",    "line end",     "separators", "method",       "status code", "reason phrase",
    "version", "sent-by",  "transport", "display name", "user",       "host",         "port",        "",
    "",        "address",  "raddr",     "rport",        "sess-id",    "sess-version", "username",    "media",
    "proto",   "fmt"};
static_assert(kWords[static_cast<std::size_t>(Part::sent_by)] == "sent-by");
static_assert(kWords[static_cast<std::size_t>(Part::address)] == "address");

[[nodiscard]] Bytes word(Part part) {
  return kWords[static_cast<std::size_t>(part)];
}

/// What a captured name may look like in a report: short, and one line.
[[nodiscard]] std::string shown(Bytes name) {
  constexpr std::size_t kMost = 64;
  std::string text(name.substr(0, kMost));
  for (char& c : text)
    if (c < ' ' || c > '~') c = '?';
  return text;
}

[[nodiscard]] std::string place_of(const Field& field) {
  switch (field.place) {
    case Place::start_line:
      return field.part == Part::method || field.part == Part::status || field.part == Part::reason ||
                     field.part == Part::version
                 ? ""
             : field.part == Part::whole || field.part == Part::line_end ? "start line"
                                                                         : "Request-URI";
    case Place::header: {
      const Bytes name = sip::header_name(field.header);
      const std::string title =
          name.empty() ? shown(field.part == Part::parameter ? Bytes() : field.name) : std::string(name);
      return (field.lower ? "lower " : "") + (title.empty() ? "header" : title);
    }
    case Place::empty_line:
      return "empty line";
    case Place::sdp: {
      std::string title = std::string("SDP ") + (field.line > ' ' && field.line <= '~' ? field.line : '?') + "=";
      const Bytes name = sdp::attribute_name(field.attribute);
      if (field.line == 'a') title += name.empty() ? shown(field.name) : std::string(name);
      return title;
    }
    case Place::body:
      return "body";
    case Place::message:
      break;
  }
  return "message";
}

}  // namespace

bool same_field(const Field& a, const Field& b) {
  return a.place == b.place && a.part == b.part && a.header == b.header && a.line == b.line &&
         a.attribute == b.attribute && base::iequals(a.name, b.name);
}

std::string text(const Field& field) {
  std::string title = place_of(field);
  const std::string last = field.part == Part::parameter ? shown(field.name) : std::string(word(field.part));
  if (!title.empty() && !last.empty()) title += ' ';
  return title + last;
}

}  // namespace viaduct::diagnose::sides
