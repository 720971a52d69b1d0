// SPDX-License-Identifier: GPL-2.0-or-later
#include "os/unix_socket.hpp"

#include "os/clock.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <utility>

namespace viaduct::os {
namespace {

struct SocketAddress {
  sockaddr_un value{};
  socklen_t length = 0;

  [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&value); }
};

// An abstract address starts with a zero octet and ends where its length says.
Result<SocketAddress> address_of(const std::string& path, bool abstract) {
  SocketAddress address;
  address.value.sun_family = AF_UNIX;
  if (path.empty() || path.size() + 1 > sizeof address.value.sun_path)
    return fail(Problem::too_big, "use the socket path " + path, "It must have 1 to 107 octets.");
  std::memcpy(address.value.sun_path + (abstract ? 1 : 0), path.data(), path.size());
  address.length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size() + 1);
  return address;
}

Result<Fd> make_socket() {
  Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd.valid()) return fail_errno("make a Unix socket", errno);
  return fd;
}

int connect_to(const Fd& fd, const SocketAddress& address) {
  return ::connect(fd.get(), address.get(), address.length) == 0 ? 0 : errno;
}

// Removes a socket file whose owner died. Anything that is in use or no socket stays.
Result<void> clear_the_way(const std::string& path, const SocketAddress& address) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return {};
  if (!S_ISSOCK(status.st_mode)) return fail(Problem::busy, "listen at " + path, "A file that is no socket is there.");
  const Result<Fd> probe = make_socket();
  if (!probe) return std::unexpected(probe.error());
  if (connect_to(*probe, address) != ECONNREFUSED)
    return fail(Problem::busy, "listen at " + path, "Another process listens there.");
  if (::unlink(path.c_str()) != 0) return fail_errno("remove the stale socket " + path, errno);
  return {};
}

Result<PeerCredentials> credentials_of(int fd) {
  ucred peer{};
  socklen_t length = sizeof peer;
  if (::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) != 0) return fail_errno("ask who the peer is", errno);
  return PeerCredentials{peer.pid, peer.uid, peer.gid};
}

