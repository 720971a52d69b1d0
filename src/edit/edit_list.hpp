// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <array>
#include <cstdint>
#include <span>

namespace viaduct::edit {

enum class EditProblem : std::uint8_t {
  overlap,        ///< the range overlaps one that is already listed
  too_many,       ///< the list is full
  too_long,       ///< no room for the new text
  out_of_buffer,  ///< the range is absent or ends behind the buffer
  does_not_fit,   ///< apply: the caller's output is too small
};

/// One replacement: the octets of `range` become `text`.
struct Edit {
  base::Range range;
  base::Range text;  ///< in the list's own store, see EditList::text
};

/// Replacements against one immutable buffer: sorted, not overlapping, applied once (docs/adr/0002).
/// The replacement texts live inside the list, so nothing is allocated and nothing dangles.
class EditList {
 public:
  static constexpr std::size_t kMaxEdits = 64;
  static constexpr std::size_t kMaxText = 4096;

  /// `length` is the size of the buffer that the ranges refer to.
  explicit EditList(std::size_t length) : length_(static_cast<std::uint32_t>(length)) {}
  /// Empty again, for another buffer: lets one list serve many messages.
  void reset(std::size_t length) {
    length_ = static_cast<std::uint32_t>(length);
    delta_ = 0;
    count_ = 0;
    used_ = 0;
  }

  /// Lists one replacement; `text` is copied. An empty range is an insertion before range.offset.
  [[nodiscard]] base::Result<void, EditProblem> replace(base::Range range, base::Bytes text);

  [[nodiscard]] std::span<const Edit> edits() const VIADUCT_LIFETIME_BOUND { return {edits_.data(), count_}; }
  [[nodiscard]] base::Bytes text(const Edit& edit) const VIADUCT_LIFETIME_BOUND {
    return edit.text.of(base::Bytes(store_.data(), used_));
  }
  [[nodiscard]] bool empty() const { return count_ == 0; }
  /// Size of the buffer after all edits.
  [[nodiscard]] std::size_t length_after() const { return static_cast<std::size_t>(length_ + delta_); }
  /// What the edits behind `offset` (at or after it) add to the length; used for Content-Length.
  [[nodiscard]] std::int64_t delta_from(std::uint32_t offset) const;

 private:
  std::uint32_t length_;
  std::int64_t delta_ = 0;
  std::uint32_t count_ = 0;
  std::uint32_t used_ = 0;
  // Uninitialised on purpose: the list is made once per message on the hot path.
  std::array<Edit, kMaxEdits> edits_;
  std::array<char, kMaxText> store_;
};

/// Writes `buffer` with the edits into `out` and returns the number of octets. With an empty list the
/// output is identical to the input. `out` must not overlap `buffer`.
[[nodiscard]] base::Result<std::size_t, EditProblem> apply(base::Bytes buffer, const EditList& list,
                                                           std::span<char> out);

}  // namespace viaduct::edit
