// SPDX-License-Identifier: GPL-2.0-or-later
#include "rtp/flow.hpp"

#include <algorithm>
#include <limits>

namespace viaduct::rtp {
namespace {

Break break_between(const Stream& from, const Stream& to) {
  if (from.ssrc() != to.ssrc()) return Break::new_ssrc;
  return from.source() != to.source() ? Break::new_source : Break::new_destination;
}

int shared_hosts(const Stream& a, const Stream& b) {
  return (a.source().address == b.source().address ? 1 : 0) +
         (a.destination().address == b.destination().address ? 1 : 0);
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

Stream* Flow::find(std::uint32_t ssrc, const net::Endpoint& source, const net::Endpoint& destination,
                   std::size_t most) {
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
  if (streams_.size() > 1) compare(*stream, packet.sequence);
  return stream;
}

void Flow::compare(Stream& stream, std::uint16_t sequence) {
  constexpr std::uint16_t kEach = 4;  // a sample is enough
  if (sequence % kEach != 0) return;
  for (const Stream& other : streams_)
    if (&other != &stream && other.ssrc() == stream.ssrc()) stream.compare(other, sequence);
}

void Flow::absorb(Flow& other, const std::function<bool(const Stream&)>& belongs) {
  std::deque<Stream> left;
  for (Stream& stream : other.streams_) {
    const bool comes = streams_.size() < kMostStreams && belongs(stream);
    (comes ? streams_ : left).push_back(std::move(stream));
  }
  other.streams_ = std::move(left);
  current_ = other.current_ = nullptr;
  std::ranges::stable_sort(streams_, {}, [](const Stream& stream) { return stream.first_edge().time; });
}

std::optional<std::size_t> Flow::seen_again(std::size_t stream) const {
  for (std::size_t other = 0; other < streams_.size(); ++other)
    if (other != stream && streams_[stream].same_packets(streams_[other])) return other;
  return std::nullopt;
}

std::vector<std::size_t> Flow::places() const {
  constexpr auto kNowhere = std::numeric_limits<std::size_t>::max();
  std::vector<std::size_t> places(streams_.size(), kNowhere);
  std::size_t count = 0;
  const auto place_of = [&](std::size_t stream) {
    std::vector<int> shared(count + 1, -1);  // hosts; -2: not there, as its packets are
    shared[count] = -1;
    for (std::size_t other = 0; other < streams_.size(); ++other) {
      if (places[other] == kNowhere) continue;
      int& most = shared[places[other]];
      const bool again = streams_[stream].same_packets(streams_[other]);
      if (again || most == -2)
        most = -2;
      else
        most = std::max(most, shared_hosts(streams_[stream], streams_[other]));
    }
    return static_cast<std::size_t>(std::ranges::max_element(shared) - shared.begin());
  };
  // Those that are too short to be compared follow the others.
  for (const bool again : {true, false})
    for (std::size_t i = 0; i < streams_.size(); ++i) {
      if (seen_again(i).has_value() != again) continue;
      places[i] = place_of(i);
      count = std::max(count, places[i] + 1);
    }
  return places;
}

std::vector<Succession> Flow::successions() const {
  const std::vector<std::size_t> place = places();
  std::vector<Succession> found;
  for (std::size_t to = 0; to < streams_.size(); ++to) {
    const Time begin = streams_[to].first_edge().time;
    std::size_t from = to;
    for (std::size_t other = 0; other < streams_.size(); ++other) {
      if (other == to || place[other] != place[to] || streams_[other].first_edge().time >= begin) continue;
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
