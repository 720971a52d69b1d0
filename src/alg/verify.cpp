// SPDX-License-Identifier: GPL-2.0-or-later
#include "alg/verify.hpp"

#include "sdp/session.hpp"
#include "sip/body.hpp"

#include <algorithm>

namespace viaduct::alg {
namespace {

// Walks both messages in step: where a range of the original must be found in the edited one.
class Shift {
 public:
  explicit Shift(const edit::EditList& edits) : edits_(edits.edits()) {}

  // Ranges must be asked for in ascending order.
  [[nodiscard]] base::Range moved(base::Range range) {
    skip_to(range.offset);
    const std::int64_t begin = range.offset + delta_;
    std::int64_t inside = 0;
    for (std::size_t i = next_; i < edits_.size() && edits_[i].range.end() <= range.end(); ++i)
      inside += static_cast<std::int64_t>(edits_[i].text.length) - edits_[i].range.length;
    return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(range.length + inside)};
  }

 private:
  void skip_to(std::uint32_t offset) {
    for (; next_ < edits_.size() && edits_[next_].range.end() <= offset && edits_[next_].range.offset < offset; ++next_)
      delta_ += static_cast<std::int64_t>(edits_[next_].text.length) - edits_[next_].range.length;
  }

  std::span<const edit::Edit> edits_;
  std::size_t next_ = 0;
  std::int64_t delta_ = 0;
};

bool same_headers(const sip::Message& before, const sip::Message& after, Shift& shift) {
  if (before.headers().size() != after.headers().size()) return false;
  for (std::size_t i = 0; i < before.headers().size(); ++i) {
    const sip::Header& old = before.headers()[i];
    const sip::Header& now = after.headers()[i];
    if (old.id != now.id || shift.moved(old.name()) != now.name() || shift.moved(old.value()) != now.value())
      return false;
  }
  return true;
}

// What stands outside the edits is the same octets, so only their texts can change what an SDP means. A literal or a
// port has digits and dots; a port that becomes 0 would close the stream (RFC 3264 8.2).
bool is_sdp_value(base::Bytes text) {
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
  return plain && !text.empty() && text != "0";
}

bool same_body(const sip::Message& before, const edit::EditList& edits, const sip::Message& after) {
  bool touched = false;
  for (const edit::Edit& edit : edits.edits()) {
    if (edit.range.offset < before.body().offset) continue;
    touched = true;
    if (!is_sdp_value(edits.text(edit))) return false;
  }
  if (!touched) return true;
  const std::optional<sip::BodyPart> part = sip::find_sdp(after);
  return part && sdp::parse(after.bytes(), part->content).has_value();
}

}  // namespace

bool verify(const sip::Message& original, const edit::EditList& edits, base::Bytes edited) {
  if (edited.size() != edits.length_after()) return false;
  const sip::Result<sip::Message> again = sip::parse(edited);
  if (!again || again->method() != original.method() || again->status() != original.status()) return false;
  if (again->framing() != original.framing()) return false;
  Shift shift(edits);
  if (shift.moved(original.start_line()) != again->start_line()) return false;
  if (!same_headers(original, *again, shift)) return false;
  if (original.body().present() && shift.moved(original.body()) != again->body()) return false;
  return original.body().length == 0 || same_body(original, edits, *again);
}

}  // namespace viaduct::alg
