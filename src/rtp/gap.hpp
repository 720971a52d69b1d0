// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "rtp/time.hpp"

#include <cstdint>
#include <optional>
#include <span>

namespace viaduct::rtp {

/// What broke between the packet before a gap and the packet after it.
enum class Break : std::uint8_t {
  none,             ///< the same stream goes on
  restart,          ///< the same SSRC with other sequence numbers or time stamps
  new_ssrc,         ///< another SSRC of the same flow
  new_source,       ///< the same SSRC from another source address or port
  new_destination,  ///< the same SSRC to another destination
};

/// A time without playable media for 200 ms or longer; what interrupts it for under a second, a second in all at most,
/// is in it. "da, ds, dt" are arrival gap, missing sequence numbers and advance of the time stamp over its longest
/// hole.
struct Gap {
  Time onset{};             ///< arrival of the last good packet + ptime
  base::Duration length{};  ///< until media came again
  base::Duration silent{};  ///< of it, without media, a quarter at least: less than `length` where packets came between

  std::uint32_t missing = 0;      ///< sequence numbers never seen inside
  std::uint32_t runs = 0;         ///< in so many runs
  std::uint32_t longest_run = 0;  ///< packets

  base::Duration arrival_gap{};               ///< da
  std::optional<base::Duration> media_gap{};  ///< dt; unknown without a clock rate, and across a Break
  base::Duration ptime{};                     ///< of the stream, at that time
  std::optional<base::Duration> rise{};  ///< median transit of the half second before, over that of the whole stream
  std::optional<base::Duration>
      shift{};              ///< least transit of the second after (of as long as da, if that is more), over `rise`
  std::uint32_t burst = 0;  ///< packets back to back (closer than half a ptime) right after
  Break kind = Break::none;
  bool marker = false;          ///< the packet after it begins a talkspurt, as it says
  bool comfort_noise = false;   ///< the packet before it was comfort noise
  base::Duration rise_limit{};  ///< what is more is a rise or shift: the greater of 20 ms and 3 MAD of the stream

  std::uint64_t frame_before = 0;
  std::uint64_t frame_after = 0;

  [[nodiscard]] Time end() const { return onset + length; }
  [[nodiscard]] base::Duration heard() const { return length - silent; }  ///< media between its holes
  /// dt ~ da: the media clock went on with the time, within 40 ms, two ptimes or a tenth, whichever is most.
  [[nodiscard]] bool clock_went_on() const;
};

/// Classes of gaps. The letters are what reports say.
enum class GapClass : char {
  hard_hole = 'L',         ///< discarded on the path: pinhole, NAT, route, policer
  queue_loss = 'Q',        ///< congestion
  hold_and_release = 'H',  ///< Wi-Fi scan or power save, CPU stall, bufferbloat
  sender_pause = 'S',      ///< DTX, hold, mute
  sender_stall = 'P',      ///< the endpoint did not send, and its media clock stood still
  re_anchor = 'R',         ///< re-INVITE, transfer, relay
  rebinding = 'X',         ///< the NAT mapping expired
  capture_loss = 'C',      ///< a fault of the capture, not of the call
  unclear = '-',           ///< fits none: nothing is said
};

/// What the layers above know about a time.
enum class MarkKind : std::uint8_t {
  capture_hole,   ///< unrelated flows stop at the same instant, both directions of each
  capture_whole,  ///< another flow came through: what captured them worked
  sdp_change,     ///< an offer/answer took effect; `length` is 0
  inactive,       ///< SDP says that this direction sends nothing, or sends it elsewhere
  held,           ///< who sends has put the other one on hold, who need not hear music
};
struct Mark {
  MarkKind kind{};
  Time at{};
  base::Duration length{};
};

/// The class of a gap. Pure: the same gap and marks give the same class.
///
/// First what explains a gap whatever it looks like: C (packets are missing, a capture hole overlaps it, and nothing
/// shows that the capture was whole), X
/// (Break::new_source), R (any other Break). Then by what arrived: nothing missing: S (dt ~ da, or less than 200 ms
/// under it), H (dt << da, and a burst or the transit coming back after it) or P (dt << da, and it stays shifted).
/// Something missing: Q (the transit had risen before), S (what is missing fills less than half of it, the rest is a
/// pause), or L (nearly all in one run, dt ~ da, transit neither risen before nor shifted after, no burst). What
/// stopped() is S whatever is missing. An S has its reason in that, in `marker` or `comfort_noise`; without one it
/// still is a pause of the sender, or what a relay that numbers packets anew makes of a hole. `marks` in any order.
[[nodiscard]] GapClass classify(const Gap& gap, std::span<const Mark> marks);

/// SDP stopped the sender for the time of the gap: nothing was due, though sequence numbers may have run on. The edges
/// may lie 2 s apart; on hold music may be due, so that the gap is as long as the hold.
[[nodiscard]] bool stopped(const Gap& gap, std::span<const Mark> marks);

/// The mark of this kind that overlaps the gap or lies nearest to its onset within `reach`; nullptr if there is none.
[[nodiscard]] const Mark* mark_near(const Gap& gap, std::span<const Mark> marks, MarkKind kind, base::Duration reach);

}  // namespace viaduct::rtp
