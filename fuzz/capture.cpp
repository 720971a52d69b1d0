// SPDX-License-Identifier: GPL-2.0-or-later
// Any octets as a capture file, then all that lies behind the file: the same frames however the file arrives, ranges
// inside of what they belong to, and memory within its limits.
#include "capture/content.hpp"
#include "capture/reader.hpp"
#include "capture/unwrapper.hpp"
#include "target.hpp"

#include <algorithm>
#include <cstring>

namespace {

using namespace viaduct;

/// An inflow that gives one octet, then two, and so on.
class Trickle final : public capture::Inflow {
 public:
  explicit Trickle(base::Bytes octets) : rest_(octets) {}
  std::size_t read(char* into, std::size_t room) override {
    const std::size_t size = std::min({room, ++piece_, rest_.size()});
    if (size > 0) std::memcpy(into, rest_.data(), size);
    rest_.remove_prefix(size);
    return size;
  }

 private:
  base::Bytes rest_;
  std::size_t piece_ = 0;
};

class Judge final : public capture::Receiver {
 public:
  void arrived(const capture::Arrival& arrival) override {
    VIADUCT_CHECK(!arrival.frames.empty() && arrival.packet != nullptr);
    VIADUCT_CHECK(arrival.octets.size() <= arrival.length);
    for (const std::uint64_t number : arrival.frames) VIADUCT_CHECK(number > 0 && number <= read);
    if (arrival.stream && arrival.hep == nullptr)
      VIADUCT_CHECK(sip::next_frame(arrival.octets, capture::MessageCutter::kMaxMessage).consumed ==
                    arrival.octets.size());
    static_cast<void>(capture::classify(arrival.octets));
  }
  void other(const capture::Record& record, base::Bytes frame, const capture::Packet& packet) override {
    VIADUCT_CHECK(record.number == read && packet.payload.end() <= frame.size());
  }
  void incomplete(const capture::FragmentTable::Incomplete& packet) override { VIADUCT_CHECK(!packet.frames.empty()); }
  void stream_lost(const capture::StreamEnds&, std::optional<sip::FrameProblem>, base::Bytes octets,
                   std::uint64_t number) override {
    VIADUCT_CHECK(number <= read && octets.size() <= capture::MessageCutter::kMaxMessage + 65536);
  }
  std::uint64_t read = 0;
};

void check_same(const capture::Record& a, const capture::Record& b) {
  VIADUCT_CHECK(a.frame == b.frame && a.time == b.time && a.timed == b.timed && a.link == b.link);
  VIADUCT_CHECK(a.original_length == b.original_length && a.interface == b.interface && a.number == b.number);
  VIADUCT_CHECK(a.offset == b.offset && a.comment == b.comment);
}

/// How much comes out of damaged data before the damage is seen depends on how much the library looks at in one go.
bool is_damaged(const capture::CaptureReader& reader) {
  return reader.cut() && reader.cut()->reason == capture::CutReason::compressed_broken;
}

// What a few hundred octets of input can unpack to is beyond any patience.
constexpr std::uint64_t kMostOctets = 4U << 20;

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const base::Bytes file(reinterpret_cast<const char*>(data), size);
  capture::CaptureReader whole(capture::inflow_of_memory(file));
  capture::CaptureReader pieces(std::make_unique<Trickle>(file));
  Judge judge;
  capture::Unwrapper unwrapper(judge);
  capture::Record a;
  capture::Record b;
  bool same = true;
  while (whole.next(a)) {
    same = same && pieces.next(b);
    VIADUCT_CHECK(same || is_damaged(pieces));
    if (same) check_same(a, b);
    VIADUCT_CHECK(a.number == ++judge.read && a.frame.size() <= a.original_length);
    VIADUCT_CHECK(a.interface < whole.interfaces().size());
    unwrapper.add(a);
    if (whole.offset() > kMostOctets) return 0;
  }
  VIADUCT_CHECK(is_damaged(whole) || is_damaged(pieces) || (!pieces.next(b) && whole.cut() == pieces.cut()));
  VIADUCT_CHECK(!whole.next(a));
  VIADUCT_CHECK(!whole.cut() || whole.cut()->offset <= whole.offset());
  unwrapper.finish();
  return 0;
}
