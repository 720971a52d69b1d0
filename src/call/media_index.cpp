// SPDX-License-Identifier: GPL-2.0-or-later
#include "call/media_index.hpp"

#include "call/hash.hpp"

#include <algorithm>

namespace viaduct::call {

std::size_t MediaIndex::KeyHash::operator()(const Key& key) const {
  return mix(net::TableHash{}(key.endpoint), key.point);
}

std::span<const MediaUse> MediaIndex::uses(Point point, const net::Endpoint& endpoint) const {
  const auto found = uses_.find(Key{endpoint, point});
  return found == uses_.end() ? std::span<const MediaUse>() : found->second.all;
}

const MediaUse* MediaIndex::find(Point point, const net::Endpoint& endpoint, Time time) const {
  const MediaUse* best = nullptr;
  int best_rank = 0;
  for (const MediaUse& use : uses(point, endpoint)) {
    int rank = 0;
    if (use.from <= time && time < use.until)
      rank = use.agreement == Agreement::agreed ? 3 : 2;
    else if (use.from - kSlack <= time && (use.until == kNever || time < use.until + kSlack))
      rank = 1;
    if (rank == 0) continue;
    rank = 2 * rank + (use.behind ? 0 : 1);
    if (rank < best_rank) continue;
    best = &use;
    best_rank = rank;
  }
  return best;
}

void MediaIndex::update(Call& call) {
  for (std::size_t leg = 0; leg < call.legs.size(); ++leg)
    for (MediaSpan& span : call.legs[leg].negotiation.spans())
      if (std::exchange(span.changed, false)) put_span(call, static_cast<std::uint8_t>(leg), span);
}

void MediaIndex::put_span(const Call& call, std::uint8_t leg, const MediaSpan& span) {
  const MediaLine& media = span.media;
  if (media.closed()) return;
  MediaUse use{.call = call.number,
               .from = span.from,
               .until = span.until,
               .span = span.id,
               .leg = leg,
               .line = span.line,
               .dialog = span.dialog,
               .receiver = span.receiver,
               .agreement = span.agreement};
  if (media.rtp.address.present() && !media.zero_address) put({media.rtp, call.point}, use);
  put_behind(call, use, span);
  for (const IceCandidate& candidate : media.candidates) {
    if (candidate.endpoint == media.rtp || candidate.endpoint.port == 0) continue;
    use.candidate = true;
    use.rtcp = candidate.component == 2;
    put({candidate.endpoint, call.point}, use);
  }
  use.candidate = false;
  use.rtcp = true;
  if (media.rtcp.address.present() && media.rtcp.port != 0 && media.rtcp != media.rtp && !media.zero_address)
    put({media.rtcp, call.point}, use);
}

/// A PBX in a cloud names its public address and sends from its own.
void MediaIndex::put_behind(const Call& call, MediaUse use, const MediaSpan& span) {
  if (!span.media.rtp.address.is_global() || !span.source.present() || span.source.is_global()) return;
  use.behind = true;
  put({{span.source, span.media.rtp.port}, call.point}, use);
}

void MediaIndex::put(const Key& key, const MediaUse& use) {
  ++generation_;
  std::vector<MediaUse>& all = uses_[key].all;
  const auto known = std::find_if(all.begin(), all.end(), [&](const MediaUse& old) {
    return old.call == use.call && old.leg == use.leg && old.span == use.span && old.rtcp == use.rtcp &&
           old.candidate == use.candidate;
  });
  const bool closes = use.until != kNever;
  if (known != all.end()) {
    if (closes && known->until == kNever) note_closed(key);
    *known = use;
    return;
  }
  if (all.size() >= kMaxPerEndpoint) {
    // The oldest goes; what is left of it in closed_ stands for a later one.
    all.erase(all.begin());
    --size_;
    ++dropped_;
  }
  if (size_ >= most_ && !make_room()) {
    if (uses_[key].all.empty()) uses_.erase(key);
    ++dropped_;
    return;
  }
  uses_[key].all.push_back(use);
  ++size_;
  if (closes) note_closed(key);
}

void MediaIndex::note_closed(const Key& key) {
  Uses& uses = uses_[key];
  if (uses.closed >= uses.all.size()) return;
  ++uses.closed;
  closed_.push_back(key);
}

/// Removes the use that ended first; false if none has.
bool MediaIndex::make_room() {
  if (!forget_one(kNever)) return false;
  ++dropped_;
  return true;
}

void MediaIndex::forget_before(Time time) {
  while (forget_one(time)) {
  }
}

/// Removes the use that ended first if that was before `before`.
bool MediaIndex::forget_one(Time before) {
  for (; !closed_.empty(); closed_.pop_front()) {
    const auto found = uses_.find(closed_.front());
    if (found == uses_.end()) continue;
    std::vector<MediaUse>& all = found->second.all;
    const auto ended = std::find_if(all.begin(), all.end(), [](const MediaUse& use) { return use.until != kNever; });
    if (ended != all.end() && ended->until >= before) return false;
    --found->second.closed;
    if (ended == all.end()) continue;
    all.erase(ended);
    if (all.empty()) uses_.erase(found);
    --size_;
    ++generation_;
    closed_.pop_front();
    return true;
  }
  return false;
}

}  // namespace viaduct::call
