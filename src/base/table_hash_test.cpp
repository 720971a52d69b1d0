// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/table_hash.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace viaduct::base {
namespace {

TEST(TableHash, IsTheSameForTheSameOctets) {
  EXPECT_EQ(table_hash(std::string("3c26@pbx")), table_hash("3c26@pbx"));
}

TEST(TableHash, TellsTextsThatDifferInTheirLengthApart) {
  std::set<std::uint64_t> hashes;
  for (std::size_t length = 0; length < 20; ++length) {
    hashes.insert(table_hash(std::string(length, '\0')));
    hashes.insert(table_hash("a" + std::string(length, '\0')));
  }
  EXPECT_EQ(hashes.size(), 40U);
}

}  // namespace
}  // namespace viaduct::base
