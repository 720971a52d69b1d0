// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <arpa/inet.h>  // first, or the headers of the kernel define what libc does
#include <linux/if.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>
#include <string>

namespace viaduct::os {

/// An ioctl(2) argument about the interface `name`, of which 15 octets count (netdevice(7)).
[[nodiscard]] inline ifreq interface_request(const std::string& name) {
  ifreq request{};
  std::memcpy(request.ifr_name, name.data(), std::min(name.size(), sizeof request.ifr_name - 1));
  return request;
}

}  // namespace viaduct::os
