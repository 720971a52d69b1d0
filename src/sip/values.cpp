// SPDX-License-Identifier: GPL-2.0-or-later
#include "sip/values.hpp"

#include "sip/grammar.hpp"
#include "sip/scan.hpp"

#include <algorithm>

namespace viaduct::sip {
namespace {

/// The position behind the comment that opens at `open`; `open` if it has no end.
/// comment = LPAREN *(ctext / quoted-pair / comment) RPAREN (RFC 3261 25.1)
std::uint32_t skip_comment(Bytes buffer, std::uint32_t open, std::uint32_t end) {
  std::uint32_t depth = 0;
  for (std::uint32_t at = open; at < end; ++at) {
    if (buffer[at] == '\\') {
      ++at;
    } else if (buffer[at] == '(') {
      ++depth;
    } else if (buffer[at] == ')' && --depth == 0) {
      return at + 1;
    }
  }
  return open;
}

}  // namespace

Range first_value(Bytes buffer, Range list) {
  // A header's value has no blanks at its ends.
  if (list.length > 0 && scan::find<','>(buffer, list.offset, list.end()) == list.end()) return list;
  return ValueCursor(buffer, list).next().value_or(list);
}

/// The comma that ends the value beginning at `at_`, or `end_`.
[[gnu::cold]] std::uint32_t ValueCursor::value_end() {
  std::uint32_t at = at_;
  for (;;) {
    at = scan::find<',', '"', '<', '('>(buffer_, at, end_);
    if (at == end_ || buffer_[at] == ',') return at;
    std::uint32_t behind = at;
    if (buffer_[at] == '"') {
      behind = scan::closing_quote(buffer_, at, end_);
      if (behind == end_) return end_;
      ++behind;
    } else if (buffer_[at] == '<' && brackets_) {
      const std::uint32_t close = scan::find<'>'>(buffer_, at + 1, end_);
      brackets_ = close != end_;
      if (brackets_) behind = close + 1;
    } else if (buffer_[at] == '(' && comments_) {
      behind = skip_comment(buffer_, at, end_);
      comments_ = behind != at;
    }
    at = std::max(behind, at + 1);
  }
}

bool ValueCursor::advance(Range& value) {
  if (at_ == kDone) return false;
  // Without any comma the rest is one value, whatever else stands in it; nearly all lists have one.
  std::uint32_t comma = scan::find<','>(buffer_, at_, end_);
  if (comma < end_) comma = value_end();
  const std::uint32_t begin = skip_lws(buffer_, at_, comma);
  at_ = comma < end_ ? comma + 1 : kDone;
  value = span_of(begin, trim_end(buffer_, begin, comma));
  return true;
}

bool MessageValues::advance(Range& value) {
  while (header_ != nullptr) {
    if (cursor_.advance(value)) return true;
    header_ = message_.next(*header_);
    cursor_ = ValueCursor(message_.bytes(), value_of(header_));
  }
  return false;
}

}  // namespace viaduct::sip
