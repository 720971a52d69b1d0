// SPDX-License-Identifier: GPL-2.0-or-later
#include "captured.hpp"

#include "call/signalling.hpp"
#include "capture/content.hpp"
#include "capture/reader.hpp"
#include "capture/unwrapper.hpp"
#include "diagnose/fingerprint/fingerprints.hpp"

#include <algorithm>

namespace viaduct::cases {
namespace {

namespace fingerprint = diagnose::fingerprint;

/// Feeds what is SIP or STUN in captures to Fingerprints, as one point.
class Pipeline final : capture::Receiver, call::CallReceiver, call::MessageObserver {
 public:
  Pipeline() { signalling_.show_to(this); }
  bool read(const std::string& path) {
    auto reader = capture::CaptureReader::open(path);
    if (!reader) return false;
    capture::Unwrapper unwrapper(*this);
    for (capture::Record record; reader->next(record);) unwrapper.add(record);
    unwrapper.finish();
    return true;
  }
  [[nodiscard]] std::vector<fingerprint::SourceEvidence> judge() const { return fingerprints_.judge(); }

 private:
  void arrived(const capture::Arrival& arrival) override {
    const capture::Content content = capture::classify(arrival.octets);
    if (content == capture::Content::stun) fingerprints_.saw_stun(0, arrival.source, arrival.destination);
    if (content != capture::Content::sip) return;
    call::Sighting seen;
    seen.octets = arrival.octets;
    seen.length = arrival.length;
    seen.time = arrival.time;
    seen.source = arrival.source;
    seen.destination = arrival.destination;
    seen.transport = arrival.stream ? sip::Transport::tcp : sip::Transport::udp;
    seen.frame.number = arrival.frames.empty() ? 0 : arrival.frames.front() & 0xffffffffffffU;
    signalling_.add(seen);
  }
  void other(const capture::Record&, base::Bytes, const capture::Packet&) override {}
  void incomplete(const capture::FragmentTable::Incomplete&) override {}
  void stream_lost(const capture::StreamEnds&, std::optional<sip::FrameProblem>, base::Bytes, std::uint64_t) override {}
  void finished(call::Call&&) override {}
  void heard(const call::Reading& reading) override { fingerprints_.add(reading); }

  call::Signalling signalling_{*this};
  fingerprint::Fingerprints fingerprints_;
};

}  // namespace

std::optional<std::vector<fingerprint::SourceEvidence>> judge_captures(const std::vector<std::string>& paths) {
  Pipeline pipeline;
  for (const std::string& path : paths)
    if (!pipeline.read(path)) return std::nullopt;
  return pipeline.judge();
}

}  // namespace viaduct::cases
