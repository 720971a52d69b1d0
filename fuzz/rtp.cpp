// SPDX-License-Identifier: GPL-2.0-or-later
// A list of datagrams: four octets of head (how much later it came in 1 ms, DSCP, length of what was captured, how much
// more was on the wire), then the octets. Each is read as RTP and as RTCP; ranges lie inside, counts add up, gaps are
// in their limits.
#include "rtp/extended_report.hpp"
#include "rtp/flow.hpp"
#include "rtp/receiver_views.hpp"
#include "target.hpp"

namespace {

using namespace viaduct;

void read_rtcp(base::Bytes octets) {
  rtp::RtcpWalk walk(octets);
  while (const std::optional<rtp::RtcpPacket> packet = walk.next()) {
    VIADUCT_CHECK(packet->body.size() < octets.size());
    static_cast<void>(rtp::sender_info(*packet));
    for (std::size_t i = 0; i < 32; ++i) {
      if (const auto block = rtp::report_block(*packet, i)) static_cast<void>(rtp::round_trip(*block, block->highest));
      if (const auto name = rtp::canonical_name(*packet, i)) VIADUCT_CHECK(name->name.size() <= 255);
      static_cast<void>(rtp::leaving(*packet, i));
    }
    VIADUCT_CHECK(rtp::leaving_reason(*packet).size() <= 255);
    static_cast<void>(rtp::application_name(*packet));
    rtp::ExtendedWalk blocks(*packet);
    while (const std::optional<rtp::ExtendedBlock> block = blocks.next()) static_cast<void>(rtp::voip_metrics(*block));
  }
}

void check_packet(base::Bytes octets, std::size_t length, const rtp::Packet& packet) {
  const base::Range all = base::between(0, octets.size());
  VIADUCT_CHECK(packet.payload.present() && fuzz::inside(all, packet.payload));
  VIADUCT_CHECK(fuzz::inside(all, packet.extension_data));
  VIADUCT_CHECK(packet.payload.length <= packet.payload_length && packet.payload_length + 12 <= length);
  rtp::ExtensionWalk walk(octets, packet);
  while (const std::optional<rtp::ExtensionElement> element = walk.next())
    VIADUCT_CHECK(fuzz::inside(packet.extension_data, element->data));
}

void check_stream(const rtp::Stream& stream) {
  const rtp::Report report = stream.report();
  VIADUCT_CHECK(report.expected - report.lost + report.duplicates + report.strays == report.packets);
  VIADUCT_CHECK(report.lost <= report.expected);
  VIADUCT_CHECK(report.gaps.size() <= rtp::GapFinder::kMostGaps + 1);
  VIADUCT_CHECK(report.payload_types.size() <= rtp::Stream::kMostPayloadTypes);
  VIADUCT_CHECK(report.series.points.size() <= rtp::Series::kMostCells);
  for (const rtp::SeriesPoint& point : report.series.points)
    VIADUCT_CHECK(!point.delay || (point.delay->low >= 0 && point.delay->low <= point.delay->high));
  VIADUCT_CHECK(report.dscp.size() <= rtp::Stream::kMostDscp && report.keys.size() <= rtp::Stream::kMostKeys);
  for (const rtp::Gap& gap : report.gaps) {
    VIADUCT_CHECK(gap.silent >= rtp::GapFinder::kOutage && gap.longest_run <= gap.missing);
    static_cast<void>(rtp::classify(gap, {}));
  }
  const rtp::TransitRecord record = stream.transits();
  VIADUCT_CHECK(record.packets.size() <= rtp::TransitTrace::kMost);
  for (std::size_t i = 1; i < record.packets.size(); ++i)
    VIADUCT_CHECK(record.packets[i].arrival >= record.packets[i - 1].arrival);
  for (const double relative : record.relative) VIADUCT_CHECK(relative >= 0);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  rtp::Formats formats;
  formats.set(101, "telephone-event", 8000, {});
  formats.set(96, "opus", 48000, std::chrono::milliseconds(20));
  rtp::Flow flow;
  rtp::ReceiverViews views;
  rtp::Time time{};
  for (std::uint64_t frame = 1; !input.rest().empty(); ++frame) {
    const std::uint8_t later = input.octet();
    // The upper half: up to two hours later, or a little earlier.
    time += later < 254 ? std::chrono::milliseconds(later < 128 ? later : (later - 127) * 60000)
                        : std::chrono::milliseconds(-5);
    const std::uint8_t dscp = input.octet() & 0x3fU;
    const std::uint8_t captured = input.octet();
    const std::uint8_t more = input.octet();
    const base::Bytes octets = input.take(captured);
    const std::size_t length = octets.size() + more;
    read_rtcp(octets);
    const net::Endpoint back{net::Address::ipv4(0xc6336402), 6001};
    views.add(octets, back, {net::Address::ipv4(0xc0000201), static_cast<std::uint16_t>(4001 + dscp / 32)}, time);
    const auto packet = rtp::parse_packet(octets, length);
    if (!packet) {
      VIADUCT_CHECK(packet.error().offset <= octets.size());
      continue;
    }
    check_packet(octets, length, *packet);
    const net::Endpoint source{net::Address::ipv4(0xc0000201), static_cast<std::uint16_t>(4000 + dscp / 32)};
    const net::Endpoint destination{net::Address::ipv4(0xc6336402), 6000};
    flow.add(*packet, source, destination, {time, frame, dscp, octets, static_cast<std::uint32_t>(length)}, formats);
  }
  for (const rtp::Stream& stream : flow.streams()) {
    check_stream(stream);
    const auto told = views.take(stream.ssrc(), stream.source(), stream.destination());
    VIADUCT_CHECK(!told ||
                  (told->fraction_lost_mean <= told->fraction_lost_highest && told->fraction_lost_highest < 1));
  }
  for (const rtp::Succession& next : flow.successions()) VIADUCT_CHECK(next.from != next.to);
  return 0;
}
