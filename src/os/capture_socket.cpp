// SPDX-License-Identifier: GPL-2.0-or-later
#include "os/capture_socket.hpp"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <time.h>

namespace viaduct::os {
namespace {

/// A second of some 50 000 packets.
constexpr int kBuffer = 16 << 20;

struct Control {
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(timespec))> octets;
};

[[nodiscard]] WallTime time_of(msghdr& header) {
  for (cmsghdr* c = CMSG_FIRSTHDR(&header); c != nullptr; c = CMSG_NXTHDR(&header, c)) {
    if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_TIMESTAMPNS) continue;
    timespec at{};
    std::memcpy(&at, CMSG_DATA(c), sizeof at);
    return WallTime(std::chrono::seconds(at.tv_sec) + std::chrono::nanoseconds(at.tv_nsec));
  }
  return wall_now();
}

/// LINKTYPE_LINUX_SLL:
///
///     | packet type 2 | ARPHRD 2 | address length 2 | address 8 | protocol 2 |
void write_header(const sockaddr_ll& from, char* into) {
  std::memset(into, 0, 16);
  into[1] = static_cast<char>(from.sll_pkttype);
  const std::uint16_t hardware = htons(from.sll_hatype);
  std::memcpy(into + 2, &hardware, sizeof hardware);
  into[5] = static_cast<char>(from.sll_halen);
  std::memcpy(into + 6, from.sll_addr, std::min<std::size_t>(from.sll_halen, 8));
  std::memcpy(into + 14, &from.sll_protocol, sizeof from.sll_protocol);
}

}  // namespace

Result<CaptureSocket> CaptureSocket::open(const std::string& interface) {
  const bool any = interface == "any";
  const unsigned index = any ? 0 : ::if_nametoindex(interface.c_str());
  if (index == 0 && !any) return fail_errno("find interface " + interface, errno);
  // Without link layer header: then tunnels, PPP and loopback look like Ethernet.
  CaptureSocket socket(Fd(::socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)));
  if (socket.fd() < 0)
    return fail_errno("capture on " + interface, errno, errno == EPERM ? "Run as root or give CAP_NET_RAW." : "");
  const int yes = 1;
  (void)::setsockopt(socket.fd(), SOL_SOCKET, SO_TIMESTAMPNS, &yes, sizeof yes);
  if (::setsockopt(socket.fd(), SOL_SOCKET, SO_RCVBUFFORCE, &kBuffer, sizeof kBuffer) != 0)
    (void)::setsockopt(socket.fd(), SOL_SOCKET, SO_RCVBUF, &kBuffer, sizeof kBuffer);
  // Bound before it takes anything: nothing of other interfaces is ever seen.
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_protocol = htons(ETH_P_ALL);
  address.sll_ifindex = static_cast<int>(index);
  if (::bind(socket.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    return fail_errno("capture on " + interface, errno);
  socket.loopback_ = static_cast<int>(::if_nametoindex("lo"));
  return socket;
}

Result<std::span<const CapturedPacket>> CaptureSocket::receive() {
  std::array<mmsghdr, kBatch> messages{};
  std::array<iovec, kBatch> parts{};
  std::array<sockaddr_ll, kBatch> from{};
  std::array<Control, kBatch> controls;
  for (std::size_t i = 0; i < kBatch; ++i) {
    parts[i] = {room_.data() + i * kRoom + kHeader, kRoom - kHeader};
    messages[i].msg_hdr.msg_name = &from[i];
    messages[i].msg_hdr.msg_namelen = sizeof from[i];
    messages[i].msg_hdr.msg_iov = &parts[i];
    messages[i].msg_hdr.msg_iovlen = 1;
    messages[i].msg_hdr.msg_control = controls[i].octets.data();
    messages[i].msg_hdr.msg_controllen = controls[i].octets.size();
  }
  const int count = ::recvmmsg(fd_.get(), messages.data(), kBatch, MSG_DONTWAIT | MSG_TRUNC, nullptr);
  if (count < 0) return fail_errno("receive packets", errno);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
    if (from[i].sll_ifindex == loopback_ && from[i].sll_pkttype == PACKET_OUTGOING) continue;
    char* const begin = room_.data() + i * kRoom;
    write_header(from[i], begin);
    const std::size_t length = messages[i].msg_len;
    packets_[kept++] = {base::Bytes(begin, kHeader + std::min(length, kRoom - kHeader)),
                        static_cast<std::uint32_t>(kHeader + length), time_of(messages[i].msg_hdr)};
  }
  return std::span(packets_.data(), kept);
}

std::uint64_t CaptureSocket::dropped() {
  tpacket_stats stats{};
  socklen_t size = sizeof stats;
  if (::getsockopt(fd_.get(), SOL_PACKET, PACKET_STATISTICS, &stats, &size) == 0) dropped_ += stats.tp_drops;
  return dropped_;
}

}  // namespace viaduct::os
