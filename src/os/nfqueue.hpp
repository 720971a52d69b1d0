// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "os/fd.hpp"
#include "os/problem.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace viaduct::os {

struct NfqueueOptions {
  std::uint16_t number = 0;
  /// Packets the kernel keeps waiting for us. Short on purpose: with fail_open a full queue lets packets pass
  /// untouched, so this is also how many packets a stopped daemon holds back.
  std::uint32_t length = 1024;
  /// NFQA_CFG_F_FAIL_OPEN: full queue or full socket means "pass untouched", not "drop".
  bool fail_open = true;
  std::uint32_t copy_range = 65535;                ///< octets of each packet that are copied to us
  std::uint32_t socket_buffer = 16 * 1024 * 1024;  ///< octets, both directions; also past rmem_max (CAP_NET_ADMIN)
};

/// A packet that waits for its verdict.
struct QueuedPacket {
  std::uint32_t id = 0;
  /// Whole IP packet with complete checksums (no NFQA_CFG_F_GSO: the kernel segments and completes first).
  /// Borrowed: valid until the next receive().
  base::Bytes payload;
  std::uint32_t full_length = 0;    ///< larger than payload.size() when copy_range cut it
  std::uint32_t in_interface = 0;   ///< index, 0 when none (locally made)
  std::uint32_t out_interface = 0;  ///< index, 0 when not routed yet
  std::uint32_t physical_in = 0;    ///< bridge port behind in_interface, 0 when not bridged
  std::uint32_t physical_out = 0;
  std::uint32_t mark = 0;
  std::uint16_t protocol = 0;  ///< EtherType, 0x0800 or 0x86dd
  std::uint8_t hook = 0;       ///< NF_INET_*: 1 local in, 2 forward, 3 local out

  [[nodiscard]] bool whole() const { return payload.size() == full_length; }
};

/// What happened since open(); read it as often as you like.
struct NfqueueCounters {
  std::uint64_t received = 0;
  std::uint64_t accepted = 0;         ///< passed untouched
  std::uint64_t replaced = 0;         ///< passed with other octets
  std::uint64_t batches = 0;          ///< sendmsg calls
  std::uint64_t refused = 0;          ///< verdicts the kernel answered with an error
  std::uint64_t unsent = 0;           ///< verdicts that could not be sent at all
  std::uint64_t socket_overruns = 0;  ///< messages the kernel could not put into our socket (passed if fail_open)
};

/// The kernel's own view, from /proc/net/netfilter/nfnetlink_queue. Packets that passed by fail-open are in none
/// of its counters: count packets in the rule (QueueRule::packets in nft_rules.hpp) and compare with `last_id`.
struct NfqueueKernelState {
  std::uint32_t port_id = 0;       ///< netlink port of the reader
  std::uint32_t waiting = 0;       ///< packets without verdict
  std::uint32_t dropped = 0;       ///< queue was full and not fail-open
  std::uint32_t user_dropped = 0;  ///< socket was full and not fail-open
  std::uint32_t last_id = 0;       ///< id of the newest packet queued
};

/// One NFQUEUE, read and answered by one thread. Verdicts are collected and leave in one system call.
///
/// Destroying it (or dying) drops the packets still waiting: take the queue rule away first, then drain().
class Nfqueue {
 public:
  /// Binds the queue of the calling thread's network namespace. `busy` when another process reads it.
  [[nodiscard]] static Result<Nfqueue> open(const NfqueueOptions& options);
  Nfqueue(Nfqueue&&) noexcept;
  Nfqueue& operator=(Nfqueue&&) noexcept;
  ~Nfqueue();

  /// Readable when packets wait. Stays the same for life.
  [[nodiscard]] int fd() const;

  /// Never blocks. Fills `out` from the front and returns how many; 0 means nothing waits. At most kMaxBatch at once.
  /// Sends collected verdicts first, and the payloads of the previous call die.
  [[nodiscard]] Result<std::size_t> receive(std::span<QueuedPacket> out);
  static constexpr std::size_t kMaxBatch = 64;
  static constexpr std::size_t kMaxPacket = 65531;

  /// Lets the packet pass as it came.
  void accept(std::uint32_t id);
  /// Lets `packet` pass instead: a whole IP packet with right lengths and checksums (net::rebuild). Copied.
  /// Netlink carries at most kMaxPacket octets: for a longer (or no) packet the original passes.
  void accept(std::uint32_t id, base::Bytes packet);
  /// Sends what was collected. Call it before going to sleep.
  [[nodiscard]] Result<void> flush();
  /// Accepts all that wait, read or unread. For a clean stop, after the rule is gone.
  [[nodiscard]] Result<void> drain();

  /// Packets received and not yet given a verdict.
  [[nodiscard]] std::size_t outstanding() const;
  [[nodiscard]] NfqueueCounters counters() const;
  [[nodiscard]] Result<NfqueueKernelState> kernel_state() const;

 private:
  struct State;
  explicit Nfqueue(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// State of any queue of this network namespace; `not_found` when nobody reads it.
[[nodiscard]] Result<NfqueueKernelState> nfqueue_kernel_state(std::uint16_t number);

}  // namespace viaduct::os
