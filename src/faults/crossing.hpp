// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "edit/edit_list.hpp"
#include "faults/calls.hpp"
#include "faults/nat.hpp"
#include "faults/packet.hpp"
#include "net/address.hpp"
#include "sip/message.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace viaduct::faults {

enum class Side : std::uint8_t { inside, outside };

/// The three endpoints of a flow: the inner one, the outer one that stands for it, and the other party.
struct Flow {
  Protocol protocol = Protocol::udp;
  net::Endpoint inner;
  net::Endpoint outer;
  net::Endpoint remote;
};

/// A packet on its way through the box.
struct Transit {
  Side from = Side::inside;
  base::Instant now;
  Flow flow;
  FlowKind kind = FlowKind::other;
  const Packet& packet;
  const CallMedia* media = nullptr;  ///< the call that announced the inner endpoint, if the packet is media
};

/// A SIP message on its way through the box, and what may be done with it. Each step sees what the one before it
/// made of the message.
class Crossing {
 public:
  Crossing(Side from, base::Instant now, const Flow& flow, base::Bytes octets, Nat& nat, Calls& calls)
      : from_(from), now_(now), flow_(flow), octets_(octets), nat_(nat), calls_(calls) {}

  [[nodiscard]] Side from() const { return from_; }
  [[nodiscard]] bool outbound() const { return from_ == Side::inside; }
  [[nodiscard]] base::Instant now() const { return now_; }
  [[nodiscard]] const Flow& flow() const VIADUCT_LIFETIME_BOUND { return flow_; }
  [[nodiscard]] Nat& nat() VIADUCT_LIFETIME_BOUND { return nat_; }
  [[nodiscard]] Calls& calls() VIADUCT_LIFETIME_BOUND { return calls_; }

  /// The message as it stands now.
  [[nodiscard]] base::Bytes octets() const VIADUCT_LIFETIME_BOUND { return octets_; }
  /// The same, parsed; false if it is no SIP message (then a step leaves it alone). Views die with the next change.
  [[nodiscard]] bool read(sip::Message& message) const;
  /// Another text for the whole message.
  void replace(std::string octets) { octets_ = std::move(octets); }
  /// The message with these edits. Edits that do not fit change nothing.
  void apply(const edit::EditList& edits);
  /// The same, and Content-Length follows what the edits did to the body.
  void apply_with_length(const sip::Message& message, edit::EditList& edits);

  void drop() { dropped_ = true; }
  [[nodiscard]] bool dropped() const { return dropped_; }
  /// A message that the box sends by itself, back to where this one came from.
  void answer(std::string octets) { answers_.push_back(std::move(octets)); }
  [[nodiscard]] const std::vector<std::string>& answers() const VIADUCT_LIFETIME_BOUND { return answers_; }
  /// Sends the message to another port of its destination (A05); 0 means as it came.
  void redirect(std::uint16_t port) { port_ = port; }
  [[nodiscard]] std::uint16_t redirected() const { return port_; }

 private:
  Side from_;
  base::Instant now_;
  Flow flow_;
  std::string octets_;
  Nat& nat_;
  Calls& calls_;
  std::vector<std::string> answers_;
  std::uint16_t port_ = 0;
  bool dropped_ = false;
};

}  // namespace viaduct::faults
