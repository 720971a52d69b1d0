// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"

#include <bit>
#include <cstdint>
#include <cstring>

namespace viaduct::bench {

/// Folds what a parser understood into one number, so that nobody is fast by not looking. All parsers
/// fold the same values in the same order; equal sums mean equal readings. Meant to cost next to nothing, so that it
/// hides no difference between parsers: neither the multiplications nor the places of the values wait for each other.
class Fold {
 public:
  void number(std::uint64_t value) {
    place_ += kStep;
    sum_ += (value ^ place_) * kPrime;
  }
  void text(base::Bytes value) {
    const char* const at = value.data();
    const std::size_t size = value.size();
    if (size >= 8) {
      // Both ends and the length: a value that begins or ends elsewhere does not fold to the same.
      number(load<std::uint64_t>(at) ^ std::rotl(load<std::uint64_t>(at + size - 8), 29) ^ size << 56);
    } else if (size >= 4) {
      number((std::uint64_t{load<std::uint32_t>(at)} << 24 ^ load<std::uint32_t>(at + size - 4)) ^ size << 56);
    } else if (size > 0) {
      number(std::uint64_t{load<std::uint8_t>(at)} << 16 | std::uint64_t{load<std::uint8_t>(at + size / 2)} << 8 |
             load<std::uint8_t>(at + size - 1) | size << 56);
    } else {
      number(0);
    }
  }
  /// For parsers that hand out C strings; null is absent, which folds like empty.
  void c_text(const char* value) { text(value == nullptr ? base::Bytes() : base::Bytes(value)); }
  /// 4 or 16 octets in network order; 0 octets when there is no literal address.
  void address(const void* octets, std::size_t size) { text({static_cast<const char*>(octets), size}); }

  [[nodiscard]] std::uint64_t sum() const { return sum_; }

 private:
  static constexpr std::uint64_t kPrime = 0x9e3779b97f4a7c15;

  template <class T>
  static T load(const char* at) {
    T value;
    std::memcpy(&value, at, sizeof(value));
    return value;
  }

  static constexpr std::uint64_t kStep = 0xd1342543de82ef95;

  std::uint64_t sum_ = 0;
  std::uint64_t place_ = 0;
};

/// Each reads one message with SDP as its library means it to be read, and folds: method, Request-URI
/// (user, host, port), top Via (host, port, branch), From and To (user, host, tag), each
/// Contact (user, host, port), Call-ID, CSeq (number, method), Expires, Content-Length, the addresses of SDP
/// o= and c=, then for each m= its port, protocol and own address: what the gateway reads to decide. Numbers are
/// folded as integers, SDP addresses as octets, and so are the hosts of Request-URI, Via and Contact where they are
/// IPv4 addresses: a NAT compares them with addresses. What is not given folds as 0. Returns 0 when the message was not
/// understood.
[[nodiscard]] std::uint64_t parse_viaduct(base::Bytes message);
[[nodiscard]] std::uint64_t parse_osip(base::Bytes message);
[[nodiscard]] std::uint64_t parse_sofia(base::Bytes message);

}  // namespace viaduct::bench
