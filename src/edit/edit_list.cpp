// SPDX-License-Identifier: GPL-2.0-or-later
#include "edit/edit_list.hpp"

#include <algorithm>
#include <cstring>

namespace viaduct::edit {

base::Result<void, EditProblem> EditList::replace(base::Range range, base::Bytes text) {
  if (!range.present() || range.offset > length_ || range.length > length_ - range.offset)
    return base::fail(EditProblem::out_of_buffer, range.offset);
  if (count_ == kMaxEdits) return base::fail(EditProblem::too_many, range.offset);
  if (text.size() > kMaxText - used_) return base::fail(EditProblem::too_long, range.offset);
  std::uint32_t at = count_;
  while (at > 0 && edits_[at - 1].range.offset > range.offset) --at;
  const bool hits_before =
      at > 0 && (edits_[at - 1].range.end() > range.offset || edits_[at - 1].range.offset == range.offset);
  const bool hits_after = at < count_ && range.end() > edits_[at].range.offset;
  if (hits_before || hits_after) return base::fail(EditProblem::overlap, range.offset);
  for (std::uint32_t i = count_; i > at; --i) edits_[i] = edits_[i - 1];
  edits_[at] = {range, {used_, static_cast<std::uint32_t>(text.size())}};
  std::copy_n(text.data(), text.size(), store_.data() + used_);
  used_ += static_cast<std::uint32_t>(text.size());
  ++count_;
  delta_ += static_cast<std::int64_t>(text.size()) - range.length;
  return {};
}

std::int64_t EditList::delta_from(std::uint32_t offset) const {
  std::int64_t delta = 0;
  for (const Edit& edit : edits())
    if (edit.range.offset >= offset) delta += static_cast<std::int64_t>(edit.text.length) - edit.range.length;
  return delta;
}

base::Result<std::size_t, EditProblem> apply(base::Bytes buffer, const EditList& list, std::span<char> out) {
  if (out.size() < list.length_after()) return base::fail(EditProblem::does_not_fit, 0);
  std::size_t read = 0;
  std::size_t written = 0;
  auto copy = [&](base::Bytes piece) {
    if (!piece.empty()) std::memcpy(out.data() + written, piece.data(), piece.size());
    written += piece.size();
  };
  for (const Edit& edit : list.edits()) {
    copy(buffer.substr(read, edit.range.offset - read));
    copy(list.text(edit));
    read = edit.range.end();
  }
  copy(buffer.substr(read));
  return written;
}

}  // namespace viaduct::edit
