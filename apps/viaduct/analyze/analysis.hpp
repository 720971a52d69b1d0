// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "analyze/media_table.hpp"
#include "call/signalling.hpp"
#include "capture/reader.hpp"
#include "capture/unwrapper.hpp"
#include "diagnose/diagnosis.hpp"
#include "diagnose/fingerprint/fingerprints.hpp"
#include "finding/result.hpp"
#include "rtp/receiver_views.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace viaduct::app::analyze {

/// What is kept beyond the summaries.
struct AnalysisSettings {
  std::string follow;      ///< the Call-ID whose messages are kept as a ladder; empty: of none
  bool timelines = false;  ///< signalling and gaps of each call on one axis, as pages show it
};

/// Captures in, a result out. Inputs are read one after another as parts of one capture, in the order given.
///
///   frames -> Unwrapper -> SIP by its content -> Signalling -> finished calls  ->  result
///                       -> RTP by its form    -> MediaTable -> flows of a call
///                       -> RTCP by its form   -> ReceiverViews of their streams
class Analysis final : private capture::Receiver, private call::CallReceiver, private call::MessageObserver {
 public:
  Analysis(AnalysisSettings settings, std::string version);

  /// Reads a capture to its end, or up to where it is broken. The error: why there is nothing to read; the input
  /// stands in the result all the same. `path` "-" is the standard input.
  [[nodiscard]] std::optional<std::string> read(const std::string& path);
  /// Once, after the last input. The result went through finding::limit().
  [[nodiscard]] finding::Result finish();

 private:
  /// What went wrong in the input that is being read.
  struct Troubles {
    std::uint64_t incomplete = 0;
    std::uint64_t stream_pieces = 0;
    std::uint64_t not_followed = 0;  ///< by the table before this input
  };
  struct KeptStream {
    finding::StreamSummary summary;
    std::optional<std::uint32_t> call;  ///< index of calls_
  };
  struct KeptCall {
    finding::CallSummary summary;
    call::CallNumber number = 0;
  };

  void arrived(const capture::Arrival& arrival) override;
  void other(const capture::Record& record, base::Bytes frame, const capture::Packet& packet) override;
  void incomplete(const capture::FragmentTable::Incomplete& packet) override;
  void stream_lost(const capture::StreamEnds& ends, std::optional<sip::FrameProblem> problem, base::Bytes octets,
                   std::uint64_t number) override;
  void finished(call::Call&& call) override;
  void heard(const call::Reading& reading) override { fingerprints_.add(reading); }

  void read_frames(capture::CaptureReader& reader, finding::InputSummary& input);
  void tell_problems(const capture::CaptureReader& reader, const capture::Unwrapper& unwrapper,
                     finding::InputSummary& input) const;
  void signal(const capture::Arrival& arrival, call::FrameRef frame);
  std::vector<diagnose::StreamFacts> keep(const std::vector<std::unique_ptr<MediaFlow>>& flows, const call::Call* call);
  void keep_rest();
  void attach();

  AnalysisSettings settings_;
  finding::Result result_;
  call::Signalling signalling_;
  MediaTable media_;
  rtp::ReceiverViews rtcp_;
  diagnose::fingerprint::Fingerprints fingerprints_;
  Troubles troubles_;
  diagnose::Diagnosis diagnosis_;
  std::vector<diagnose::CaptureFacts> captures_;
  std::vector<KeptCall> calls_;      ///< in the order in which they ended, as the diagnosis counts them
  std::vector<KeptStream> streams_;  ///< those of a call one behind the other
};

}  // namespace viaduct::app::analyze
