// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/sides/judge.hpp"

#include "diagnose/sides/behaviour.hpp"
#include "diagnose/sides/written.hpp"
#include "sip/fields.hpp"
#include "sip/values.hpp"

#include <algorithm>

namespace viaduct::diagnose::sides {
namespace {

using Id = sip::HeaderId;

[[nodiscard]] bool overlaps(Range a, Range b) {
  return a.present() && b.present() && a.offset < b.end() && b.offset < a.end();
}
[[nodiscard]] bool touches(const Written& written, Range range) {
  return overlaps(written.address, range) || overlaps(written.port, range);
}

[[nodiscard]] sip::Framing framing_of(Bytes octets) {
  const sip::Result<sip::Message> read = sip::parse(octets);
  return read ? read->framing() : sip::Framing::invalid;
}
[[nodiscard]] bool is_well(sip::Framing framing) {
  return framing == sip::Framing::exact || framing == sip::Framing::absent;
}

/// One message that differs, on its way.
class Judge {
 public:
  Judge(Comparison& comparison, std::uint32_t pair)
      : comparison_(comparison),
        pair_(comparison.alignment.pairs[pair]),
        before_(comparison.before(pair_)),
        after_(comparison.after(pair_)),
        outbound_(comparison.outbound(pair_)) {
    message_.pair = pair;
  }

  std::optional<ChangedMessage> run() {
    const std::vector<FieldChange> changes = diff(before_.octets, after_.octets);
    written_before_ = written_in(before_.octets);
    if (!changes.empty()) written_after_ = written_in(after_.octets);
    message_.framing_before = framing_of(before_.octets);
    message_.framing_after = changes.empty() ? message_.framing_before : framing_of(after_.octets);
    for (const FieldChange& change : changes) message_.changes.push_back(judged(change));
    count_traits();
    if (changes.empty()) return std::nullopt;
    find_left();
    return std::move(message_);
  }

 private:
  /// What stands in `message` where `range` is, and where the other copy has its counterpart.
  [[nodiscard]] static const Written* at(const std::vector<Written>& all, Range range) {
    for (const Written& one : all)
      if (touches(one, range)) return &one;
    return nullptr;
  }
  [[nodiscard]] static const Written* counterpart(const std::vector<Written>& all, const Written& of) {
    for (const Written& one : all)
      if (same_field(one.field, of.field) && one.field.media == of.field.media && one.ordinal == of.ordinal)
        return &one;
    return nullptr;
  }
  /// c= goes with the port of the m= line it governs: the first one that does.
  [[nodiscard]] static const Written* media_of(const std::vector<Written>& all, const Written& connection) {
    for (const Written& one : all)
      if (one.field.is_sdp('m') && (connection.field.media == 0 || one.field.media == connection.field.media))
        return &one;
    return &connection;
  }

  JudgedChange judged(const FieldChange& change) {
    JudgedChange one{change, {}};
    message_.sdp = message_.sdp || change.field.place == Place::sdp;
    const Written* before = at(written_before_, change.before);
    const Written* after = at(written_after_, change.after);
    if (before != nullptr && after == nullptr) after = counterpart(written_after_, *before);
    if (after != nullptr && before == nullptr) before = counterpart(written_before_, *after);
    ChangeContext context;
    context.outbound = outbound_;
    context.request = before_.is_request();
    context.length_right = is_well(message_.framing_after) || !is_well(message_.framing_before);
    if (before != nullptr && after != nullptr) set_endpoints(one, *before, *after, context);
    context.truth = one.truth;
    context.rounded = one.before.port % 2 == 1 && one.after.port + 1 == one.before.port;
    one.behaviour = behaviour_of(change, context);
    if (one.behaviour == "B02" && context.literal) ++comparison_.relay_kept;
    return one;
  }

  [[nodiscard]] static bool connects(const std::vector<Written>& all, const Written& origin) {
    return std::any_of(all.begin(), all.end(), [&](const Written& one) {
      return one.field.is_sdp('c') && one.endpoint.address == origin.endpoint.address;
    });
  }

  void set_endpoints(JudgedChange& one, const Written& before, const Written& after, ChangeContext& context) const {
    const bool connection = before.field.is_sdp('c');
    one.before = (connection ? *media_of(written_before_, before) : before).meant();
    one.after = (connection ? *media_of(written_after_, after) : after).meant();
    context.literal = true;
    context.had_port = before.port.present();
    context.follows_connection =
        before.field.is_sdp('o') && connects(written_before_, before) && connects(written_after_, after);
    const MappingTable& mappings = comparison_.mappings;
    context.was_inner = outbound_ ? mappings.is_inner(one.before.address) || !one.before.address.is_global()
                                  : mappings.is_outer(one.before.address);
    // The host of a Call-ID and o= send nothing anywhere: no mapping has to stand behind them. The port of a hold or
    // of a stream that was refused neither.
    const bool names_place = !before.field.is_header(Id::call_id) && !before.field.is_sdp('o') && one.after.port != 0 &&
                             !before.field.is_header(Id::from) && !before.field.is_header(Id::to) &&
                             one.after.address.scope() != net::Scope::unspecified;
    if (!names_place || !context.was_inner || one.before == one.after) return;
    one.truth = outbound_ ? mappings.truth(one.before, one.after) : inbound_truth(one.before, one.after);
  }

