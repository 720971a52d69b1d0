// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "sdp/address_field.hpp"
#include "sdp/media.hpp"
#include "sdp/problem.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <type_traits>

namespace viaduct::sdp {

/// m= lines in one body. WebRTC conferences reach a dozen; more is left alone.
inline constexpr std::size_t kMaxMedia = 32;

/// o=<username> <sess-id> <sess-version> <nettype> <addrtype> <unicast-address> (RFC 8866 section 5.2).
struct Origin {
  base::Range line;  ///< without line end; absent if there is no o= line
  base::Range username;
  base::Range id;
  base::Range version;
  AddressField where;

  [[nodiscard]] constexpr bool present() const { return line.present(); }
};

/// A view of one SDP body inside a message buffer: what was received plus ranges into it. Every range counts
/// from the start of `buffer`, hence can go straight into an edit list of the message. Nothing is owned or
/// allocated; a copy costs some kilobytes, so hand it on by reference. Valid as long as the buffer lives.
class Session : public Section {
 public:
  // Leaves the room for media uninitialised: filling it would cost several times the parse.
  Session() {}  // NOLINT(modernize-use-equals-default,bugprone-*,clang-analyzer-*)

  // The inherited part is the session level: everything before the first m= line.
  base::Bytes buffer;   ///< the whole message
  base::Range body;     ///< the SDP in it
  base::Range version;  ///< value of the first v=
  base::Range name;     ///< value of the first s=
  Origin origin;        ///< the first o=

  [[nodiscard]] std::span<const Media> media() const VIADUCT_LIFETIME_BOUND { return {room_.media, media_count_}; }
  /// The octets of a range of this session.
  [[nodiscard]] base::Bytes text(base::Range range) const { return range.of(buffer); }

  /// sess-id and sess-version as numbers; nullopt if they are not decimal or do not fit.
  [[nodiscard]] std::optional<std::uint64_t> origin_id() const;
  [[nodiscard]] std::optional<std::uint64_t> origin_version() const;

  /// The c= that governs a section: its own first one, else the session's; may be absent.
  [[nodiscard]] const Connection& connection_of(const Media& media) const VIADUCT_LIFETIME_BOUND {
    return media.connection.present() ? media.connection : connection;
  }
  /// Where RTCP goes: the address of a=rtcp if it has one, else that of connection_of.
  [[nodiscard]] const AddressField& rtcp_address_of(const Media& media) const VIADUCT_LIFETIME_BOUND {
    return media.rtcp.where.present() ? media.rtcp.where : connection_of(media).where;
  }
  /// Traits of a section together with those of the session level.
  [[nodiscard]] Traits traits_of(const Media& media) const { return media.traits | traits; }

 private:
  friend class Parser;
  // A union, because only the first media_count_ exist.
  union Room {
    Room() {}  // NOLINT(modernize-use-equals-default,bugprone-*,clang-analyzer-*)
    Media media[kMaxMedia];
  };

  std::uint32_t media_count_ = 0;
  Room room_;
};

static_assert(std::is_trivially_copyable_v<Session>);

/// Reads the SDP that stands in `body` of `buffer`, in one pass and without allocation. Line ends CRLF, LF and
/// CR are all accepted; lines of unknown type are kept and skipped. Tolerant: whatever `check` alone complains
/// about leaves the field in question absent or of kind `other`. Fails with the first group of Problem only; the
/// offset of an error counts from the start of `buffer`.
[[nodiscard]] Result<Session> parse(base::Bytes buffer, base::Range body);
/// The same for a body that is the whole buffer.
[[nodiscard]] inline Result<Session> parse(base::Bytes body) {
  return parse(body, base::between(0, body.size()));
}

}  // namespace viaduct::sdp
