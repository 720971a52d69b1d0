// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/clock.hpp"
#include "os/poller.hpp"
#include "os/unix_socket.hpp"
#include "viaduct-gateway/report.hpp"
#include "viaduct-gateway/request.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace viaduct::gateway {

/// What the control socket asks the daemon for. Called from the packet loop, one short question at a time.
class ControlSource {
 public:
  virtual ~ControlSource() = default;
  [[nodiscard]] virtual ReportView view() const = 0;
  [[nodiscard]] virtual StatusReport status() const = 0;
  /// The operator says whether `party` handles NAT itself; false when the memory is full.
  [[nodiscard]] virtual bool set_handles(const net::Address& party, alg::Aspect aspect, bool handles) = 0;
  /// Forgets what was learnt or said; false when nothing was known.
  [[nodiscard]] virtual bool forget(const net::Address& party) = 0;
  /// Reads the configuration file again; the old one stays in force when the new one is wrong.
  [[nodiscard]] virtual ReloadReport reload() = 0;
};

/// The control socket: newline-delimited JSON, one document for each request, for `watch` one for each event.
/// Lives in the packet loop and never blocks it: every descriptor is non-blocking, a long list goes in pages, a
/// client that does not read loses events, one that is silent is dropped, and there are never more than kMaxClients.
class ControlServer {
 public:
  static constexpr std::size_t kMaxClients = 16;
  static constexpr std::uint64_t kTokens = kMaxClients + 1;  ///< poller tokens in use, from `first_token`
  static constexpr base::Duration kIdle = std::chrono::seconds(10);

  /// Listens on `path`, mode 0660. `poller` and `source` are borrowed and must outlive the server.
  [[nodiscard]] static os::Result<ControlServer> open(const std::string& path, os::Poller& poller,
                                                      std::uint64_t first_token, ControlSource& source);
  ControlServer(ControlServer&&) noexcept = default;
  ControlServer& operator=(ControlServer&&) = delete;
  ~ControlServer();

  [[nodiscard]] bool owns(std::uint64_t token) const { return token >= first_token_ && token < first_token_ + kTokens; }
  /// Handles what the poller reported for one of our tokens.
  void on_ready(const os::Ready& ready, base::Instant now);
  /// Drops silent clients and retries what could not go on; call about once a second.
  void tick(base::Instant now);

  /// Somebody watches: only then is publish() worth its time.
  [[nodiscard]] bool watched() const;
  void publish(const alg::Association& about, const alg::Event& event);
  void publish_notice(base::Bytes level, base::Bytes text);

 private:
  struct Client {
    os::LineConnection connection;
    base::Instant active;
    std::uint64_t lost = 0;  ///< events that a watcher did not read in time
    bool watching = false;
    bool ending = false;   ///< sends no more, or is to go after the last reply
    bool refused = false;  ///< what it sent is not read any further
    bool polled = true;
  };

  ControlServer(os::UnixListener listener, os::Poller& poller, std::uint64_t first_token, ControlSource& source)
      : listener_(std::move(listener)), poller_(&poller), source_(&source), first_token_(first_token) {}

  void accept(base::Instant now);
  void receive(std::size_t slot, base::Instant now);
  void answer_lines(std::size_t slot, base::Instant now);
  [[nodiscard]] std::string answer(const ControlRequest& request, Client& client);
  [[nodiscard]] std::string set_memory(const ControlRequest& request);
  /// Sends and arranges for the rest; drops the client when it is gone.
  void send(std::size_t slot, base::Bytes data);
  void send_event(std::size_t slot, base::Bytes data);
  void settle(std::size_t slot);
  void drop(std::size_t slot);
  [[nodiscard]] std::uint64_t token_of(std::size_t slot) const { return first_token_ + 1 + slot; }

  os::UnixListener listener_;
  os::Poller* poller_;
  ControlSource* source_;
  std::uint64_t first_token_;
  bool listening_ = true;
  std::array<std::optional<Client>, kMaxClients> clients_;
};

}  // namespace viaduct::gateway
