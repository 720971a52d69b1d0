// SPDX-License-Identifier: GPL-2.0-or-later
// The real server and the real client over a real socket; the poller is turned by hand or by a thread.
#include "viaduct-gateway/control.hpp"

#include "control/sample.hpp"
#include "gateway/ask.hpp"
#include "os/clock.hpp"

#include <gtest/gtest.h>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>

namespace viaduct::gateway {
namespace {

using namespace std::chrono_literals;
using client::Json;

constexpr std::uint64_t kFirstToken = 100;

class ControlTest : public testing::Test {
 protected:
  ControlTest() : folder_(std::filesystem::temp_directory_path() / ("viaduct-control-" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(folder_);
    path_ = folder_ / "gateway.sock";
    poller_ = std::make_unique<os::Poller>(*os::Poller::open());
    os::Result<ControlServer> server = ControlServer::open(path_, *poller_, kFirstToken, source_);
    EXPECT_TRUE(server) << server.error().to_text();
    server_.emplace(std::move(*server));
  }
  ~ControlTest() override {
    stop();
    server_.reset();
    std::filesystem::remove_all(folder_);
  }

  /// Handles everything that is ready now; the number of events.
  std::size_t turn(base::Duration limit = 0ms) {
    std::array<os::Ready, os::Poller::kMaxReady> ready;
    std::size_t count = *poller_->wait(ready, limit);
    for (std::size_t i = 0; i < count; ++i) {
      EXPECT_TRUE(server_->owns(ready[i].token));
      server_->on_ready(ready[i], now_);
    }
    return count;
  }
  void turn_until_quiet() {
    for (int i = 0; i < 1000; ++i)
      if (turn() == 0) return;
    ADD_FAILURE() << "the poller never becomes quiet: the packet loop would spin";
  }
  void start() {
    running_ = true;
    thread_ = std::thread([this] {
      while (running_) turn(5ms);
    });
  }
  void stop() {
    running_ = false;
    if (thread_.joinable()) thread_.join();
  }
  os::LineConnection connect() { return std::move(*os::LineConnection::connect(path_)); }
  /// All whole lines that have arrived.
  static std::vector<std::string> lines(os::LineConnection& connection) {
    std::vector<std::string> all;
    while (connection.fill()) {
      while (std::optional<base::Bytes> line = connection.next_line()) all.emplace_back(*line);
    }
    while (std::optional<base::Bytes> line = connection.next_line()) all.emplace_back(*line);
    return all;
  }
  static bool closed(os::LineConnection& connection) {
    os::Result<void> filled = connection.fill();
    while (filled) filled = connection.fill();
    return filled.error().code != os::Problem::would_block;
  }

  std::filesystem::path folder_;
  std::string path_;
  SampleSource source_;
  std::unique_ptr<os::Poller> poller_;
  std::optional<ControlServer> server_;
  base::Instant now_{1000s};
  std::atomic<bool> running_ = false;
  std::thread thread_;
};

TEST_F(ControlTest, SocketIsForOwnerAndGroupOnly) {
  struct stat status {};
  ASSERT_EQ(::stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0660U);
}

TEST_F(ControlTest, ClientAsksAndGetsTheDocument) {
  start();
  client::Gateway gateway(path_);
  for (const char* command : {"status", "calls", "registrations", "memory", "metrics", "reload"}) {
    client::Answer answer = gateway.ask_all({{"command", command}});
    ASSERT_TRUE(answer) << command << ": " << answer.error().text;
    EXPECT_EQ((*answer)["format"], std::string("gateway-") + command + "/1");
  }
  stop();
  EXPECT_EQ(source_.reloads, 1);
}

TEST_F(ControlTest, ClientJoinsThePagesOfALongList) {
  source_.add_calls(1234);
  start();
  client::Answer answer = client::Gateway(path_).ask_all({{"command", "calls"}});
  ASSERT_TRUE(answer) << answer.error().text;
  EXPECT_EQ((*answer)["calls"].size(), 1236U);
  EXPECT_TRUE((*answer)["next"].is_null());
}

TEST_F(ControlTest, OperatorOverridesTheMemory) {
  start();
  client::Gateway gateway(path_);
  client::Answer set =
      gateway.ask({{"command", "memory_set"}, {"party", "198.51.100.10"}, {"aspect", "contact"}, {"handles", false}});
  ASSERT_TRUE(set) << set.error().text;
  EXPECT_EQ(source_.state.memory().handles(*net::parse_ipv4("198.51.100.10"), alg::Aspect::contact), false);
  ASSERT_TRUE(gateway.ask({{"command", "memory_forget"}, {"party", "198.51.100.10"}}));
  client::Answer again = gateway.ask({{"command", "memory_forget"}, {"party", "198.51.100.10"}});
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().kind, client::NoAnswer::Kind::refused);
  EXPECT_EQ(again.error().text, "nothing is known about 198.51.100.10");
}

TEST_F(ControlTest, SeveralRequestsInOneConnection) {
  os::LineConnection connection = connect();
  std::string requests;
  for (int i = 0; i < 10; ++i) requests += "{\"command\":\"metrics\"}\n";
  ASSERT_TRUE(connection.send(requests));
  turn_until_quiet();
  for (int second = 0; second < 3; ++second) server_->tick(now_);
  EXPECT_EQ(lines(connection).size(), 10U);
  EXPECT_FALSE(closed(connection));
}

TEST_F(ControlTest, RequestsThatEndWithTheStreamAreAllAnswered) {
  os::LineConnection connection = connect();
  std::string requests;
  for (int i = 0; i < 10; ++i) requests += "{\"command\":\"status\"}\n";
  ASSERT_TRUE(connection.send(requests));
  connection.finish_sending();
  turn_until_quiet();
  for (int second = 0; second < 3; ++second) server_->tick(now_);
  EXPECT_EQ(lines(connection).size(), 10U);
  EXPECT_TRUE(closed(connection));
}

TEST_F(ControlTest, RequestInPiecesIsAnsweredOnce) {
  os::LineConnection connection = connect();
  for (char c : std::string("{\"command\":\"reload\"}\n")) {
    ASSERT_TRUE(connection.send(std::string(1, c)));
    turn_until_quiet();
  }
  EXPECT_EQ(lines(connection).size(), 1U);
  EXPECT_EQ(source_.reloads, 1);
}

TEST_F(ControlTest, GarbageIsRefusedAndTheConnectionEnds) {
  os::LineConnection connection = connect();
  ASSERT_TRUE(connection.send("GET / HTTP/1.1\nHost: x\n{\"command\":\"reload\"}\n"));
  turn_until_quiet();
  EXPECT_EQ(lines(connection),
            (std::vector<std::string>{
                R"({"format":"gateway-error/1","code":"no_json","text":"a request is one JSON object in one line"})"}));
  EXPECT_TRUE(closed(connection));
  EXPECT_EQ(source_.reloads, 0) << "what comes behind garbage is not carried out";
}

TEST_F(ControlTest, EndlessLineIsRefused) {
  os::LineConnection connection = connect();
  std::string piece(8192, 'x');
  for (int i = 0; i < 100 && connection.send(piece); ++i) turn_until_quiet();
  turn_until_quiet();
  EXPECT_TRUE(closed(connection));
}

TEST_F(ControlTest, SilentClientsAreDropped) {
  os::LineConnection silent = connect();
  os::LineConnection half = connect();
  turn_until_quiet();
  ASSERT_TRUE(half.send("{\"command\":"));
  turn_until_quiet();
  now_ = now_ + ControlServer::kIdle;
  server_->tick(now_);
  EXPECT_FALSE(closed(silent));
  now_ = now_ + 1s;
  server_->tick(now_);
  EXPECT_TRUE(closed(silent));
  EXPECT_TRUE(closed(half));
}

TEST_F(ControlTest, TooManyClientsAreToldSo) {
  std::vector<os::LineConnection> clients;
  for (std::size_t i = 0; i < ControlServer::kMaxClients; ++i) {
    clients.push_back(connect());
    turn_until_quiet();
  }
  os::LineConnection late = connect();
  turn_until_quiet();
  EXPECT_EQ(
      lines(late),
      (std::vector<std::string>{R"({"format":"gateway-error/1","code":"busy","text":"too many clients, try again"})"}));
  EXPECT_TRUE(closed(late));
  clients.pop_back();
  turn_until_quiet();
  os::LineConnection next = connect();
  ASSERT_TRUE(next.send("{\"command\":\"status\"}\n"));
  turn_until_quiet();
  EXPECT_EQ(lines(next).size(), 1U) << "a place that was left is free again";
}

TEST_F(ControlTest, WatchersSeeEventsAsTheyHappen) {
  EXPECT_FALSE(server_->watched());
  os::LineConnection watcher = connect();
  ASSERT_TRUE(watcher.send("{\"command\":\"watch\"}\n"));
  turn_until_quiet();
  ASSERT_TRUE(server_->watched());
  const alg::Association& about = *source_.state.find(alg::AssociationId{2});
  server_->publish(about, about.events.at(0));
  server_->publish_notice("warning", "WAN eth0 has a new address");
  std::vector<std::string> all = lines(watcher);
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(Json::parse(all[0])["text"], "watching");
  EXPECT_EQ(Json::parse(all[1])["rule"], "rport");
  EXPECT_EQ(Json::parse(all[2])["text"], "WAN eth0 has a new address");
  now_ = now_ + 10min;
  server_->tick(now_);
  EXPECT_FALSE(closed(watcher)) << "a watcher may be silent";
  watcher.finish_sending();
  turn_until_quiet();
  EXPECT_FALSE(server_->watched());
}

TEST_F(ControlTest, SlowWatcherLosesEventsAndIsToldHowMany) {
  os::LineConnection watcher = connect();
  ASSERT_TRUE(watcher.send("{\"command\":\"watch\"}\n"));
  turn_until_quiet();
  const alg::Association& about = *source_.state.find(alg::AssociationId{2});
  constexpr std::size_t sent = 20000;
  for (std::size_t i = 0; i < sent; ++i) server_->publish(about, about.events.at(0));
  std::size_t seen = 0;
  for (int i = 0; i < 100; ++i) {
    seen += lines(watcher).size();
    turn_until_quiet();
  }
  EXPECT_LT(seen, sent) << "the server must not keep everything for it";
  server_->publish(about, about.events.at(0));
  std::vector<std::string> last = lines(watcher);
  ASSERT_EQ(last.size(), 2U);
  std::size_t lost = sent - (seen - 1);
  EXPECT_EQ(Json::parse(last[0])["text"], std::to_string(lost) + " events were lost: this client reads too slowly");
}

TEST_F(ControlTest, ClientThatNeverReadsIsDropped) {
  source_.add_calls(2000);
  os::LineConnection connection = connect();
  std::string requests;
  for (int i = 0; i < 200; ++i) requests += "{\"command\":\"calls\"}\n";
  ASSERT_TRUE(connection.send(requests));
  turn_until_quiet();
  for (int second = 0; second <= 12; ++second) {
    server_->tick(now_);
    turn_until_quiet();
    now_ = now_ + 1s;
  }
  EXPECT_LT(lines(connection).size(), 200U);
  EXPECT_TRUE(closed(connection));
}

TEST_F(ControlTest, SocketFileGoesWithTheServer) {
  server_.reset();
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(ControlTest, ClientSaysWhyThereIsNoAnswer) {
  client::Answer nobody = client::Gateway(folder_ / "none.sock").ask({{"command", "status"}});
  ASSERT_FALSE(nobody);
  EXPECT_EQ(nobody.error().text, "not running: nobody listens at " + (folder_ / "none.sock").string());
  // Nobody turns the poller: the gateway hangs.
  client::Answer hung = client::Gateway(path_, 50ms).ask({{"command", "status"}});
  ASSERT_FALSE(hung);
  EXPECT_TRUE(hung.error().text.starts_with("no answer from " + path_)) << hung.error().text;
}

}  // namespace
}  // namespace viaduct::gateway