Result<void> wait_for(int fd, short what, base::Instant end, const char* action) {
  for (;;) {
    const base::Duration left = end - monotonic_now();
    if (left <= base::Duration(0)) return fail(Problem::timed_out, action);
    pollfd polled{fd, what, 0};
    const std::int64_t milliseconds = std::chrono::ceil<std::chrono::milliseconds>(left).count();
    if (::poll(&polled, 1, static_cast<int>(std::min<std::int64_t>(milliseconds, 60'000))) > 0) return {};
  }
}

}  // namespace

Result<LineConnection> LineConnection::connect(const std::string& path) {
  const Result<SocketAddress> address = address_of(path, false);
  if (!address) return std::unexpected(address.error());
  Result<Fd> fd = make_socket();
  if (!fd) return std::unexpected(fd.error());
  const int error = connect_to(*fd, *address);
  if (error == ENOENT || error == ECONNREFUSED)
    return fail_errno("connect to " + path, error, "Is viaduct-gateway running?");
  if (error != 0) return fail_errno("connect to " + path, error);
  return LineConnection(std::move(*fd));
}

Result<PeerCredentials> LineConnection::peer() const {
  return credentials_of(fd_.get());
}

Result<void> LineConnection::fill() {
  received_.erase(0, std::exchange(consumed_, 0));
  const std::size_t before = received_.size();
  if (before > kMaxLine) return fail(Problem::too_big, "read a line", "The line is too long.", before);
  received_.resize(before + 16384);
  ssize_t n;
  do n = ::recv(fd_.get(), received_.data() + before, 16384, 0);
  while (n < 0 && errno == EINTR);
  const int error = errno;
  received_.resize(before + static_cast<std::size_t>(std::max<ssize_t>(n, 0)));
  if (n < 0) return fail_errno("read from a Unix socket", error);
  if (n == 0) return fail(Problem::closed, "read from a Unix socket");
  if (received_.size() > kMaxLine && received_.find('\n') == std::string::npos)
    return fail(Problem::too_big, "read a line", "The line is too long.", received_.size());
  return {};
}

std::optional<base::Bytes> LineConnection::next_line() {
  const base::Bytes left = rest();
  const std::size_t end = left.find('\n');
  if (end == base::Bytes::npos) return std::nullopt;
  consumed_ += end + 1;
  base::Bytes line = left.substr(0, end);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

base::Bytes LineConnection::rest() const {
  return base::Bytes(received_).substr(consumed_);
}

Result<void> LineConnection::send(base::Bytes data) {
  if (pending_.size() - sent_ + data.size() > kMaxPending)
    return fail(Problem::too_big, "send to a Unix socket", "The peer does not read.");
  pending_.append(data);
  return flush();
}

Result<void> LineConnection::flush() {
  while (wants_write()) {
    const ssize_t n = ::send(fd_.get(), pending_.data() + sent_, pending_.size() - sent_, MSG_NOSIGNAL);
    if (n < 0 && errno == EAGAIN) return {};
    if (n < 0 && errno != EINTR) return fail_errno("send to a Unix socket", errno);
    if (n > 0) sent_ += static_cast<std::size_t>(n);
  }
  pending_.clear();
  sent_ = 0;
  return {};
}

Result<void> LineConnection::send_all(base::Bytes data, base::Duration limit) {
  const base::Instant end = monotonic_now() + limit;
  Result<void> done = send(data);
  while (done && wants_write()) {
    done = wait_for(fd_.get(), POLLOUT, end, "send to a Unix socket");
    if (done) done = flush();
  }
  return done;
}

Result<std::string> LineConnection::read_all(std::size_t most, base::Duration limit) {
  const base::Instant end = monotonic_now() + limit;
  std::string all(rest());
  received_.clear();
  consumed_ = 0;
  for (;;) {
    if (Result<void> ready = wait_for(fd_.get(), POLLIN, end, "wait for an answer"); !ready)
      return std::unexpected(ready.error());
    char piece[16384];
    const ssize_t n = ::recv(fd_.get(), piece, sizeof piece, 0);
    if (n == 0) return all;
    if (n < 0 && errno != EAGAIN && errno != EINTR) return fail_errno("read from a Unix socket", errno);
    if (n > 0) all.append(piece, static_cast<std::size_t>(n));
    if (all.size() > most) return fail(Problem::too_big, "read an answer", "", most);
  }
}

void LineConnection::finish_sending() {
  ::shutdown(fd_.get(), SHUT_WR);
}

Result<UnixListener> UnixListener::open(const std::string& path, mode_t mode) {
  const Result<SocketAddress> address = address_of(path, false);
  if (!address) return std::unexpected(address.error());
  if (Result<void> clear = clear_the_way(path, *address); !clear) return std::unexpected(clear.error());
  Result<Fd> fd = make_socket();
  if (!fd) return std::unexpected(fd.error());
  // bind() makes the file with fchmod()ed rights, so there is no moment in which others could connect.
  ::fchmod(fd->get(), mode);
  if (::bind(fd->get(), address->get(), address->length) != 0)
    return fail_errno("listen at " + path, errno, errno == ENOENT ? "Make the folder first." : "");
  UnixListener listener(std::move(*fd), path);
  if (::chmod(path.c_str(), mode) != 0) return fail_errno("set the rights of " + path, errno);
  if (::listen(listener.fd(), 16) != 0) return fail_errno("listen at " + path, errno);
  return listener;
}

UnixListener::~UnixListener() {
  if (fd_.valid()) ::unlink(path_.c_str());
}

Result<std::optional<LineConnection>> UnixListener::accept() {
  Fd client(::accept4(fd_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (client.valid()) return LineConnection(std::move(client));
  if (errno == EAGAIN || errno == ECONNABORTED || errno == EINTR) return std::optional<LineConnection>();
  return fail_errno("accept a client at " + path_, errno);
}

Result<SingletonLock> SingletonLock::take(const std::string& name) {
  const Result<SocketAddress> address = address_of(name, true);
  if (!address) return std::unexpected(address.error());
  Result<Fd> fd = make_socket();
  if (!fd) return std::unexpected(fd.error());
  if (::bind(fd->get(), address->get(), address->length) == 0) {
    // Listening lets others ask who we are.
    if (::listen(fd->get(), 1) != 0) return fail_errno("hold the lock " + name, errno);
    return SingletonLock(std::move(*fd));
  }
  if (errno != EADDRINUSE) return fail_errno("take the lock " + name, errno);
  std::string holder = "Another process holds it.";
  connect_to(*fd, *address);
  if (const Result<PeerCredentials> peer = credentials_of(fd->get()); peer && peer->pid > 0)
    holder = "Process " + std::to_string(peer->pid) + " of user " + std::to_string(peer->uid) + " holds it.";
  return fail(Problem::busy, "take the lock " + name, holder);
}

}  // namespace viaduct::os
