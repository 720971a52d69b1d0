// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "call/event.hpp"
#include "call/media.hpp"
#include "call/reading.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace viaduct::call {

/// What came of a description (RFC 3264).
enum class Agreement : std::uint8_t {
  offered,    ///< nobody answered yet; its author receives there already (RFC 3264 5.1)
  agreed,     ///< by an answer, or it is one
  withdrawn,  ///< the offer was refused; what was agreed before goes on (RFC 3261 14.1)
};
[[nodiscard]] Bytes name(Agreement agreement);

/// Where one party receives one m= line's media, from when until when. `until` lies behind the `from` of the next
/// span while an offer is not answered: both hold.
struct MediaSpan {
  static constexpr std::uint8_t kAnyDialog = 0xff;

  Time from{};
  Time until = kNever;
  FrameRef frame;          ///< the message that says so
  std::uint32_t cseq = 0;  ///< and its CSeq number
  std::uint16_t status = 0;
  sip::Method method = sip::Method::none;
  std::uint16_t id = 0;              ///< of the leg's spans, in their order
  std::uint8_t line = 0;             ///< index of the m= line
  std::uint8_t dialog = kAnyDialog;  ///< index into Call::dialogs; kAnyDialog: an offer before there is one
  Party receiver = Party::caller;
  Agreement agreement = Agreement::offered;
  bool offer = false;   ///< it stood in an offer, not in an answer
  bool changed = true;  ///< since the index saw it last
  net::Address source;  ///< the packet's source address, to hold `media.rtp` against
  MediaLine media;

  [[nodiscard]] bool at(Time time) const { return from <= time && time < until; }
};

/// Offer and answer of one leg (RFC 3264, 3311, 3262, RFC 6337), over all of its dialogs.
class Negotiation {
 public:
  static constexpr std::size_t kMaxSpans = 96;  ///< past them the first and the newest are kept

  /// What a description changed for media, to be marked as an event.
  struct Change {
    EventKind kind{};
    Party receiver{};
    std::uint8_t line = 0;
  };

  /// The first sighting of a message with a description. `sender` of the message; `dialog` it belongs to.
  std::vector<Change> add(const Reading& reading, Party sender, std::uint8_t dialog, MediaDescription description);
  /// The first sighting of a final response other than 2xx: an offer of its request is void.
  /// `requester`: who sent the request.
  void refuse(const Reading& reading, Party requester);
  /// The call is over at `time`: nobody receives any more.
  void end(Time time);

  [[nodiscard]] std::span<const MediaSpan> spans() const VIADUCT_LIFETIME_BOUND { return spans_; }
  [[nodiscard]] std::span<MediaSpan> spans() VIADUCT_LIFETIME_BOUND { return spans_; }
  /// The span that holds for a party's line at a time: the latest one that is not withdrawn; nullptr if none does.
  [[nodiscard]] const MediaSpan* at(Party receiver, std::uint8_t line, Time time) const VIADUCT_LIFETIME_BOUND;

  [[nodiscard]] std::uint32_t exchanges() const { return exchanges_; }  ///< answered offers
  [[nodiscard]] std::uint32_t unchanged() const { return unchanged_; }  ///< descriptions that said nothing new
  [[nodiscard]] std::uint32_t refused() const { return refused_; }      ///< offers
  [[nodiscard]] std::uint32_t stray() const { return stray_; }          ///< where neither offer nor answer can stand
  [[nodiscard]] std::uint32_t dropped() const { return dropped_; }      ///< spans without room

  /// Keeps the first and last `most` / 2 spans and no more than `codecs` payload types and candidates of each.
  void shrink(std::size_t most, std::size_t codecs);
  [[nodiscard]] std::size_t footprint() const;

 private:
  struct Offer {
    Party author{};
    Party requester{};  ///< who sent the INVITE, UPDATE or PRACK that it stood in or whose response
    std::uint32_t cseq = 0;
    bool in_response = false;  ///< to an INVITE without one; ACK or PRACK answers
    bool answered = false;     ///< by a first one: forks may answer one offer several times
  };
  enum class Role : std::uint8_t { offer, answer, again, stray };

  [[nodiscard]] Role role_of(const Reading& reading, Party sender) const;
  [[nodiscard]] Role role_in_response(const Reading& reading, Party sender) const;
  std::optional<Offer>& offer_of(sip::Method method) { return method == sip::Method::invite ? invite_ : other_; }
  MediaSpan* latest(Party receiver, std::uint8_t line, std::uint8_t dialog);
  bool take_line(const Reading& reading, const MediaSpan& span);
  bool make_room();
  void accept(const Reading& reading, Party sender, std::uint8_t dialog, std::vector<Change>& changes);
  void agree(Time time, Party receiver, std::uint8_t dialog, std::vector<Change>& changes);
  void settle(std::size_t at, Time time, std::vector<Change>& changes);

  std::vector<MediaSpan> spans_;
  std::optional<Offer> invite_;  ///< of the last INVITE
  std::optional<Offer> other_;   ///< of the last UPDATE or PRACK
  std::uint32_t exchanges_ = 0;
  std::uint32_t unchanged_ = 0;
  std::uint32_t refused_ = 0;
  std::uint32_t stray_ = 0;
  std::uint32_t dropped_ = 0;
  std::uint16_t next_id_ = 0;
};

}  // namespace viaduct::call
