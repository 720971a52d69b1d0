// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/host_access.hpp"
#include "os/problem.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace viaduct::os {

/// The queueing tree that a WAN interface should have. Classes are chosen by the packet's priority, as nftables sets
/// it: `meta priority set 1:10` voice, `1:20` signalling; everything else is 1:30.
struct QosConfig {
  std::string interface;
  std::uint64_t rate = 0;  ///< bit/s of the uplink; 64 kbit/s at least
  bool force = false;      ///< replace a root qdisc that somebody configured
  /// Also by DSCP, for packets that no rule gave a priority. Anybody can set a DSCP: off by default.
  bool by_dscp = false;
  std::uint8_t media_dscp = 46;
  std::uint8_t sip_dscp = 24;
  std::string state_folder = "/var/lib/viaduct";  ///< remembers what was there before
};

/// The shares of a rate, all in bit/s. The tree is shaped a little below the uplink, so that the queue forms here and
/// not in the modem. Guarantees add up to `total`; voice has a ceiling, so the rest never starves.
struct QosShares {
  std::uint64_t total = 0;          ///< 95 % of the rate
  std::uint64_t voice = 0;          ///< guaranteed, 40 %
  std::uint64_t voice_ceiling = 0;  ///< 75 %
  std::uint64_t signalling = 0;     ///< guaranteed, 5 %
  std::uint64_t rest = 0;           ///< guaranteed, what is left
  std::uint32_t voice_queue = 0;    ///< packets of 214 octets that may wait for voice: 60 ms, 20 packets at least
  std::uint32_t rest_queue = 0;     ///< octets that may wait in the class of the rest: 50 ms, four packets at least
};
[[nodiscard]] QosShares shares_of(std::uint64_t rate, std::uint32_t mtu);

enum class QosChange : std::uint8_t {
  built,      ///< there is a new tree
  unchanged,  ///< it was there already, with this rate
  restored,   ///< what was there before is back
  nothing,    ///< no tree of ours on that interface
};

struct QosOutcome {
  QosChange change = QosChange::nothing;
  std::string before;                ///< the root qdisc that was replaced or is back, as tc prints it
  std::vector<std::string> remarks;  ///< what a person should know, e.g. that a class tree cannot be restored
};

/// Builds the tree. A root qdisc that the kernel made itself (handle 0:) is replaced; one that somebody configured
/// only with `force` (already_exists otherwise). Idempotent; after a kill -9 the remembered state is kept. On failure
/// the interface has what it had before.
[[nodiscard]] Result<QosOutcome> build_qos(Host& host, const QosConfig& config);

/// Puts back what build_qos() replaced and forgets it. A tree that somebody else put there meanwhile stays.
[[nodiscard]] Result<QosOutcome> restore_qos(Host& host, const std::string& interface,
                                             const std::string& state_folder = "/var/lib/viaduct");

}  // namespace viaduct::os
