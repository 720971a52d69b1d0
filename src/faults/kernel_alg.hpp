// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "faults/behaviour.hpp"
#include "faults/crossing.hpp"
#include "net/address.hpp"

#include <cstdint>
#include <map>
#include <memory>

namespace viaduct::faults {

/// The SIP helper of the Linux kernel (nf_conntrack_sip with nf_nat_sip) as it treats messages over IPv4: the
/// `linux` family. What it does with the same messages as the kernel of a lab machine is held by
/// tests/kernel_alg/compare.py.
class KernelAlg final : public Behaviour {
 public:
  void on_message(Crossing& crossing) override;

 private:
  /// The port of Via where a phone wants its replies, although it sends from another.
  std::map<net::Endpoint, std::uint16_t> reply_ports_;
};

[[nodiscard]] std::unique_ptr<Behaviour> make_kernel_alg();

}  // namespace viaduct::faults
