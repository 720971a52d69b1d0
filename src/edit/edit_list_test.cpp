// SPDX-License-Identifier: GPL-2.0-or-later
#include "edit/edit_list.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace viaduct::edit {
namespace {

std::string applied(base::Bytes buffer, const EditList& list) {
  std::string out(list.length_after(), '?');
  const auto size = apply(buffer, list, out);
  EXPECT_TRUE(size.has_value());
  EXPECT_EQ(*size, out.size());
  return out;
}

TEST(EditList, EmptyListIsIdentity) {
  const std::string buffer("c=IN IP4 10.0.0.7\r\n\0tail", 24);
  EXPECT_EQ(applied(buffer, EditList(buffer.size())), buffer);
  EXPECT_EQ(applied("", EditList(0)), "");
}

TEST(EditList, ReplacesInBufferOrderWhateverTheOrderOfListing) {
  const std::string buffer = "m=audio 4000 RTP/AVP 0\r\nc=IN IP4 10.0.0.7\r\n";
  EditList list(buffer.size());
  ASSERT_TRUE(list.replace({33, 8}, "203.0.113.1"));
  ASSERT_TRUE(list.replace({8, 4}, "40000"));
  EXPECT_EQ(applied(buffer, list), "m=audio 40000 RTP/AVP 0\r\nc=IN IP4 203.0.113.1\r\n");
  EXPECT_EQ(list.delta_from(0), 4);
  EXPECT_EQ(list.delta_from(9), 3);
  EXPECT_EQ(list.delta_from(34), 0);
}

TEST(EditList, InsertsAndDeletes) {
  EditList list(6);
  ASSERT_TRUE(list.replace({0, 0}, ">"));
  ASSERT_TRUE(list.replace({2, 2}, ""));
  ASSERT_TRUE(list.replace({6, 0}, "<"));
  EXPECT_EQ(applied("abcdef", list), ">abef<");
}

TEST(EditList, RefusesOverlapsAndForeignRanges) {
  EditList list(10);
  ASSERT_TRUE(list.replace({4, 3}, "x"));
  for (const base::Range range : {base::Range{4, 3}, {4, 0}, {3, 2}, {6, 1}, {5, 0}, {2, 9}}) {
    const auto result = list.replace(range, "y");
    ASSERT_FALSE(result);
    EXPECT_TRUE(result.error().code == EditProblem::overlap || result.error().code == EditProblem::out_of_buffer);
  }
  EXPECT_EQ(list.replace({11, 0}, "y").error().code, EditProblem::out_of_buffer);
  EXPECT_EQ(list.replace({}, "y").error().code, EditProblem::out_of_buffer);
  EXPECT_EQ(list.replace({9, 0xffffffff}, "y").error().code, EditProblem::out_of_buffer);
  EXPECT_TRUE(list.replace({7, 3}, "end"));
  EXPECT_TRUE(list.replace({0, 4}, "start"));
  EXPECT_EQ(applied("0123456789", list), "startxend");
}

TEST(EditList, FullListAndFullStoreAreErrors) {
  EditList list(1000);
  for (std::uint32_t i = 0; i < EditList::kMaxEdits; ++i) ASSERT_TRUE(list.replace({i, 1}, "a"));
  EXPECT_EQ(list.replace({900, 1}, "a").error().code, EditProblem::too_many);
  EditList wide(10);
  EXPECT_EQ(wide.replace({0, 1}, std::string(EditList::kMaxText + 1, 'x')).error().code, EditProblem::too_long);
}

TEST(EditList, OutputTooSmallIsAnError) {
  EditList list(4);
  ASSERT_TRUE(list.replace({0, 0}, "abc"));
  std::string out(6, '?');
  EXPECT_EQ(apply("0123", list, out).error().code, EditProblem::does_not_fit);
}

}  // namespace
}  // namespace viaduct::edit
