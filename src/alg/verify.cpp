// SPDX-License-Identifier: GPL-2.0-or-later
#include "alg/verify.hpp"

#include "sdp/session.hpp"
#include "sip/body.hpp"

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

bool same_sdp(const sip::Message& before, const sip::Message& after) {
  const std::optional<sip::BodyPart> old_part = sip::find_sdp(before);
  const std::optional<sip::BodyPart> new_part = sip::find_sdp(after);
  if (!old_part || !new_part) return old_part.has_value() == new_part.has_value();
  const sdp::Result<sdp::Session> old = sdp::parse(before.bytes(), old_part->content);
  const sdp::Result<sdp::Session> now = sdp::parse(after.bytes(), new_part->content);
  if (!old || !now) return old.has_value() == now.has_value();
  if (old->media().size() != now->media().size() || old->traits != now->traits) return false;
  for (std::size_t i = 0; i < old->media().size(); ++i) {
    const sdp::Media& a = old->media()[i];
    const sdp::Media& b = now->media()[i];
    if (old->text(a.type) != now->text(b.type) || old->text(a.protocol) != now->text(b.protocol)) return false;
    if (old->text(a.formats) != now->text(b.formats) || (a.port == 0) != (b.port == 0) || a.traits != b.traits)
      return false;
    if (a.connection.where.kind != b.connection.where.kind || a.direction != b.direction) return false;
  }
  return old->connection.where.kind == now->connection.where.kind;
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
  return original.body().length == 0 || same_sdp(original, *again);
}

}  // namespace viaduct::alg
