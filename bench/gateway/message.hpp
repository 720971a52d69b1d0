// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace bench {

/// One party's side of a dialog, enough to write its messages.
struct Call {
  std::uint32_t number = 0;
  std::string inner;             ///< address of the phone
  std::uint16_t signalling = 0;  ///< its SIP port
  std::uint16_t media = 0;       ///< its RTP port
};

inline constexpr std::string_view kPlatform = "198.51.100.5";
inline constexpr std::uint16_t kPlatformMedia = 30000;

/// Messages of a desk phone. Via has no rport, so that a gateway which edits has every reason to.
/// `cseq` also makes branch and o= version different from one message to the next.
[[nodiscard]] std::string invite(const Call& call, std::uint32_t cseq, bool in_dialog);
[[nodiscard]] std::string ack(const Call& call);
[[nodiscard]] std::string bye(const Call& call);
/// The platform's 200 to a request as it arrived: copies Via, From, To, Call-ID and CSeq.
[[nodiscard]] std::string ok(std::string_view request, bool with_sdp);

/// The text of a header up to the line end; empty if there is none.
[[nodiscard]] std::string_view header(std::string_view message, std::string_view name);
/// The number of the call that a message belongs to.
[[nodiscard]] std::uint32_t call_number(std::string_view message);
/// The port of the m= line; 0 without SDP.
[[nodiscard]] std::uint16_t media_port(std::string_view message);
/// How often `needle` stands in `message`.
[[nodiscard]] std::size_t occurrences(std::string_view message, std::string_view needle);

}  // namespace bench
