// SPDX-License-Identifier: GPL-2.0-or-later
#include "os/unix_socket.hpp"

#include <gtest/gtest.h>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

namespace viaduct::os {
namespace {

using std::chrono::seconds;

class UnixSocketTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "viaduct-sock-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
    path_ = name + "/s";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  struct Pair {
    LineConnection server;
    LineConnection client;
  };
  [[nodiscard]] Pair connect(UnixListener& listener) const {
    LineConnection client = LineConnection::connect(path_).value();
    LineConnection server = std::move(listener.accept().value().value());
    return {std::move(server), std::move(client)};
  }

  std::filesystem::path folder_;
  std::string path_;
};

TEST_F(UnixSocketTest, LinesBothWays) {
  Result<UnixListener> listener = UnixListener::open(path_, 0600);
  ASSERT_TRUE(listener) << listener.error().to_text();
  struct stat status {};
  ASSERT_EQ(::stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
  EXPECT_FALSE(listener->accept().value());
  Pair p = connect(*listener);
  EXPECT_EQ(p.server.fill().error().code, Problem::would_block);
  ASSERT_TRUE(p.client.send("status\r\nwhy 1@10.0.0.2\nhal"));
  ASSERT_TRUE(p.server.fill());
  EXPECT_EQ(p.server.next_line(), "status");
  EXPECT_EQ(p.server.next_line(), "why 1@10.0.0.2");
  EXPECT_EQ(p.server.next_line(), std::nullopt);
  EXPECT_EQ(p.server.rest(), "hal");
  ASSERT_TRUE(p.client.send_all("f\n", seconds(1)));
  p.client.finish_sending();
  ASSERT_TRUE(p.server.fill());
  EXPECT_EQ(p.server.next_line(), "half");
  EXPECT_EQ(p.server.fill().error().code, Problem::closed);
  const Result<PeerCredentials> peer = p.server.peer();
  ASSERT_TRUE(peer);
  EXPECT_EQ(peer->pid, ::getpid());
  EXPECT_EQ(peer->uid, ::getuid());
}

TEST_F(UnixSocketTest, LongAnswerIsSentInPieces) {
  Result<UnixListener> listener = UnixListener::open(path_);
  Pair p = connect(*listener);
  const std::string answer(4'000'000, 'a');
  ASSERT_TRUE(p.server.send(answer));
  EXPECT_TRUE(p.server.wants_write());
  Result<std::string> got;
  std::thread reader([&] { got = p.client.read_all(5'000'000, seconds(10)); });
  while (p.server.wants_write()) ASSERT_TRUE(p.server.flush());
  p.server.finish_sending();
  reader.join();
  EXPECT_EQ(got.value(), answer);
}

TEST_F(UnixSocketTest, LimitsHold) {
  Result<UnixListener> listener = UnixListener::open(path_);
  Pair p = connect(*listener);
  ASSERT_TRUE(p.client.send_all(std::string(LineConnection::kMaxLine + 1, 'x'), seconds(1)));
  Result<void> filled;
  while (filled) filled = p.server.fill();
  EXPECT_EQ(filled.error().code, Problem::too_big);
  Pair q = connect(*listener);
  EXPECT_EQ(q.server.send(std::string(LineConnection::kMaxPending + 1, 'x')).error().code, Problem::too_big);
  ASSERT_TRUE(q.server.send("0123456789"));
  EXPECT_EQ(q.client.read_all(5, seconds(1)).error().code, Problem::too_big);
  EXPECT_EQ(q.client.read_all(5, std::chrono::milliseconds(10)).error().code, Problem::timed_out);
}

TEST_F(UnixSocketTest, WritingToAGonePeerIsAnErrorAndNoSignal) {
  Result<UnixListener> listener = UnixListener::open(path_);
  LineConnection server = [&] { return connect(*listener).server; }();
  EXPECT_EQ(server.send("x").error().code, Problem::closed);
}

TEST_F(UnixSocketTest, StaleFileIsReplacedLiveOneIsNot) {
  {
    const Fd dead(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    ASSERT_GE(dead.get(), 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path_.copy(address.sun_path, sizeof address.sun_path - 1);
    ASSERT_EQ(::bind(dead.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  }
  EXPECT_EQ(LineConnection::connect(path_).error().to_text(),
            "connect to " + path_ + ": Connection refused. Is viaduct-gateway running?");
  {
    Result<UnixListener> listener = UnixListener::open(path_);
    ASSERT_TRUE(listener) << listener.error().to_text();
    EXPECT_EQ(UnixListener::open(path_).error().code, Problem::busy);
    EXPECT_TRUE(LineConnection::connect(path_));
  }
  EXPECT_FALSE(std::filesystem::exists(path_));
  EXPECT_EQ(LineConnection::connect(path_).error().code, Problem::not_found);
  std::ofstream(path_) << "precious";
  EXPECT_EQ(UnixListener::open(path_).error().code, Problem::busy);
  EXPECT_TRUE(std::filesystem::exists(path_));
}

TEST_F(UnixSocketTest, PathLimits) {
  EXPECT_EQ(UnixListener::open(std::string(108, 'x')).error().code, Problem::too_big);
  EXPECT_EQ(UnixListener::open("").error().code, Problem::too_big);
  EXPECT_EQ(UnixListener::open(path_ + "/none/s").error().code, Problem::not_found);
}

}  // namespace
}  // namespace viaduct::os
