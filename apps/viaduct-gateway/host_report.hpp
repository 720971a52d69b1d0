// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/firewall.hpp"
#include "os/host_pinhole.hpp"
#include "os/kernel_alg.hpp"
#include "os/kernel_alg_proof.hpp"

#include <nlohmann/json.hpp>

#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace viaduct::gateway {

/// What became of `disable-kernel-alg`.
enum class AlgResult : std::uint8_t {
  none,            ///< nothing was attached, and a fresh flow gets no helper
  found,           ///< --dry-run: something is attached
  detached,        ///< nothing is left, shown on an old and a fresh port
  still_attached,  ///< something could not be taken away, or a flow still gets a helper
  not_proven,      ///< nothing is left as far as can be seen, but it could not be shown
};
[[nodiscard]] std::string_view text_of(AlgResult result);
/// 0 none and detached, 1 found and still_attached, 3 not_proven.
[[nodiscard]] int exit_code(AlgResult result);

struct AlgReport {
  AlgResult result = AlgResult::none;
  os::KernelAlg found;                 ///< before anything was done
  std::optional<os::AlgProof> before;  ///< packets sent while it was attached
  std::optional<os::Detachment> detachment;
  std::optional<os::AlgProof> after;
  std::vector<std::string> problems;  ///< why something could not be shown
};
void write_text(std::ostream& out, const AlgReport& report);
[[nodiscard]] nlohmann::json to_json(const AlgReport& report);

/// What became of `firewall-rule`.
struct FirewallReport {
  os::FirewallPlan plan;  ///< as it is now
  std::optional<os::FirewallOutcome> outcome;
  std::vector<os::PinholeCheck> checks;
  std::vector<std::string> problems;
};
void write_text(std::ostream& out, const FirewallReport& report);
[[nodiscard]] nlohmann::json to_json(const FirewallReport& report);

}  // namespace viaduct::gateway
