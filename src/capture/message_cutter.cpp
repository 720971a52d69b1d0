// SPDX-License-Identifier: GPL-2.0-or-later
#include "capture/message_cutter.hpp"

#include "capture/content.hpp"
#include "capture/hep.hpp"

#include <algorithm>
#include <utility>

namespace viaduct::capture {
namespace {

constexpr std::size_t kLongestMethod = 32;
constexpr base::Bytes kHeaderEnd = "\r\n\r\n";

/// Octets with which a message or keep-alive may begin. Longer than a method without a blank is none.
bool may_begin(base::Bytes octets) {
  if (octets.starts_with('\r') || octets.starts_with("HEP3")) return true;
  const std::size_t blank = octets.substr(0, kLongestMethod).find(' ');
  const base::Bytes word = octets.substr(0, std::min(blank, octets.size()));
  const bool letters = std::all_of(word.begin(), word.end(), [](char c) { return c > ' ' && c < '\x7f'; });
  return letters && (blank != base::Bytes::npos || octets.size() < kLongestMethod);
}

/// After lost borders, only what can hardly be anything else.
bool surely_begins(base::Bytes octets) {
  return !octets.starts_with('\r') && !octets.starts_with('\n') &&
         (looks_like_sip(octets, true) || hep3_length(octets).has_value());
}

}  // namespace

void MessageCutter::octets(base::Bytes octets, std::uint64_t number, Time time) {
  if (!in_step_) {
    if (!surely_begins(octets)) return;
    in_step_ = true;
  } else if (unread_.empty() && !may_begin(octets)) {
    lose(sip::FrameProblem::not_sip, 0, number);
    return;
  }
  unread_ += octets;
  marks_.push_back({unread_.size(), number, time});
  if (unread_.size() >= at_least_ && worth_a_look()) cut(number);
}

/// A header section that comes octet by octet is not read anew with each of them, once it is long: only when it has its
/// end, has doubled or grown too large.
bool MessageCutter::worth_a_look() {
  constexpr std::size_t kShort = 4096;
  if (header_ < kShort || unread_.size() >= std::min(2 * header_, kMaxMessage)) return true;
  const std::size_t from = std::exchange(searched_, unread_.size()) - (kHeaderEnd.size() - 1);
  return unread_.find(kHeaderEnd, from) != std::string::npos;
}

void MessageCutter::cut(std::uint64_t number) {
  std::size_t from = 0;
  header_ = 0;
  while (in_step_ && from < unread_.size()) {
    const std::size_t size = cut_one(from, number);
    if (size == 0) break;
    from += size;
  }
  if (!in_step_) return;
  unread_.erase(0, from);
  std::erase_if(marks_, [from](const Mark& mark) { return mark.end <= from; });
  for (Mark& mark : marks_) mark.end -= from;
  if (!unread_.starts_with("HEP3") && unread_.find(kHeaderEnd) == std::string::npos)
    header_ = searched_ = unread_.size();
}

/// Length of the frame at `from`, which has been handed out; 0 if it is not whole, or the borders are lost.
std::size_t MessageCutter::cut_one(std::size_t from, std::uint64_t number) {
  const base::Bytes rest = base::Bytes(unread_).substr(from);
  constexpr base::Bytes hep_magic = "HEP3";
  if (rest.starts_with(hep_magic.substr(0, rest.size()))) {
    const std::optional<std::size_t> size = hep3_length(rest);
    at_least_ = size.value_or(6);
    if (!size && rest.size() >= 6) lose(sip::FrameProblem::not_sip, from, number);
    if (!size || *size > rest.size()) return 0;
    hand_out(StreamMessage::Kind::hep, from, *size);
    return *size;
  }
  const sip::Frame frame = sip::next_frame(rest, kMaxMessage);
  at_least_ = frame.at_least;
  if (frame.outcome == sip::FrameOutcome::invalid) lose(frame.problem, from, number);
  if (frame.outcome != sip::FrameOutcome::complete) return 0;
  if (frame.kind == sip::FrameKind::message)
    hand_out(StreamMessage::Kind::sip, from, frame.consumed);
  else if (keep_alives_ < UINT16_MAX)
    ++keep_alives_;
  return frame.consumed;
}

void MessageCutter::hand_out(StreamMessage::Kind kind, std::size_t from, std::size_t size) {
  frames_.clear();
  StreamMessage message;
  message.kind = kind;
  message.octets = base::Bytes(unread_).substr(from, size);
  message.keep_alives = keep_alives_;
  auto mark = std::partition_point(marks_.begin(), marks_.end(), [from](const Mark& m) { return m.end <= from; });
  message.first = mark->time;
  for (bool whole = false; !whole; ++mark) {
    message.last = mark->time;
    frames_.push_back(mark->number);
    whole = mark->end >= from + size;
  }
  message.frames = frames_;
  keep_alives_ = 0;
  at_least_ = 0;
  found_ = true;
  sink_->message(message);
}

void MessageCutter::gap(std::uint32_t, std::uint64_t number, Time) {
  // Between two messages nothing is torn, but what is missing may have been any number of them.
  if (in_step_) lose(std::nullopt, 0, number);
}

void MessageCutter::lose(std::optional<sip::FrameProblem> problem, std::size_t from, std::uint64_t number) {
  // What never looked like SIP is no loss.
  const base::Bytes rest = base::Bytes(unread_).substr(from);
  if (found_ || looks_like_sip(rest, true)) sink_->lost(problem, rest, number);
  in_step_ = false;
  unread_.clear();
  marks_.clear();
  at_least_ = 0;
  header_ = 0;
  keep_alives_ = 0;
}

}  // namespace viaduct::capture
