// SPDX-License-Identifier: GPL-2.0-or-later
#include "sip/framer.hpp"

#include "base/text.hpp"
#include "sip/grammar.hpp"
#include "sip/header.hpp"
#include "sip/scan.hpp"

#include <limits>
#include <optional>

namespace viaduct::sip {
namespace {

Frame need(std::size_t at_least) {
  Frame frame;
  frame.at_least = at_least;
  return frame;
}

Frame invalid(FrameProblem problem, std::size_t offset) {
  Frame frame;
  frame.outcome = FrameOutcome::invalid;
  frame.problem = problem;
  frame.offset = static_cast<std::uint32_t>(offset);
  return frame;
}

Frame complete(FrameKind kind, std::size_t length) {
  Frame frame;
  frame.outcome = FrameOutcome::complete;
  frame.kind = kind;
  frame.consumed = length;
  return frame;
}

/// What begins with CR: keep-alives of RFC 5626 4.4.1.
Frame keep_alive(base::Bytes unread) {
  if (unread.size() == 1) return need(2);
  if (unread[1] != '\n') return invalid(FrameProblem::bare_line_end, 0);
  if (unread.size() == 2 || unread[2] != '\r') return complete(FrameKind::pong, 2);
  if (unread.size() == 3) return need(4);
  return unread[3] == '\n' ? complete(FrameKind::ping, 4) : complete(FrameKind::pong, 2);
}

/// "SIP" "/" 1*DIGIT "." 1*DIGIT at the front of `text`; its length, else 0.
std::size_t version_length(base::Bytes text) {
  if (!base::iequals(text.substr(0, 4), "SIP/")) return 0;
  std::size_t at = 4;
  while (at < text.size() && base::kDigits.contains(text[at])) ++at;
  if (at == 4 || at == text.size() || text[at] != '.') return 0;
  const std::size_t minor = ++at;
  while (at < text.size() && base::kDigits.contains(text[at])) ++at;
  return at == minor ? 0 : at;
}

/// Request-Line and Status-Line of RFC 3261 7.1 and 7.2, as far as telling SIP from anything else needs it.
bool is_start_line(base::Bytes line) {
  line = base::trim(line);
  const std::size_t version = version_length(line);
  if (version > 0)
    return line.size() > version + 1 && line[version] == ' ' && base::kDigits.contains(line[version + 1]);
  const std::size_t blank = line.rfind(' ');
  if (blank == base::Bytes::npos || blank == 0) return false;
  const base::Bytes last = line.substr(blank + 1);
  return !last.empty() && version_length(last) == last.size();
}

/// Reads one message; its state is what has been found so far.
class MessageFramer {
 public:
  MessageFramer(base::Bytes unread, std::size_t max_message)
      : unread_(unread), window_(unread.substr(0, max_message)), max_(max_message) {}

  Frame run() {
    if (!kToken.contains(window_.front())) return invalid(FrameProblem::not_sip, 0);
    if (const std::optional<Frame> stop = find_header_end()) return *stop;
    if (const std::optional<Frame> stop = read_headers()) return *stop;
    if (!has_length_) return invalid(FrameProblem::missing_content_length, header_end_);
    const std::size_t total = header_end_ + static_cast<std::size_t>(length_);
    return total <= unread_.size() ? complete(FrameKind::message, total) : need(total);
  }

 private:
  /// Sets start_line_end_ and header_end_ (behind the empty line).
  std::optional<Frame> find_header_end() {
    const std::uint32_t end = static_cast<std::uint32_t>(window_.size());
    for (std::uint32_t at = 0;;) {
      const std::uint32_t hit = scan::find<'\r', '\n', '\0'>(window_, at, end);
      if (start_line_end_ == 0)
        if (const std::optional<Frame> stop = start_line(hit)) return stop;
      if (hit == end) return ran_out();
      if (window_[hit] == '\0') return invalid(FrameProblem::control_octet, hit);
      if (window_[hit] == '\n') return invalid(FrameProblem::bare_line_end, hit);
      if (hit + 1 == end) return ran_out();
      if (window_[hit + 1] != '\n') return invalid(FrameProblem::bare_line_end, hit);
      at = hit + 2;
      if (window_.substr(at, 2) == "\r\n") {
        header_end_ = at + 2;
        return std::nullopt;
      }
    }
  }

