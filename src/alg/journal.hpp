// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "alg/change.hpp"
#include "base/bytes.hpp"
#include "base/clock.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

namespace viaduct::alg {

/// The journal is the sequence of changes (docs/adr/0005): append-only, one record a change.
///
///   file   = "VIADUCT-JOURNAL-3\n" clock *(record / clock)
///   record = length(4) crc32c(4) payload(length)      little endian; the checksum covers the payload
///   payload= type(1) fields                           strings and lists carry a 4-octet count
///   clock  = a record of type 255: ClockReading
///
/// A record that does not check ends the reading: what follows a torn write is not trusted. Moments are written
/// as they are, on the monotonic clock of the boot that the clock records name; a file is of one boot.
inline constexpr base::Bytes kJournalHead = "VIADUCT-JOURNAL-3\n";

/// Both clocks, read at the same time.
struct ClockReading {
  std::string boot;  ///< id of the boot; empty if it is not known, which equals no other
  base::Instant at;
  std::chrono::nanoseconds wall{};  ///< since 1970
};

/// By which clock the moments of a journal were brought over.
enum class JournalClock : std::uint8_t {
  same_boot,   ///< the monotonic clock went on: exact
  wall,        ///< another boot: the time between is what the wall clock says
  unreliable,  ///< another boot, and the wall clock cannot be right: as if no time had passed
};

/// Appends the record of `change` to `out`.
void append_record(const Change& change, std::string& out);
void append_clock(const ClockReading& reading, std::string& out);

struct Replay {
  std::uint64_t records = 0;      ///< changes
  std::uint64_t good_octets = 0;  ///< cut the file here before appending
  bool head_ok = false;
  bool other_version = false;  ///< a journal, but of another version: nothing of it was read
  bool torn = false;           ///< octets follow that are no whole, correct record
  JournalClock clock = JournalClock::same_boot;
};

/// Reads a journal and hands each change to `take`, its moments on the clock of `now`. Hostile input gives a shorter
/// replay, never a crash and never more memory than the input has octets.
[[nodiscard]] Replay replay_journal(base::Bytes journal, const ClockReading& now,
                                    const std::function<void(Change&)>& take);

}  // namespace viaduct::alg
