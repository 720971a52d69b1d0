// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "simulate/call.hpp"
#include "simulate/setup.hpp"

#include <expected>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace viaduct::simulate {

/// A site after its time: what became of its calls.
struct SiteRun {
  std::vector<std::unique_ptr<Line>> lines;
  std::vector<std::unique_ptr<Call>> calls;
  Seconds queue_depth = 0;  ///< of the narrower direction
  std::uint64_t packets = 0;
};

/// The capture's file name, and the one from inside if both are made.
[[nodiscard]] std::string capture_name(const SiteSetup& setup);
[[nodiscard]] std::string inside_name(const SiteSetup& setup);

/// Lets a site live, and writes its captures into `folder`. The error is a sentence.
[[nodiscard]] std::expected<SiteRun, std::string> run_site(const SiteSetup& setup, std::uint64_t seed,
                                                           const std::filesystem::path& folder);

}  // namespace viaduct::simulate
