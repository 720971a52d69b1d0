// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"

#include <array>
#include <cstdint>

namespace viaduct::gateway {

/// What is counted since the start; names and meanings in kCountedTexts, in the same order.
enum class Counted : std::uint8_t {
  messages,
  edited,
  untouched,
  fields_edited,
  fields_restored,
  keepalives,
  not_sip,
  not_udp,
  not_ours,
  over_mtu,
  over_limit,
  proof_failed,
  commit_failed,
  flow_lookups,
  mappings_made,
  calls,
  registrations,
  watchdog_trips,
  journal_errors,
  last
};

struct CountedText {
  base::Bytes name;     ///< snake_case, stable: part of status and metrics
  base::Bytes meaning;  ///< one line
};

inline constexpr std::size_t kCounted = static_cast<std::size_t>(Counted::last);
inline constexpr std::array<CountedText, kCounted> kCountedTexts = {{
    {"messages", "SIP messages read"},
    {"messages_edited", "SIP messages sent on with at least one edit"},
    {"messages_untouched", "SIP messages sent on as they came"},
    {"fields_edited", "fields in which an outer address replaced the inner one"},
    {"fields_restored", "echoes of edits that were undone"},
    {"keepalives", "CRLF, STUN and other keep-alives on SIP flows, passed"},
    {"not_sip", "packets on SIP flows that do not read as SIP, passed"},
    {"not_udp", "fragments and other transports in the queue, passed"},
    {"not_ours", "packets that go neither to nor come from a WAN, passed"},
    {"over_mtu", "messages left as they were because the edited one would not fit the path MTU"},
    {"over_limit", "messages left as they were because a limit was reached"},
    {"proof_failed", "messages left as they were because the edited one did not read back as intended"},
    {"commit_failed", "transactions that the kernel refused at first"},
    {"flow_lookups", "questions to connection tracking"},
    {"mappings_made", "mappings given to the kernel"},
    {"calls", "INVITEs that opened an association"},
    {"registrations", "REGISTERs that opened an association"},
    {"watchdog_trips", "times SIP passed untouched because the daemon did not answer"},
    {"journal_errors", "writes to the journal that failed"},
}};

class Counters {
 public:
  void add(Counted what, std::uint64_t by = 1) { values_[static_cast<std::size_t>(what)] += by; }
  [[nodiscard]] std::uint64_t at(std::size_t index) const { return values_[index]; }

 private:
  std::array<std::uint64_t, kCounted> values_{};
};

}  // namespace viaduct::gateway
