// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "alg/change.hpp"
#include "os/nft_batch.hpp"
#include "os/nft_rules.hpp"
#include "os/problem.hpp"
#include "viaduct-gateway/config.hpp"

#include <span>
#include <string>
#include <vector>

namespace viaduct::gateway {

/// Our table in the kernel: rules at start and reload, elements while packets wait.
class KernelTable {
 public:
  [[nodiscard]] static os::Result<KernelTable> open();

  /// Replaces the whole table by that of `config` with the elements of `effects`. Flows that are up do not notice:
  /// NAT maps are consulted for first packets only.
  [[nodiscard]] os::Result<void> install(const GatewayConfig& config, const std::vector<std::string>& wans,
                                         std::span<const alg::Effect> effects);
  /// Sends SIP to the queue; without this call, or after stop_queue, it passes untouched.
  [[nodiscard]] os::Result<void> start_queue(std::uint16_t number);
  [[nodiscard]] os::Result<void> stop_queue();
  [[nodiscard]] os::Result<void> remove();

  /// Lists what the effects mean; commit() makes it so in one transaction.
  void add(std::span<const alg::Effect> effects);
  [[nodiscard]] bool has_pending() const { return !batch_.empty(); }
  [[nodiscard]] os::Result<void> commit();
  [[nodiscard]] std::uint64_t commits() const { return commits_; }

 private:
  explicit KernelTable(os::NftBatch batch) : batch_(std::move(batch)) {}
  [[nodiscard]] static os::Result<void> load(const std::string& script);
  void add(const alg::Effect& effect);
  void set_element(const alg::Effect& effect, bool present);

  os::NftBatch batch_;
  bool active_ = false;  ///< the table has maps (some party is not in mode off)
  std::uint64_t commits_ = 0;
};

}  // namespace viaduct::gateway
