// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"

#include <cstdint>
#include <optional>

namespace viaduct::sdp {

enum class LineEnd : std::uint8_t { crlf, lf, cr, none };

/// One line `<type>=<value>`; offsets into the whole buffer.
struct Line {
  char type = 0;      ///< 0 if the line has no `<letter>=`
  base::Range whole;  ///< without line end
  base::Range value;  ///< behind the `=`; for a line without type the whole line
  LineEnd end = LineEnd::none;
};

/// Walks the lines of a range. Blank lines are lines too (type 0, empty).
///
///   for (Lines lines(session.buffer, media.section); std::optional<Line> line = lines.next();) ...
class Lines {
 public:
  Lines(base::Bytes buffer, base::Range range);
  /// The next line, nullopt at the end.
  [[nodiscard]] std::optional<Line> next();

 private:
  base::Bytes buffer_;
  std::uint32_t at_;
  std::uint32_t end_;
};

/// Walks words divided by blanks (SP or HTAB; RFC 8866 wants one SP, phones send more).
class Words {
 public:
  Words(base::Bytes buffer, base::Range range) : buffer_(buffer), at_(range.offset), end_(range.end()) {
    if (!range.present()) at_ = end_ = 0;
  }
  /// The next word; absent at the end.
  [[nodiscard]] base::Range next();
  /// What has not been read yet, without outer blanks; absent if nothing.
  [[nodiscard]] base::Range rest() const;

 private:
  base::Bytes buffer_;
  std::uint32_t at_;
  std::uint32_t end_;
};

}  // namespace viaduct::sdp
