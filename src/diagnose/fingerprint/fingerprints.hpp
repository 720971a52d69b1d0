// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "call/reading.hpp"
#include "diagnose/fingerprint/history.hpp"
#include "diagnose/fingerprint/source_evidence.hpp"

#include <cstdint>
#include <map>
#include <vector>

namespace viaduct::diagnose::fingerprint {

/// Gathers what one place shows of each address that speaks SIP, and says at the end whether a SIP ALG stands before
/// it. Memory is bounded by kMaxSources and the bounds of Source; work for a message by its length.
///
///   message --> observe() --> Source, Device --> judge() --> SourceEvidence
class Fingerprints {
 public:
  static constexpr std::size_t kMaxSources = 20'000;

  /// A message that was read, in the order of time.
  void add(const call::Reading& reading);
  /// A STUN packet: somebody there learns what its address is outside.
  void saw_stun(call::Point point, const net::Endpoint& source, const net::Endpoint& destination);
  /// Media of a stream, as its sender announced that it receives, and where it really came from.
  void add_media(call::Point point, const net::Address& client, const net::Endpoint& announced,
                 const net::Endpoint& source);

  /// By point and address, for evidence_of(). Addresses that only serve others are not among them.
  [[nodiscard]] std::vector<SourceEvidence> judge() const;

  [[nodiscard]] std::size_t size() const { return sources_.size(); }
  /// Addresses that there was no room for.
  [[nodiscard]] std::uint64_t dropped() const { return dropped_; }

 private:
  struct Key {
    net::Address address;
    call::Point point = 0;
    friend auto operator<=>(const Key&, const Key&) = default;
  };

  Source* source_of(call::Point point, const net::Address& address);
  void hear(const call::Reading& reading);
  void echo(const call::Reading& reading);

  std::map<Key, Source> sources_;  ///< ordered: what all of them say does not depend on hashes
  std::uint64_t dropped_ = 0;
};

}  // namespace viaduct::diagnose::fingerprint
