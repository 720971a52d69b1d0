// SPDX-License-Identifier: GPL-2.0-or-later
#include "rtp/flow.hpp"

#include <algorithm>

namespace viaduct::rtp {
namespace {

/// How far the last packet of the old stream and the first of the new one may have overtaken each other.
constexpr base::Duration kOverlap = std::chrono::milliseconds(100);

Break break_between(const Stream& from, const Stream& to) {
  if (from.ssrc() != to.ssrc()) return Break::new_ssrc;
  return from.source() != to.source() ? Break::new_source : Break::new_destination;
}

Gap gap_between(const Stream& from, const Stream& to, Break kind) {
  Hole hole{.before = from.last_edge(), .after = to.first_edge(), .ptime = from.ptime(), .kind = kind};
  hole.after.time = std::max(hole.after.time, hole.before.time);
  if (from.ssrc() == to.ssrc()) {
    // The same sender goes on counting; a number far away is another sender, or a long time.
    const auto step = static_cast<std::uint16_t>(hole.after.sequence - hole.before.sequence);
    if (step > 0 && step < Sequence::kMaxDropout) hole.missing = step - 1U;
    if (hole.before.ticks() && hole.after.ticks() && hole.before.clock_rate == hole.after.clock_rate)
      hole.media_gap = media_step(hole.before, hole.after);
    if (hole.media_gap && other_time_base(*hole.media_gap, hole.after.time - hole.before.time)) hole.media_gap.reset();
  }
  return gap_of(hole);
}

}  // namespace

Stream* Flow::find(std::uint32_t ssrc, const net::Endpoint& source, const net::Endpoint& destination, std::size_t most) {
  const auto fits = [&](const Stream& stream) {
    return stream.ssrc() == ssrc && stream.source() == source && stream.destination() == destination;
  };
  if (current_ != nullptr && fits(*current_)) return current_;
  const auto known = std::ranges::find_if(streams_, fits);
  if (known != streams_.end()) return &*known;
  if (streams_.size() < std::min(most, kMostStreams)) return &streams_.emplace_back(ssrc, source, destination);
  const auto doubtful = std::ranges::find_if(streams_, [](const Stream& stream) { return stream.probation(); });
  if (doubtful == streams_.end()) return nullptr;
  not_followed_ += doubtful->packets();
  *doubtful = Stream(ssrc, source, destination);
  return &*doubtful;
}

Stream* Flow::add(const Packet& packet, const net::Endpoint& source, const net::Endpoint& destination,
                  const Arrival& arrival, const Formats& formats, std::size_t most) {
  Stream* stream = find(packet.ssrc, source, destination, most);
  if (stream == nullptr) {
    ++not_followed_;
    return nullptr;
  }
  current_ = stream;
  stream->add(packet, arrival, formats);
  return stream;
}

void Flow::absorb(Flow& other, Time since) {
  std::deque<Stream> left;
  for (Stream& stream : other.streams_) {
    const bool belongs = stream.last_edge().time >= since && streams_.size() < kMostStreams;
    (belongs ? streams_ : left).push_back(std::move(stream));
  }
  other.streams_ = std::move(left);
  current_ = other.current_ = nullptr;
  std::ranges::stable_sort(streams_, {}, [](const Stream& stream) { return stream.first_edge().time; });
}

std::vector<Succession> Flow::successions() const {
  std::vector<Succession> found;
  for (std::size_t to = 0; to < streams_.size(); ++to) {
    const Time begin = streams_[to].first_edge().time;
    std::size_t from = to;
    for (std::size_t other = 0; other < streams_.size(); ++other) {
      if (other == to || streams_[other].first_edge().time >= begin) continue;
      const Time end = streams_[other].last_edge().time;
      if (end <= begin + kOverlap && (from == to || end > streams_[from].last_edge().time)) from = other;
    }
    if (from == to) continue;
    const Break kind = break_between(streams_[from], streams_[to]);
    found.push_back({from, to, kind, gap_between(streams_[from], streams_[to], kind)});
  }
  std::ranges::sort(found, {}, [](const Succession& next) { return next.gap.onset; });
  return found;
}

}  // namespace viaduct::rtp
