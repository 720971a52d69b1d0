// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/concurrence.hpp"

#include <gtest/gtest.h>

namespace viaduct::diagnose {
namespace {

const std::vector<double> kOnsets{40, 63, 104, 121, 177, 190, 241, 268};

std::string text_of(const Concurrence& found) {
  std::string text = found.proven() ? "proven" : found.suspected() ? "suspected" : "no";
  text += ", together";
  for (const std::size_t of : found.lines) text += " " + std::to_string(of);
  text += ", struck";
  for (const std::size_t of : found.struck) text += " " + std::to_string(of);
  return text;
}

TEST(Concurrence, OfLinesThatMeetAndOneThatDoesNot) {
  EXPECT_EQ(text_of(concurrence_of(
                {{0, kOnsets, 0, 300}, {1, kOnsets, 10, 310}, {2, {31, 80, 93, 140, 155, 204, 222, 255}, 0, 300}})),
            "suspected, together 0 1 2, struck 0 1");
}

TEST(Concurrence, LinesAtOtherTimesAreLeftOut) {
  EXPECT_EQ(text_of(concurrence_of({{0, kOnsets, 0, 300}, {1, kOnsets, 10, 310}, {2, {1040, 1063}, 1000, 1300}})),
            "proven, together 0 1, struck 0 1");
}

TEST(Concurrence, WhatLeavesTooLittleTimeInCommonIsLeftOut) {
  EXPECT_EQ(text_of(concurrence_of({{0, kOnsets, 0, 300}, {1, kOnsets, 10, 310}, {2, {268}, 262, 299}})),
            "proven, together 0 1, struck 0 1");
}

TEST(Concurrence, TwoClocksOfOnePeriodAndPhaseAreSuspected) {
  const std::vector<double> ticks{30, 60, 90, 120, 150, 180, 210, 240, 270};
  EXPECT_EQ(text_of(concurrence_of({{0, ticks, 0, 300}, {1, ticks, 0, 300}})), "suspected, together 0 1, struck 0 1");
}

TEST(Concurrence, OfNothing) {
  EXPECT_EQ(text_of(concurrence_of({})), "no, together, struck");
  EXPECT_EQ(text_of(concurrence_of({{0, kOnsets, 0, 300}, {1, {}, 0, 300}})), "no, together, struck");
}

}  // namespace
}  // namespace viaduct::diagnose
