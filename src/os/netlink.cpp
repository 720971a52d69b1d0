// SPDX-License-Identifier: GPL-2.0-or-later
#include "os/netlink.hpp"

#include "os/attributes.hpp"

#include <libmnl/libmnl.h>

#include <arpa/inet.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace viaduct::os {
namespace {

constexpr std::size_t kRequestRoom = 8192 + 512;
constexpr std::size_t kAnswerRoom = 65536;  // the kernel fills dumps up to what we offer, 32 KiB at most
constexpr int kPatience = 5;                // seconds; the kernel answers within the call, this is for surprises

void set_option(int fd, int level, int name, int value) {
  // Comfort only: an old kernel without it still answers.
  ::setsockopt(fd, level, name, &value, sizeof value);
}

}  // namespace

Result<Netlink> Netlink::open(int bus, std::uint32_t groups) {
  Netlink netlink;
  netlink.socket_ = Fd(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, bus));
  const int fd = netlink.socket_.get();
  if (fd < 0) return fail_errno("open a netlink socket", errno);
  set_option(fd, SOL_NETLINK, NETLINK_CAP_ACK, 1);
  set_option(fd, SOL_NETLINK, NETLINK_EXT_ACK, 1);
  const timeval patience{kPatience, 0};
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  sockaddr_nl address{};
  address.nl_family = AF_NETLINK;
  address.nl_groups = groups;
  socklen_t length = sizeof address;
  if (::bind(fd, reinterpret_cast<sockaddr*>(&address), length) != 0 ||
      ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length) != 0)
    return fail_errno("bind a netlink socket", errno);
  netlink.port_id_ = address.nl_pid;
  netlink.request_.resize(kRequestRoom);
  netlink.answer_.resize(kAnswerRoom);
  return netlink;
}

void Netlink::set_buffers(std::uint32_t octets) {
  for (const int name : {SO_RCVBUF, SO_RCVBUFFORCE, SO_SNDBUF, SO_SNDBUFFORCE})
    set_option(fd(), SOL_SOCKET, name, static_cast<int>(std::min<std::uint32_t>(octets, 1U << 30)));
}

nlmsghdr* Netlink::begin(std::uint16_t type, std::uint16_t flags) {
  nlmsghdr* header = mnl_nlmsg_put_header(request_.data());
  header->nlmsg_type = type;
  header->nlmsg_flags = static_cast<std::uint16_t>(flags | NLM_F_REQUEST);
  header->nlmsg_seq = next_sequence();
  return header;
}

nlmsghdr* Netlink::begin_netfilter(std::uint8_t subsystem, std::uint8_t type, std::uint16_t flags, std::uint8_t family,
                                   std::uint16_t resource) {
  nlmsghdr* header = begin(static_cast<std::uint16_t>(subsystem << 8 | type), flags);
  nfgenmsg* generic = static_cast<nfgenmsg*>(mnl_nlmsg_put_extra_header(header, sizeof(nfgenmsg)));
  generic->nfgen_family = family;
  generic->version = NFNETLINK_V0;
  generic->res_id = htons(resource);
  return header;
}

Result<void> Netlink::exchange(const char* action, const Answer& answer) {
  const nlmsghdr* header = reinterpret_cast<const nlmsghdr*>(request_.data());
  const bool dump = (header->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP;
  const bool acknowledged = !dump && (header->nlmsg_flags & NLM_F_ACK) != 0;
  if (Result<void> sent = send({request_.data(), header->nlmsg_len}, action); !sent) return sent;
  for (;;) {
    const ssize_t n = ::recv(fd(), answer_.data(), answer_.size(), 0);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail_errno(action, errno == EAGAIN ? ETIMEDOUT : errno);
    const Result<bool> more = take({answer_.data(), static_cast<std::size_t>(n)}, dump, acknowledged, action, answer);
    if (!more) return std::unexpected(more.error());
    if (!*more) return {};
  }
}

// True while the answer to the request goes on.
Result<bool> Netlink::take(std::span<const char> datagram, bool dump, bool acknowledged, const char* action,
                           const Answer& answer) {
  int left = static_cast<int>(datagram.size());
  for (const nlmsghdr* m = reinterpret_cast<const nlmsghdr*>(datagram.data()); mnl_nlmsg_ok(m, left);
       m = mnl_nlmsg_next(m, &left)) {
    if (m->nlmsg_seq != sequence_) continue;  // the rest of an exchange that failed
    if (m->nlmsg_type == NLMSG_ERROR) {
      const NetlinkError error = read_netlink_error(*m);
      if (error.number == 0) return false;
      return fail_errno(action, error.number, error.text);
    }
    // A dump that could not finish says so in the number behind NLMSG_DONE.
    if (m->nlmsg_type == NLMSG_DONE) {
      int number = 0;
      if (m->nlmsg_len >= NLMSG_LENGTH(sizeof number)) std::memcpy(&number, NLMSG_DATA(m), sizeof number);
      if (number < 0) return fail_errno(action, -number);
      return false;
    }
    if (m->nlmsg_type < NLMSG_MIN_TYPE) continue;
    if (answer) answer(*m);
    if (!dump && !acknowledged) return false;  // conntrack sets NLM_F_MULTI even on its only answer
  }
  return true;
}

Result<void> Netlink::send(std::span<const char> messages, const char* action) {
  sockaddr_nl kernel{};
  kernel.nl_family = AF_NETLINK;
  ssize_t n;
  do n = ::sendto(fd(), messages.data(), messages.size(), 0, reinterpret_cast<const sockaddr*>(&kernel), sizeof kernel);
  while (n < 0 && errno == EINTR);
  if (n < 0) return fail_errno(action, errno);
  return {};
}

Result<std::span<const char>> Netlink::receive_now(const char* action) {
  for (;;) {
    const ssize_t n = ::recv(fd(), answer_.data(), answer_.size(), MSG_DONTWAIT);
    if (n >= 0) return std::span<const char>(answer_.data(), static_cast<std::size_t>(n));
    if (errno != EINTR) return fail_errno(action, errno);
  }
}

NetlinkError read_netlink_error(const nlmsghdr& message) {
  NetlinkError result;
  if (message.nlmsg_len < NLMSG_LENGTH(sizeof(nlmsgerr))) return {EBADMSG, {}};
  const nlmsgerr* error = static_cast<const nlmsgerr*>(NLMSG_DATA(&message));
  result.number = error->error < 0 ? -error->error : error->error;
  if ((message.nlmsg_flags & NLM_F_ACK_TLVS) == 0) return result;
  std::size_t skip = sizeof(nlmsgerr);
  if ((message.nlmsg_flags & NLM_F_CAPPED) == 0) skip += error->msg.nlmsg_len - sizeof(nlmsghdr);
  if (NLMSG_LENGTH(skip) > message.nlmsg_len) return result;
  for (const Attribute& attribute : Attributes(message, skip))
    if (attribute.type == NLMSGERR_ATTR_MSG) result.text = std::string(attribute.text());
  return result;
}

}  // namespace viaduct::os
