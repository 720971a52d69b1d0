// SPDX-License-Identifier: GPL-2.0-or-later
#include "viaduct-gateway/unread.hpp"

#include <gtest/gtest.h>

namespace viaduct::gateway {
namespace {

TEST(UnreadCount, WhatPassedBeforeARepairStaysCounted) {
  UnreadCount unread;
  unread.restart(0);
  unread.observe(100, 90);
  EXPECT_EQ(unread.total(), 10U);
  unread.observe(103, 90);
  unread.restart(90);
  EXPECT_EQ(unread.total(), 13U);
  unread.observe(5, 95);
  EXPECT_EQ(unread.total(), 13U) << "all of them were read";
  unread.observe(9, 95);
  EXPECT_EQ(unread.total(), 17U);
  unread.observe(9, 96);
  EXPECT_EQ(unread.total(), 16U) << "one was on its way between the two answers of the kernel";
}

TEST(UnreadCount, IdsWrap) {
  UnreadCount unread;
  unread.restart(0xfffffff0U);
  unread.observe(40, 0x10);
  EXPECT_EQ(unread.total(), 8U);
}

}  // namespace
}  // namespace viaduct::gateway
