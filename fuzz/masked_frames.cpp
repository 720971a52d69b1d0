// SPDX-License-Identifier: GPL-2.0-or-later
// Any octets as a capture file, all of it extracted with masks: the frames are whole packets or fragments of raw IP
// that can be read, not more than there were messages and datagrams to make them of, and SIP that was read stays
// readable.
#include "analyze/masked_frames.hpp"

#include "analyze/masked_message.hpp"
#include "analyze/masks.hpp"
#include "call/hash.hpp"
#include "capture/content.hpp"
#include "capture/reader.hpp"
#include "sip/fields.hpp"
#include "target.hpp"

#include <algorithm>
#include <set>

namespace {

using namespace viaduct;
using namespace viaduct::app::analyze;

constexpr std::uint64_t kMostOctets = 1U << 20;

/// Every call and every datagram is chosen.
struct Everything final : capture::Receiver {
  void arrived(const capture::Arrival& arrival) override {
    CallTraffic one{.from = capture::Time::min(), .until = capture::Time::max()};
    const sip::Result<sip::Message> message = sip::parse(arrival.octets);
    const sip::Result<sip::Range> id = message ? sip::call_id(*message) : sip::Result<sip::Range>(sip::Range{});
    if (message && id) one.id_hash = call::hash_of(message->text(*id));
    one.media = {arrival.source, arrival.destination};
    one.keys.set(101);
    if (traffic.size() < 256) traffic.push_back(std::move(one));
    frames.insert(arrival.frames.begin(), arrival.frames.end());
    check(arrival.octets);
  }
  void other(const capture::Record&, base::Bytes, const capture::Packet&) override {}
  void incomplete(const capture::FragmentTable::Incomplete&) override {}
  void stream_lost(const capture::StreamEnds&, std::optional<sip::FrameProblem>, base::Bytes octets,
                   std::uint64_t) override {
    check(octets);
  }

  void check(base::Bytes octets) const {
    const std::string masked = masked_message(octets, masks.names);
    const sip::Result<sip::Message> before = sip::parse(octets);
    if (!before) return;
    const sip::Result<sip::Message> after = sip::parse(masked);
    VIADUCT_CHECK(after.has_value());
    VIADUCT_CHECK(after->headers().size() == before->headers().size());
    VIADUCT_CHECK(after->is_request() == before->is_request());
    VIADUCT_CHECK(after->method() == before->method());
  }

  Masks masks{{1, 2}};
  std::vector<CallTraffic> traffic;
  std::set<std::uint64_t> frames;
};

template <class Take>
void read(base::Bytes octets, Take take) {
  capture::CaptureReader reader(capture::inflow_of_memory(octets));
  for (capture::Record record; reader.next(record) && reader.offset() < kMostOctets;) take(record);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const base::Bytes octets(reinterpret_cast<const char*>(data), size);
  Everything everything;
  capture::Unwrapper unwrapper(everything);
  read(octets, [&](const capture::Record& record) { unwrapper.add(record); });
  unwrapper.finish();
  const CallSelector selector(everything.traffic, 0);
  MaskedFrames masked(selector, {everything.frames.begin(), everything.frames.end()}, everything.masks,
                      [](const capture::Record& record) {
                        capture::Packet packet;
                        const capture::Decoded decoded = capture::decode(record.link, record.frame, packet);
                        VIADUCT_CHECK(decoded == capture::Decoded::datagram || decoded == capture::Decoded::fragment);
                        VIADUCT_CHECK(record.original_length >= record.frame.size() && packet.tunnel_depth == 0);
                      });
  read(octets, [&](const capture::Record& record) { masked.add(record); });
  masked.finish();
  return 0;
}
