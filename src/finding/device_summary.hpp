// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace viaduct::finding {

/// A router or firewall whose configuration was read. All strings may be captured text.
struct DeviceSummary {
  /// Something on it that touches SIP.
  struct Feature {
    std::string name;
    std::string scope;
    std::string state;  ///< on, off, partly, unknown
    std::uint64_t line = 0;
    std::string file{};      ///< of the device, where the input is put together from several; `line` is of it
    std::string standard{};  ///< without a line: which default
    friend bool operator==(const Feature&, const Feature&) = default;
  };
  struct Timer {
    std::string name;
    std::string scope;
    std::string applies;        ///< udp, udp-unreplied, udp-stream, sip, rtp, policy
    std::int64_t seconds = -1;  ///< -1: not known, 0: never
    std::uint64_t line = 0;
    std::string file{};
    std::string standard{};
    friend bool operator==(const Timer&, const Timer&) = default;
  };

  /// Behaviour of its NAT that VoIP notices, and that is no ALG.
  struct NatTrait {
    std::string name;   ///< "persistent-nat permit", "Static Port"
    std::string scope;  ///< "policy 5"
    std::string value;
    std::uint64_t line = 0;
    std::string file{};
    friend bool operator==(const NatTrait&, const NatTrait&) = default;
  };

  /// Whether its settings explain what another tool saw on the path.
  struct Explains {
    std::uint32_t rank = 0;  ///< from 1, the best; 0: they do not, or nobody asked
    std::string sentence{};  ///< why
    friend bool operator==(const Explains&, const Explains&) = default;
  };

  std::uint32_t input = 0;  ///< index into Result::inputs
  std::uint64_t line = 0;   ///< its first one, where the input holds several devices; else 0
  std::string product;      ///< id of the catalogue; empty: not recognised
  std::string title;        ///< vendor and family, for a person
  std::string version{};
  std::string hostname{};
  double sure = 0;           ///< 0 to 1, that it is this product
  std::string sip;           ///< on, off, partly, unknown
  std::string rtp_priority;  ///< no, yes, unknown
  std::vector<Feature> features{};
  std::vector<Timer> timers{};
  std::vector<NatTrait> nat{};
  Explains explains{};
  std::uint32_t left_out = 0;  ///< features, timers and NAT behaviours beyond the limit

  static constexpr std::size_t kMaxEntries = 1024;
  friend bool operator==(const DeviceSummary&, const DeviceSummary&) = default;
};

}  // namespace viaduct::finding
