// SPDX-License-Identifier: GPL-2.0-or-later
#include "os/packet_socket.hpp"

#include "os/interface_request.hpp"

#include <arpa/inet.h>
#include <linux/if.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if_arp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace viaduct::os {
namespace {

constexpr int kBuffer = 4 << 20;

/// One octet array per message: room for the auxiliary data that says whether a checksum is there.
struct Control {
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(tpacket_auxdata))> octets;
};

bool checksum_missing(msghdr& header) {
  for (cmsghdr* c = CMSG_FIRSTHDR(&header); c != nullptr; c = CMSG_NXTHDR(&header, c)) {
    if (c->cmsg_level != SOL_PACKET || c->cmsg_type != PACKET_AUXDATA) continue;
    tpacket_auxdata data{};
    std::memcpy(&data, CMSG_DATA(c), sizeof data);
    return (data.tp_status & TP_STATUS_CSUMNOTREADY) != 0;
  }
  return false;
}

}  // namespace

Result<PacketSocket> PacketSocket::open(const std::string& interface) {
  if (interface.size() >= IFNAMSIZ) return fail(Problem::too_big, "open interface " + interface, "At most 15 octets.");
  Fd fd(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, htons(ETH_P_ALL)));
  if (!fd.valid())
    return fail_errno("open a packet socket", errno, errno == EPERM ? "Run as root or give CAP_NET_RAW." : "");
  PacketSocket socket(std::move(fd));
  ifreq request = interface_request(interface);
  if (::ioctl(socket.fd(), SIOCGIFHWADDR, &request) != 0) return fail_errno("look up interface " + interface, errno);
  if (request.ifr_hwaddr.sa_family != ARPHRD_ETHER)
    return fail(Problem::not_supported, "use interface " + interface, "It is no Ethernet interface.");
  std::memcpy(socket.mac_.data(), request.ifr_hwaddr.sa_data, socket.mac_.size());
  if (::ioctl(socket.fd(), SIOCGIFMTU, &request) != 0) return fail_errno("look up the MTU of " + interface, errno);
  socket.mtu_ = static_cast<std::size_t>(request.ifr_mtu);
  if (::ioctl(socket.fd(), SIOCGIFINDEX, &request) != 0) return fail_errno("look up interface " + interface, errno);
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_protocol = htons(ETH_P_ALL);
  address.sll_ifindex = request.ifr_ifindex;
  const int yes = 1;
  (void)::setsockopt(socket.fd(), SOL_PACKET, PACKET_AUXDATA, &yes, sizeof yes);
  (void)::setsockopt(socket.fd(), SOL_PACKET, PACKET_IGNORE_OUTGOING, &yes, sizeof yes);
  (void)::setsockopt(socket.fd(), SOL_SOCKET, SO_RCVBUFFORCE, &kBuffer, sizeof kBuffer);
  (void)::setsockopt(socket.fd(), SOL_SOCKET, SO_SNDBUFFORCE, &kBuffer, sizeof kBuffer);
  if (::bind(socket.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    return fail_errno("listen on interface " + interface, errno);
  return socket;
}

Result<std::span<const ReceivedFrame>> PacketSocket::receive() {
  std::array<mmsghdr, kBatch> messages{};
  std::array<iovec, kBatch> parts{};
  std::array<Control, kBatch> controls;
  for (std::size_t i = 0; i < kBatch; ++i) {
    parts[i] = {room_.data() + i * kRoom, kRoom};
    messages[i].msg_hdr.msg_iov = &parts[i];
    messages[i].msg_hdr.msg_iovlen = 1;
    messages[i].msg_hdr.msg_control = controls[i].octets.data();
    messages[i].msg_hdr.msg_controllen = controls[i].octets.size();
  }
  const int count = ::recvmmsg(fd_.get(), messages.data(), kBatch, MSG_DONTWAIT, nullptr);
  if (count < 0) return fail_errno("receive frames", errno);
  for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i)
    frames_[i] = {base::Bytes(room_.data() + i * kRoom, messages[i].msg_len), checksum_missing(messages[i].msg_hdr)};
  return std::span(frames_.data(), static_cast<std::size_t>(count));
}

std::size_t PacketSocket::send(std::span<const std::string> frames) {
  std::size_t sent = 0;
  std::size_t next = 0;
  while (next < frames.size()) {
    std::array<mmsghdr, kBatch> messages{};
    std::array<iovec, kBatch> parts{};
    const std::size_t count = std::min(kBatch, frames.size() - next);
    for (std::size_t i = 0; i < count; ++i) {
      parts[i] = {const_cast<char*>(frames[next + i].data()), frames[next + i].size()};
      messages[i].msg_hdr.msg_iov = &parts[i];
      messages[i].msg_hdr.msg_iovlen = 1;
    }
    const int done = ::sendmmsg(fd_.get(), messages.data(), static_cast<unsigned>(count), 0);
    if (done > 0) {
      next += static_cast<std::size_t>(done);
      sent += static_cast<std::size_t>(done);
      continue;
    }
    // A frame that the interface cannot carry is lost alone; a full queue loses the rest.
    if (errno != EMSGSIZE) break;
    ++next;
  }
  refused_ += frames.size() - sent;
  return sent;
}

}  // namespace viaduct::os
