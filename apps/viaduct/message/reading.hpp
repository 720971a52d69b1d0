// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "sdp/session.hpp"
#include "sip/body.hpp"
#include "sip/message.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace viaduct::message {

/// One thing that was understood: `port 5060`. The name is also the key in JSON.
struct Fact {
  std::string_view name;
  std::variant<std::string, std::uint64_t, bool> value;  ///< strings are received octets, not escaped
};
using Facts = std::vector<Fact>;

/// One value of a header: the header has several where its grammar is a list.
struct ValueReading {
  base::Range range;
  Facts facts;
  std::optional<sip::Problem> failure;  ///< why the typed function gave up
};

struct HeaderReading {
  sip::Header header;
  std::vector<ValueReading> values;  ///< empty for headers without a typed function
};

struct AttributeReading {
  base::Range line;
  std::string_view name;  ///< as its registry spells it
  Facts facts;
  std::optional<sdp::Problem> failure;
};

struct MediaReading {
  base::Range line;
  std::string type;
  std::string address;  ///< where media is expected: c= of the section, else of the session; may be empty
  std::uint16_t port = 0;
  Facts facts;
  std::vector<AttributeReading> attributes;  ///< those that decide something
};

struct SdpReading {
  base::Range range;
  std::optional<sdp::Problem> failure;  ///< nothing below if set
  base::Range origin_line;
  Facts origin;
  base::Range connection_line;
  Facts connection;
  std::vector<AttributeReading> attributes;  ///< of the session level
  std::vector<MediaReading> media;
};

struct BodyReading {
  sip::BodyPart part;
  std::optional<SdpReading> sdp;
};

/// A complaint about one place.
struct Complaint {
  std::string_view layer;  ///< "sip" or "sdp"
  std::string_view code;
  std::string text;
  std::string_view hint;
  base::Range where;  ///< length 0 if only the place is known
  bool tolerated = false;
};

/// Everything `viaduct message` has to say about one file. Refers to `octets`, which must outlive it.
struct Reading {
  std::string file;
  base::Bytes octets;
  bool valid = false;
  std::optional<sip::Message> message;  ///< absent if the structure could not be read
  Facts start_line;
  std::vector<HeaderReading> headers;
  std::vector<BodyReading> bodies;
  std::vector<Complaint> complaints;  ///< in order of offset
  std::size_t complaints_dropped = 0;
};

/// Reads one datagram, or one message cut out of a stream. `file` is only a name for the report.
[[nodiscard]] Reading read(std::string file, base::Bytes octets);

/// Parts of read(), one file each.
[[nodiscard]] Facts read_start_line(const sip::Message& message);
[[nodiscard]] HeaderReading read_header(const sip::Message& message, const sip::Header& header);
[[nodiscard]] SdpReading read_sdp(base::Bytes octets, base::Range body);
/// What to do about a code; one sentence, never empty.
[[nodiscard]] std::string_view hint(sip::Problem problem);
[[nodiscard]] std::string_view hint(sdp::Problem problem);

}  // namespace viaduct::message
