// SPDX-License-Identifier: GPL-2.0-or-later
#include "rtp/receiver_views.hpp"

namespace viaduct::rtp {
namespace {

/// A stream of which nobody speaks for so long gives way.
constexpr base::Duration kQuiet = std::chrono::seconds(60);
/// All views are looked through for room at most this often.
constexpr base::Duration kSweep = std::chrono::seconds(5);

[[nodiscard]] bool whole(base::Bytes octets) {
  RtcpWalk walk(octets);
  while (walk.next()) {
  }
  return !walk.problem();
}

}  // namespace

ReceiverViews::Key ReceiverViews::key_of(std::uint32_t ssrc, const net::Endpoint& sender,
                                         const net::Endpoint& receiver) {
  const auto even = [](std::uint16_t port) { return static_cast<std::uint16_t>(port & 0xfffeU); };
  return {ssrc, sender.address, receiver.address, even(sender.port), even(receiver.port)};
}

void ReceiverViews::add(base::Bytes octets, const net::Endpoint& source, const net::Endpoint& destination, Time at,
                        std::uint64_t frame) {
  if (!whole(octets)) return;
  RtcpWalk walk(octets);
  while (const std::optional<RtcpPacket> packet = walk.next()) read(*packet, source, destination, at, frame);
}

void ReceiverViews::read(const RtcpPacket& packet, const net::Endpoint& source, const net::Endpoint& destination,
                         Time at, std::uint64_t frame) {
  if (const std::optional<SenderInfo> info = sender_info(packet))
    if (ReceiverView* const view = view_of(key_of(packet.ssrc, source, destination), at)) view->add(*info, at, frame);
  const auto about = [&](std::uint32_t ssrc) { return view_of(key_of(ssrc, destination, source), at); };
  for (std::size_t i = 0; i < packet.count; ++i)
    if (const std::optional<ReportBlock> block = report_block(packet, i))
      if (ReceiverView* const view = about(block->ssrc)) view->add(*block, at);
  ExtendedWalk blocks(packet);
  while (const std::optional<ExtendedBlock> block = blocks.next())
    if (const std::optional<VoipMetrics> metrics = voip_metrics(*block))
      if (ReceiverView* const view = about(metrics->ssrc)) view->add(*metrics);
}

ReceiverView* ReceiverViews::view_of(const Key& key, Time at) {
  const auto found = views_.find(key);
  if (found == views_.end() && views_.size() >= kMostViews) make_room(at);
  if (found == views_.end() && views_.size() >= kMostViews) {
    ++not_kept_;
    return nullptr;
  }
  Kept& kept = found == views_.end() ? views_[key] : found->second;
  kept.last = at;
  return &kept.view;
}

void ReceiverViews::make_room(Time at) {
  if (at >= swept_ && at - swept_ < kSweep) return;
  swept_ = at;
  std::erase_if(views_, [at](const auto& entry) { return entry.second.last > at || at - entry.second.last > kQuiet; });
}

std::optional<ReceiverReport> ReceiverViews::take(std::uint32_t ssrc, const net::Endpoint& source,
                                                  const net::Endpoint& destination) {
  const Key key = key_of(ssrc, source, destination);
  auto found = views_.find(key);
  if (found == views_.end()) {
    // On ports of their own, if there is no other stream that it could be.
    found = views_.lower_bound({ssrc, source.address, destination.address, 0, 0});
    const auto same = [&key](const Key& other) {
      return other.ssrc == key.ssrc && other.sender == key.sender && other.receiver == key.receiver;
    };
    if (found == views_.end() || !same(found->first)) return std::nullopt;
    const auto next = std::next(found);
    if (next != views_.end() && same(next->first)) return std::nullopt;
  }
  const ReceiverReport report = found->second.view.report();
  views_.erase(found);
  return report;
}

}  // namespace viaduct::rtp
