// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "alg/change.hpp"
#include "base/bytes.hpp"
#include "base/clock.hpp"

#include <cstdint>
#include <functional>
#include <string>

namespace viaduct::alg {

/// The journal is the sequence of changes (docs/adr/0005): append-only, one record a change.
///
///   file   = "VIADUCT-JOURNAL-2\n" *record
///   record = length(4) crc32c(4) payload(length)      little endian; the checksum covers the payload
///   payload= type(1) fields                           strings and lists carry a 4-octet count
///
/// A record that does not check ends the reading: what follows a torn write is not trusted. Moments are
/// written as wall-clock nanoseconds, since the monotonic clock does not survive a boot.
inline constexpr base::Bytes kJournalHead = "VIADUCT-JOURNAL-2\n";

/// Wall clock minus monotonic clock, at the time of writing or reading.
using WallOffset = base::Duration;

/// Appends the record of `change` to `out`.
void append_record(const Change& change, WallOffset offset, std::string& out);

struct Replay {
  std::uint64_t records = 0;
  std::uint64_t good_octets = 0;  ///< cut the file here before appending
  bool head_ok = false;
  bool other_version = false;  ///< a journal, but of another version: nothing of it was read
  bool torn = false;  ///< octets follow that are no whole, correct record
};

/// Reads a journal and hands each change to `take`. Hostile input gives a shorter replay, never a crash and never
/// more memory than the input has octets.
[[nodiscard]] Replay replay_journal(base::Bytes journal, WallOffset offset,
                                    const std::function<void(Change&)>& take);

}  // namespace viaduct::alg
