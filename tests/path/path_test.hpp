// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/lab.hpp"
#include "viaduct-gateway/packet_path.hpp"
#include "viaduct-gateway/ruleset.hpp"

#include <poll.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <stdlib.h>
#include <string>

namespace viaduct::gateway {

/// The whole packet path between a phone 10.0.0.2 and a platform 203.0.113.2, with the real queue, table and conntrack
/// of a router of its own.
class PathTest : public os::RouterTest {
 protected:
  void TearDown() override {
    path_.reset();
    queue_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  void open() {
    std::string pattern = std::filesystem::temp_directory_path() / "viaduct-path-XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    journal_.emplace(folder_ + "/journal");
    ASSERT_TRUE(wans_.refresh());
    state_.wans().push_back({});
    state_.wans()[0].address = *net::parse_address("203.0.113.1");
    state_.wans()[0].mtu = 1500;
    os::Result<KernelTable> kernel = KernelTable::open();
    ASSERT_TRUE(kernel);
    kernel_ = std::make_unique<KernelTable>(std::move(*kernel));
    ASSERT_TRUE(kernel_->install(config_, {"wan0"}, {}));
    os::Result<os::Conntrack> conntrack = os::Conntrack::open();
    ASSERT_TRUE(conntrack);
    conntrack_ = std::make_unique<os::Conntrack>(std::move(*conntrack));
    os::NfqueueOptions options;
    options.number = 5060;
    os::Result<os::Nfqueue> queue = os::Nfqueue::open(options);
    ASSERT_TRUE(queue) << queue.error().to_text();
    queue_ = std::make_unique<os::Nfqueue>(std::move(*queue));
    ASSERT_TRUE(kernel_->start_queue(options.number));
    path_ = std::make_unique<PacketPath>(
        PacketPath::Parts{*queue_, *kernel_, *conntrack_, state_, config_.policy, wans_, *journal_, counters_, passed_,
                          [this] { return repair(); }, [](alg::AssociationId, const alg::Event&) {}});
  }

  /// What the daemon does when the kernel refuses elements.
  virtual bool repair() { return false; }

  [[nodiscard]] std::uint64_t counted(Counted what) const { return counters_.at(static_cast<std::size_t>(what)); }

  /// Starts the gateway on the router, as config_ says.
  void start() {
    router_->in([this] { open(); });
  }

  /// Sends one SIP packet and has the path handle it: what arrives.
  std::optional<os::TestSocket::Received> relay(const os::TestSocket& from, const os::TestSocket& to,
                                                const std::string& address, const std::string& payload) {
    from.send(address, payload);
    pollfd polled{queue_->fd(), POLLIN, 0};
    poll(&polled, 1, 2000);
    router_->in([this] { ASSERT_TRUE(path_->run()); });
    return to.receive();
  }

  GatewayConfig config_;
  WanLinks wans_{{"wan0"}};
  alg::State state_{7};
  Counters counters_;
  PassedRing passed_;
  std::string folder_;
  std::optional<JournalFile> journal_;
  std::unique_ptr<KernelTable> kernel_;
  std::unique_ptr<os::Conntrack> conntrack_;
  std::unique_ptr<os::Nfqueue> queue_;
  std::unique_ptr<PacketPath> path_;
};

}  // namespace viaduct::gateway
