// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "sip/header.hpp"
#include "sip/problem.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <type_traits>

namespace viaduct::sip {

/// Methods are case-sensitive (RFC 3261 7.1).
enum class Method : std::uint8_t {
  none,  ///< a response
  invite,
  ack,
  bye,
  cancel,
  register_,
  options,
  prack,
  subscribe,
  notify,
  publish,
  info,
  refer,
  message,
  update,
  other  ///< another token
};
[[nodiscard]] Method method_of(Bytes token);
/// "INVITE"; empty for Method::none, "other" for Method::other.
[[nodiscard]] Bytes name(Method method);

/// How Content-Length fits what was received (RFC 3261 18.3, 20.14).
enum class Framing : std::uint8_t {
  absent,     ///< no Content-Length: the body is the rest of the datagram
  exact,      ///< the body is the rest and its length is right
  trailing,   ///< octets follow the body; they belong to nothing
  too_short,  ///< the body ends before the promised length; body() is what is there
  invalid     ///< Content-Length cannot be read, or there are several; body() is the rest
};

class Message;
/// Reads the structure of one whole message: start line, header lines, where the body is. The buffer is a
/// datagram, or one message cut out of a stream by the framer. Nothing is copied, changed or allocated;
/// field values are looked at by the typed functions only. Accepts what the field sends: any mix of CRLF, LF and
/// CR as line ends, LWS before the colon, folding, compact and odd-case names, line ends before the start line,
/// several blanks in the start line, no empty line at the end. check() names what was tolerated.
/// The result refers to `buffer`, which must outlive it.
[[nodiscard]] Result<Message> parse(Bytes buffer);

/// Received octets plus ranges. Trivially copyable; all views die with the buffer given to parse().
class Message {
 public:
  static constexpr std::size_t kMaxHeaders = 128;
  static constexpr std::size_t kMaxSize = 1U << 30;

  // Not "= default": the header table must stay uninitialised, one is made per packet.
  Message() {}  // NOLINT(modernize-use-equals-default,bugprone-*,clang-analyzer-*)

  /// Everything given to parse(), also octets before and after the message.
  [[nodiscard]] Bytes bytes() const { return buffer_; }
  [[nodiscard]] Bytes text(Range range) const { return range.of(buffer_); }

  [[nodiscard]] bool is_request() const { return method_ != Method::none; }
  /// Of the start line; Method::none for a response.
  [[nodiscard]] Method method() const { return method_; }
  [[nodiscard]] Range method_text() const { return is_request() ? first_token_ : Range{}; }
  /// As received, blanks at its ends off; absent for a response. parse_uri() says whether it is one.
  [[nodiscard]] Range request_uri() const { return is_request() ? second_ : Range{}; }
  /// 100 to 699; 0 for a request.
  [[nodiscard]] std::uint16_t status() const { return status_; }
  /// Present and perhaps empty for a response, absent for a request.
  [[nodiscard]] Range reason() const { return is_request() ? Range{} : second_; }
  /// "SIP/2.0" as received.
  [[nodiscard]] Range version() const { return version_; }
  [[nodiscard]] bool is_version_2() const { return version_2_; }
  /// Without its line end.
  [[nodiscard]] Range start_line() const { return start_line_; }

  /// From the first header line to the end of the last one's line end; without the empty line.
  [[nodiscard]] Range header_section() const { return header_section_; }
  /// The message had the empty line that ends the header section.
  [[nodiscard]] bool has_empty_line() const { return has_empty_line_; }
  /// What Content-Length says, clipped to what is there. Present and empty if there is no body.
  [[nodiscard]] Range body() const { return body_; }
  [[nodiscard]] Framing framing() const { return framing_; }

  /// In the order received.
  [[nodiscard]] std::span<const Header> headers() const VIADUCT_LIFETIME_BOUND { return {headers_.data(), count_}; }
  /// The first header of an id, nullptr if there is none. One load. Not for HeaderId::other.
  [[nodiscard]] const Header* find(HeaderId id) const VIADUCT_LIFETIME_BOUND {
    const std::uint8_t at = first_[static_cast<std::size_t>(id)];
    return at == kNone ? nullptr : &headers_[at];
  }
  /// The next header of the same id, nullptr if `header` was the last:
  /// for (const Header* h = m.find(id); h != nullptr; h = m.next(*h)).
  [[nodiscard]] const Header* next(const Header& header) const VIADUCT_LIFETIME_BOUND {
    return is_repeated(header.id) ? search(header) : nullptr;
  }
  /// The first header with this name in any case, for headers without an id; nullptr if there is none.
  [[nodiscard]] const Header* find_name(Bytes name) const VIADUCT_LIFETIME_BOUND;

 private:
  friend class MessageParser;
  static constexpr std::uint8_t kNone = 0xff;

  static constexpr std::uint64_t bit_of(HeaderId id) { return std::uint64_t{1} << (static_cast<unsigned>(id) % 64); }
  [[nodiscard]] bool is_repeated(HeaderId id) const {
    return (repeated_[static_cast<std::size_t>(id) / 64] & bit_of(id)) != 0;
  }
  [[nodiscard]] const Header* search(const Header& header) const;

  Bytes buffer_;
  Range start_line_;
  Range first_token_;  ///< method, or status code
  Range second_;       ///< Request-URI, or reason phrase
  Range version_;
  Range header_section_;
  Range body_;
  std::uint16_t status_ = 0;
  Method method_ = Method::none;
  Framing framing_ = Framing::absent;
  bool version_2_ = false;
  bool has_empty_line_ = false;
  std::uint8_t count_ = 0;
  std::array<std::uint64_t, 2> repeated_{};     ///< a bit for each id that more than one header has
  std::array<std::uint8_t, kHeaderIds> first_;  ///< index of the first header of each id
  std::array<Header, kMaxHeaders> headers_;
  static_assert(kHeaderIds <= 128);
};
static_assert(std::is_trivially_copyable_v<Message>);

}  // namespace viaduct::sip
