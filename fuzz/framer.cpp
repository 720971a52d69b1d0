// SPDX-License-Identifier: GPL-2.0-or-later
// A byte stream in pieces whose sizes the input chooses: the same messages and the same end as in one piece.
//   octet 0: number of pieces n, octet 1: limit / 256, octets 2 to n + 1: sizes of pieces, then the stream
#include "sip/framer.hpp"

#include "base/text.hpp"
#include "sip/message.hpp"
#include "target.hpp"

#include <string>
#include <vector>

namespace {

using namespace viaduct;

/// What a stream held: messages with the number of CRLFs before each, and how it ended.
struct Heard {
  std::vector<std::string> frames;
  std::string end;
  friend bool operator==(const Heard&, const Heard&) = default;
};

void check_message(base::Bytes octets) {
  const sip::Result<sip::Message> message = sip::parse(octets);
  if (!message) return;  // borders can be certain where a header line is broken
  VIADUCT_CHECK(message->framing() == sip::Framing::exact || message->framing() == sip::Framing::invalid);
  VIADUCT_CHECK(message->body().end() == octets.size());
}

/// Takes frames off the front; true if more octets may bring more.
bool take_frames(std::string& unread, std::size_t limit, Heard& heard, std::size_t& crlfs) {
  for (;;) {
    const sip::Frame frame = sip::next_frame(unread, limit);
    if (frame.outcome == sip::FrameOutcome::need_more) {
      VIADUCT_CHECK(frame.at_least > unread.size() && frame.consumed == 0);
      VIADUCT_CHECK(frame.at_least <= limit || frame.at_least <= 4);
      return true;
    }
    if (frame.outcome == sip::FrameOutcome::invalid) {
      heard.end = std::string(sip::text(frame.problem)) + std::to_string(frame.offset);
      return false;
    }
    VIADUCT_CHECK(frame.consumed > 0 && frame.consumed <= unread.size());
    if (frame.kind == sip::FrameKind::message) {
      VIADUCT_CHECK(frame.consumed <= limit);
      heard.frames.push_back(std::to_string(crlfs) + ":" + unread.substr(0, frame.consumed));
      check_message(base::Bytes(unread).substr(0, frame.consumed));
      crlfs = 0;
    } else {
      VIADUCT_CHECK(unread.starts_with(frame.kind == sip::FrameKind::ping ? "\r\n\r\n" : "\r\n"));
      crlfs += frame.consumed / 2;
    }
    unread.erase(0, frame.consumed);
  }
}

Heard hear(base::Bytes stream, base::Bytes pieces, std::size_t limit) {
  Heard heard;
  std::string unread;
  std::size_t crlfs = 0;
  for (std::size_t fed = 0, turn = 0; fed < stream.size(); ++turn) {
    // No piece is empty; behind the last one comes the rest.
    const std::size_t size = turn < pieces.size() ? static_cast<std::uint8_t>(pieces[turn]) + std::size_t{1} : 0;
    const base::Bytes piece = size == 0 ? stream.substr(fed) : stream.substr(fed, size);
    unread += piece;
    fed += piece.size();
    if (!take_frames(unread, limit, heard, crlfs)) return heard;
  }
  for (; unread.starts_with("\r\n"); unread.erase(0, 2)) ++crlfs;  // half of what may become a ping
  heard.end = std::to_string(crlfs) + ":" + unread;
  return heard;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const std::size_t count = input.octet();
  const std::size_t limit = std::size_t{64} + input.octet() * std::size_t{256};
  const base::Bytes pieces = input.take(count);
  const base::Bytes stream = input.rest();
  VIADUCT_CHECK(hear(stream, pieces, limit) == hear(stream, {}, limit));
  return 0;
}
