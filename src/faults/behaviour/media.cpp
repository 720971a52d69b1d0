// SPDX-License-Identifier: GPL-2.0-or-later
// Behaviours that lose media: pinholes, their timers, and who may use them.
#include "faults/behaviour/entry.hpp"
#include "sdp/session.hpp"
#include "sip/body.hpp"
#include "sip/fields.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>

namespace viaduct::faults {
namespace {

using Kind = ParameterKind;
constexpr base::Instant kNever{};

/// B21: each offer moves media to another outer port, and for a while nothing passes.
class PortMoves final : public Behaviour {
 public:
  explicit PortMoves(const Values& values) : gap_(values.duration("gap")) {}
  void configure(BoxSettings& settings) const override {
    settings.alg.translate_sdp_and_rtcp();
    settings.alg.media_port = MediaPortRule::fresh;
  }
  void on_message(Crossing& crossing) override {
    sip::Message message;
    if (!crossing.outbound() || !crossing.read(message) || !sip::find_sdp(message)) return;
    const Call* const call = crossing.calls().find(message, crossing.now());
    if (call == nullptr || call->offers < 2 || !call->renewed) return;
    if (moved_.size() >= Calls::kMaxCalls) moved_.clear();
    moved_[std::string(message.text(*sip::call_id(message)))] = crossing.now();
  }
  [[nodiscard]] bool passes(const Transit& transit) override {
    if (transit.media == nullptr) return true;
    const auto call = moved_.find(transit.media->call_id);
    return call == moved_.end() || transit.now >= call->second + gap_;
  }

 private:
  base::Duration gap_;
  std::map<std::string, base::Instant> moved_;
};

/// C01: a pinhole closes in a pause, for good if asked; or media is cut off again and again.
class PinholeCloses final : public Behaviour {
 public:
  explicit PinholeCloses(const Values& values)
      : idle_(values.duration("idle")),
        period_(values.duration("period")),
        cut_(values.duration("cut")),
        blocks_(values.choice("block") == "yes") {}
  [[nodiscard]] bool passes(const Transit& transit) override {
    const CallMedia* const media = transit.media;
    if (media == nullptr) return true;
    if (period_.count() > 0) {
      const base::Duration age = transit.now - media->announced;
      return age < period_ || age % period_ >= cut_;
    }
    const base::Instant last = std::max({media->last_inbound, media->last_outbound, media->announced});
    if (closed_.contains(media->call_id)) return false;
    if (transit.now - last < idle_) return true;
    // What the inside sends opens the pinhole again, unless the box has given the call up.
    if (!blocks_) return transit.from == Side::inside;
    if (closed_.size() >= Calls::kMaxCalls) closed_.clear();
    closed_.insert(media->call_id);
    return false;
  }

 private:
  base::Duration idle_;
  base::Duration period_;
  base::Duration cut_;
  bool blocks_;
  std::set<std::string> closed_;
};

/// C02: the ALG opens the way for media with the message, and lets nothing in until the inside has sent.
class InsideFirst final : public Behaviour {
 public:
  explicit InsideFirst(const Values&) {}
  void configure(BoxSettings& settings) const override { settings.alg.translate_sdp_and_rtcp(); }
  [[nodiscard]] bool passes(const Transit& transit) override {
    return transit.from == Side::inside || transit.media == nullptr || transit.media->last_outbound != kNever;
  }
};

/// C06: pending pinholes are counted for the flow, not the call; INVITE and BYE of any call flush them all.
class FlowPinholes final : public Behaviour {
 public:
  explicit FlowPinholes(const Values& values) : limit_(values.number("pending")) {}
  void configure(BoxSettings& settings) const override { settings.alg.translate_sdp_and_rtcp(); }
  void on_message(Crossing& crossing) override {
    sip::Message message;
    if (!crossing.read(message)) return;
    const sip::Method method = message.method();
    const std::vector<net::Endpoint> named = crossing.outbound() ? endpoints_of(message) : std::vector<net::Endpoint>();
    if (flows_.size() >= Calls::kMaxCalls) flows_.clear();
    Pending& pending = flows_[crossing.flow().inner];
    if (method == sip::Method::invite || method == sip::Method::bye) flush(crossing, pending, named);
    for (const net::Endpoint& endpoint : named) {
      // What already carries media does not wait.
      const NatMapping* const mapping = crossing.nat().find_outer(Protocol::udp, endpoint);
      if (mapping == nullptr || mapping->replied || !mapping->contacted.empty()) continue;
      if (std::ranges::find(pending, endpoint) == pending.end()) pending.push_back(endpoint);
      while (pending.size() > limit_) close_first(crossing, pending);
    }
  }
  [[nodiscard]] bool passes(const Transit& transit) override {
    if (transit.media == nullptr) return true;
    for (auto& [flow, pending] : flows_) std::erase(pending, transit.flow.outer);
    return true;
  }

 private:
  using Pending = std::deque<net::Endpoint>;
  /// RTP and RTCP, as the ALG has written them.
  static std::vector<net::Endpoint> endpoints_of(const sip::Message& message) {
    std::vector<net::Endpoint> endpoints;
    const std::optional<sdp::Session> session = session_of(message);
    if (!session) return endpoints;
    for (const sdp::Media& media : session->media()) {
      if (media.port == 0) continue;
      endpoints.push_back({session->connection_of(media).where.literal, media.port});
      endpoints.push_back({session->rtcp_address_of(media).literal, media.rtcp_port()});
    }
    return endpoints;
  }
  static void close_first(Crossing& crossing, Pending& pending) {
    crossing.nat().forget(Protocol::udp, pending.front());
    pending.pop_front();
  }
  static void flush(Crossing& crossing, Pending& pending, const std::vector<net::Endpoint>& named) {
    const std::size_t count = pending.size();
    for (std::size_t i = 0; i < count; ++i) {
      const net::Endpoint endpoint = pending.front();
      if (std::ranges::find(named, endpoint) == named.end())
        close_first(crossing, pending);
      else
        pending.pop_front();
    }
  }