  [[nodiscard]] Truth inbound_truth(const net::Endpoint& outer, const net::Endpoint& inner) const {
    const Truth truth = comparison_.mappings.truth(inner, outer);
    return truth == Truth::address ? Truth::unknown : truth;
  }

  /// The inner host of this message, as the packet inside has it.
  [[nodiscard]] const net::Endpoint& inner_end() const { return outbound_ ? before_.source : after_.destination; }
  [[nodiscard]] bool names_inside(const Written& written) const {
    return written.endpoint.address == inner_end().address;
  }

  [[nodiscard]] Translated translated() const {
    Translated all;
    for (const JudgedChange& one : message_.changes) {
      if (one.before.address != inner_end().address || one.after.address == one.before.address) continue;
      const Field& field = one.change.field;
      all.sdp = all.sdp || field.place == Place::sdp;
      all.contact = all.contact || field.is_header(Id::contact);
      all.route =
          all.route || field.is_header(Id::via) || field.is_header(Id::route) || field.is_header(Id::record_route);
    }
    return all;
  }

  void find_left() {
    if (!outbound_ || !comparison_.mappings.is_inner(inner_end().address)) return;
    message_.translated = translated();
    if (!message_.translated.any()) return;
    message_.translated.fax = fax_line(after_.octets);
    for (const Written& written : written_after_)
      if (is_left(written) && !behaviour_of_left(written.field, message_.translated).empty())
        message_.left.push_back(written.field);
  }

  [[nodiscard]] static std::uint8_t fax_line(Bytes octets) {
    std::uint8_t line = 0;
    for (std::size_t at = octets.find("\nm="); at != Bytes::npos && line < 255; at = octets.find("\nm=", at + 1)) {
      ++line;
      if (octets.substr(at + 3).starts_with("image ")) return line;
    }
    return 0;
  }

  /// Names the inside still, or is the port of a=rtcp beside an m= port that became another one.
  [[nodiscard]] bool is_left(const Written& written) const {
    if (written.field.is_attribute(sdp::AttributeId::rtcp) && !written.address.present())
      return std::any_of(message_.changes.begin(), message_.changes.end(),
                         [&](const JudgedChange& one) {
                           return one.change.field.is_sdp('m') && one.change.field.media == written.field.media &&
                                  one.change.field.part == Part::port;
                         }) &&
             !is_changed_after(written);
    return names_inside(written) && !is_echo(written);
  }
  [[nodiscard]] bool is_changed_after(const Written& written) const {
    return std::any_of(message_.changes.begin(), message_.changes.end(),
                       [&](const JudgedChange& one) { return touches(written, one.change.after); });
  }

  /// What a response from the inside only repeats (RFC 3261 8.2.6.2), and what goes with its c= line.
  [[nodiscard]] bool is_echo(const Written& written) const {
    return (!before_.is_request() && (written.field.is_header(Id::via) || written.field.is_header(Id::record_route))) ||
           written.field.is_sdp('m') || (written.field.is_sdp('a') && !written.address.present());
  }

  [[nodiscard]] bool changed(const Written& written) const {
    return std::any_of(message_.changes.begin(), message_.changes.end(),
                       [&](const JudgedChange& one) { return touches(written, one.change.before); });
  }

  void count_traits() {
    TraitCount& traits = comparison_.traits;
    if (!comparison_.inner_known || comparison_.mappings.empty()) return;
    for (const Written& written : written_before_) {
      if (const std::optional<Trait> trait = trait_of(written)) {
        traits.saw(*trait, changed(written));
        if (before_.transport == sip::Transport::tcp && trait == Trait::contact)
          traits.saw(Trait::tcp, changed(written));
      }
    }
    if (outbound_) note_contact();
    if (!outbound_ || message_.changes.empty()) return;
    count_media_ports();
    const auto any = [this](const auto& is) {
      return std::any_of(message_.changes.begin(), message_.changes.end(),
                         [&](const JudgedChange& c) { return is(c); });
    };
    if (message_.sdp)
      traits.saw(Trait::trace,
                 any([](const JudgedChange& c) { return c.change.field.is_sdp('i') && c.change.before.length == 0; }));
    if (!before_.is_request()) return;
    traits.saw(Trait::own_via, any([](const JudgedChange& c) {
                 return c.change.field.is_header(Id::via) && c.change.field.part == Part::whole &&
                        c.change.before.length == 0;
               }));
    traits.saw(Trait::hops, any([](const JudgedChange& c) { return c.change.field.is_header(Id::max_forwards); }));
  }

