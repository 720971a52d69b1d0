// SPDX-License-Identifier: GPL-2.0-or-later
#include "os/tun.hpp"

#include "os/interface_request.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <linux/ipv6.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace viaduct::os {
namespace {

// Returns 0 or an errno.
int control(int family, unsigned long what, void* argument) {
  const Fd socket(::socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!socket.valid()) return errno;
  return ::ioctl(socket.get(), what, argument) == 0 ? 0 : errno;
}

void store_ipv4(sockaddr& out, const net::Address& address) {
  sockaddr_in in{};
  in.sin_family = AF_INET;
  std::memcpy(&in.sin_addr, address.octets.data(), 4);
  std::memcpy(&out, &in, sizeof out);
}

int add_ipv4(const std::string& name, const net::Prefix& prefix) {
  ifreq request = interface_request(name);
  store_ipv4(request.ifr_addr, prefix.address);
  const int error = control(AF_INET, SIOCSIFADDR, &request);
  if (error != 0) return error;
  const std::uint32_t mask = prefix.length == 0 ? 0 : 0xffffffffU << (32 - prefix.length);
  store_ipv4(request.ifr_netmask, net::Address::ipv4(mask));
  return control(AF_INET, SIOCSIFNETMASK, &request);
}

int add_ipv6(std::uint32_t index, const net::Prefix& prefix) {
  in6_ifreq request{};
  std::memcpy(&request.ifr6_addr, prefix.address.octets.data(), 16);
  request.ifr6_prefixlen = prefix.length;
  request.ifr6_ifindex = static_cast<int>(index);
  return control(AF_INET6, SIOCSIFADDR, &request);
}

}  // namespace

Result<Tun> Tun::create(const std::string& name) {
  if (name.size() >= IFNAMSIZ) return fail(Problem::too_big, "make interface " + name, "At most 15 octets.");
  Fd fd(::open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK));
  if (!fd.valid()) return fail_errno("open /dev/net/tun", errno);
  ifreq request = interface_request(name);
  request.ifr_flags = IFF_TUN | IFF_NO_PI;
  if (::ioctl(fd.get(), TUNSETIFF, &request) != 0) return fail_errno("make interface " + name, errno);
  const std::string given = request.ifr_name;
  const int error = control(AF_INET, SIOCGIFINDEX, &request);
  if (error != 0) return fail_errno("look up interface " + given, error);
  return Tun(std::move(fd), given, static_cast<std::uint32_t>(request.ifr_ifindex));
}

Result<void> Tun::add_address(const net::Prefix& address) {
  const int error = address.address.family == net::Family::ipv4 ? add_ipv4(name_, address) : add_ipv6(index_, address);
  if (error != 0) return fail_errno("give " + name_ + " the address " + address.to_text(), error);
  return {};
}

Result<void> Tun::set_mtu(std::uint32_t octets) {
  ifreq request = interface_request(name_);
  request.ifr_mtu = static_cast<int>(octets);
  const int error = control(AF_INET, SIOCSIFMTU, &request);
  if (error != 0) return fail_errno("set the MTU of " + name_, error);
  return {};
}

Result<void> Tun::bring_up() {
  ifreq request = interface_request(name_);
  int error = control(AF_INET, SIOCGIFFLAGS, &request);
  request.ifr_flags = static_cast<short>(request.ifr_flags | IFF_UP);
  if (error == 0) error = control(AF_INET, SIOCSIFFLAGS, &request);
  if (error != 0) return fail_errno("switch on " + name_, error);
  return {};
}

Result<std::size_t> Tun::read(std::span<char> out) {
  const ssize_t n = ::read(fd_.get(), out.data(), out.size());
  if (n < 0) return fail_errno("read from " + name_, errno);
  return static_cast<std::size_t>(n);
}

Result<void> Tun::write(base::Bytes packet) {
  if (::write(fd_.get(), packet.data(), packet.size()) < 0) return fail_errno("write to " + name_, errno);
  return {};
}

}  // namespace viaduct::os