  std::size_t limit_;
  std::map<net::Endpoint, Pending> flows_;
};

/// C09: CANCEL stops media of the whole call, whatever becomes of it.
class CancelStopsMedia final : public Behaviour {
 public:
  explicit CancelStopsMedia(const Values&) {}
  void on_message(Crossing& crossing) override {
    sip::Message message;
    if (!crossing.read(message) || message.method() != sip::Method::cancel) return;
    const std::optional<std::string> id = Calls::id_of(message);
    if (stopped_.size() >= Calls::kMaxCalls) stopped_.clear();
    if (id) stopped_.insert(*id);
  }
  [[nodiscard]] bool passes(const Transit& transit) override {
    return transit.media == nullptr || !stopped_.contains(transit.media->call_id);
  }

 private:
  std::set<std::string> stopped_;
};

/// C10: a call of any kind ends after a fixed time.
class LongestCall final : public Behaviour {
 public:
  explicit LongestCall(const Values& values) : longest_(values.duration("after")) {}
  void on_message(Crossing& crossing) override {
    sip::Message message;
    if (!crossing.read(message)) return;
    const Call* const call = crossing.calls().find(message, crossing.now());
    if (call == nullptr) return;
    if (begun_.size() >= Calls::kMaxCalls) begun_.clear();
    begun_.try_emplace(std::string(message.text(*sip::call_id(message))), call->begun);
    if (crossing.now() >= call->begun + longest_) crossing.drop();
  }
  [[nodiscard]] bool passes(const Transit& transit) override {
    if (transit.media == nullptr) return true;
    const auto call = begun_.find(transit.media->call_id);
    return call == begun_.end() || transit.now < call->second + longest_;
  }

 private:
  base::Duration longest_;
  std::map<std::string, base::Instant> begun_;
};

/// C12: media may only come from the address that signals.
class SignallingPeerOnly final : public Behaviour {
 public:
  explicit SignallingPeerOnly(const Values&) {}
  [[nodiscard]] bool passes(const Transit& transit) override {
    if (transit.from == Side::inside || transit.media == nullptr) return true;
    return transit.flow.remote.address == transit.media->signalling.address;
  }
};

/// C18: room for a few calls at the same time; those beyond are silent. Messages alone take room and give it back:
/// what media is still on its way after BYE must not take it again.
class SmallPool final : public Behaviour {
 public:
  explicit SmallPool(const Values& values) : calls_(std::min<std::size_t>(values.number("calls"), Calls::kMaxCalls)) {}
  [[nodiscard]] bool passes(const Transit& transit) override {
    return transit.media == nullptr || served_.contains(transit.media->call_id);
  }
  void on_message(Crossing& crossing) override {
    sip::Message message;
    if (!crossing.read(message)) return;
    const std::optional<std::string> id = Calls::id_of(message);
    if (!id) return;
    if (ends(crossing, message)) {
      served_.erase(*id);
    } else if (crossing.outbound() && served_.size() < calls_ && sip::find_sdp(message)) {
      served_.insert(*id);
    }
  }

 private:
  /// BYE, or a refusal of the call's first INVITE; one that asks for credentials takes room again when it comes back.
  static bool ends(Crossing& crossing, const sip::Message& message) {
    if (message.method() == sip::Method::bye) return true;
    const sip::Result<sip::CSeq> cseq = sip::cseq(message);
    if (message.status() < 300 || !cseq || cseq->method != sip::Method::invite) return false;
    const Call* const call = crossing.calls().find(message, crossing.now());
    return call != nullptr && call->answered == kNever;
  }

  std::size_t calls_;
  std::set<std::string> served_;
};

constexpr Parameter kB21[] = {{"gap", Kind::duration, "1s", "", "how long nothing passes after each move"}};
constexpr Parameter kC01[] = {
    {"idle", Kind::duration, "30s", "", "a pause this long closes the pinhole"},
    {"period", Kind::duration, "0s", "", "cut media off this often instead, e.g. 30s; 0s: do not"},
    {"cut", Kind::duration, "1s", "", "how long each cut is"},
    {"block", Kind::choice, "no", "yes|no", "whether it stays closed for the rest of the call"}};
constexpr Parameter kC06[] = {{"pending", Kind::number, "4", "", "how many pinholes may wait in one signalling flow"}};
constexpr Parameter kC10[] = {{"after", Kind::duration, "12h", "", "longest call"}};
constexpr Parameter kC18[] = {{"calls", Kind::number, "5", "", "how many calls get media at the same time"}};

constexpr BehaviourEntry kEntries[] = {
    {"B21", kB21, make<PortMoves>},        {"C01", kC01, make<PinholeCloses>},  {"C02", {}, make<InsideFirst>},
    {"C06", kC06, make<FlowPinholes>},     {"C09", {}, make<CancelStopsMedia>}, {"C10", kC10, make<LongestCall>},
    {"C12", {}, make<SignallingPeerOnly>}, {"C18", kC18, make<SmallPool>},
};

}  // namespace

std::span<const BehaviourEntry> media_behaviours() {
  return kEntries;
}

}  // namespace viaduct::faults