  void note_contact() {
    for (const Written& written : written_before_) {
      if (!written.field.is_header(Id::contact) || !names_inside(written)) continue;
      const Written* const after = counterpart(message_.changes.empty() ? written_before_ : written_after_, written);
      comparison_.contacts.push_back({message_.pair, changed(written), after != nullptr ? after->address : Range{}});
      return;
    }
  }

  /// Of m= lines whose address was translated: whether the port was, too.
  void count_media_ports() {
    for (const Written& before : written_before_) {
      if (!before.field.is_sdp('m') || before.endpoint.port == 0 || !names_inside(before)) continue;
      const Written* const after = counterpart(written_after_, before);
      if (after != nullptr && after->endpoint.address != before.endpoint.address)
        comparison_.traits.saw(Trait::media_port, after->endpoint.port != before.endpoint.port);
    }
  }

  [[nodiscard]] std::optional<Trait> trait_of(const Written& written) const {
    const Field& field = written.field;
    if (!outbound_) {
      if (!comparison_.mappings.is_outer(written.endpoint.address)) return std::nullopt;
      if (field.place == Place::start_line) return Trait::request_uri;
      if (!before_.is_request() && field.is_header(Id::via) && field.part == Part::parameter) return Trait::echo;
      return std::nullopt;
    }
    if (field.is_sdp('o'))
      return names_inside(written) && connects(written_before_, written) ? std::optional(Trait::origin)
                                                                         : origin_apart(written);
    if (!names_inside(written)) return std::nullopt;
    if (field.is_sdp('c')) return Trait::connection;
    if (field.place != Place::header) return std::nullopt;
    switch (field.header) {
      case Id::via:
        return field.part == Part::sent_by && !field.lower && before_.is_request() ? std::optional(Trait::via)
                                                                                   : std::nullopt;
      case Id::contact:
        return Trait::contact;
      case Id::from:
        return before_.is_request() ? std::optional(Trait::from) : std::nullopt;
      case Id::to:
        return before_.is_request() ? std::optional(Trait::to) : std::nullopt;
      case Id::call_id:
        return Trait::call_id;
      case Id::route:
      case Id::record_route:
        return Trait::routes;
      default:
        return std::nullopt;
    }
  }

  /// o= that differs from a c= that is translated: who overwrites it knows no better.
  [[nodiscard]] std::optional<Trait> origin_apart(const Written& origin) const {
    const bool connection_changed =
        std::any_of(written_before_.begin(), written_before_.end(), [&](const Written& one) {
          return one.field.is_sdp('c') && one.endpoint.address != origin.endpoint.address && names_inside(one) &&
                 changed(one);
        });
    return connection_changed ? std::optional(Trait::other_origin) : std::nullopt;
  }

  Comparison& comparison_;
  const MessagePair& pair_;
  const SeenMessage& before_;
  const SeenMessage& after_;
  bool outbound_;
  std::vector<Written> written_before_;
  std::vector<Written> written_after_;
  ChangedMessage message_;
};

[[nodiscard]] std::size_t vias(const sip::Message& message) {
  std::size_t count = 0;
  for (sip::MessageValues all(message, Id::via); all.next();) ++count;
  return count;
}

}  // namespace

bool ChangedMessage::is_false() const {
  return std::any_of(changes.begin(), changes.end(),
                     [](const JudgedChange& one) { return sides::is_false(one.truth); });
}

bool ChangedMessage::breaks_framing() const {
  return is_well(framing_before) && !is_well(framing_after);
}

std::optional<ChangedMessage> judge(Comparison& comparison, std::uint32_t pair) {
  return Judge(comparison, pair).run();
}

bool is_proxied(const Comparison& comparison, const MessagePair& pair) {
  const SeenMessage& a = comparison.first(pair);
  const SeenMessage& b = comparison.second(pair);
  if (shared_ends(a.source, a.destination, b.source, b.destination) != Ends::none) return false;
  const sip::Result<sip::Message> one = sip::parse(a.octets);
  const sip::Result<sip::Message> two = sip::parse(b.octets);
  if (!one || !two) return false;
  return vias(*one) != vias(*two) || sip::max_forwards(*one).value_or(0) != sip::max_forwards(*two).value_or(0) ||
         a.branch != b.branch;
}

}  // namespace viaduct::diagnose::sides
