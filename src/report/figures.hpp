// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "finding/result.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace viaduct::report {

/// 2024-05-01T12:00:01.234567Z (RFC 3339, UTC).
[[nodiscard]] std::string timestamp(finding::Time time);
/// 2024-05-01 12:00:01.234, for people.
[[nodiscard]] std::string date_and_time(finding::Time time);
/// 12:00:01.234.
[[nodiscard]] std::string time_of_day(finding::Time time);
[[nodiscard]] double seconds(finding::Duration duration);
/// A number with so many decimals, never in another locale's spelling.
[[nodiscard]] std::string fixed(double value, int decimals);
/// "1.250 s" below a minute, "2 min 05 s" above.
[[nodiscard]] std::string length_text(finding::Duration duration);
/// "1:05", minutes and seconds.
[[nodiscard]] std::string minutes_text(finding::Duration duration);
/// "re-INVITE 0.200 s before; RTCP 1.000 s after", with hostile text as it is.
[[nodiscard]] std::string nearby_text(const finding::GapSummary& gap);
/// "1 of 6 calls", that have the cause of the whole; empty where all do, where there is none, or no call.
[[nodiscard]] std::string share_of_calls(const finding::Result& result);
/// "97 %" of a share 0 to 1.
[[nodiscard]] std::string percent(double share);
/// "1 call", "3 calls".
[[nodiscard]] std::string counted(std::uint64_t count, const char* one, const char* many);
/// The user of a URI, as people know it: alice, +4930123456; all of it if there is none. Hostile: not escaped.
[[nodiscard]] std::string party_text(const std::string& uri);
/// 0x1a2b3c4d.
[[nodiscard]] std::string ssrc_text(std::uint32_t ssrc);
/// Of what RTCP says of a stream: SSRC, reports, fraction lost (mean and highest), lost, jitter, round trip, packets
/// sent, and of XR: loss, discard, R, MOS-LQ. rtcp_heading() names them; figures begin with '>'.
[[nodiscard]] std::vector<std::string> rtcp_cells(const finding::StreamSummary& stream);
[[nodiscard]] std::vector<std::string> rtcp_heading();
/// Gaps in which somebody missed something, those beyond the limit, too.
[[nodiscard]] std::uint64_t outages(const finding::StreamSummary& stream);
/// Share of the expected packets that was lost, 0 to 1.
[[nodiscard]] double loss_share(const finding::StreamSummary& stream);
/// Path of an input; "-" for an index that points nowhere. Hostile: not escaped.
[[nodiscard]] std::string path_of(const finding::Result& result, std::uint32_t input);
/// The same without folders, which are nobody's business elsewhere, where that is enough to tell inputs apart.
[[nodiscard]] std::string file_of(const finding::Result& result, std::uint32_t input);

}  // namespace viaduct::report
