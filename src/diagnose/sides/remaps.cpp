// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/sides/judge.hpp"
#include "diagnose/sides/written.hpp"
#include "sdp/session.hpp"
#include "sip/body.hpp"

#include <algorithm>
#include <map>

namespace viaduct::diagnose::sides {
namespace {

/// What was last written outside for an inner media endpoint of a dialog.
struct LastWritten {
  net::Endpoint outer;
  std::string version;
  bool held = false;
};

struct Offer {
  std::string version;
  bool held = false;
};

[[nodiscard]] Offer offer_of(const std::string& octets) {
  Offer offer;
  const sip::Result<sip::Message> message = sip::parse(octets);
  if (!message) return offer;
  const std::optional<sip::BodyPart> part = sip::find_sdp(*message);
  if (!part) return offer;
  const sdp::Result<sdp::Session> session = sdp::parse(octets, part->content);
  if (!session) return offer;
  offer.version = session->text(session->origin.version);
  for (const sdp::Media& media : session->media())
    offer.held = offer.held || media.direction == sdp::Direction::sendonly ||
                 media.direction == sdp::Direction::inactive || session->connection_of(media).is_unspecified();
  return offer;
}

class Finder {
 public:
  explicit Finder(Comparison& comparison) : comparison_(comparison) {}

  void run() {
    for (const ChangedMessage& message : comparison_.changed) {
      const MessagePair& pair = comparison_.alignment.pairs[message.pair];
      if (message.sdp && comparison_.outbound(pair)) add(message.pair, pair);
    }
  }

 private:
  void add(std::uint32_t index, const MessagePair& pair) {
    const SeenMessage& before = comparison_.before(pair);
    const SeenMessage& after = comparison_.after(pair);
    const std::vector<Written> outside = written_in(after.octets);
    const Offer offer = offer_of(after.octets);
    for (const Written& inside : written_in(before.octets)) {
      if (!inside.field.is_sdp('m') || inside.endpoint.port == 0) continue;
      for (const Written& written : outside) {
        if (!written.field.is_sdp('m') || written.field.media != inside.field.media || written.endpoint.port == 0)
          continue;
        compare(index, before.call_id, inside.endpoint, written.endpoint, offer, after.source.address);
      }
    }
  }

  void compare(std::uint32_t index, std::uint64_t dialog, const net::Endpoint& inner, const net::Endpoint& outer,
               const Offer& offer, const net::Address& left_from) {
    const auto [at, fresh] = last_.try_emplace({dialog, inner}, LastWritten{outer, offer.version, offer.held});
    LastWritten& last = at->second;
    // Where the router itself has got another address, whatever it keeps the port of moved along.
    const bool along = outer.port == last.outer.port && outer.address == left_from && outer != last.outer;
    if (!fresh && !along && last.outer != outer && !(last.outer.address.scope() == net::Scope::unspecified) &&
        !(outer.address.scope() == net::Scope::unspecified)) {
      Remap remap{inner, last.outer, outer, index};
      remap.held = last.held;
      remap.same_version = last.version == offer.version;
      remap.gap = gap_after(comparison_.first(comparison_.alignment.pairs[index]).time);
      if (comparison_.remaps.size() < kMost) comparison_.remaps.push_back(remap);
    }
    last = {outer, offer.version, offer.held};
  }

  /// The longest hole that the other side alone has, and that began within 5 s.
  [[nodiscard]] std::optional<MissingRun> gap_after(Time time) const {
    std::optional<MissingRun> longest;
    for (const StreamJoin& join : comparison_.streams.joins)
      for (const MissingRun& run : join.runs)
        if (run.begin + run.length >= time && run.begin <= time + std::chrono::seconds(5) && run.packets > 2 &&
            (!longest || run.length > longest->length))
          longest = run;
    return longest;
  }

  static constexpr std::size_t kMost = 1024;
  Comparison& comparison_;
  std::map<std::pair<std::uint64_t, net::Endpoint>, LastWritten> last_;
};

}  // namespace

void find_remaps(Comparison& comparison) {
  Finder(comparison).run();
}

}  // namespace viaduct::diagnose::sides
