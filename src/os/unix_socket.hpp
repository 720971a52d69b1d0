// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "os/fd.hpp"
#include "os/problem.hpp"

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>

namespace viaduct::os {

struct PeerCredentials {
  pid_t pid = 0;
  uid_t uid = 0;
  gid_t gid = 0;
};

/// A stream of lines over a Unix socket, non-blocking, with limits on both directions so that a peer
/// can cost at most kMaxLine + kMaxPending octets.
class LineConnection {
 public:
  static constexpr std::size_t kMaxLine = 64 * 1024;
  static constexpr std::size_t kMaxPending = 16 * 1024 * 1024;

  explicit LineConnection(Fd fd) : fd_(std::move(fd)) {}
  /// Client side. `not_found` or `closed` when nobody listens: the advice says which daemon to start.
  [[nodiscard]] static Result<LineConnection> connect(const std::string& path);

  [[nodiscard]] int fd() const { return fd_.get(); }
  [[nodiscard]] Result<PeerCredentials> peer() const;

  /// Reads what is there. `would_block` when nothing is, `closed` at the end, `too_big` when a line exceeds kMaxLine.
  [[nodiscard]] Result<void> fill();
  /// The next whole line without its LF (and CR); borrowed until the next fill() or next_line().
  [[nodiscard]] std::optional<base::Bytes> next_line() VIADUCT_LIFETIME_BOUND;
  /// What came after the last LF; for a last line that the peer ended by closing.
  [[nodiscard]] base::Bytes rest() const VIADUCT_LIFETIME_BOUND;

  /// Queues octets and writes as many as go; `too_big` past kMaxPending: close it, the peer does not read.
  [[nodiscard]] Result<void> send(base::Bytes data);
  /// Writes on after the descriptor became writable.
  [[nodiscard]] Result<void> flush();
  [[nodiscard]] bool wants_write() const { return sent_ < pending_.size(); }

  /// Client conveniences: block, at most until `limit` from now; `timed_out` otherwise.
  [[nodiscard]] Result<void> send_all(base::Bytes data, base::Duration limit);
  /// Everything until the peer closes, at most `most` octets.
  [[nodiscard]] Result<std::string> read_all(std::size_t most, base::Duration limit);
  /// No more from us; the peer sees the end of our stream.
  void finish_sending();

 private:
  Fd fd_;
  std::string received_;
  std::size_t consumed_ = 0;
  std::string pending_;
  std::size_t sent_ = 0;
};

/// Listens on a path. A stale socket file that nobody listens on is replaced, any other file is not.
/// The file is removed on destruction.
class UnixListener {
 public:
  /// `mode` of the socket file, e.g. 0660. The folder must exist.
  [[nodiscard]] static Result<UnixListener> open(const std::string& path, mode_t mode = 0660);
  UnixListener(UnixListener&&) noexcept = default;
  UnixListener& operator=(UnixListener&&) noexcept = default;
  ~UnixListener();

  [[nodiscard]] int fd() const { return fd_.get(); }
  /// Non-blocking; nullopt when no client waits.
  [[nodiscard]] Result<std::optional<LineConnection>> accept();

 private:
  UnixListener(Fd fd, std::string path) : fd_(std::move(fd)), path_(std::move(path)) {}
  Fd fd_;
  std::string path_;
};

/// At most one holder of `name` per network namespace: an abstract Unix socket, which vanishes with its process.
class SingletonLock {
 public:
  /// `busy` when held; the message names the holder's process id and user.
  [[nodiscard]] static Result<SingletonLock> take(const std::string& name);

 private:
  explicit SingletonLock(Fd fd) : fd_(std::move(fd)) {}
  Fd fd_;
};

}  // namespace viaduct::os
