// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "sdp/octet_search.hpp"

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

/// SP or HTAB; RFC 8866 wants one SP between fields, phones send more.
[[nodiscard]] constexpr bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

/// Walks words divided by blanks.
class Words {
 public:
  Words(base::Bytes buffer, base::Range range)
      : data_(buffer.data()),
        limit_(data_ + buffer.size()),
        at_(data_ + (range.present() ? range.offset : 0)),
        end_(data_ + (range.present() ? range.end() : 0)) {}

  /// The next three words, which is quicker than three calls of next().
  void next_three(base::Range& first, base::Range& second, base::Range& third) {
    ThreeWords cut;
    if (!cut_three_words(at_, end_, limit_, cut)) {
      first = next();
      second = next();
      third = next();
      return;
    }
    const std::uint32_t begin = at();
    first = {begin, cut.first_end};
    second = {begin + cut.first_end + 1, cut.second_end - cut.first_end - 1};
    third = {begin + cut.second_end + 1, cut.third_end - cut.second_end - 1};
    at_ += cut.third_end;
  }
  /// The next word; absent at the end.
  [[nodiscard]] base::Range next() {
    while (at_ < end_ && is_blank(*at_)) ++at_;
    if (at_ == end_) return {};
    const char* const first = at_;
    at_ = find_octet<' ', '\t'>(first, end_, limit_);
    return range(first, at_);
  }
  /// What has not been read yet, without outer blanks; absent if nothing.
  [[nodiscard]] base::Range rest() const {
    const char* first = at_;
    const char* last = end_;
    while (first < last && is_blank(*first)) ++first;
    while (last > first && is_blank(last[-1])) --last;
    return first == last ? base::Range{} : range(first, last);
  }
  /// The octets from the beginning of the next word to the end.
  [[nodiscard]] base::Bytes unread() {
    while (at_ < end_ && is_blank(*at_)) ++at_;
    return {at_, end_};
  }
  /// Goes on behind the word that `inside` points into; it must be one of unread().
  void skip_word(const char* inside) { at_ = find_octet<' ', '\t'>(inside, end_, limit_); }
  /// Where the next call of next() begins to look; for error offsets.
  [[nodiscard]] std::uint32_t at() const { return static_cast<std::uint32_t>(at_ - data_); }

 private:
  [[nodiscard]] base::Range range(const char* first, const char* last) const {
    return {static_cast<std::uint32_t>(first - data_), static_cast<std::uint32_t>(last - first)};
  }

  const char* data_;
  const char* limit_;
  const char* at_;
  const char* end_;
};

}  // namespace viaduct::sdp
