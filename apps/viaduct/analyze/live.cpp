// SPDX-License-Identifier: GPL-2.0-or-later
#include "analyze/live.hpp"

#include "os/capture_socket.hpp"
#include "os/clock.hpp"
#include "os/poller.hpp"

#include <signal.h>

#include <algorithm>
#include <array>

namespace viaduct::app::analyze {
namespace {

/// Tokens of the poller.
constexpr std::uint64_t kPackets = 0;
constexpr std::uint64_t kSignals = 1;

/// How often one looks whether calls are over while no packet says what time it is.
constexpr base::Duration kTick = std::chrono::seconds(1);

class Live {
 public:
  Live(Analysis& analysis, os::CaptureSocket socket, os::Poller poller, os::Signals signals)
      : analysis_(analysis), socket_(std::move(socket)), poller_(std::move(poller)), signals_(std::move(signals)) {}

  [[nodiscard]] os::Result<void> run(std::optional<base::Duration> duration) {
    for (const auto& [fd, token] : {std::pair(socket_.fd(), kPackets), std::pair(signals_.fd(), kSignals)})
      if (const os::Result<void> added = poller_.add(fd, token); !added) return added;
    const base::Instant begin = os::monotonic_now();
    while (!stopped_) {
      const base::Duration left = duration ? *duration - (os::monotonic_now() - begin) : kTick;
      if (left <= base::Duration::zero()) break;
      if (const os::Result<void> done = step(std::min(left, kTick)); !done) return done;
    }
    return drain();
  }

  [[nodiscard]] std::uint64_t dropped() { return socket_.dropped(); }

 private:
  [[nodiscard]] os::Result<void> step(base::Duration limit) {
    std::array<os::Ready, 2> ready;
    const os::Result<std::size_t> count = poller_.wait(ready, limit);
    if (!count) return std::unexpected(count.error());
    for (const os::Ready& one : std::span(ready).first(*count)) {
      if (one.token == kSignals) stopped_ = signals_.next().has_value();
      if (one.token != kPackets) continue;
      if (const os::Result<void> done = take(); !done) return done;
    }
    analysis_.advance(os::wall_now());
    return {};
  }

  /// One batch, so that signals are seen under any load.
  [[nodiscard]] os::Result<void> take() {
    const os::Result<std::span<const os::CapturedPacket>> packets = socket_.receive();
    if (!packets) {
      empty_ = packets.error().code == os::Problem::would_block;
      return empty_ ? os::Result<void>{} : std::unexpected(packets.error());
    }
    for (const os::CapturedPacket& packet : *packets) {
      capture::Record record;
      record.frame = packet.octets;
      record.time = packet.time;
      record.link = capture::LinkType::linux_sll;
      record.original_length = packet.length;
      record.number = ++number_;
      analysis_.add(record);
    }
    return {};
  }

  /// What had come when the end came; no more than the socket has room for.
  [[nodiscard]] os::Result<void> drain() {
    constexpr int kMost = 4096;
    empty_ = false;
    for (int i = 0; i < kMost && !empty_; ++i)
      if (const os::Result<void> done = take(); !done) return done;
    return {};
  }

  Analysis& analysis_;
  os::CaptureSocket socket_;
  os::Poller poller_;
  os::Signals signals_;
  std::uint64_t number_ = 0;
  bool stopped_ = false;
  bool empty_ = false;
};

}  // namespace

os::Result<void> capture_live(Analysis& analysis, const std::string& interface,
                              std::optional<base::Duration> duration) {
  os::Result<os::Signals> signals = os::Signals::open({SIGINT, SIGTERM});
  if (!signals) return std::unexpected(signals.error());
  os::Result<os::CaptureSocket> socket = os::CaptureSocket::open(interface);
  if (!socket) return std::unexpected(socket.error());
  os::Result<os::Poller> poller = os::Poller::open();
  if (!poller) return std::unexpected(poller.error());
  Live live(analysis, std::move(*socket), std::move(*poller), std::move(*signals));
  analysis.begin({.path = "interface " + interface});
  const os::Result<void> done = live.run(duration);
  analysis.end(live.dropped());
  return done;
}

}  // namespace viaduct::app::analyze
