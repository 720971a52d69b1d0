// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "net/address.hpp"
#include "os/fd.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <string>

namespace viaduct::os {

/// A network namespace without a name: it is gone when the last descriptor and socket in it are.
class Namespace {
 public:
  /// Throws nothing: fails the test and holds no namespace when not root.
  [[nodiscard]] static Namespace make();
  [[nodiscard]] static Namespace current();
  [[nodiscard]] bool valid() const { return fd_.valid(); }

  /// Runs `work` with the calling thread inside.
  void in(const std::function<void()>& work) const;
  /// Runs a command line (split at blanks) inside; the test fails when it fails.
  void sh(const std::string& command) const;
  /// A path by which `ip link set X netns PATH` finds it.
  [[nodiscard]] std::string path() const;

 private:
  explicit Namespace(Fd fd) : fd_(std::move(fd)) {}
  Fd fd_;
};

/// A UDP socket inside a namespace, non-blocking.
class TestSocket {
 public:
  TestSocket(const Namespace& where, const std::string& bind_to);
  void send(const std::string& to, const std::string& payload) const;
  /// Waits up to two seconds; nullopt when nothing came.
  struct Received {
    std::string from;
    std::string payload;
    int dscp = 0;
  };
  [[nodiscard]] std::optional<Received> receive() const;
  /// What is there already, without waiting.
  [[nodiscard]] std::optional<Received> receive_now() const;
  [[nodiscard]] std::size_t count_now() const;

 private:
  Fd fd_;
};

/// client 10.0.0.2 -- lan0 [router] wan0 203.0.113.1 -- server 203.0.113.2, and fd00:1::2 -- fd00:2::2.
class RouterTest : public ::testing::Test {
 protected:
  void SetUp() override;
  /// Runs an nft script inside the router.
  void nft(const std::string& script) const;

  std::optional<Namespace> client_;
  std::optional<Namespace> router_;
  std::optional<Namespace> server_;
};

}  // namespace viaduct::os
