// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "simulate/message.hpp"
#include "simulate/packet.hpp"

#include <map>
#include <optional>

namespace viaduct::simulate {

/// An honest proxy on the customer's site, with a media relay: all phones reach the platform through it, it says what
/// RFC 3261 16 tells it to say, and it knows its outer address.
class OnsiteProxy {
 public:
  /// `inside`: where it stands; `outside`: what it writes.
  OnsiteProxy(Socket inside, std::uint32_t outside) : inside_(inside), outside_(outside) {}

  [[nodiscard]] Socket socket() const { return inside_; }
  void up(Message& message, Socket phone);
  void down(Message& message, Socket phone);
  /// The relay's socket for a phone's media socket.
  Socket relay(Socket phone);
  /// The phone's media socket behind one of the relay's.
  [[nodiscard]] std::optional<Socket> behind(Socket relay) const;

 private:
  Socket inside_;
  std::uint32_t outside_;
  std::map<Socket, Socket> relays_, phones_;
  int branches_ = 0;
};

}  // namespace viaduct::simulate
