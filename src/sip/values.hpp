// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "sip/header.hpp"
#include "sip/message.hpp"

#include <optional>

namespace viaduct::sip {

/// Walks the comma separated values of one header value: `"a, b" <sip:c,d@e>, sip:f` has two. Commas in quoted
/// strings (with escapes), in <> and in (comments) do not separate. Each value comes without blanks at its ends;
/// an empty one between two commas is returned as present and empty. An empty header has no value.
/// A bracket or parenthesis without its partner separates nothing, nor does any of its kind behind it. The whole walk
/// takes time in proportion to the list, whatever stands in it.
/// Only for headers that are lists by their grammar: not for From, Date, Authorization, Subject ...
class ValueCursor {
 public:
  ValueCursor(Bytes buffer, Range list) : buffer_(buffer), at_(list.offset), end_(list.end()) {
    if (!list.present() || list.length == 0) at_ = kDone;
  }

  [[nodiscard]] std::optional<Range> next() {
    Range value;
    return advance(value) ? std::optional(value) : std::nullopt;
  }

 private:
  friend class MessageValues;
  static constexpr std::uint32_t kDone = 0xffffffff;

  // What next() does. An optional of twelve octets comes back in registers by way of the stack, which stalls.
  [[nodiscard]] bool advance(Range& value);
  [[nodiscard]] std::uint32_t value_end();

  Bytes buffer_;
  std::uint32_t at_;
  std::uint32_t end_;
  // Whether one may still have its end: who looks for it behind each beginning looks at all octets for each.
  bool brackets_ = true;
  bool comments_ = true;
};

/// The first value of a list, without a cursor: nearly all lists have one value. An empty list itself if it has none.
[[nodiscard]] Range first_value(Bytes buffer, Range list);

/// Walks the values of all headers of an id, from the top of the message to its end:
/// for (MessageValues values(m, HeaderId::via); std::optional<Range> v = values.next();) ...
class MessageValues {
 public:
  MessageValues(const Message& message VIADUCT_LIFETIME_BOUND, HeaderId id)
      : message_(message), header_(message.find(id)), cursor_(message.bytes(), value_of(header_)) {}

  [[nodiscard]] std::optional<Range> next() {
    Range value;
    return advance(value) ? std::optional(value) : std::nullopt;
  }
  /// The header that the last value came from.
  [[nodiscard]] const Header* header() const { return header_; }

 private:
  [[nodiscard]] bool advance(Range& value);
  static Range value_of(const Header* header) { return header == nullptr ? Range{} : header->value(); }

  const Message& message_;
  const Header* header_;
  ValueCursor cursor_;
};

}  // namespace viaduct::sip
