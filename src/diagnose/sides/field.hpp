// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "sdp/attribute.hpp"
#include "sip/header.hpp"

#include <cstdint>
#include <string>

namespace viaduct::diagnose::sides {

using base::Bytes;
using base::Range;

enum class Place : std::uint8_t {
  start_line,
  header,
  empty_line,  ///< that ends the headers
  sdp,
  body,    ///< of another type, or around the parts of a multipart one
  message  ///< what cannot be read as a message
};

/// What of a line a piece is.
enum class Part : std::uint8_t {
  whole,   ///< the line, or its value where that has no parts of interest
  name,    ///< of a header, as it was spelled
  blanks,  ///< between a header's name and its value
  line_end,
  glue,  ///< what stands between named parts
  method,
  status,
  reason,
  version,
  sent_by,  ///< host and port (RFC 3261 20.42)
  transport,
  display_name,
  user,
  host,
  port,
  parameter,  ///< Field::name says which
  number,     ///< the digits of Content-Length, Max-Forwards, CSeq, Expires
  address,    ///< in SDP
  raddr,      ///< of a candidate, as the next
  rport,
  session_id,  ///< of o=, as the next two
  session_version,
  username,
  media,
  protocol,
  formats
};

/// What a piece of a message is called.
struct Field {
  Place place = Place::message;
  Part part = Part::whole;
  sip::HeaderId header = sip::HeaderId::other;           ///< Place::header
  char line = 0;                                         ///< Place::sdp: the letter before the `=`
  sdp::AttributeId attribute = sdp::AttributeId::other;  ///< of an a= line
  std::uint8_t media = 0;                                ///< Place::sdp: which m= line, from 1; 0: session level
  bool lower = false;                                    ///< of a Via below the top one
  Bytes name;  ///< of a header or attribute without id, or of a parameter; into the message

  [[nodiscard]] bool is_header(sip::HeaderId id) const { return place == Place::header && header == id; }
  [[nodiscard]] bool is_sdp(char letter) const { return place == Place::sdp && line == letter; }
  [[nodiscard]] bool is_attribute(sdp::AttributeId id) const { return is_sdp('a') && attribute == id; }
};

/// The same field of two messages: names are compared without regard to case.
[[nodiscard]] bool same_field(const Field& a, const Field& b);
/// In words of the RFCs: "Contact host", "SDP c= address", "lower Via sent-by", "From tag".
[[nodiscard]] std::string text(const Field& field);

}  // namespace viaduct::diagnose::sides
