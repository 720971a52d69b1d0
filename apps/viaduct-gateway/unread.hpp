// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

namespace viaduct::gateway {

/// How many packets met the queue rule and were not queued (fail-open, nobody reading). The rule's counter begins anew
/// whenever the rule is put up again, the queue's ids go on: what was counted before is kept here.
class UnreadCount {
 public:
  /// What the kernel says now.
  void observe(std::uint64_t rule_packets, std::uint32_t last_id) { now_ = since(rule_packets, last_id); }
  /// The rule is put up again; what was observed last of the old one counts.
  void restart(std::uint32_t last_id) {
    before_ += now_;
    now_ = 0;
    first_id_ = last_id;
  }
  [[nodiscard]] std::uint64_t total() const { return before_ + now_; }

 private:
  [[nodiscard]] std::uint64_t since(std::uint64_t rule_packets, std::uint32_t last_id) const {
    const std::uint32_t queued = last_id - first_id_;  // ids wrap
    return rule_packets > queued ? rule_packets - queued : 0;
  }

  std::uint64_t before_ = 0;
  std::uint64_t now_ = 0;
  std::uint32_t first_id_ = 0;
};

}  // namespace viaduct::gateway
