// SPDX-License-Identifier: GPL-2.0-or-later
#include "analyze/media_table.hpp"

#include "analyze/moved_media.hpp"
#include "net/quick_hash.hpp"
#include "rtp/packet.hpp"

#include <algorithm>
#include <iterator>

namespace viaduct::app::analyze {
namespace {

/// All flows are walked through no oftener than that each packet pays for so many of their streams: what the times of
/// packets say is not to decide how long an analysis takes.
constexpr std::uint64_t kStepsOfPacket = 64;
/// All flows without a call are looked through for room at most this often.
constexpr base::Duration kSweep = std::chrono::seconds(5);

[[nodiscard]] bool silent_since(const MediaFlow& flow, capture::Time time) {
  return std::all_of(flow.flow.streams().begin(), flow.flow.streams().end(),
                     [time](const rtp::Stream& stream) { return stream.last_edge().time < time; });
}

[[nodiscard]] bool only_probation(const MediaFlow& flow) {
  return std::all_of(flow.flow.streams().begin(), flow.flow.streams().end(),
                     [](const rtp::Stream& stream) { return stream.probation(); });
}

}  // namespace

void MediaTable::add(const capture::Arrival& arrival, call::FrameRef frame) {
  const base::Result<rtp::Packet, rtp::PacketProblem> packet = rtp::parse_packet(arrival.octets, arrival.length);
  if (!packet) return;
  steps_ += kStepsOfPacket;
  taps_differ_ = taps_differ_ || arrival.hep != nullptr || arrival.interface != interface_.value_or(arrival.interface);
  interface_ = arrival.interface;
  if (streams_ >= kMaxStreams) static_cast<void>(make_room(arrival.time));
  MediaFlow* const flow = flow_for(arrival);
  if (flow == nullptr) {
    ++not_followed_;
    return;
  }
  // The headers around HEP are those of its agent.
  const bool own_headers = arrival.packet != nullptr && arrival.hep == nullptr;
  const rtp::Arrival seen{arrival.time, call::pack(frame), own_headers ? arrival.packet->dscp : std::uint8_t{0},
                          arrival.octets, arrival.length};
  const std::size_t before = flow->flow.streams().size();
  const std::size_t most = streams_ < kMaxStreams ? rtp::Flow::kMostStreams : before;
  const rtp::Stream* const stream =
      flow->flow.add(*packet, arrival.source, arrival.destination, seen, flow->formats, most);
  streams_ += flow->flow.streams().size() - before;
  if (stream == nullptr)
    ++not_followed_;
  else if (witness_.wants(*stream))
    watch(*stream);
}

bool MediaTable::refuse(const EndpointPair& pair, capture::Time time, call::FrameRef frame) {
  constexpr std::size_t kMostPairs = 64;
  const auto route = by_pair_.find(pair);
  if (route == by_pair_.end()) return false;
  std::vector<RefusedPair>& all = route->second.flow->refused;
  auto known = std::ranges::find(all, pair, &RefusedPair::pair);
  if (known == all.end()) {
    if (all.size() >= kMostPairs) return true;
    known = all.insert(all.end(), {pair, {.first = time, .frame = call::pack(frame)}});
  }
  ++known->refusals.count;
  known->refusals.last = time;
  return true;
}

diagnose::Refusals MediaFlow::refusals_of(const net::Endpoint& source, const net::Endpoint& destination) const {
  const auto known = std::ranges::find(refused, EndpointPair{source, destination}, &RefusedPair::pair);
  return known == refused.end() ? diagnose::Refusals{} : known->refusals;
}

void MediaTable::watch(const rtp::Stream& stream) {
  std::vector<const rtp::Stream*> live;
  // What comes from several interfaces or agents may be missed by one of them.
  if (!taps_differ_ && may_walk())
    for (const auto& [address, flow] : flows_)
      for (const rtp::Stream& one : flow->flow.streams()) live.push_back(&one);
  witness_.ended(stream, live);
}

MediaTable::Recent& MediaTable::recent(const EndpointPair& pair) {
  return recent_[net::quick_hash(pair.source, pair.destination) >> (64U - kRecentBits)];
}

const MediaTable::Route* MediaTable::route_of(const EndpointPair& pair) {
  Recent& seen = recent(pair);
  if (seen.route != nullptr && seen.pair == pair) [[likely]]
    return seen.route;
  const auto known = by_pair_.find(pair);
  if (known == by_pair_.end()) return nullptr;
  seen = {pair, &known->second};
  return seen.route;
}

MediaFlow* MediaTable::flow_for(const capture::Arrival& arrival) {
  const EndpointPair pair{arrival.source, arrival.destination};
  const Route* const known = route_of(pair);
  if (known != nullptr && known->generation == signalling_.media().generation() && known->from <= arrival.time &&
      arrival.time < known->until)
    return known->flow;
  const call::MediaUse* use = use_between(pair, arrival.time);
  if (use != nullptr && use->rtcp) use = nullptr;
  std::optional<call::MediaUse> latched = use == nullptr ? use_of_reverse(pair, arrival.time) : std::nullopt;
  if (use == nullptr && !latched) latched = use_of_source(pair, arrival.time);
  if (latched) use = &*latched;
  MediaFlow* const flow = routed(pair, use, arrival.time);
  if (flow == nullptr) return nullptr;
  if (use != nullptr) learn_formats(*flow, *use);
  if (use != nullptr && !latched) adopt_reverse(pair, arrival.time);
  remember(pair, signalling_.media().uses(point_, arrival.destination), arrival.time);
  return flow;
}

/// What the destination is used for. Platforms may receive several calls at one endpoint: then it is the call whose
/// other party receives where the packets come from, or which the other direction belongs to.
const call::MediaUse* MediaTable::use_between(const EndpointPair& pair, capture::Time time) const {
  const call::MediaUse* use = signalling_.media().find(point_, pair.destination, time);
  if (use == nullptr) return nullptr;
  const auto reverse = by_pair_.find({pair.destination, pair.source});
  const MediaFlow* const back = reverse == by_pair_.end() ? nullptr : reverse->second.flow;
  const auto rank = [&](const call::MediaUse& one) {
    const call::Call* const call = signalling_.calls().find(one.call);
    if (call == nullptr || one.leg >= call->legs.size()) return 0;
    const call::MediaSpan* const span = call->legs[one.leg].negotiation.at(call::other(one.receiver), one.line, time);
    if (span != nullptr && span->media.rtp == pair.source) return 2;
    return back != nullptr && back->key && back->key->call == one.call ? 1 : 0;
  };
  std::optional<int> best;  // of `use`; not asked for as long as one call is all there is
  for (const call::MediaUse& other : signalling_.media().uses(point_, pair.destination)) {
    if (other.call == use->call || other.rtcp || time < other.from || time >= other.until) continue;
    if (!best) best = rank(*use);
    const int its = rank(other);
    if (its <= *best) continue;
    use = &other;
    best = its;
  }
  return use;
}

/// Of a pair in whose other direction packets came: whose these would be by SDP now, for endpoints serve one call after
/// another; else whose they were.
std::optional<MediaKey> MediaTable::key_of_reverse(const EndpointPair& pair, capture::Time time) const {
  const EndpointPair back{pair.destination, pair.source};
  const auto reverse = by_pair_.find(back);
  if (reverse == by_pair_.end() || !reverse->second.flow->key) return std::nullopt;
  const call::MediaUse* const now = use_between(back, time);
  if (now == nullptr || now->rtcp || now->call == reverse->second.flow->key->call) return reverse->second.flow->key;
  return MediaKey{now->call, now->leg, now->line, now->receiver};
}

/// Behind a NAT what SDP names is not what packets have, and the other side sends to where they come from (RFC 4961):
/// then the other direction tells whose media it is.
std::optional<call::MediaUse> MediaTable::use_of_reverse(const EndpointPair& pair, capture::Time time) const {
  const std::optional<MediaKey> theirs = key_of_reverse(pair, time);
  return theirs ? std::optional(use_back(*theirs, time)) : std::nullopt;
}

/// The other direction of what has a key.
call::MediaUse MediaTable::use_back(const MediaKey& key, capture::Time time) const {
  call::MediaUse use;
  use.call = key.call;
  use.leg = key.leg;
  use.line = key.line;
  use.receiver = call::other(key.receiver);
  const call::Call* const call = signalling_.calls().find(key.call);
  if (call == nullptr || key.leg >= call->legs.size()) return use;
  const call::MediaSpan* const span = call->legs[key.leg].negotiation.at(use.receiver, use.line, time);
  if (span == nullptr) return use;
  use.span = span->id;
  // Several legs may name that endpoint: what goes there belongs to one of them, and this is the same media.
  const call::MediaUse* const named = signalling_.media().find(point_, span->media.rtp, time);
  const bool same = named != nullptr && named->call == use.call && named->line == use.line &&
                    named->receiver == use.receiver && !named->rtcp;
  return same ? *named : use;
}

/// Who sends from where it receives (RFC 4961) sends media of the same call, if it serves but one there.
std::optional<call::MediaUse> MediaTable::use_of_source(const EndpointPair& pair, capture::Time time) const {
  const call::MediaUse* only = nullptr;
  for (const call::MediaUse& use : signalling_.media().uses(point_, pair.source)) {
    if (use.rtcp || use.candidate || time < use.from || time >= use.until) continue;
    if (only != nullptr && (only->call != use.call || only->line != use.line || only->receiver != use.receiver))
      return std::nullopt;
    only = &use;
  }
  if (only == nullptr || only->agreement != call::Agreement::agreed) return std::nullopt;
  return use_back({only->call, only->leg, only->line, only->receiver}, time);
}

/// The other direction may have come first, when nothing told whose it is.
void MediaTable::adopt_reverse(const EndpointPair& pair, capture::Time time) {
  const EndpointPair back{pair.destination, pair.source};
  const auto reverse = by_pair_.find(back);
  if (reverse == by_pair_.end() || reverse->second.flow->key) return;
  const std::optional<call::MediaUse> theirs = use_of_reverse(back, time);
  if (theirs) learn_formats(assign(*reverse->second.flow, back, *theirs), *theirs);
}

/// Where an endpoint has several uses the time decides between them, and SDP is asked each time.
void MediaTable::remember(const EndpointPair& pair, std::span<const call::MediaUse> uses, capture::Time time) {
  Route& route = by_pair_[pair];
  route.generation = signalling_.media().generation();
  route.from = route.until = capture::Time::max();
  if (uses.empty()) route.from = capture::Time::min();
  if (uses.size() != 1 || time < uses[0].from || time >= uses[0].until) return;
  route.from = uses[0].from;
  route.until = uses[0].until;
}

MediaFlow* MediaTable::routed(const EndpointPair& pair, const call::MediaUse* use, capture::Time time) {
  const auto found = by_pair_.find(pair);
  if (found != by_pair_.end()) return use == nullptr ? found->second.flow : &assign(*found->second.flow, pair, *use);
  if (by_pair_.size() >= kMaxPairs && !make_room(time)) return nullptr;
  if (use == nullptr) return &begin_flow(pair, std::nullopt);
  const MediaKey key{use->call, use->leg, use->line, use->receiver};
  const auto known = by_key_.find(key);
  if (known == by_key_.end()) return &begin_flow(pair, key);
  known->second->pairs.push_back(pair);
  by_pair_[pair].flow = known->second;
  return known->second;
}

MediaFlow& MediaTable::begin_flow(const EndpointPair& pair, std::optional<MediaKey> key) {
  auto flow = std::make_unique<MediaFlow>();
  MediaFlow& begun = *flow;
  begun.key = key;
  begun.number = ++begun_;
  begun.ends = pair;
  begun.pairs.push_back(pair);
  by_pair_[pair].flow = &begun;
  if (key) by_key_[*key] = &begun;
  flows_.emplace(&begun, std::move(flow));
  return begun;
}

/// The flow that a known pair belongs to, now that `use` names its destination. What came before anybody named it is of
/// that call, too, unless it had ended before the call began; so is what began there once the call before was over.
MediaFlow& MediaTable::assign(MediaFlow& flow, const EndpointPair& pair, const call::MediaUse& use) {
  if (flow.key && flow.key->call == use.call) return flow;
  const MediaKey key{use.call, use.leg, use.line, use.receiver};
  const auto known = by_key_.find(key);
  std::erase(flow.pairs, pair);
  MediaFlow& theirs = known == by_key_.end() ? begin_flow(pair, key) : *known->second;
  if (known != by_key_.end()) {
    theirs.pairs.push_back(pair);
    by_pair_[pair].flow = &theirs;
  }
  if (flow.key) {
    theirs.flow.absorb(flow.flow, [&, begin = begin_after(flow.key->call, use)](const rtp::Stream& stream) {
      return stream.first_edge().time >= begin && EndpointPair{stream.source(), stream.destination()} == pair;
    });
    return theirs;
  }
  theirs.flow.absorb(flow.flow,
                     [begin = begin_of(use)](const rtp::Stream& stream) { return stream.last_edge().time >= begin; });
  std::ranges::copy(flow.refused, std::back_inserter(theirs.refused));
  if (flow.flow.streams().empty() && flow.pairs.empty()) static_cast<void>(forget(flow));
  return theirs;
}

capture::Time MediaTable::begin_of(const call::MediaUse& use) const {
  const call::Call* const call = signalling_.calls().find(use.call);
  const capture::Time begin = call == nullptr ? use.from : call->first;
  return std::max(begin, capture::Time::min() + call::MediaIndex::kSlack) - call::MediaIndex::kSlack;
}

/// From when on what comes where `old` had media is of the call of `use`, though nothing named it yet; never, if `old`
/// is not over.
capture::Time MediaTable::begin_after(call::CallNumber old, const call::MediaUse& use) const {
  const call::Call* const before = signalling_.calls().find(old);
  const call::Call* const call = signalling_.calls().find(use.call);
  if (before == nullptr || call == nullptr) return capture::Time::max();
  return before->over == call::kNever ? capture::Time::max() : std::max(before->over, call->first);
}

void MediaTable::learn_formats(MediaFlow& flow, const call::MediaUse& use) const {
  const std::pair<std::uint8_t, std::uint16_t> span{use.leg, use.span};
  if (flow.span == span) return;
  const call::Call* const call = signalling_.calls().find(use.call);
  if (call == nullptr || use.leg >= call->legs.size()) return;
  for (const call::MediaSpan& told : call->legs[use.leg].negotiation.spans()) {
    if (told.id != use.span) continue;
    flow.span = span;
    flow.formats.encrypted = told.media.encryption != call::Encryption::none;
    for (const call::Codec& codec : told.media.codecs)
      if (codec.clock_rate != 0)
        flow.formats.set(codec.payload_type, codec.encoding_name(), codec.clock_rate,
                         std::chrono::microseconds(told.media.ptime_us));
  }
}

bool MediaTable::may_walk() {
  const std::uint64_t cost = flows_.size() + streams_;
  if (steps_ < cost) return false;
  steps_ -= cost;
  return true;
}

/// What has the form of RTP by chance only gives way.
bool MediaTable::make_room(capture::Time time) {
  if (swept_ != capture::Time::min() && time - swept_ < kSweep && time >= swept_) return false;
  if (!may_walk()) return false;
  swept_ = time;
  std::vector<MediaFlow*> chance;
  for (const auto& [address, flow] : flows_)
    if (!flow->key && only_probation(*flow)) chance.push_back(flow.get());
  for (MediaFlow* const flow : chance) static_cast<void>(forget(*flow));
  return !chance.empty();
}

std::unique_ptr<MediaFlow> MediaTable::forget(MediaFlow& flow) {
  for (const EndpointPair& pair : flow.pairs) {
    recent(pair) = {};
    by_pair_.erase(pair);
  }
  if (flow.key) by_key_.erase(*flow.key);
  const auto entry = flows_.find(&flow);
  std::unique_ptr<MediaFlow> taken = std::move(entry->second);
  flows_.erase(entry);
  streams_ -= taken->flow.streams().size();
  return taken;
}

std::vector<std::unique_ptr<MediaFlow>> MediaTable::take(call::CallNumber call) {
  std::vector<std::unique_ptr<MediaFlow>> taken;
  for (auto next = by_key_.lower_bound(MediaKey{call}); next != by_key_.end() && next->first.call == call;) {
    MediaFlow& flow = *next->second;
    ++next;
    taken.push_back(forget(flow));
  }
  return taken;
}

bool MediaTable::is_idle(const MediaFlow& flow, capture::Time time) const {
  if (flow.key || !silent_since(flow, time)) return false;
  return std::all_of(flow.pairs.begin(), flow.pairs.end(), [&](const EndpointPair& pair) {
    const auto back = by_pair_.find({pair.destination, pair.source});
    return back == by_pair_.end() || silent_since(*back->second.flow, time);
  });
}

std::vector<std::unique_ptr<MediaFlow>> MediaTable::take_idle(capture::Time time) {
  std::vector<const MediaFlow*> all;
  all.reserve(flows_.size());
  bool any = false;
  for (const auto& [address, flow] : flows_) {
    all.push_back(address);
    any = any || is_idle(*flow, time);
  }
  if (!any) return {};
  // What went on from another port is not over.
  const std::vector<std::size_t> joined = joined_by_numbers(all);
  std::vector<bool> goes_on(all.size());
  for (std::size_t i = 0; i < all.size(); ++i)
    if (!is_idle(*all[i], time)) goes_on[joined[i]] = true;
  std::vector<std::unique_ptr<MediaFlow>> taken;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (!goes_on[joined[i]]) taken.push_back(forget(*flows_.at(all[i])));
  return taken;
}

std::vector<std::unique_ptr<MediaFlow>> MediaTable::take_rest() {
  std::vector<std::unique_ptr<MediaFlow>> taken;
  while (!by_key_.empty()) taken.push_back(forget(*by_key_.begin()->second));
  std::vector<MediaFlow*> rest;
  rest.reserve(flows_.size());
  for (const auto& [address, flow] : flows_) rest.push_back(flow.get());
  std::ranges::sort(rest, {}, &MediaFlow::number);
  for (MediaFlow* const flow : rest) taken.push_back(forget(*flow));
  return taken;
}

}  // namespace viaduct::app::analyze
