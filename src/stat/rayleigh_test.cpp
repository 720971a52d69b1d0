// SPDX-License-Identifier: GPL-2.0-or-later
#include "stat/rayleigh.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace viaduct::stat {
namespace {

std::vector<double> ticks(double first, double period, double until) {
  std::vector<double> onsets;
  double at = first;
  while (at < until) {
    onsets.push_back(at);
    at += period;
  }
  return onsets;
}

RayleighSpectrum spectrum_of(const std::vector<double>& onsets, double observed) {
  RayleighSpectrum spectrum(frequency_grid(observed));
  spectrum.add(onsets, 0);
  return spectrum;
}

TEST(Rayleigh, GridIsFineEnoughAndCoversTheBand) {
  for (const double observed : {30.0, 60.0, 180.0, 1800.0}) {
    const FrequencyGrid grid = frequency_grid(observed);
    EXPECT_LE(grid.step, 1 / (8 * observed));
    EXPECT_DOUBLE_EQ(grid[0], 1 / 60.0);
    EXPECT_DOUBLE_EQ(grid[grid.count - 1], 1 / 20.0);
  }
}

TEST(Rayleigh, SpectrumIsTheStatisticAtEachPeriod) {
  const std::vector<double> onsets = {3, 8.5, 47, 71, 98.25, 130, 177};
  const RayleighSpectrum spectrum = spectrum_of(onsets, 180);
  for (std::size_t i = 0; i < spectrum.z().size(); ++i) {
    EXPECT_NEAR(spectrum.z()[i], rayleigh(onsets, 0, 1 / spectrum.grid()[i]).z, 1e-9);
  }
}

TEST(Rayleigh, CallsAddUpWhateverTheirPhases) {
  RayleighSpectrum spectrum(frequency_grid(300));
  spectrum.add(ticks(5, 30, 300), 0);
  spectrum.add(ticks(1017, 30, 1300), 1000);
  EXPECT_NEAR(spectrum.highest(), 20, 0.3);
  EXPECT_NEAR(spectrum.longest_period(), 30, 0.05);
  spectrum.clear();
  EXPECT_EQ(spectrum.highest(), 0);
}

TEST(Rayleigh, HarmonicsAreReportedAsTheLongestPeriod) {
  EXPECT_NEAR(spectrum_of(ticks(7, 60, 600), 600).longest_period(), 60, 0.3);
  EXPECT_NEAR(spectrum_of(ticks(7, 45, 600), 600).longest_period(), 45, 0.3);
  EXPECT_NEAR(spectrum_of(ticks(7, 20, 600), 600).longest_period(), 20, 0.1) << "no score at 40 or 60";
}

TEST(Rayleigh, PhaseIsWhereTheOnsetsGather) {
  const Rayleigh one = rayleigh(ticks(107, 30, 400), 100, 30);
  EXPECT_NEAR(one.phase, 7, 1e-9);
  EXPECT_NEAR(one.z, 10, 1e-9);
  EXPECT_EQ(rayleigh({}, 0, 30).z, 0);
}

TEST(Rayleigh, SingleTrialTail) {
  EXPECT_NEAR(rayleigh_p(3, 1000), std::exp(-3.0) * (1 - 3.0 / 4000), 1e-12);
  EXPECT_EQ(rayleigh_p(0, 10), 1);
  EXPECT_EQ(rayleigh_p(10.1, 10), 0);
  EXPECT_GT(rayleigh_p(4.9, 5), 0);
}

}  // namespace
}  // namespace viaduct::stat
