// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/sides/pieces.hpp"
#include "sdp/attribute.hpp"
#include "sdp/candidate.hpp"
#include "sdp/line.hpp"

namespace viaduct::diagnose::sides {
namespace {

class Parts {
 public:
  Parts(const Field& field, std::vector<Piece>& parts) : field_(field), parts_(parts) {}

  void add(Part part, Range range) {
    if (!range.present() || range.length == 0) return;
    Field field = field_;
    field.part = part;
    parts_.push_back({field, range});
  }

 private:
  Field field_;
  std::vector<Piece>& parts_;
};

/// What stands before the first slash of a word.
[[nodiscard]] Range head(Bytes message, Range word) {
  if (!word.present()) return word;
  const std::size_t slash = word.of(message).find('/');
  return slash == Bytes::npos ? word : Range{word.offset, static_cast<std::uint32_t>(slash)};
}

/// `IN IP4 192.0.2.1`
void address_parts(Bytes message, sdp::Words& words, Parts& parts) {
  (void)words.next();
  (void)words.next();
  parts.add(Part::address, head(message, words.next()));
}

void origin_parts(Bytes message, Range value, Parts& parts) {
  sdp::Words words(message, value);
  parts.add(Part::username, words.next());
  parts.add(Part::session_id, words.next());
  parts.add(Part::session_version, words.next());
  address_parts(message, words, parts);
}

void media_parts(Bytes message, Range value, Parts& parts) {
  sdp::Words words(message, value);
  parts.add(Part::media, words.next());
  parts.add(Part::port, head(message, words.next()));
  parts.add(Part::protocol, words.next());
  parts.add(Part::formats, words.rest());
}

void attribute_parts(Bytes message, Range line, Parts& parts) {
  const sdp::Attribute attribute = sdp::split_attribute(message, line);
  if (!attribute.value.present()) return;
  if (attribute.id == sdp::AttributeId::rtcp) {
    sdp::Words words(message, attribute.value);
    parts.add(Part::port, words.next());
    return address_parts(message, words, parts);
  }
  const sdp::Result<sdp::Candidate> candidate = attribute.id == sdp::AttributeId::candidate
                                                    ? sdp::parse_candidate(message, attribute.value)
                                                    : base::fail(sdp::Problem{}, 0);
  if (!candidate) return parts.add(Part::whole, attribute.value);
  parts.add(Part::address, candidate->address);
  parts.add(Part::port, candidate->port_text);
  parts.add(Part::raddr, candidate->raddr);
  parts.add(Part::rport, candidate->rport_text);
}

}  // namespace

void sdp_parts(Bytes message, const Line& line, std::vector<Piece>& list) {
  Parts parts(line.field, list);
  Range text = line.range;
  while (text.length > 0 && (message[text.end() - 1] == '\n' || message[text.end() - 1] == '\r')) --text.length;
  Field end = line.field;
  end.part = Part::line_end;
  if (text.length < line.range.length) list.push_back({end, base::between(text.end(), line.range.end())});
  if (line.field.line == 0 || text.length < 2) return parts.add(Part::whole, text);
  const Range value = base::between(text.offset + 2, text.end());
  switch (line.field.line) {
    case 'o':
      return origin_parts(message, value, parts);
    case 'm':
      return media_parts(message, value, parts);
    case 'a':
      return attribute_parts(message, text, parts);
    case 'c': {
      sdp::Words words(message, value);
      return address_parts(message, words, parts);
    }
    default:
      return parts.add(Part::whole, value);
  }
}

}  // namespace viaduct::diagnose::sides
