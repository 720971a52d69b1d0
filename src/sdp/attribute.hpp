// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "sdp/line.hpp"
#include "sdp/media.hpp"
#include "sdp/session.hpp"

#include <cstdint>
#include <optional>

namespace viaduct::sdp {

/// Attributes this module knows; everything else is `other`.
enum class AttributeId : std::uint8_t {
  other,
  bundle_only,
  candidate,
  crypto,
  end_of_candidates,
  fingerprint,
  fmtp,
  group,
  ice_lite,
  ice_mismatch,
  ice_options,
  ice_pacing,
  ice_pwd,
  ice_ufrag,
  inactive,
  maxptime,
  mid,
  path,
  ptime,
  recvonly,
  remote_candidates,
  rtcp,
  rtcp_mux,
  rtcp_mux_only,
  rtpmap,
  sendonly,
  sendrecv,
  setup,
  last  ///< not an attribute: the number of ids
};

/// Compared without regard to case: a misspelt a=Candidate must still bar an edit.
[[nodiscard]] AttributeId attribute_id(base::Bytes name);
/// The name as RFC 8866 and its registry spell it; empty for `other`.
[[nodiscard]] base::Bytes attribute_name(AttributeId id);

/// a=<name> or a=<name>:<value> (RFC 8866 section 5.13); offsets into the whole buffer.
struct Attribute {
  base::Range line;  ///< without line end
  base::Range name;
  base::Range value;  ///< absent for a property attribute (no colon); may be present and empty
  AttributeId id = AttributeId::other;
};

/// Takes an a= line (without its line end) apart. Blanks at the end of the name are not part of it.
[[nodiscard]] Attribute split_attribute(base::Bytes buffer, base::Range line);

/// Walks the a= lines of one level in order.
///
///   for (Attributes all(session, media); std::optional<Attribute> a = all.next(AttributeId::candidate);) ...
class Attributes {
 public:
  /// Those of the session level.
  explicit Attributes(const Session& session) : lines_(session.buffer, session.attributes), buffer_(session.buffer) {}
  /// Those of one section.
  Attributes(const Session& session, const Media& media)
      : lines_(session.buffer, media.attributes), buffer_(session.buffer) {}
  /// The next attribute, nullopt at the end.
  [[nodiscard]] std::optional<Attribute> next();
  /// The next attribute of that kind, nullopt if there is none.
  [[nodiscard]] std::optional<Attribute> next(AttributeId id);

 private:
  Lines lines_;
  base::Bytes buffer_;
};

/// Walks the c= lines of one section (several are legal for layered multicast, RFC 8866 section 5.7).
class Connections {
 public:
  explicit Connections(const Session& session) : lines_(session.buffer, session.section), buffer_(session.buffer) {}
  Connections(const Session& session, const Media& media)
      : lines_(session.buffer, media.section), buffer_(session.buffer) {}
  [[nodiscard]] std::optional<Connection> next();

 private:
  Lines lines_;
  base::Bytes buffer_;
};

}  // namespace viaduct::sdp
