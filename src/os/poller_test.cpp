// SPDX-License-Identifier: GPL-2.0-or-later
#include "os/poller.hpp"

#include "os/clock.hpp"

#include <gtest/gtest.h>

#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

namespace viaduct::os {
namespace {

using std::chrono::milliseconds;

TEST(Poller, TellsWhoIsReadyForWhat) {
  int ends[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
  const Fd a(ends[0]);
  Fd b(ends[1]);
  Result<Poller> poller = Poller::open();
  ASSERT_TRUE(poller);
  ASSERT_TRUE(poller->add(a.get(), 7));
  std::array<Ready, 4> ready;
  EXPECT_EQ(poller->wait(ready, milliseconds(0)).value(), 0U);
  ASSERT_EQ(::write(b.get(), "x", 1), 1);
  ASSERT_EQ(poller->wait(ready, std::nullopt).value(), 1U);
  EXPECT_EQ(ready[0].token, 7U);
  EXPECT_TRUE(ready[0].readable);
  EXPECT_FALSE(ready[0].writable);
  ASSERT_TRUE(poller->change(a.get(), 8, true));
  ASSERT_EQ(poller->wait(ready, std::nullopt).value(), 1U);
  EXPECT_EQ(ready[0].token, 8U);
  EXPECT_TRUE(ready[0].writable);
  b.reset();
  ASSERT_EQ(poller->wait(ready, std::nullopt).value(), 1U);
  EXPECT_TRUE(ready[0].hung_up);
  poller->remove(a.get());
  EXPECT_EQ(poller->wait(ready, milliseconds(0)).value(), 0U);
  EXPECT_FALSE(poller->change(a.get(), 8, true));
}

TEST(Timer, FiresOnceAndRepeatedly) {
  Result<Poller> poller = Poller::open();
  Result<Timer> timer = Timer::open();
  ASSERT_TRUE(poller && timer);
  ASSERT_TRUE(poller->add(timer->fd(), 1));
  std::array<Ready, 4> ready;
  EXPECT_EQ(timer->expirations(), 0U);
  const base::Instant due = monotonic_now() + milliseconds(20);
  ASSERT_TRUE(timer->arm(due));
  ASSERT_EQ(poller->wait(ready, std::chrono::seconds(10)).value(), 1U);
  EXPECT_GE(monotonic_now(), due);
  EXPECT_EQ(timer->expirations(), 1U);
  EXPECT_EQ(timer->expirations(), 0U);
  ASSERT_TRUE(timer->arm(base::Instant{}));  // long past
  ASSERT_EQ(poller->wait(ready, std::chrono::seconds(10)).value(), 1U);
  ASSERT_TRUE(timer->repeat(milliseconds(5)));
  std::uint64_t count = timer->expirations();
  while (count < 3) {
    ASSERT_EQ(poller->wait(ready, std::chrono::seconds(10)).value(), 1U);
    count += timer->expirations();
  }
  timer->disarm();
  static_cast<void>(timer->expirations());
  EXPECT_EQ(poller->wait(ready, milliseconds(30)).value(), 0U);
}

TEST(Signals, ArriveAsNumbers) {
  Result<Signals> signals = Signals::open({SIGUSR1, SIGUSR2});
  ASSERT_TRUE(signals);
  EXPECT_EQ(signals->next(), std::nullopt);
  ASSERT_EQ(::raise(SIGUSR2), 0);
  EXPECT_EQ(signals->next(), SIGUSR2);
  EXPECT_EQ(signals->next(), std::nullopt);
}

}  // namespace
}  // namespace viaduct::os
