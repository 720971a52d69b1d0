// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "capture/record.hpp"
#include "capture/tcp_direction.hpp"
#include "sip/framer.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace viaduct::capture {

/// One SIP message or HEP3 packet out of a stream. Views live until the call that hands it out returns.
struct StreamMessage {
  enum class Kind : std::uint8_t { sip, hep };

  Kind kind = Kind::sip;
  base::Bytes octets;
  std::span<const std::uint64_t> frames;  ///< numbers of the frames it came in
  Time first{};                           ///< of the first and last of them
  Time last{};
  std::uint16_t keep_alives = 0;  ///< line ends before it
};

/// Takes what a MessageCutter finds.
class MessageSink {
 public:
  virtual void message(const StreamMessage& message) = 0;
  /// The borders of messages are lost at frame `number`: by what is wrong with one, or (none) by a gap in the capture.
  /// `octets` were already read of the message that is lost; reading goes on at the next segment that begins with one.
  virtual void lost(std::optional<sip::FrameProblem> problem, base::Bytes octets, std::uint64_t number) = 0;

 protected:
  ~MessageSink() = default;
};

/// Cuts one direction of a TCP connection into messages with sip::next_frame. A stream that carries something else
/// costs one look at the beginning of each segment, and no memory.
class MessageCutter final : public OctetSink {
 public:
  /// Larger bodies than a gateway takes are seen, and shown, in captures.
  static constexpr std::size_t kMaxMessage = 1U << 20;

  /// Whom the following calls tell; it must outlive them.
  void tell(MessageSink& sink) { sink_ = &sink; }
  /// The connection's first octet is next, which must be a message's first one if it carries SIP.
  void begin_at_start() { in_step_ = true; }

  void octets(base::Bytes octets, std::uint64_t number, Time time) override;
  void gap(std::uint32_t length, std::uint64_t number, Time time) override;

  /// Octets of memory that an unfinished message takes.
  [[nodiscard]] std::size_t held() const { return unread_.size() + marks_.size() * sizeof(Mark); }

 private:
  /// Where the octets of a frame end in unread_.
  struct Mark {
    std::size_t end = 0;
    std::uint64_t number = 0;
    Time time{};
  };

  [[nodiscard]] bool worth_a_look();
  void cut(std::uint64_t number);
  std::size_t cut_one(std::size_t from, std::uint64_t number);
  void hand_out(StreamMessage::Kind kind, std::size_t from, std::size_t size);
  void lose(std::optional<sip::FrameProblem> problem, std::size_t from, std::uint64_t number);

  MessageSink* sink_ = nullptr;
  std::string unread_;
  std::vector<Mark> marks_;
  std::vector<std::uint64_t> frames_;
  std::size_t at_least_ = 0;  ///< octets of unread_ before which a look is in vain
  std::size_t header_ = 0;    ///< octets of unread_ at the last look, if that found no end of the header section
  std::size_t searched_ = 0;  ///< and how many were searched for that end since
  std::uint16_t keep_alives_ = 0;
  bool in_step_ = false;  ///< unread_ begins where a message does
  bool found_ = false;
};

}  // namespace viaduct::capture
