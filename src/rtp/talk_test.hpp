// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "rtp/flow.hpp"
#include "rtp/receiver_view.hpp"

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

/// Streams for the tests, written as what happens to them.
namespace viaduct::rtp::test {

using std::chrono::milliseconds;

template <std::integral T>
std::string be16(T value) {
  return {static_cast<char>(static_cast<unsigned>(value) >> 8), static_cast<char>(value)};
}
template <std::integral T>
std::string be32(T value) {
  return be16(static_cast<std::uint32_t>(value) >> 16) + be16(static_cast<std::uint32_t>(value) & 0xffffU);
}

inline net::Endpoint endpoint(const char* text) {
  return *net::parse_endpoint(text);
}

/// 1 s, counted from 1970: readable in a failing test.
inline constexpr Time kStart{std::chrono::seconds(1)};

/// One sender of G.711 A-law, 20 ms a packet. Each step says what reaches the place of capture.
///
///     Talk().send(50).lose(12).send(50).report()
class Talk {
 public:
  std::uint32_t ssrc = 0xcafe;
  net::Endpoint source = endpoint("192.0.2.1:4000");
  net::Endpoint destination = endpoint("198.51.100.2:6000");
  std::uint16_t sequence = 1000;
  std::uint32_t timestamp = 16000;
  std::uint8_t payload_type = 8;
  std::uint8_t dscp = 46;
  milliseconds ptime{20};
  milliseconds delay{5};  ///< of the path, for what follows
  milliseconds clock{};   ///< of the sender, since kStart
  bool marker = false;    ///< of the next packet
  std::string payload = std::string(160, '\x2a');
  Formats formats;
  Flow flow;
  std::uint64_t frame = 0;  ///< number of the last one
  std::optional<ReceiverReport> rtcp{};

  /// Its sender reports, of which the first and the last count so many packets.
  Talk& counts(const SenderCount& first, const SenderCount& last) {
    rtcp = ReceiverReport{.sender_reports = 2, .counted_first = first, .counted_last = last};
    return *this;
  }

  /// Packets that come one by one.
  Talk& send(int packets) {
    for (int i = 0; i < packets; ++i) {
      arrive(sequence, timestamp, clock + delay);
      next();
    }
    return *this;
  }
  using Ends = std::pair<net::Endpoint, net::Endpoint>;
  /// Packets that are captured at further places, too, between other endpoints, at each so much later.
  Talk& send_at(const std::vector<Ends>& places, int packets, milliseconds later = milliseconds(40)) {
    for (int i = 0; i < packets; ++i) {
      const std::uint16_t number = sequence;
      const std::uint32_t stamp = timestamp;
      milliseconds at = clock + delay;
      send(1);
      const Ends here{source, destination};
      for (const Ends& place : places) {
        std::tie(source, destination) = place;
        arrive(number, stamp, at += later);
      }
      std::tie(source, destination) = here;
    }
    return *this;
  }
  Talk& send_twice(const net::Endpoint& from, const net::Endpoint& to, int packets,
                   milliseconds later = milliseconds(40)) {
    return send_at({{from, to}}, packets, later);
  }
  /// Packets that are sent and never come.
  Talk& lose(int packets) {
    for (int i = 0; i < packets; ++i) next();
    return *this;
  }
  /// Nothing is sent; the media clock goes on and the next packet begins a talkspurt.
  Talk& pause(milliseconds time) {
    clock += time;
    timestamp += static_cast<std::uint32_t>(time.count() * 8);
    marker = true;
    return *this;
  }
  /// Nothing is sent, and the media clock stands still.
  Talk& stall(milliseconds time) {
    clock += time;
    return *this;
  }
  /// Packets that all come when the last of them should, half a millisecond apart.
  Talk& hold(int packets) {
    const milliseconds release = clock + (packets - 1) * ptime + delay;
    for (int i = 0; i < packets; ++i) {
      arrive(sequence, timestamp, release);
      next();
    }
    return *this;
  }
  /// Each packet comes `step` later than the one before would have made one think.
  Talk& queue(int packets, milliseconds step) {
    for (int i = 0; i < packets; ++i) {
      delay += step;
      send(1);
    }
    return *this;
  }
  Talk& arrive(std::uint16_t number, std::uint32_t stamp, milliseconds at) {
    const std::string octets =
        be16(0x8000U | (marker ? 0x80U : 0U) | payload_type) + be16(number) + be32(stamp) + be32(ssrc) + payload;
    marker = false;
    const auto packet = parse_packet(octets);
    flow.add(*packet, source, destination,
             {kStart + at, ++frame, dscp, octets, static_cast<std::uint32_t>(octets.size())}, formats);
    return *this;
  }
  [[nodiscard]] Report report() const { return flow.streams().front().report(); }

 private:
  void next() {
    ++sequence;
    timestamp += static_cast<std::uint32_t>(ptime.count() * 8);
    clock += ptime;
  }
};

inline std::string ms(base::Duration duration) {
  const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(duration).count();
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", static_cast<double>(micros) / 1000);
  return text;
}

/// "L 1100+240 missing 12 in 1": class, onset since kStart and length in ms.
inline std::string text_of(const Gap& gap, std::span<const Mark> marks = {}) {
  return std::string(1, static_cast<char>(classify(gap, marks))) + " " + ms(gap.onset - kStart) + "+" + ms(gap.length) +
         " missing " + std::to_string(gap.missing) + " in " + std::to_string(gap.runs);
}

inline std::string gaps_of(const Report& report) {
  std::string text;
  for (const Gap& gap : report.gaps) text += text_of(gap) + "\n";
  return text;
}

/// The whole report but what a line would not hold: one line of counts, then what is not as usual.
inline std::string text_of(const Report& report) {
  std::string text = "packets " + std::to_string(report.packets) + " expected " + std::to_string(report.expected) +
                     " lost " + std::to_string(report.lost) + " duplicates " + std::to_string(report.duplicates) +
                     " reordered " + std::to_string(report.reordered) + " strays " + std::to_string(report.strays) +
                     " resets " + std::to_string(report.resets) + (report.probation ? " probation" : "") + "\n";
  text += "types";
  for (const PayloadUse& use : report.payload_types)
    text += " " + std::to_string(use.payload_type) + "x" + std::to_string(use.packets);
  text += " dscp";
  for (const DscpUse& use : report.dscp) text += " " + std::to_string(use.dscp) + "x" + std::to_string(use.packets);
  text += " changes " + std::to_string(report.dscp_changes) + " markers " + std::to_string(report.markers) + "\n";
  text += "clock " + std::to_string(report.clock_rate) + (report.clock_guessed ? " guessed" : "") + " ptime";
  for (const PtimeUse& use : report.ptimes) text += " " + ms(use.ptime) + "x" + std::to_string(use.packets);
  if (report.jitter) text += " jitter " + ms(from_seconds(report.jitter->highest));
  if (report.delay) text += " p99 " + ms(from_seconds(report.delay->p99));
  text += "\n";
  if (report.loss_runs > 0)
    text += "runs " + std::to_string(report.loss_runs) + " longest " + std::to_string(report.longest_run) + "\n";
  if (report.comfort_noise > 0) text += "comfort noise " + std::to_string(report.comfort_noise) + "\n";
  if (report.events > 0) text += "events " + std::to_string(report.events) + " keys " + report.keys + "\n";
  if (report.cut > 0) text += "cut " + std::to_string(report.cut) + "\n";
  return text + gaps_of(report);
}

}  // namespace viaduct::rtp::test
