// SPDX-License-Identifier: GPL-2.0-or-later
// What holds for all streams: the order within a window changes no count of numbers, copies change only theirs, and
// nothing depends on where numbers, time stamps and time begin.
#include "rtp/sequence.hpp"
#include "rtp/talk_test.hpp"
#include "rtp/transit_trace.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <set>
#include <vector>

namespace viaduct::rtp::test {
namespace {

/// Numbers 0 to 400 of which some never come.
std::vector<int> sent_with_losses() {
  std::vector<int> numbers;
  const auto lost = *rc::gen::container<std::set<int>>(rc::gen::inRange(0, 400));
  for (int number = 0; number < 400; ++number)
    if (!lost.contains(number)) numbers.push_back(number);
  // Ends that stay, so that the number expected is the same in every order.
  numbers.insert(numbers.begin(), -1);
  numbers.push_back(400);
  return numbers;
}

Sequence::Counts counts_of(const std::vector<int>& numbers, int offset) {
  Sequence sequence;
  std::uint32_t tick = 0;
  for (const int number : numbers) sequence.add(static_cast<std::uint16_t>(number + offset), tick++, false);
  return sequence.counts();
}

/// Moves packets by less than `window` numbers.
std::vector<int> shuffled(std::vector<int> numbers, int window) {
  std::vector<std::pair<int, int>> keys;
  keys.reserve(numbers.size());
  for (const int number : numbers) keys.emplace_back(number + *rc::gen::inRange(0, window), number);
  std::ranges::sort(keys);
  std::ranges::transform(keys, numbers.begin(), &std::pair<int, int>::second);
  return numbers;
}

RC_GTEST_PROP(RtpProperty, AnyOrderWithinTheWindowLosesTheSame, ()) {
  const std::vector<int> numbers = sent_with_losses();
  const Sequence::Counts in_order = counts_of(numbers, 0);
  const Sequence::Counts other = counts_of(shuffled(numbers, 99), *rc::gen::inRange(0, 65536));
  RC_ASSERT(in_order.lost == 402 - numbers.size());
  RC_ASSERT(other.lost == in_order.lost);
  RC_ASSERT(other.expected == in_order.expected);
  RC_ASSERT(other.strays == 0U && other.resets == 0U && other.duplicates == 0U);
  RC_ASSERT(other.runs == in_order.runs && other.run_lengths == in_order.run_lengths);
}

RC_GTEST_PROP(RtpProperty, CopiesAreDuplicatesAndNothingElse, ()) {
  std::vector<int> numbers = sent_with_losses();
  const Sequence::Counts without = counts_of(numbers, 65400);
  std::vector<int> twice;
  std::uint64_t copies = 0;
  for (const int number : numbers) {
    const int times = *rc::gen::inRange(1, 4);
    twice.insert(twice.end(), static_cast<std::size_t>(times), number);
    copies += static_cast<std::uint64_t>(times - 1);
  }
  const Sequence::Counts with = counts_of(shuffled(twice, 50), 65400);
  RC_ASSERT(with.duplicates == copies);
  RC_ASSERT(with.lost == without.lost && with.expected == without.expected);
}

RC_GTEST_PROP(RtpProperty, EveryPacketIsInOneCount, ()) {
  const auto numbers = *rc::gen::container<std::vector<std::uint16_t>>(rc::gen::arbitrary<std::uint16_t>());
  Sequence sequence;
  std::uint32_t tick = 0;
  for (const std::uint16_t number : numbers) sequence.add(number, tick++, number % 7 == 0);
  const Sequence::Counts counts = sequence.counts();
  RC_ASSERT(counts.expected - counts.lost + counts.duplicates + counts.strays == numbers.size());
  std::uint64_t in_runs = 0;
  for (const Sequence::Loss& loss : sequence.losses()) in_runs += loss.packets;
  RC_ASSERT(in_runs == counts.lost);
}

/// A talk of random steps.
void live(Talk& talk, const std::vector<int>& steps) {
  for (const int step : steps) {
    const int amount = step / 6 % 40 + 1;
    switch (step % 6) {
      case 0:
        talk.lose(amount);
        break;
      case 1:
        talk.pause(milliseconds(amount * 20));
        break;
      case 2:
        talk.stall(milliseconds(amount * 20));
        break;
      case 3:
        talk.hold(amount);
        break;
      default:
        talk.send(amount);
        break;
    }
  }
}

RC_GTEST_PROP(RtpProperty, AReportDoesNotDependOnWhereNumbersBegin, ()) {
  const auto steps = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 240));
  Talk one;
  live(one.send(1), steps);
  Talk other;
  other.sequence = *rc::gen::arbitrary<std::uint16_t>();
  other.timestamp = *rc::gen::arbitrary<std::uint32_t>();
  live(other.send(1), steps);
  RC_ASSERT(text_of(one.report()) == text_of(other.report()));
}

