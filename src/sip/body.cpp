// SPDX-License-Identifier: GPL-2.0-or-later
#include "sip/body.hpp"

#include "base/text.hpp"
#include "sip/grammar.hpp"
#include "sip/header.hpp"
#include "sip/parameters.hpp"
#include "sip/scan.hpp"

#include <algorithm>

namespace viaduct::sip {
namespace {

constexpr std::size_t kMaxBoundary = 128;  // RFC 2046 5.1.1 says 70

/// A line of a body; line ends as in the header section: CR LF, LF, or CR alone.
struct Line {
  std::uint32_t end;   ///< where the line end begins
  std::uint32_t next;  ///< where the following line begins
};

Line line_at(Bytes buffer, std::uint32_t at, std::uint32_t limit) {
  const std::uint32_t end = scan::find<'\r', '\n'>(buffer, at, limit);
  if (end == limit) return {end, end};
  const bool crlf = buffer[end] == '\r' && end + 1 < limit && buffer[end + 1] == '\n';
  return {end, end + (crlf ? 2 : 1)};
}

/// Where the line end before `at` begins; it belongs to the delimiter that stands at `at`.
std::uint32_t before_line_end(Bytes buffer, std::uint32_t at, std::uint32_t begin) {
  if (at > begin && buffer[at - 1] == '\n') --at;
  if (at > begin && buffer[at - 1] == '\r') --at;
  return at;
}

bool is_line_end(char c) {
  return c == '\r' || c == '\n';
}

/// delimiter = CRLF "--" boundary, close-delimiter = delimiter "--" (RFC 2046 5.1.1), blanks may follow.
struct Delimiter {
  std::uint32_t at;    ///< of the first hyphen
  std::uint32_t next;  ///< behind the whole line
  bool final;
};

/// Whether the octets at `at`, which are "--" and the boundary, are a whole delimiter line.
std::optional<Delimiter> delimiter_at(Bytes buffer, std::uint32_t at, std::uint32_t length, std::uint32_t limit) {
  std::uint32_t tail = at + length;
  const bool final = limit - tail >= 2 && buffer[tail] == '-' && buffer[tail + 1] == '-';
  if (final) tail += 2;
  while (tail < limit && (buffer[tail] == ' ' || buffer[tail] == '\t')) ++tail;
  if (tail < limit && !is_line_end(buffer[tail])) return std::nullopt;
  return Delimiter{at, line_at(buffer, tail, limit).next, final};
}

/// The next delimiter in [begin, limit); one that stands at `begin` counts, there a line begins.
std::optional<Delimiter> find_delimiter(Bytes buffer, Bytes boundary, std::uint32_t begin, std::uint32_t limit) {
  char mark[2 + kMaxBoundary] = {'-', '-'};
  boundary.copy(mark + 2, kMaxBoundary);
  const Bytes wanted(mark, 2 + boundary.size());
  const Bytes text = buffer.substr(0, limit);
  for (std::size_t hit = text.find(wanted, begin); hit != Bytes::npos; hit = text.find(wanted, hit + 1)) {
    if (hit != begin && !is_line_end(text[hit - 1])) continue;
    const std::optional<Delimiter> found =
        delimiter_at(buffer, static_cast<std::uint32_t>(hit), static_cast<std::uint32_t>(wanted.size()), limit);
    if (found) return found;
  }
  return std::nullopt;
}

/// The codings of a body, one value each.
struct Coding {
  Range content;
  Range transfer;
};

BodyBar bar_of(Bytes buffer, const Coding& coding) {
  const Bytes content = coding.content.of(buffer);
  if (!content.empty() && !base::iequals(content, "identity")) return BodyBar::content_encoding;
  const Bytes transfer = coding.transfer.of(buffer);
  for (Bytes plain : {"", "7bit", "8bit", "binary"})
    if (base::iequals(transfer, plain)) return BodyBar::none;
  return BodyBar::transfer_encoding;
}

/// As nearly everybody spells it; taking it apart would cost a tenth of the time for the whole message.
bool is_usual_sdp(Bytes content_type) {
  return base::equals(content_type, "application/sdp");
}

bool is_sdp(Bytes buffer, const BodyPart& part) {
  return is_usual_sdp(part.content_type.of(buffer)) || part.type.is(buffer, "application", "sdp");
}

[[gnu::cold]] void take_type_apart(Bytes buffer, BodyPart& part) {
  const Result<MediaType> type = parse_media_type(buffer, part.content_type);
  if (type) part.type = *type;
  if (part.bar == BodyBar::none && part.type.is(buffer, "application", "pkcs7-mime"))
    part.bar = BodyBar::smime_encrypted;
}

void set_type(Bytes buffer, BodyPart& part) {
  if (!part.content_type.present()) return;
  if (is_usual_sdp(part.content_type.of(buffer))) {
    const std::uint32_t slash = part.content_type.end() - 4;
    part.type.type = span_of(part.content_type.offset, slash);
    part.type.subtype = span_of(slash + 1, part.content_type.end());
    return;
  }
  take_type_apart(buffer, part);
}

/// What a multipart type means for everything inside it.
BodyBar bar_of_type(Bytes buffer, const MediaType& type) {
  if (type.is(buffer, "multipart", "signed")) return BodyBar::smime_signed;
  if (type.is(buffer, "multipart", "encrypted")) return BodyBar::smime_encrypted;
  return BodyBar::none;
}

/// Where the value of a header is kept; nullptr if it says nothing about a body.
Range* place_of(HeaderId id, BodyPart& part, Coding& coding) {
  switch (id) {
    case HeaderId::content_type:
      return &part.content_type;
    case HeaderId::content_disposition:
      return &part.content_disposition;
    case HeaderId::content_id:
      return &part.content_id;
    case HeaderId::content_length:
      return &part.content_length;
    case HeaderId::content_encoding:
      return &coding.content;
    case HeaderId::content_transfer_encoding:
      return &coding.transfer;
    default:
      return nullptr;
  }
}

/// Reads the header lines of a part that begins at `at` and gives the place behind the empty line.
std::uint32_t read_headers(Bytes buffer, std::uint32_t at, std::uint32_t limit, BodyPart& part) {
  const std::uint32_t first = at;
  Coding coding;
  while (at < limit) {
    Line line = line_at(buffer, at, limit);
    if (line.end == at) {
      at = line.next;
      break;
    }
    const std::uint32_t colon = scan::find<':'>(buffer, at, line.end);
    const bool header = colon < line.end;
    while (line.next < limit && (buffer[line.next] == ' ' || buffer[line.next] == '\t'))
      line = line_at(buffer, line.next, limit);
    const HeaderId id = header_id(buffer.substr(at, trim_end(buffer, at, colon) - at));
    Range* const place = header ? place_of(id, part, coding) : nullptr;
    const std::uint32_t value = header ? skip_lws(buffer, colon + 1, line.end) : at;
    if (place != nullptr && !place->present()) *place = span_of(value, trim_end(buffer, value, line.end));
    at = line.next;
  }
  part.headers = span_of(first, at);
  part.bar = bar_of(buffer, coding);
  return at;
}

Range value_of(const Message& message, HeaderId id) {
  const Header* header = message.find(id);
  return header == nullptr ? Range{} : header->value();
}

/// The message's body as a whole.
void read_own(const Message& message, BodyPart& own) {
  own.content = message.body();
  own.content_type = value_of(message, HeaderId::content_type);
  own.content_disposition = value_of(message, HeaderId::content_disposition);
  own.content_id = value_of(message, HeaderId::content_id);
  own.content_length = value_of(message, HeaderId::content_length);
  own.bar = bar_of(message.bytes(), {value_of(message, HeaderId::content_encoding),
                                     value_of(message, HeaderId::content_transfer_encoding)});
  if (own.bar == BodyBar::none && message.framing() == Framing::too_short) own.bar = BodyBar::truncated;
  set_type(message.bytes(), own);
}

}  // namespace

BodyParts::BodyParts(const Message& message) : buffer_(message.bytes()) {
  own_pending_ = message.body().length > 0;
  if (own_pending_) read_own(message, own_);
}

std::optional<BodyPart> BodyParts::next() {
  if (own_pending_) {
    own_pending_ = false;
    if (!open(own_)) return own_;
  }
  while (depth_ > 0) {
    const std::optional<BodyPart> part = next_in(levels_[depth_ - 1]);
    if (!part) {
      --depth_;
    } else if (!open(*part)) {
      return part;
    }
  }
  return std::nullopt;
}

/// Goes into a multipart body; false if `part` is none, or cannot be taken apart.
bool BodyParts::open(const BodyPart& part) {
  const bool coded = part.bar == BodyBar::content_encoding || part.bar == BodyBar::transfer_encoding;
  if (coded || depth_ == kMaxDepth || !base::iequals(part.type.type.of(buffer_), "multipart")) return false;
  const Range boundary = parameter_value(buffer_, part.type.parameters, "boundary");
  if (boundary.length == 0 || boundary.length > kMaxBoundary) return false;
  const std::optional<Delimiter> first =
      find_delimiter(buffer_, boundary.of(buffer_), part.content.offset, part.content.end());
  if (!first) return false;
  const BodyBar bar = part.bar != BodyBar::none ? part.bar : bar_of_type(buffer_, part.type);
  levels_[depth_++] = {boundary, first->next, part.content.end(), bar, first->final};
  return true;
}

std::optional<BodyPart> BodyParts::next_in(Level& level) {
  if (level.done || level.at >= level.end) return std::nullopt;
  BodyPart part;
  const std::uint32_t begin = level.at;
  const std::optional<Delimiter> stop = find_delimiter(buffer_, level.boundary.of(buffer_), begin, level.end);
  const std::uint32_t end = stop ? before_line_end(buffer_, stop->at, begin) : level.end;
  part.closed = stop.has_value();
  level.done = !stop || stop->final;
  level.at = stop ? stop->next : level.end;
  // The line end before the delimiter may be the empty line that ends the headers.
  const std::uint32_t content = read_headers(buffer_, begin, stop ? stop->at : end, part);
  part.content = span_of(std::min(content, end), end);
  part.depth = depth_;
  if (level.bar != BodyBar::none) part.bar = level.bar;
  set_type(buffer_, part);
  return part;
}

std::optional<BodyPart> find_sdp(const Message& message) {
  std::optional<BodyPart> own;
  if (message.body().length == 0) return own;
  // Nearly always the body is the SDP: then the walk through parts, and the room it needs, are saved.
  read_own(message, own.emplace());
  if (is_sdp(message.bytes(), *own)) return own;
  BodyParts parts(message);
  while (std::optional<BodyPart> part = parts.next())
    if (is_sdp(message.bytes(), *part)) return part;
  return std::nullopt;
}

Bytes text(BodyBar bar) {
  switch (bar) {
    case BodyBar::none:
      return "nothing bars an edit";
    case BodyBar::content_encoding:
      return "the body is compressed or coded (Content-Encoding)";
    case BodyBar::transfer_encoding:
      return "the body is coded for transfer (Content-Transfer-Encoding)";
    case BodyBar::smime_signed:
      return "the body is signed (S/MIME)";
    case BodyBar::smime_encrypted:
      return "the body is encrypted (S/MIME)";
    case BodyBar::truncated:
      return "the body is shorter than Content-Length says";
  }
  return {};
}

}  // namespace viaduct::sip
