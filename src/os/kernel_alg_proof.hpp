// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/conntrack.hpp"
#include "os/host_access.hpp"
#include "os/problem.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace viaduct::os {

/// One synthetic packet sent through the box to see whether the helper takes its flow.
struct AlgProbe {
  FiveTuple tuple;
  std::string path;     ///< "tun" (routed traffic), "output" (the box's own), or the interface it arrived on
  bool old = false;     ///< its flow had the helper before
  bool seen = false;    ///< counted where helpers have been set; false: something dropped it earlier
  bool helper = false;  ///< its flow carries a helper (status bit IPS_HELPER)
  std::string note;     ///< why it could not be sent or was not seen
};

/// What the packets showed. Counters: packets seen at priority 300, and those of them whose flow carried a helper.
struct AlgProof {
  std::vector<AlgProbe> probes;
  std::uint32_t seen = 0;
  std::uint32_t helped = 0;

  /// Fresh ports were seen without helper and, when `old_wanted`, an old one too; and no probe had a helper.
  [[nodiscard]] bool clean(bool old_wanted) const;
};

/// What to try.
struct AlgProofRequest {
  std::vector<std::uint16_t> ports = {5060};  ///< destination ports of fresh flows
  std::vector<Connection> old_flows;          ///< sent again as they were; the first eight
};

/// Sends one packet per flow and counts at prerouting (and output) priority 300, where each is dropped: nothing leaves
/// the box, no FORWARD policy matters. The TUN interface, the nftables table and the control flow are gone afterwards,
/// also when the process is killed.
class AlgProver {
 public:
  [[nodiscard]] static Result<AlgProver> open(Host& host, Conntrack& conntrack);
  AlgProver(AlgProver&& other) noexcept;
  AlgProver& operator=(AlgProver&& other) noexcept;
  AlgProver(const AlgProver&) = delete;
  AlgProver& operator=(const AlgProver&) = delete;
  ~AlgProver();

  /// Makes a conntrack entry in 198.18.0.0/15 that carries `helper`: an old port that is always there, and the control
  /// that the method sees a helper. Only where that helper exists already: the kernel would load its module.
  /// Counts as old flow in later probes; detach_kernel_alg() removes the entry like any other.
  [[nodiscard]] Result<Connection> add_control(const std::string& helper);
  [[nodiscard]] Result<AlgProof> probe(const AlgProofRequest& request);

 private:
  struct State;
  explicit AlgProver(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace viaduct::os
