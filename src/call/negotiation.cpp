// SPDX-License-Identifier: GPL-2.0-or-later
#include "call/negotiation.hpp"

#include <algorithm>
#include <utility>

namespace viaduct::call {

namespace {

/// Whether two spans are about the same dialog. An offer before there is a dialog is about all that follow.
[[nodiscard]] bool together(std::uint8_t a, std::uint8_t b) {
  return a == b || a == MediaSpan::kAnyDialog || b == MediaSpan::kAnyDialog;
}

void close(MediaSpan& span, Time time) {
  span.until = std::max(time, span.from);
  span.changed = true;
}

[[nodiscard]] bool moved(const MediaLine& before, const MediaLine& now) {
  return before.rtp != now.rtp || before.rtcp != now.rtcp;
}

}  // namespace

Bytes name(Agreement agreement) {
  switch (agreement) {
    case Agreement::offered:
      return "offered";
    case Agreement::agreed:
      return "agreed";
    case Agreement::withdrawn:
      return "withdrawn";
  }
  return "";
}

Negotiation::Role Negotiation::role_of(const Reading& reading, Party sender) const {
  if (!reading.is_request()) return role_in_response(reading, sender);
  const bool waits = invite_ && invite_->in_response && !invite_->answered && invite_->author != sender;
  switch (reading.method) {
    case sip::Method::invite:
    case sip::Method::update:
      return Role::offer;
    case sip::Method::prack:
      return waits ? Role::answer : Role::offer;
    case sip::Method::ack:
      return waits ? Role::answer : Role::stray;
    default:
      return Role::stray;
  }
}

Negotiation::Role Negotiation::role_in_response(const Reading& reading, Party sender) const {
  const bool success = reading.is_success();
  if (reading.method == sip::Method::invite) {
    if (reading.status >= 300) return Role::stray;  // 488 and 606 may tell what would do (RFC 3261 21.6.4)
    if (!invite_ || invite_->cseq != reading.cseq || invite_->requester != other(sender)) return Role::offer;
    if (invite_->in_response) return invite_->author == sender ? Role::again : Role::stray;
    return Role::answer;
  }
  const bool answers = other_ && other_->cseq == reading.cseq && other_->author != sender && success;
  return answers ? Role::answer : Role::stray;
}

std::vector<Negotiation::Change> Negotiation::add(const Reading& reading, Party sender, std::uint8_t dialog,
                                                  MediaDescription description) {
  std::vector<Change> changes;
  const Role role = role_of(reading, sender);
  if (role == Role::stray) {
    ++stray_;
    return changes;
  }
  if (role == Role::offer)
    offer_of(reading.method) = Offer{.author = sender,
                                     .requester = reading.is_request() ? sender : other(sender),
                                     .cseq = reading.cseq,
                                     .in_response = !reading.is_request()};
  MediaSpan span;
  span.from = reading.sighting.time;
  span.frame = reading.sighting.frame;
  span.cseq = reading.cseq;
  span.status = reading.status;
  span.method = reading.method;
  span.dialog = dialog;
  span.receiver = sender;
  span.offer = role != Role::answer;
  span.source = reading.sighting.source.address;
  bool news = false;
  for (MediaLine& line : description.lines) {
    span.media = std::move(line);
    news = take_line(reading, span) || news;
    ++span.line;
  }
  if (!news) ++unchanged_;
  if (role == Role::answer) accept(reading, sender, dialog, changes);
  return changes;
}

MediaSpan* Negotiation::latest(Party receiver, std::uint8_t line, std::uint8_t dialog) {
  const auto found = std::find_if(spans_.rbegin(), spans_.rend(), [&](const MediaSpan& span) {
    return span.receiver == receiver && span.line == line && together(span.dialog, dialog);
  });
  return found == spans_.rend() ? nullptr : &*found;
}

/// False if it says what its author's last description said.
bool Negotiation::take_line(const Reading& reading, const MediaSpan& span) {
  MediaSpan* const before = latest(span.receiver, span.line, span.dialog);
  // What was agreed with a server that refused in the end (early media) is over, and does not go on with the next one.
  const bool ended = before != nullptr && before->agreement == Agreement::agreed && before->until != kNever;
  if (before != nullptr && !ended && before->media == span.media) {
    if (before->agreement == Agreement::withdrawn) {  // the INVITE that comes again with credentials
      before->agreement = Agreement::offered;
      before->until = kNever;
      before->cseq = reading.cseq;
      before->changed = true;
    }
    return false;
  }
  if (before != nullptr && before->agreement == Agreement::offered) {
    before->agreement = Agreement::withdrawn;
    close(*before, span.from);
  }
  if (spans_.size() >= kMaxSpans) {
    ++dropped_;
    if (!make_room()) return true;
  }
  spans_.push_back(span);
  spans_.back().id = next_id_++;
  return true;
}

/// How media began is kept, and how it goes on: of what is over and known to the index the oldest between gives way.
bool Negotiation::make_room() {
  constexpr std::ptrdiff_t kBeginning = 8;
  const auto old = std::find_if(spans_.begin() + kBeginning, spans_.end(),
                                [](const MediaSpan& span) { return span.until != kNever && !span.changed; });
  if (old == spans_.end()) return false;
  spans_.erase(old);
  return true;
}

void Negotiation::accept(const Reading& reading, Party sender, std::uint8_t dialog, std::vector<Change>& changes) {
  // An ACK or PRACK answers an INVITE's response.
  std::optional<Offer>& offer = reading.is_request() ? invite_ : offer_of(reading.method);
  if (offer && !std::exchange(offer->answered, true)) ++exchanges_;
  agree(reading.sighting.time, other(sender), dialog, changes);
  agree(reading.sighting.time, sender, dialog, changes);
}

void Negotiation::agree(Time time, Party receiver, std::uint8_t dialog, std::vector<Change>& changes) {
  for (std::size_t at = 0; at < spans_.size(); ++at) {
    const MediaSpan& span = spans_[at];
    if (span.receiver == receiver && span.agreement == Agreement::offered && together(span.dialog, dialog))
      settle(at, time, changes);
  }
}

void Negotiation::settle(std::size_t at, Time time, std::vector<Change>& changes) {
  MediaSpan& span = spans_[at];
  span.agreement = Agreement::agreed;
  span.changed = true;
  MediaSpan* before = nullptr;
  for (std::size_t i = 0; i < at; ++i)
    if (spans_[i].receiver == span.receiver && spans_[i].line == span.line &&
        spans_[i].agreement == Agreement::agreed && spans_[i].until == kNever &&
        together(spans_[i].dialog, span.dialog))
      before = &spans_[i];
  const auto mark = [&](EventKind kind) { changes.push_back({kind, span.receiver, span.line}); };
  const bool was_open = before != nullptr && !before->media.closed();
  const bool was_held = was_open && before->media.held();
  if (before != nullptr) close(*before, time);
  if (span.media.closed()) {
    if (was_open) mark(EventKind::media_closed);
    return;
  }
  if (!was_open)
    mark(EventKind::media_opened);
  else if (moved(before->media, span.media))
    mark(EventKind::media_moved);
  if (span.media.held() != was_held) mark(span.media.held() ? EventKind::held : EventKind::resumed);
}

void Negotiation::refuse(const Reading& reading, Party requester) {
  std::optional<Offer>& offer = offer_of(reading.method);
  if (!offer || offer->cseq != reading.cseq || offer->requester != requester || offer->answered) return;
  for (MediaSpan& span : spans_)
    if (span.receiver == offer->author && span.agreement == Agreement::offered && span.cseq == reading.cseq) {
      span.agreement = Agreement::withdrawn;
      close(span, reading.sighting.time);
    }
  ++refused_;
  offer.reset();
}

void Negotiation::end(Time time) {
  for (MediaSpan& span : spans_)
    if (span.until > time) close(span, time);
}

const MediaSpan* Negotiation::at(Party receiver, std::uint8_t line, Time time) const {
  const MediaSpan* found = nullptr;
  for (const MediaSpan& span : spans_) {
    if (span.receiver != receiver || span.line != line || !span.at(time)) continue;
    const bool worse = found != nullptr && found->agreement == Agreement::agreed && span.agreement != Agreement::agreed;
    if (!worse) found = &span;
  }
  return found;
}

void Negotiation::shrink(std::size_t most, std::size_t codecs) {
  if (spans_.size() > most) {
    const std::size_t head = most / 2;
    const std::size_t gone = spans_.size() - most;
    const auto first = spans_.begin() + static_cast<std::ptrdiff_t>(head);
    spans_.erase(first, first + static_cast<std::ptrdiff_t>(gone));
    dropped_ += static_cast<std::uint32_t>(gone);
  }
  for (MediaSpan& span : spans_) {
    if (span.media.codecs.size() > codecs) span.media.codecs.resize(codecs);
    if (span.media.candidates.size() > codecs) span.media.candidates.resize(codecs);
    span.media.codecs.shrink_to_fit();
    span.media.candidates.shrink_to_fit();
  }
  spans_.shrink_to_fit();
}

std::size_t Negotiation::footprint() const {
  std::size_t octets = spans_.capacity() * sizeof(MediaSpan);
  for (const MediaSpan& span : spans_) octets += span.media.footprint();
  return octets;
}

}  // namespace viaduct::call
