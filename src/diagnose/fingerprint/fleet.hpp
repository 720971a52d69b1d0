// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "diagnose/fingerprint/history.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace viaduct::diagnose::fingerprint {

/// What one User-Agent does at all addresses of the input: addresses are counted, each once.
struct Make {
  /// Addresses that have to agree before one that differs stands out.
  static constexpr std::uint32_t kQuorum = 3;

  struct Order {
    std::uint64_t hash = 0;
    std::uint32_t sources = 0;
  };
  std::uint32_t untouched = 0;      ///< private in headers and SDP
  std::uint32_t is_public = 0;      ///< public headers
  std::uint32_t with_rport = 0;     ///< rport in all requests
  std::uint32_t without_rport = 0;  ///< in none
  std::uint32_t counts_right = 0;   ///< a Content-Length that fits a body, and none that does not
  std::uint32_t counts_wrong = 0;
  std::uint32_t even = 0;      ///< spelled by one hand
  std::uint32_t one_port = 0;  ///< phones, not addresses: one port in Via and Contact
  std::array<std::vector<Order>, 2> orders;

  /// Whether the others agree on an order of headers, and `hash` is another one.
  [[nodiscard]] bool differs(std::size_t kind, std::uint64_t hash) const;
  /// Whether it is private as a rule.
  [[nodiscard]] bool is_private() const { return untouched >= kQuorum && untouched >= 3 * is_public; }
};

/// The base lines that an address is held against.
class Fleet {
 public:
  static constexpr std::size_t kMaxMakes = 4096;

  void add(const Source& source);
  /// nullptr for a User-Agent without name.
  [[nodiscard]] const Make* find(const Device& device) const;

 private:
  std::map<std::string, Make> makes_;
};

}  // namespace viaduct::diagnose::fingerprint
