// SPDX-License-Identifier: GPL-2.0-or-later
#include "viaduct-gateway/passed.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace viaduct::gateway {
namespace {

Passed row(const std::string& call_id, std::int64_t second) {
  Passed passed;
  passed.at = {std::chrono::seconds(second)};
  passed.source = *net::parse_endpoint("192.168.1.20:5060");
  passed.destination = *net::parse_endpoint("198.51.100.10:5060");
  passed.call_id = ShortText(call_id);
  return passed;
}

std::vector<std::string> content(const PassedRing& ring) {
  std::vector<std::string> all;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const Passed& passed = ring.at(i);
    all.push_back(std::to_string(passed.sequence) + " " + std::string(passed.call_id.kept()) + " x" +
                  std::to_string(passed.times) + " at " +
                  std::to_string(std::chrono::duration_cast<std::chrono::seconds>(passed.at.since_boot).count()));
  }
  return all;
}

TEST(PassedRing, CountsRepetitionsInOneRow) {
  PassedRing ring;
  ring.note(row("a", 1));
  ring.note(row("b", 2));
  ring.note(row("a", 3));
  Passed other = row("a", 4);
  other.rule = PassedRule::mode_off;
  ring.note(other);
  EXPECT_EQ(content(ring), (std::vector<std::string>{"1 a x2 at 3", "2 b x1 at 2", "3 a x1 at 4"}));
}

TEST(PassedRing, KeepsTheNewestAndNeverGrows) {
  PassedRing ring;
  const std::size_t extra = 40;
  for (std::size_t i = 0; i < PassedRing::kCapacity + extra; ++i) ring.note(row("call-" + std::to_string(i), 1));
  ASSERT_EQ(ring.size(), PassedRing::kCapacity);
  EXPECT_TRUE(ring.at(0).call_id.is("call-" + std::to_string(extra)));
  EXPECT_TRUE(
      ring.at(PassedRing::kCapacity - 1).call_id.is("call-" + std::to_string(PassedRing::kCapacity + extra - 1)));
  ring.note(row("call-0", 9));
  EXPECT_EQ(ring.at(PassedRing::kCapacity - 1).times, 1U) << "what was pushed out is new again";
  ring.note(row("call-100", 9));
  EXPECT_EQ(ring.at(PassedRing::kCapacity - 1).call_id.kept(), "call-0") << "what is still there is not";
}

TEST(ShortText, TellsLongTextsApartByTheirLengthAlone) {
  const std::string kept(ShortText::kKept, 'x');
  EXPECT_FALSE(ShortText("").is(""));
  EXPECT_TRUE(ShortText(kept).is(kept));
  EXPECT_FALSE(ShortText(kept).cut());
  EXPECT_TRUE(ShortText(kept + "y").cut());
  EXPECT_TRUE(ShortText(kept + "y").is(kept + "y"));
  EXPECT_FALSE(ShortText(kept + "y").is(kept));
  EXPECT_EQ(ShortText(kept + "y").kept(), kept);
}

TEST(FindCallId, ReadsWhatIsLeftOfAHeader) {
  EXPECT_EQ(find_call_id("garbage\r\ncall-id :  a@b \r\nx"), "a@b");
  EXPECT_EQ(find_call_id("INVITE\ni: 7"), "7");
  EXPECT_EQ(find_call_id("Call-ID without colon\r\nVia: x"), "");
  EXPECT_EQ(find_call_id(""), "");
  EXPECT_EQ(find_call_id(std::string("\xff\0\n:\ni:", 7)), "");
}

TEST(PassedRule, EachHasItsWords) {
  for (std::size_t i = 0; i < static_cast<std::size_t>(PassedRule::last); ++i) {
    const PassedRule rule = static_cast<PassedRule>(i);
    EXPECT_FALSE(text_of(rule).empty()) << i;
    EXPECT_GT(explain(rule).size(), 10U) << i;
  }
}

}  // namespace
}  // namespace viaduct::gateway
