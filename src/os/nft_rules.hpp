// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/nft_batch.hpp"
#include "os/problem.hpp"

#include <cstdint>
#include <string>

namespace viaduct::os {

/// How the kernel sends packets to a queue: its own statement, or the xtables target inside our own table
/// (kernels with CONFIG_NFT_COMPAT but without CONFIG_NFT_QUEUE). Both bypass when nobody reads.
enum class QueueStatement : std::uint8_t { native, xtables };

/// What a queue rule counted.
struct QueueRule {
  std::uint64_t handle = 0;
  std::uint64_t packets = 0;  ///< packets that met the rule, also those that passed by fail-open or bypass
  std::uint64_t bytes = 0;
};

/// Appends `counter queue num NUMBER bypass` to a chain of an inet table. Tries the native statement, then the
/// xtables target. Keep it in a regular chain of its own, entered by `jump`: then switching the queue
/// off is flush_chain(), atomic, and without the rule packets go on untouched.
[[nodiscard]] Result<QueueStatement> append_queue_rule(const std::string& chain, std::uint16_t number,
                                                       const std::string& table = kTable);
/// Appends one of the two only.
[[nodiscard]] Result<void> append_queue_rule(const std::string& chain, std::uint16_t number, QueueStatement statement,
                                             const std::string& table = kTable);
/// Deletes all rules of a chain in one transaction.
[[nodiscard]] Result<void> flush_chain(const std::string& chain, const std::string& table = kTable);
/// Deletes the table with all it holds; a missing table is no error.
[[nodiscard]] Result<void> delete_table(const std::string& table = kTable);
/// Handle and counter of the first rule of `chain`; `not_found` when it has none.
[[nodiscard]] Result<QueueRule> read_queue_rule(const std::string& chain, const std::string& table = kTable);

}  // namespace viaduct::os