RC_GTEST_PROP(RtpProperty, AStreamCutInTwoHasTheSamePacketsAndNoMoreLosses, ()) {
  const auto steps = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 240));
  Talk whole;
  live(whole.send(2), steps);
  whole.send(2);
  Talk parts;
  live(parts.send(2), steps);
  parts.send(1).source.port = 1;
  parts.send(1);
  const Report all = whole.report();
  const Report first = parts.flow.streams()[0].report();
  RC_ASSERT(parts.flow.streams().size() == 2U);
  RC_ASSERT(first.packets + parts.flow.streams()[1].packets() == all.packets);
  RC_ASSERT(first.lost == all.lost);
}

RC_GTEST_PROP(RtpProperty, GapsLieInTheStreamInOrder, ()) {
  const auto steps = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 240));
  Talk talk;
  live(talk.send(1), steps);
  const Report report = talk.send(1).report();
  Time end = report.first;
  std::uint64_t missing = 0;
  for (const Gap& gap : report.gaps) {
    RC_ASSERT(gap.onset >= end);
    RC_ASSERT(gap.silent >= GapFinder::kOutage);
    RC_ASSERT(gap.silent <= gap.length);
    end = gap.onset + gap.ptime;
    missing += gap.missing;
  }
  RC_ASSERT(missing <= report.lost);
}

TEST(TransitTrace, IsWholeAtFirstAndEvenLater) {
  TransitTrace trace;
  for (std::uint32_t i = 0; i < 4000; ++i) trace.add(i * 200, 7);
  EXPECT_EQ(trace.samples().size(), 4000U);
  for (std::uint32_t i = 4000; i < 100000; ++i) trace.add(i * 200, 7);
  EXPECT_LT(trace.samples().size(), TransitTrace::kMost);
  EXPECT_GT(trace.samples().size(), TransitTrace::kMost / 4);
  for (std::size_t i = 1; i < trace.samples().size(); ++i)
    EXPECT_EQ(trace.samples()[i].tick() - trace.samples()[i - 1].tick(), 200U * 32);
}

TEST(TransitTrace, KeepsTheHalfSecondBeforeALoss) {
  TransitTrace trace;
  for (std::uint32_t i = 0; i < 50001; ++i) trace.add(i * 200, static_cast<std::int32_t>(i));
  trace.keep_recent();
  const std::vector<TransitTrace::Sample>& samples = trace.samples();
  ASSERT_GT(samples.size(), 26U);
  for (std::size_t i = 0; i < 26; ++i) {
    const TransitTrace::Sample& sample = samples[samples.size() - 26 + i];
    EXPECT_EQ(sample.transit, static_cast<std::int32_t>(49975 + i));
    EXPECT_EQ(sample.extra(), sample.transit % 16 != 0);
  }
  EXPECT_EQ(trace.recent_median(), 49988);
}

}  // namespace
}  // namespace viaduct::rtp::test
