// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"

#include <cstdint>
#include <cstring>

namespace viaduct::bench {

/// Folds what a parser understood into one number, so that nobody is fast by not looking. All parsers
/// fold the same values in the same order; equal sums mean equal readings.
class Fold {
 public:
  void number(std::uint64_t value) {
    sum_ = (sum_ ^ value) * kPrime;
    sum_ ^= sum_ >> 29;
  }
  void text(base::Bytes value) {
    number(value.size());
    while (value.size() >= 8) {
      number(word(value, 8));
      value.remove_prefix(8);
    }
    if (!value.empty()) number(word(value, value.size()));
  }
  /// For parsers that hand out C strings; null is absent, which folds like empty.
  void c_text(const char* value) { text(value == nullptr ? base::Bytes() : base::Bytes(value)); }
  /// 4 or 16 octets in network order; 0 octets when there is no literal address.
  void address(const void* octets, std::size_t size) { text({static_cast<const char*>(octets), size}); }

  [[nodiscard]] std::uint64_t sum() const { return sum_; }

 private:
  static constexpr std::uint64_t kPrime = 0x9e3779b97f4a7c15;

  static std::uint64_t word(base::Bytes value, std::size_t size) {
    std::uint64_t w = 0;
    std::memcpy(&w, value.data(), size);
    return w;
  }

  std::uint64_t sum_ = kPrime;
};

/// Each reads one message with SDP as its library means it to be read, and folds: method, Request-URI
/// (user, host, port), top Via (host, port, branch), From and To (user, host, tag), Contact (host, port),
/// Call-ID, CSeq number, Content-Length, SDP o= and c= addresses, then for each m= its own address and
/// its port. Ports that are not given fold as 0. Returns 0 when the message was not understood.
[[nodiscard]] std::uint64_t parse_viaduct(base::Bytes message);
[[nodiscard]] std::uint64_t parse_osip(base::Bytes message);
[[nodiscard]] std::uint64_t parse_sofia(base::Bytes message);

}  // namespace viaduct::bench
