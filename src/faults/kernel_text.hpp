// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "net/address.hpp"

#include <cstdint>
#include <optional>

/// How the SIP helper of the Linux kernel finds what it looks for: by searching text, line by line, to the end of the
/// packet, not of the header section. What it overlooks and mistakes is overlooked and mistaken here too, as far as
/// 200 messages through both have shown (tests/kernel_alg/compare.py).
namespace viaduct::faults::kernel_text {

using base::Bytes;
using base::Range;

/// A header field that the helper knows, and what it wants of it.
enum class Field : std::uint8_t { cseq, from, to, contact, via_udp, via_tcp, expires, content_length };

/// What one search found; `missing` ends a search, `unusable` is a field without what was wanted.
struct Found {
  enum class State : std::uint8_t { missing, unusable, usable } state = State::missing;
  Range value;           ///< digits, or address with port
  std::size_t next = 0;  ///< where a search for more goes on
};
/// The first field behind `from`, which must be the begin of the message or of a line end.
[[nodiscard]] Found find_field(Bytes text, Field field, std::size_t from = 0);
/// How far searches have looked ahead, so that a line of many values is not read to its end for each of them. Places
/// are counted from the end of the packet: they stay when a value in front of them is replaced.
struct Ahead {
  struct Search {
    std::size_t begin = 0;  ///< a search from here or behind it, up to `stop`, ends at `stop` too
    std::size_t stop = 0;
    bool found = false;
  };
  Search scheme;
  Search user_end;
};
/// The next URI in the same field behind a comma. `ahead` is one for all calls for one message.
[[nodiscard]] Found next_value(Bytes text, Field field, std::size_t from, Ahead& ahead);

/// Address and port as they stand at the front of a range; without port 5060. nullopt: not a dotted quad, or a port
/// below 1024.
[[nodiscard]] std::optional<net::Endpoint> endpoint_in(Bytes text, Range range);

/// Host and port in the Request-URI; absent if it is no sip: URI with an address.
[[nodiscard]] Range request_host(Bytes text);

/// A line of SDP behind `from`; `limit` ends the search at the next line of that letter ('\0': nowhere).
[[nodiscard]] Range find_sdp_digits(Bytes text, char letter, std::size_t from);
/// The address of an o= or c= line, absent if there is none behind `from` and before `limit`, or no `IN IP4` in it.
[[nodiscard]] Range find_sdp_address(Bytes text, char letter, std::size_t from, char limit);
/// Type, one blank and port of the next m= line behind `from`.
[[nodiscard]] Range find_media(Bytes text, std::size_t from);

/// The value of `;name=` behind `from` in the same line: an address, or digits.
[[nodiscard]] Range find_parameter(Bytes text, std::size_t from, Bytes name, bool address);

/// The number that the digits at `range` make; 0 without any.
[[nodiscard]] std::uint32_t number_in(Bytes text, Range range);

}  // namespace viaduct::faults::kernel_text
