// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "box/setup.hpp"
#include "faults/box.hpp"
#include "os/problem.hpp"

#include <string>

namespace viaduct::app::box {

/// What the box did from its start to its end.
struct RunSummary {
  faults::BoxCounters counters;
  std::size_t mappings = 0;
  std::uint64_t forgotten_contacts = 0;  ///< remote endpoints that filters forgot for want of room
  double seconds = 0;
};

/// Opens both ports, says on `ready` (one line on standard output) that packets pass, and forwards until SIGINT,
/// SIGTERM or the end of the duration.
[[nodiscard]] os::Result<RunSummary> run_box(Setup setup);

/// "inside lan0 (TUN) 192.168.1.1/24, outside wan0 ..., behaviours ...": the line of run_box, and the counters.
[[nodiscard]] std::string to_text(const RunSummary& summary);
[[nodiscard]] std::string to_json(const RunSummary& summary);

}  // namespace viaduct::app::box
