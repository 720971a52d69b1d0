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
    if (gap.outage()) sum += std::clamp(gap.length, Duration::zero(), Duration::max() - sum);
  return sum;
}

}  // namespace viaduct::finding