  /// Looks at the start line up to `hit`, which ends it or the octets that are there.
  std::optional<Frame> start_line(std::uint32_t hit) {
    for (std::uint32_t at = 0; at < hit; ++at)
      if (static_cast<unsigned char>(window_[at]) < ' ' && window_[at] != '\t')
        return invalid(FrameProblem::control_octet, at);
    if (hit == window_.size() || window_[hit] == '\0') return std::nullopt;
    if (!is_start_line(window_.substr(0, hit))) return invalid(FrameProblem::not_sip, 0);
    start_line_end_ = hit;
    return std::nullopt;
  }

  /// The header section has not ended within what is there.
  [[nodiscard]] Frame ran_out() const {
    return window_.size() == max_ ? invalid(FrameProblem::too_large, max_) : need(unread_.size() + 1);
  }

  std::optional<Frame> read_headers() {
    const std::uint32_t end = static_cast<std::uint32_t>(header_end_ - 2);
    for (std::uint32_t at = static_cast<std::uint32_t>(start_line_end_ + 2); at < end;) {
      std::uint32_t stop = scan::find<'\r'>(window_, at, end);
      while (stop + 2 < end && (window_[stop + 2] == ' ' || window_[stop + 2] == '\t'))
        stop = scan::find<'\r'>(window_, stop + 2, end);
      const std::uint32_t colon = scan::find<':'>(window_, at, stop);
      const std::uint32_t name_end = trim_end(window_, at, colon);
      if (colon < stop && header_id(window_.substr(at, name_end - at)) == HeaderId::content_length)
        if (const std::optional<Frame> bad = content_length(colon + 1, stop)) return bad;
      at = stop + 2;
    }
    return std::nullopt;
  }

  std::optional<Frame> content_length(std::uint32_t at, std::uint32_t end) {
    at = skip_lws(window_, at, end);
    end = trim_end(window_, at, end);
    const base::Bytes digits = window_.substr(at, end - at);
    if (digits.empty()) return invalid(FrameProblem::bad_content_length, at);
    for (char c : digits)
      if (!base::kDigits.contains(c)) return invalid(FrameProblem::bad_content_length, at);
    const std::uint64_t value =
        base::parse_decimal<std::uint64_t>(digits).value_or(std::numeric_limits<std::uint64_t>::max());
    if (has_length_ && value != length_) return invalid(FrameProblem::conflicting_content_length, at);
    if (value > max_ - header_end_) return invalid(FrameProblem::too_large, at);
    has_length_ = true;
    length_ = value;
    return std::nullopt;
  }

  base::Bytes unread_;
  base::Bytes window_;  ///< no more of it than one message may have
  std::size_t max_;
  std::size_t start_line_end_ = 0;
  std::size_t header_end_ = 0;
  std::uint64_t length_ = 0;
  bool has_length_ = false;
};

}  // namespace

base::Bytes text(FrameProblem problem) {
  switch (problem) {
    case FrameProblem::not_sip:
      return "the first line is no start line of SIP";
    case FrameProblem::bare_line_end:
      return "a line of the header section does not end in CR and LF";
    case FrameProblem::control_octet:
      return "a control octet stands where text must be";
    case FrameProblem::missing_content_length:
      return "a message on a stream needs Content-Length";
    case FrameProblem::bad_content_length:
      return "Content-Length is not a decimal number";
    case FrameProblem::conflicting_content_length:
      return "several Content-Length headers do not say the same";
    case FrameProblem::too_large:
      return "the message is larger than this program takes from a stream";
  }
  return "no problem";
}

Frame next_frame(base::Bytes unread, std::size_t max_message) {
  if (unread.empty()) return need(1);
  if (unread.front() == '\r') return keep_alive(unread);
  if (unread.front() == '\n') return invalid(FrameProblem::bare_line_end, 0);
  return MessageFramer(unread, max_message).run();
}

}  // namespace viaduct::sip
