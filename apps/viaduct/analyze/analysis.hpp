// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "analyze/call_filter.hpp"
#include "analyze/call_traffic.hpp"
#include "analyze/frame_times.hpp"
#include "analyze/input.hpp"
#include "analyze/media_table.hpp"
#include "analyze/outer_side.hpp"
#include "analyze/pictures.hpp"
#include "analyze/progress.hpp"
#include "analyze/repeats.hpp"
#include "analyze/time_window.hpp"
#include "analyze/two_sides.hpp"
#include "call/signalling.hpp"
#include "capture/reader.hpp"
#include "capture/unwrapper.hpp"
#include "diagnose/diagnosis.hpp"
#include "diagnose/fingerprint/fingerprints.hpp"
#include "diagnose/sides/border.hpp"
#include "finding/result.hpp"
#include "rtp/receiver_views.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

namespace viaduct::app::analyze {

/// What is kept beyond the summaries.
struct AnalysisSettings {
  std::string follow;      ///< the Call-ID whose messages are kept as a ladder; empty: of none
  std::string extract{};   ///< the Call-ID of which traffic() is wanted; empty: of none
  bool timelines = false;  ///< what a page draws of the worst calls: ladder, timeline, loss and delay by second
  bool two_sides = false;  ///< inputs are compared with what read_other_side() reads
  /// Inputs hold both sides of a router: what was captured inside makes the calls, and is compared with the rest;
  /// what the outer side says beyond that is told besides.
  std::optional<diagnose::sides::Border> border{};
  std::optional<OuterEnds> only{};  ///< of a router: what crosses it counts, and nothing else
  bool is_outer_side = false;       ///< of another analysis, which compares it with the inner one
  CallFilter filter{};              ///< which calls and media count
  TimeWindow window{};              ///< which frames count
  /// Told of each call when it is over, before any rule has judged it; may be empty.
  std::function<void(const finding::CallSummary&)> ended{};
  /// Told of each failure that a rule on one call finds, behind ended(); nullptr for media that no SIP names.
  std::function<void(const finding::Finding&, const finding::CallSummary*)> found{};
  /// Calls and media without calls beyond so many are told by the two above, and not kept for the result.
  std::size_t most_kept = finding::Result::kMaxCalls;
};

/// Captures in, a result out. Inputs of one point are read one after another as parts of one capture, in the order
/// given; each point has calls and clock of its own.
///
///   frames -> Unwrapper -> SIP by its content -> Signalling -> finished calls  ->  result
///                       -> RTP by its form    -> MediaTable -> flows of a call
///                       -> RTCP by its form   -> ReceiverViews of their streams
///
///     analysis.read(input), analysis.read(other) ...
///     analysis.begin(live), analysis.add(record) ..., analysis.end()
///     analysis.finish()
class Analysis final : private capture::Receiver, private call::CallReceiver, private call::MessageObserver {
 public:
  Analysis(AnalysisSettings settings, std::string version);

  /// Reads a capture to its end, or up to where it is broken. The error: why there is nothing to read; the input
  /// stands in the result all the same. `progress` may be nullptr.
  [[nodiscard]] std::optional<std::string> read(const Input& input, Progress* progress = nullptr);
  /// The same of a reader that stands at the begin of `input`.
  [[nodiscard]] std::optional<std::string> read(const Input& input, capture::CaptureReader& reader,
                                                Progress* progress = nullptr);

  /// Frame by frame, as they are captured.
  void begin(const Input& input);
  void add(const capture::Record& record);
  /// It is this late where the frames come from: calls that are over are handed out.
  void advance(capture::Time now);
  /// `frames_dropped`: lost by what captured them.
  void end(std::uint64_t frames_dropped = 0);

  /// Reads a capture from the other side of the router, to be compared with all inputs. What it says by itself of calls
  /// of the inner side is told besides by finish(), which reads it again if it is a file. Only with
  /// AnalysisSettings::two_sides. The error as of read().
  [[nodiscard]] std::optional<std::string> read_other_side(const std::string& path);

  /// After finish(): that inputs hold both sides of a router, which another analysis can tell apart by this.
  [[nodiscard]] std::optional<diagnose::sides::Border> border() const;
  /// After finish(): what tells the frames of AnalysisSettings::extract from others; empty if there is no such call.
  [[nodiscard]] const std::vector<CallTraffic>& traffic() const VIADUCT_LIFETIME_BOUND { return traffic_; }
  /// Once, after the last input. What a report gets goes through finding::limit() first.
  [[nodiscard]] finding::Result finish() { return finish(nullptr); }

 private:
  /// `both`: what a capture was compared with of which this is the outer side; nullptr without one.
  [[nodiscard]] finding::Result finish(const diagnose::sides::Comparison* both);

