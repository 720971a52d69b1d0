// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "sip/fields.hpp"
#include "sip/message.hpp"

#include <array>
#include <cstdint>
#include <optional>

/// Finds what a message carries: a single body, or the parts of a multipart one (RFC 2046 5.1, RFC 5621).
namespace viaduct::sip {

/// Why the octets of a body must not be changed, or are not what they seem.
enum class BodyBar : std::uint8_t {
  none,
  content_encoding,   ///< compressed or otherwise coded (RFC 3261 20.12)
  transfer_encoding,  ///< base64, quoted-printable or unknown; 7bit, 8bit and binary are none
  smime_signed,       ///< inside multipart/signed: an edit breaks the signature (RFC 3261 23.3)
  smime_encrypted,    ///< inside multipart/encrypted, or application/pkcs7-mime
  truncated,          ///< Content-Length promises more than was received
};
[[nodiscard]] Bytes text(BodyBar bar);

/// A body that is not multipart: the message's own, or one part. Ranges are offsets into the message's buffer.
struct BodyPart {
  Range headers;                ///< header lines of the part; absent for the message's own body
  Range content;                ///< without the line end that belongs to the next boundary
  Range content_type;           ///< header value; absent if there is none (then text/plain, RFC 2046 5.2)
  Range content_disposition;    ///< header value or absent
  Range content_id;             ///< header value or absent
  Range content_length;         ///< value of a part's own Content-Length, which an edit makes wrong; absent as a rule
  MediaType type;               ///< all absent if there is no Content-Type or it cannot be read
  BodyBar bar = BodyBar::none;  ///< the first that applies, outermost level first
  std::uint8_t depth = 0;       ///< 0: the message's own body, 1: part of it, 2: part of a part
  bool closed = true;           ///< false: a boundary that should end it is missing, it runs to the end
};

/// Walks all bodies of a message that are not multipart themselves, in order and depth first. Preambles and
/// epilogues are skipped, a missing final boundary is tolerated. Nothing is allocated. Multipart deeper than kMaxDepth,
/// or without a usable boundary parameter, is given out as one part.
class BodyParts {
 public:
  static constexpr std::size_t kMaxDepth = 6;

  explicit BodyParts(const Message& message);
  /// The next body, nullopt at the end. A message without body has none.
  [[nodiscard]] std::optional<BodyPart> next();

 private:
  /// A multipart body whose parts are being walked.
  struct Level {
    Range boundary;     ///< the parameter value without quotes
    std::uint32_t at;   ///< behind the line of the last delimiter
    std::uint32_t end;  ///< of this multipart body
    BodyBar bar;
    bool done;  ///< the final delimiter was seen
  };

  bool open(const BodyPart& part);
  std::optional<BodyPart> next_in(Level& level);

  Bytes buffer_;
  BodyPart own_;
  std::array<Level, kMaxDepth> levels_;
  std::uint8_t depth_ = 0;
  bool own_pending_ = false;
};

/// The first body of type application/sdp, wherever it is nested. More than one is legal (multipart/alternative,
/// early media in several parts): use BodyParts where that matters.
[[nodiscard]] std::optional<BodyPart> find_sdp(const Message& message);

}  // namespace viaduct::sip
