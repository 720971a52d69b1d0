// SPDX-License-Identifier: GPL-2.0-or-later
#include "stat/tails.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace viaduct::stat {
namespace {

/// Relative, since a tail of 1e-200 is to be as right as one of 0.2. The values were summed with 60 digits.
void expect_near(double value, double expected) {
  EXPECT_NEAR(value / expected, 1, 1e-10) << expected;
}

TEST(Tails, NormalToTheFarEnd) {
  expect_near(normal_upper(0), 0.5);
  expect_near(normal_upper(-1), 0.8413447460685429);
  expect_near(normal_upper(5), 2.866515718791946e-07);
  expect_near(normal_upper(35), 1.124910706472406e-268);
}

TEST(Tails, GammaToTheFarEnd) {
  expect_near(gamma_upper(1, 7), 0.0009118819655545162);
  expect_near(gamma_upper(5, 12.5), 0.005345505487134064);
  expect_near(gamma_upper(3, 100), 1.8976107553682285e-40);
  expect_near(gamma_upper(500, 700), 7.032145641828589e-16);
  expect_near(gamma_upper(500, 450), 0.9892827619087102);
  expect_near(gamma_lower(500, 450), 1 - 0.9892827619087102);
}

TEST(Tails, PoissonToTheFarEnd) {
  expect_near(poisson_upper(5, 0.67), 0.0006467247039345687);
  expect_near(poisson_upper(5, 10), 0.970747311923039);
  expect_near(poisson_upper(100, 10), 5.398589728139581e-63);
}

TEST(Tails, BinomialToTheFarEnd) {
  expect_near(binomial_upper(7, 8, 0.1), 7.3e-07);
  expect_near(binomial_upper(3, 10, 0.5), 0.9453125);
  expect_near(binomial_upper(60, 100, 0.1), 2.19093987763207e-34);
}

TEST(Tails, ChiSquaredIsGammaOfHalves) {
  expect_near(chi_squared_upper(6, 2), std::exp(-3.0));
  expect_near(chi_squared_upper(3.841458820694124, 1), 0.05);
}

TEST(Tails, StudentsTAsInTheTables) {
  EXPECT_NEAR(student_two_sided(0.05, 1), 12.7062047362, 1e-8);
  EXPECT_NEAR(student_two_sided(0.05, 8), 2.3060041352, 1e-8);
  EXPECT_NEAR(student_two_sided(0.05, 1000), 1.9623390808, 1e-8);
  expect_near(student_upper(1, 1), 0.25);
  expect_near(student_upper(-1, 1), 0.75);
}

TEST(Tails, EndAtTheEdges) {
  EXPECT_EQ(gamma_upper(3, 0), 1);
  EXPECT_EQ(gamma_lower(3, 0), 0);
  EXPECT_EQ(poisson_upper(0, 2), 1);
  EXPECT_EQ(poisson_upper(3, 0), 0);
  EXPECT_EQ(binomial_upper(0, 5, 0.1), 1);
  EXPECT_EQ(binomial_upper(6, 5, 0.1), 0);
  EXPECT_EQ(binomial_upper(1, 5, 0), 0);
  EXPECT_EQ(binomial_upper(5, 5, 1), 1);
}

}  // namespace
}  // namespace viaduct::stat
