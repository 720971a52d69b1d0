// SPDX-License-Identifier: GPL-2.0-or-later
#include "finding/stream_summary.hpp"

#include <algorithm>

namespace viaduct::finding {

std::string Endpoint::to_text() const {
  if (address.empty()) return "-";
  const std::string host = address.find(':') == std::string::npos ? address : "[" + address + "]";
  return port == 0 ? host : host + ":" + std::to_string(port);
}

const char* meaning(char letter) {
  switch (letter) {
    case 'L':
      return "hard hole: discarded on the path";
    case 'Q':
      return "queue loss: congestion";
    case 'H':
      return "held and released";
    case 'S':
      return "pause of the sender";
    case 'P':
      return "the sender stalled";
    case 'R':
      return "re-anchored";
    case 'X':
      return "the NAT mapping expired";
    case 'C':
      return "fault of the capture";
    default:
      return "";
  }
}

Duration StreamSummary::time_in_gaps() const {
  Duration sum{};
  for (const GapSummary& gap : gaps)
    if (gap.outage())
      sum += std::clamp(gap.length - std::clamp(gap.heard, Duration::zero(), std::max(gap.length, Duration::zero())),
                        Duration::zero(), Duration::max() - sum);
  return sum;
}

Lane lane_of(const StreamSummary& stream) {
  constexpr char kPause = 'S';
  Lane lane;
  lane.name = stream.direction.empty() ? stream.source.to_text() + " to " + stream.destination.to_text()
                                       : std::string(stream.direction) + ", " + stream.source.to_text();
  const Duration length = stream.last > stream.first ? stream.last - stream.first : Duration::zero();
  lane.intervals.push_back({stream.first, length, Tone::good, "media"});
  for (const GapSummary& gap : stream.gaps)
    lane.intervals.push_back({gap.onset, gap.length, gap.letter == kPause ? Tone::silence : Tone::bad,
                              std::string(1, gap.letter) + " " + meaning(gap.letter)});
  lane.left_out = stream.gaps_left_out;
  return lane;
}

}  // namespace viaduct::finding
