// SPDX-License-Identifier: GPL-2.0-or-later
#include "box/port.hpp"

#include "faults/ethernet.hpp"
#include "faults/offload.hpp"
#include "os/packet_socket.hpp"
#include "os/tun.hpp"

#include <net/if.h>

#include <array>
#include <cstdio>
#include <utility>

namespace viaduct::app::box {
namespace {

constexpr std::size_t kBatch = 64;
constexpr std::size_t kMaxPacket = 65536;

class TunPort final : public Port {
 public:
  TunPort(os::Tun tun, std::size_t mtu) : tun_(std::move(tun)), mtu_(mtu) {}
  [[nodiscard]] int fd() const override { return tun_.fd(); }
  [[nodiscard]] std::string description() const override { return tun_.name() + " (TUN)"; }
  [[nodiscard]] std::size_t mtu() const override { return mtu_; }
  [[nodiscard]] std::uint64_t refused() const override { return refused_; }
  [[nodiscard]] os::Result<void> receive(base::Instant /*now*/, const std::function<void(base::Bytes)>& take) override {
    for (std::size_t i = 0; i < kBatch; ++i) {
      const os::Result<std::size_t> size = tun_.read(room_);
      if (!size && size.error().code == os::Problem::would_block) return {};
      if (!size) return std::unexpected(size.error());
      take(base::Bytes(room_.data(), *size));
    }
    return {};
  }
  // What the interface does not take is lost, as on any line.
  void send(base::Bytes packet, base::Instant /*now*/) override {
    if (!tun_.write(packet)) ++refused_;
  }
  void flush() override {}

 private:
  os::Tun tun_;
  std::size_t mtu_;
  std::uint64_t refused_ = 0;
  std::array<char, kMaxPacket> room_{};
};

class EthernetPort final : public Port {
 public:
  EthernetPort(os::PacketSocket socket, const Attachment& at)
      : socket_(std::move(socket)),
        ethernet_(socket_.mac(), at.own, at.net, at.gateway),
        name_(at.interface),
        mtu_(std::min(at.mtu, socket_.mtu())) {}
  [[nodiscard]] int fd() const override { return socket_.fd(); }
  [[nodiscard]] std::string description() const override {
    std::string text = name_ + " (Ethernet, ";
    for (std::size_t i = 0; i < socket_.mac().size(); ++i) {
      std::array<char, 4> octet{};
      (void)std::snprintf(octet.data(), octet.size(), i == 0 ? "%02x" : ":%02x", socket_.mac().at(i));
      text += octet.data();
    }
    return text + ")";
  }
  [[nodiscard]] std::size_t mtu() const override { return mtu_; }
  [[nodiscard]] std::uint64_t refused() const override { return socket_.refused(); }
  [[nodiscard]] os::Result<void> receive(base::Instant now, const std::function<void(base::Bytes)>& take) override {
    const os::Result<std::span<const os::ReceivedFrame>> frames = socket_.receive();
    if (!frames && frames.error().code == os::Problem::would_block) return {};
    if (!frames) return std::unexpected(frames.error());
    for (const os::ReceivedFrame& frame : *frames) {
      const std::optional<base::Bytes> packet = ethernet_.receive(frame.octets, now);
      if (!packet) continue;
      if (!frame.checksum_missing && packet->size() <= mtu_)
        take(*packet);
      else
        for (const std::string& piece : faults::without_offload(*packet, frame.checksum_missing, mtu_)) take(piece);
    }
    return {};
  }
  void send(base::Bytes packet, base::Instant now) override { ethernet_.send(packet, now); }
  void flush() override { (void)socket_.send(ethernet_.take_frames()); }

 private:
  os::PacketSocket socket_;
  faults::Ethernet ethernet_;
  std::string name_;
  std::size_t mtu_;
};

bool is_tun(const std::string& name) {
  // A TUN interface has no hardware address to look for; sysfs says what it is.
  std::FILE* const flags = std::fopen(("/sys/class/net/" + name + "/tun_flags").c_str(), "re");
  if (flags == nullptr) return false;
  (void)std::fclose(flags);
  return true;
}

}  // namespace

os::Result<std::unique_ptr<Port>> open_port(const Attachment& attachment) {
  const bool exists = ::if_nametoindex(attachment.interface.c_str()) != 0;
  if (exists && !is_tun(attachment.interface)) {
    os::Result<os::PacketSocket> socket = os::PacketSocket::open(attachment.interface);
    if (!socket) return std::unexpected(socket.error());
    return std::make_unique<EthernetPort>(std::move(*socket), attachment);
  }
  os::Result<os::Tun> tun = os::Tun::create(attachment.interface);
  if (!tun) return std::unexpected(tun.error());
  if (const os::Result<void> set = tun->set_mtu(static_cast<std::uint32_t>(attachment.mtu)); !set)
    return std::unexpected(set.error());
  if (const os::Result<void> up = tun->bring_up(); !up) return std::unexpected(up.error());
  return std::make_unique<TunPort>(std::move(*tun), attachment.mtu);
}

}  // namespace viaduct::app::box
