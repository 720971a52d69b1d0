// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "alg/decide.hpp"
#include "alg/state.hpp"
#include "net/datagram.hpp"
#include "os/conntrack.hpp"
#include "os/nfqueue.hpp"
#include "viaduct-gateway/counters.hpp"
#include "viaduct-gateway/journal_file.hpp"
#include "viaduct-gateway/kernel_table.hpp"
#include "viaduct-gateway/passed.hpp"
#include "viaduct-gateway/walk_budget.hpp"
#include "viaduct-gateway/wan_links.hpp"

#include <array>
#include <chrono>
#include <functional>
#include <vector>

namespace viaduct::gateway {

/// From a queued packet to its verdict: parse, decide, commit, edit, prove, emit. In this order: the kernel
/// has the mapping before anybody can learn of it, and whatever goes wrong, the original goes out.
class PacketPath {
 public:
  struct Parts {
    os::Nfqueue& queue;
    KernelTable& kernel;
    os::Conntrack& conntrack;
    alg::State& state;
    const alg::Policy& policy;
    const WanLinks& wans;
    JournalFile& journal;
    Counters& counters;
    PassedRing& passed;
    /// Called when the kernel refused elements: somebody may have flushed our table. True: it is whole again.
    std::function<bool()> repair;
    /// Told of every event, for those who watch.
    std::function<void(alg::AssociationId, const alg::Event&)> on_event;
  };
  explicit PacketPath(Parts parts) : parts_(std::move(parts)) {}

  /// Handles packets until none waits or a fair share of time is used; call again while the queue is readable.
  [[nodiscard]] os::Result<void> run();
  /// Carries out changes that no packet asked for (expiry, WAN change, operator).
  void apply(const std::vector<alg::Change>& changes);
  /// Makes everything applied so far so in kernel and journal. False: the kernel does not have it.
  bool settle();

 private:
  struct Outcome {
    std::uint32_t id = 0;
    base::Range edited;  ///< in arena_; absent: as it came
  };
  void handle(const os::QueuedPacket& packet, Outcome& outcome);
  void handle_sip(const sip::Message& message, const net::Datagram& datagram, alg::Arrival& arrival, Outcome& outcome);
  [[nodiscard]] bool place(const os::QueuedPacket& packet, const net::Datagram& datagram, alg::Arrival& arrival);
  [[nodiscard]] base::Range write_edited(const sip::Message& message, const net::Datagram& datagram,
                                         const alg::Arrival& arrival);
  void ask_flow(alg::Arrival& arrival);
  void hold(const alg::Arrival& arrival);
  [[nodiscard]] bool find_owners(const std::vector<net::Endpoint>& wanted,
                                 const std::function<void(const net::Endpoint&, const net::Endpoint&)>& take);
  void learn_media(alg::AssociationId id);
  void count(const alg::Decision& decision);
  [[nodiscard]] PassedRule unfollowed_rule(const sip::Message& message) const;
  void note_refused(const os::QueuedPacket& packet);

  Parts parts_;
  alg::Decision decision_;
  WalkBudget hold_budget_{std::chrono::seconds(1)};
  std::vector<alg::Effect> effects_;
  std::array<os::QueuedPacket, os::Nfqueue::kMaxBatch> packets_;
  std::array<Outcome, os::Nfqueue::kMaxBatch> outcomes_;
  std::vector<char> arena_;
  std::size_t arena_used_ = 0;
  std::array<char, 65536> payload_;
};

}  // namespace viaduct::gateway
