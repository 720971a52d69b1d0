// SPDX-License-Identifier: GPL-2.0-or-later
#include "stat/scan.hpp"

#include "stat/scan_table.hpp"
#include "stat/simulation.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace viaduct::stat {
namespace {

struct Limits {
  double observed;
  std::size_t n;
  double one, tenth;  ///< at 1 % and 0.1 %
};

// From another simulation, to two digits.
constexpr Limits kOthers[] = {
    {180, 5, 4.79, 4.94},   {180, 6, 5.45, 5.79},   {180, 8, 6.23, 7.09},   {180, 10, 6.40, 7.92},
    {180, 15, 6.84, 8.68},  {180, 20, 7.15, 9.49},  {180, 30, 7.47, 9.89},  {300, 5, 4.85, 4.96},
    {300, 6, 5.54, 5.84},   {300, 8, 6.41, 7.18},   {300, 10, 6.87, 8.00},  {300, 15, 7.25, 9.05},
    {300, 20, 7.56, 9.61},  {300, 30, 7.62, 10.1},  {600, 5, 4.89, 4.97},   {600, 6, 5.65, 5.89},
    {600, 8, 6.63, 7.28},   {600, 10, 7.17, 8.39},  {600, 15, 7.70, 9.60},  {600, 20, 7.95, 9.97},
    {600, 30, 8.26, 10.4},  {1800, 5, 4.95, 4.98},  {1800, 6, 5.79, 5.93},  {1800, 8, 7.11, 7.50},
    {1800, 10, 7.69, 8.51}, {1800, 15, 8.48, 9.98}, {1800, 20, 8.98, 11.1}, {1800, 30, 9.10, 12.0}};

TEST(ScanTable, AgreesWithAnotherSimulation) {
  for (const auto& [observed, n, one, tenth] : kOthers) {
    EXPECT_NEAR(scan_limit(0.01, n, observed), one, n < 7 ? 0.02 : 0.25) << observed << " s, n = " << n;
    // So far out theirs rests on few trials; with n = 30 in 1800 s it is off by 0.9, and the upcrossing bound sides
    // with this table.
    EXPECT_NEAR(scan_limit(0.001, n, observed), tenth, n < 7 ? 0.03 : 0.95) << observed << " s, n = " << n;
  }
}

TEST(ScanTable, RisesWithTheLevel) {
  for (const auto& row : kScanTable) {
    for (const ScanLimits& limits : row) {
      for (std::size_t level = 1; level < limits.size(); ++level) EXPECT_GT(limits[level], limits[level - 1]);
    }
  }
}

TEST(ScanP, IsTheInverseOfTheLimit) {
  for (const double p : {0.5, 0.05, 0.01, 0.003, 0.001}) {
    EXPECT_NEAR(scan_p(scan_limit(p, 9, 400), 9, 400) / p, 1, 1e-6) << p;
  }
}

TEST(ScanP, FallsWithoutAStepToTheEnd) {
  for (const std::size_t n : {5U, 6U, 9U, 25U, 59U, 61U, 300U}) {
    double before = 1;
    for (std::size_t step = 0; step < 100 * n; ++step) {
      const double z = static_cast<double>(step) / 100;
      const double p = scan_p(z, n, 450);
      EXPECT_LE(p, before) << n << " onsets, z = " << z;
      // Steepest just before the greatest z that there is, where p is nothing anyway.
      if (p > 1e-9 && z < static_cast<double>(n) - 0.1) {
        EXPECT_GT(p, before / 2) << n << " onsets, z = " << z;
      }
      before = p;
    }
    EXPECT_EQ(scan_p(static_cast<double>(n), n, 450), 0);
  }
}

TEST(ScanP, FourDropOutsProveNothing) {
  EXPECT_EQ(scan_p(4, 4, 300), 1);
  EXPECT_EQ(scan_p(4, 4, 3600), 1);
  EXPECT_EQ(scan_p(5.9, 6, 59), 1) << "less than one longest period observed";
  EXPECT_EQ(scan_p(9.9, 10, 1e9), 1) << "time stamps that lie";
  EXPECT_EQ(scan({.onsets = std::vector<double>{1, 2, 3, 4, 5, 9e8}, .start = 0, .end = 1e9}).p, 1);
}

double simulated_p(double z, std::size_t n, double observed, std::size_t trials) {
  RayleighSpectrum spectrum(frequency_grid(observed));
  Random random(99);
  std::vector<double> onsets(n);
  std::size_t above = 0;
  for (std::size_t trial = 0; trial < trials; ++trial) {
    spectrum.clear();
    add_random_call(spectrum, random, observed, onsets);
    if (spectrum.highest() >= z) ++above;
  }
  return static_cast<double>(above) / static_cast<double>(trials);
}

TEST(ScanP, HoldsBetweenTheRowsOfTheTable) {
  EXPECT_NEAR(simulated_p(scan_limit(0.05, 9, 230), 9, 230, 20000), 0.05, 0.007);
  EXPECT_NEAR(simulated_p(scan_limit(0.05, 17, 900), 17, 900, 10000), 0.05, 0.009);
  EXPECT_NEAR(simulated_p(scan_limit(0.05, 40, 90), 40, 90, 10000), 0.05, 0.012);
}

TEST(ScanP, IsConservativePastTheTable) {
  double z = 4;
  while (scan_p(z, 100, 400) > 0.05) z += 0.01;
  EXPECT_LE(simulated_p(z, 100, 400, 2000), 0.05);
}

TEST(Scan, FindsAClockWithMissingEvents) {
  const std::vector<double> onsets = {12, 42, 102, 132, 222, 252, 282};
  const Scan found = scan({.onsets = onsets, .start = 0, .end = 300});
  EXPECT_EQ(found.onsets, 7U);
  EXPECT_NEAR(found.z, 7, 0.12) << "the grid may miss the top by 2 %";
  EXPECT_NEAR(found.period, 30, 0.1);
  EXPECT_LT(found.p, 0.001);
}

TEST(Scan, SaysNothingOfACallWithoutOnsets) {
  const Scan found = scan({.onsets = {}, .start = 0, .end = 300});
  EXPECT_EQ(found.p, 1);
  EXPECT_EQ(found.period, 0);
}

}  // namespace
}  // namespace viaduct::stat
