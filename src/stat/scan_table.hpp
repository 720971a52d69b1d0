// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstddef>

namespace viaduct::stat {

/// Simulated limits of the highest Z of a scan under the null. Written by stat_scan_table (tests/stat), which the test
/// ScanTable holds against new simulations.
inline constexpr std::array<double, 9> kTableObserved{60, 80, 100, 120, 180, 300, 600, 1800, 3600};
inline constexpr std::array<std::size_t, 10> kTableOnsets{5, 6, 7, 8, 10, 12, 15, 20, 30, 60};
inline constexpr std::array<double, 12> kTableLevels{0.99, 0.9,  0.5,   0.2,   0.1,   0.05,
                                                     0.02, 0.01, 0.005, 0.002, 0.001, 0.0005};

using ScanLimits = std::array<float, kTableLevels.size()>;
using ScanTable = std::array<std::array<ScanLimits, kTableOnsets.size()>, kTableObserved.size()>;
extern const ScanTable kScanTable;

}  // namespace viaduct::stat