  /// What went wrong in the input that is being read.
  struct Troubles {
    std::uint64_t incomplete = 0;
    std::uint64_t stream_pieces = 0;
    std::uint64_t not_followed = 0;  ///< by the table before this input
    std::uint64_t outside = 0;       ///< of the time window
    std::uint64_t beyond = 0;        ///< messages and packets from the other side of AnalysisSettings::border
  };
  /// Where captures were taken: its calls and its clock.
  struct Vantage {
    Vantage(const Input& input, call::CallReceiver& receiver, call::MessageObserver& observer)
        : point(input.point), site(input.site), signalling(receiver), media(signalling, input.point) {
      signalling.show_to(&observer);
    }
    call::Point point;
    std::string site;
    call::Signalling signalling;
    MediaTable media;
    rtp::ReceiverViews rtcp;
  };

  void arrived(const capture::Arrival& arrival) override;
  void other(const capture::Record& record, base::Bytes frame, const capture::Packet& packet) override;
  void incomplete(const capture::FragmentTable::Incomplete& packet) override;
  void stream_lost(const capture::StreamEnds& ends, std::optional<sip::FrameProblem> problem, base::Bytes octets,
                   std::uint64_t number) override;
  void finished(call::Call&& call) override;
  void heard(const call::Reading& reading) override;

  void hear_media(const call::Call& call, const std::vector<std::unique_ptr<MediaFlow>>& flows);
  [[nodiscard]] Vantage& vantage(call::Point point);
  [[nodiscard]] bool in_window(capture::Time time);
  void take(const capture::Record& record);
  void saw(const capture::Record& record);
  /// Where what goes between two addresses was captured; inner for all where nothing tells the sides apart.
  [[nodiscard]] diagnose::sides::Border::Place side_of(const net::Address& source, const net::Address& destination,
                                                       std::uint8_t ttl = 0) const;
  [[nodiscard]] bool compared_only(const capture::Arrival& arrival, call::FrameRef frame);
  void tell_repeats();
  void learn_border(const std::vector<diagnose::StreamFacts>& streams);
  void close(Vantage& vantage);
  void tell_troubles();
  /// The streams of flows that belong together, in the order in which keep() puts them into the result.
  struct Streams {
    std::vector<diagnose::StreamFacts> facts;
    std::vector<const MediaFlow*> origins;  ///< of each
  };
  static Streams streams_of(const std::vector<std::unique_ptr<MediaFlow>>& flows, const call::Call* call,
                            Vantage& seen_at);
  void keep(const Streams& streams, const call::Call* call);
  void keep_media(std::vector<std::unique_ptr<MediaFlow>>&& flows, Vantage& vantage);
  void judge_only(const call::Call& call, const Vantage& seen_at, Streams&& streams);
  [[nodiscard]] diagnose::Diagnosis::Told teller();
  [[nodiscard]] bool full() const { return result_.calls.size() + conversations_ >= settings_.most_kept; }
  [[nodiscard]] diagnose::SignallingFacts signalling_facts() const;
  void read_outer_side(const diagnose::sides::Comparison& comparison);
  void judge_outer_side(const diagnose::sides::Comparison& comparison);
  void attach();

  AnalysisSettings settings_;
  finding::Result result_;
  std::deque<Vantage> vantages_;
  Vantage* vantage_ = nullptr;  ///< of the input that is being read, as the next three
  std::optional<capture::Unwrapper> unwrapper_;
  std::optional<FrameTimes> times_;
  diagnose::fingerprint::Fingerprints fingerprints_;
  std::unordered_set<std::uint64_t>
      heard_calls_;  ///< live ones of which a message passed the filter: hashes of Call-IDs
  Troubles troubles_;
  std::uint64_t encrypted_ = 0;                                    ///< segments of SIP over TLS, of all inputs
  std::optional<std::pair<capture::Time, capture::Time>> window_;  ///< known once there was a time
  std::optional<TwoSides> sides_;                                  ///< only with AnalysisSettings::two_sides or border
  std::unique_ptr<Analysis> outer_;  ///< of what is on the outer side; only with AnalysisSettings::border or two_sides
  OuterReading outer_reading_;       ///< how `outer_` reads
  std::vector<std::pair<std::string, std::size_t>> other_side_;  ///< files that can be read again, and their inputs
  diagnose::sides::BorderFinder border_;
  Repeats repeats_;
  diagnose::Diagnosis diagnosis_;
  std::size_t conversations_ = 0;  ///< media without calls that are kept
  std::uint64_t parts_ = 0;        ///< streams of these that go on with another one
  std::uint64_t not_kept_ = 0;     ///< calls and conversations of this input
  capture::Time swept_ = capture::Time::min();
  std::vector<CallTraffic> traffic_;
  Pictures pictures_;
  // Until finish() the calls of the result stand in the order in which they ended, as the diagnosis counts them, and
  // the streams of a call one behind the other.
  std::deque<call::CallNumber> numbers_;  ///< of the calls
  std::deque<std::uint32_t> call_of_;     ///< of each stream; diagnose::kNoCall
  std::vector<diagnose::CaptureFacts> captures_;
};

}  // namespace viaduct::app::analyze
