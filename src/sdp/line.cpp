// SPDX-License-Identifier: GPL-2.0-or-later
#include "sdp/line.hpp"

#include "base/text.hpp"

namespace viaduct::sdp {

Lines::Lines(base::Bytes buffer, base::Range range)
    : buffer_(buffer), at_(range.present() ? range.offset : 0), end_(range.present() ? range.end() : 0) {}

std::optional<Line> Lines::next() {
  if (at_ >= end_) return std::nullopt;
  const char* data = buffer_.data();
  std::uint32_t stop = at_;
  while (stop < end_ && data[stop] != '\n' && data[stop] != '\r') ++stop;
  Line line;
  line.whole = base::between(at_, stop);
  line.value = line.whole;
  if (line.whole.length >= 2 && data[at_ + 1] == '=' && base::kAlpha.contains(data[at_])) {
    line.type = data[at_];
    line.value = base::between(at_ + 2, stop);
  }
  at_ = stop;
  if (stop == end_) return line;
  const bool crlf = data[stop] == '\r' && stop + 1 < end_ && data[stop + 1] == '\n';
  line.end = crlf ? LineEnd::crlf : data[stop] == '\n' ? LineEnd::lf : LineEnd::cr;
  at_ = stop + (crlf ? 2 : 1);
  return line;
}

}  // namespace viaduct::sdp
