// SPDX-License-Identifier: GPL-2.0-or-later
#include "call/ladder.hpp"

#include "call/facts.hpp"

#include <algorithm>

namespace viaduct::call {

namespace {

constexpr std::size_t kMargin = 24;  // of the first column's line
constexpr std::size_t kColumn = 28;
constexpr std::size_t kTime = 11;

[[nodiscard]] std::size_t centre(std::size_t column) {
  return kMargin + column * kColumn;
}

void put(std::string& line, std::size_t at, Bytes text) {
  if (line.size() < at + text.size()) line.resize(at + text.size(), ' ');
  line.replace(at, text.size(), text);
}

[[nodiscard]] std::string time_column(Time time, Time begin) {
  const std::string text = seconds_text(time, begin);
  return std::string(text.size() < kTime ? kTime - text.size() : 0, ' ') + text;
}

[[nodiscard]] std::string label_of(const Event& event) {
  std::string label;
  if (event.status != 0)
    label = std::to_string(event.status);
  else if (event.kind == EventKind::keep_alive || event.kind == EventKind::unreachable)
    label = name(event.kind);
  else
    label = sip::name(event.method);
  if (event.status != 0 && event.method != sip::Method::invite) label += " " + std::string(sip::name(event.method));
  if (event.sdp) label += " (SDP)";
  if (event.again == Again::retransmitted) label += " again";
  if (event.again == Again::mirrored) label += " copy";
  return label;
}

/// An arrow with the label in its middle, from one column's line to another's.
void put_arrow(std::string& line, std::size_t from, std::size_t to, const std::string& label) {
  const bool rightward = from < to;
  const std::size_t left = centre(std::min(from, to)) + 1;
  const std::size_t right = centre(std::max(from, to));
  std::string arrow(right - left, '-');
  (rightward ? arrow.back() : arrow.front()) = rightward ? '>' : '<';
  const std::string text = " " + label + " ";
  if (text.size() + 2 <= arrow.size()) arrow.replace((arrow.size() - text.size()) / 2, text.size(), text);
  put(line, left, arrow);
}

[[nodiscard]] std::string message_line(const Event& event, std::size_t columns, Time begin) {
  std::string line = time_column(event.time, begin);
  for (std::size_t column = 0; column < columns; ++column) put(line, centre(column), "|");
  if (event.source == kNoEndpoint || event.destination == kNoEndpoint)
    put(line, centre(0) + 2, label_of(event) + " between other endpoints");
  else if (event.source == event.destination)
    put(line, centre(event.source) + 2, label_of(event) + " to itself");
  else
    put_arrow(line, event.source, event.destination, label_of(event));
  put(line, centre(columns - 1) + 4, "#" + std::to_string(event.frame.number));
  return line;
}

[[nodiscard]] std::string media_line(const Event& event, std::size_t columns) {
  std::string line(kTime, ' ');
  for (std::size_t column = 0; column < columns; ++column) put(line, centre(column), "|");
  put(line, centre(columns - 1) + 4, std::string(name(event.kind)) + " at " + std::string(name(event.from)));
  return line;
}

}  // namespace

std::string ladder(const Call& call, Time begin) {
  if (call.endpoints.empty()) return "";
  std::string heads;
  for (std::size_t column = 0; column < call.endpoints.size(); ++column) {
    const std::string text = call.endpoints[column].to_text();
    put(heads, centre(column) - std::min(text.size() / 2, kColumn / 2), text);
  }
  std::string out = heads + "\n";
  for (const Event& event : call.events)
    out += (is_message(event.kind) ? message_line(event, call.endpoints.size(), begin)
                                   : media_line(event, call.endpoints.size())) +
           "\n";
  if (call.dropped_events > 0) out += "  " + std::to_string(call.dropped_events) + " more were not kept\n";
  return out;
}

}  // namespace viaduct::call
