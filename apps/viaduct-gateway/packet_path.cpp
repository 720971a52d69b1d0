// SPDX-License-Identifier: GPL-2.0-or-later
#include "viaduct-gateway/packet_path.hpp"

#include "alg/evidence.hpp"
#include "alg/verify.hpp"
#include "os/clock.hpp"
#include "sip/fields.hpp"

#include <algorithm>

namespace viaduct::gateway {
namespace {

constexpr std::size_t kMaxPacket = 65536;
constexpr int kFairShare = 64;  // batches before timers and control get their turn

// RFC 5626 keep-alives, STUN and the zero octets some phones send; shorter than any SIP message.
bool is_keepalive(base::Bytes payload) {
  const bool stun =
      payload.size() >= 20 && static_cast<unsigned char>(payload[0]) < 4 && payload.substr(4, 4) == "\x21\x12\xa4\x42";
  return payload.size() < 8 || stun;
}

Passed passed_of(PassedRule rule, const net::Datagram& datagram) {
  Passed passed;
  passed.at = os::monotonic_now();
  passed.rule = rule;
  passed.source = datagram.source;
  passed.destination = datagram.destination;
  return passed;
}

void tell_message(Passed& passed, const sip::Message& message) {
  passed.method = message.method();
  passed.status = message.status();
  if (!message.is_request())
    if (const sip::Result<sip::CSeq> cseq = sip::cseq(message)) passed.method = cseq->method;
  if (const sip::Result<base::Range> call_id = sip::call_id(message))
    passed.call_id = ShortText(message.text(*call_id));
  const base::Range record = passed.method == sip::Method::register_ ? alg::address_of_record(message) : base::Range{};
  if (record.present()) passed.address_of_record = ShortText(message.text(record));
}

// Octets that may be SIP or not: whatever can be told of them.
void tell_payload(Passed& passed, base::Bytes payload) {
  const sip::Result<sip::Message> message = sip::parse(payload);
  if (message) return tell_message(passed, *message);
  passed.problem = message.error().code;
  passed.call_id = ShortText(find_call_id(payload));
}

Passed::Way way_of(const alg::Arrival& arrival) {
  return arrival.outbound ? Passed::Way::out : Passed::Way::in;
}

std::optional<PassedRule> rule_of(alg::Limit limit) {
  switch (limit) {
    case alg::Limit::none:
      return std::nullopt;
    case alg::Limit::register_from_outside:
      return PassedRule::register_from_outside;
    case alg::Limit::dialogs:
      return PassedRule::dialogs;
    case alg::Limit::dialogs_from_outside:
      return PassedRule::dialogs_from_outside;
    case alg::Limit::dialogs_per_source:
      return PassedRule::dialogs_per_source;
    case alg::Limit::registrations_per_source:
      return PassedRule::registrations_per_source;
    case alg::Limit::transactions:
      return PassedRule::transactions;
    case alg::Limit::transactions_per_source:
      return PassedRule::transactions_per_source;
  }
  return std::nullopt;
}

}  // namespace

os::Result<void> PacketPath::run() {
  arena_.resize(packets_.size() * kMaxPacket);
  for (int turn = 0; turn < kFairShare; ++turn) {
    const os::Result<std::size_t> count = parts_.queue.receive(packets_);
    if (!count) return std::unexpected(count.error());
    if (*count == 0) break;
    arena_used_ = 0;
    for (std::size_t i = 0; i < *count; ++i) handle(packets_[i], outcomes_[i]);
    const bool settled = settle();
    for (std::size_t i = 0; i < *count; ++i) {
      const Outcome& outcome = outcomes_[i];
      if (!settled && outcome.edited.present()) note_refused(packets_[i]);
      if (settled && outcome.edited.present())
        parts_.queue.accept(outcome.id, outcome.edited.of({arena_.data(), arena_.size()}));
      else
        parts_.queue.accept(outcome.id);
    }
    if (const os::Result<void> sent = parts_.queue.flush(); !sent) return sent;
  }
  return {};
}

void PacketPath::handle(const os::QueuedPacket& packet, Outcome& outcome) {
  outcome = {packet.id, {}};
  Counters& counters = parts_.counters;
  const base::Result<net::Datagram, net::PacketProblem> datagram = net::parse_datagram(packet.payload);
  if (!datagram || !packet.whole()) {
    parts_.passed.note(passed_of(PassedRule::not_udp, datagram.value_or(net::Datagram{})));
    return counters.add(Counted::not_udp);
  }
  alg::Arrival arrival;
  const bool ours = place(packet, *datagram, arrival);
  if (ours && is_keepalive(datagram->body())) return counters.add(Counted::keepalives);
  const sip::Result<sip::Message> message = sip::parse(datagram->body());
  if (!ours || !message) {
    Passed passed = passed_of(ours ? PassedRule::not_sip : PassedRule::no_wan, *datagram);
    if (ours) passed.way = way_of(arrival);
    tell_payload(passed, datagram->body());
    parts_.passed.note(passed);
    return counters.add(ours ? Counted::not_sip : Counted::not_ours);
  }
  counters.add(Counted::messages);
  handle_sip(*message, *datagram, arrival, outcome);
  counters.add(outcome.edited.present() ? Counted::edited : Counted::untouched);
}

bool PacketPath::place(const os::QueuedPacket& packet, const net::Datagram& datagram, alg::Arrival& arrival) {
  const std::optional<std::size_t> out = parts_.wans.find(packet.out_interface);
  const std::optional<std::size_t> in = parts_.wans.find(packet.in_interface);
  if (out.has_value() == in.has_value()) return false;
  arrival.outbound = out.has_value();
  arrival.wan = static_cast<alg::WanId>(out ? *out : *in);
  arrival.inner = out ? datagram.source : datagram.destination;
  arrival.platform = out ? datagram.destination : datagram.source;
  arrival.now = os::monotonic_now();
  return true;
}

void PacketPath::handle_sip(const sip::Message& message, const net::Datagram& datagram, alg::Arrival& arrival,
                            Outcome& outcome) {
  alg::decide(message, arrival, parts_.policy, parts_.state, decision_);
  if (decision_.asks_flow) {
    ask_flow(arrival);
    alg::decide(message, arrival, parts_.policy, parts_.state, decision_);
  }
  if (!decision_.edits.empty()) outcome.edited = write_edited(message, datagram, arrival);
  const alg::AssociationId id = decision_.association;
  const bool is_bye = message.method() == sip::Method::bye;
  apply(decision_.changes);
  hold(arrival);
  for (const alg::Event& event : decision_.events()) {
    parts_.state.record(id, event);
    parts_.on_event(id, event);
  }
  count(decision_);
  if (parts_.state.find(id) == nullptr) {
    Passed passed = passed_of(unfollowed_rule(message), datagram);
    passed.way = way_of(arrival);
    tell_message(passed, message);
    parts_.passed.note(passed);
  }
  if (is_bye) learn_media(id);
}

// Why decide() opened nothing for this message and found nothing to which it belongs.
PassedRule PacketPath::unfollowed_rule(const sip::Message& message) const {
  if (decision_.association != 0) return PassedRule::mode_off;
  if (const std::optional<PassedRule> rule = rule_of(decision_.limit)) return *rule;
  const bool registration = message.method() == sip::Method::register_;
  for (const alg::Event& event : decision_.events()) {
    if (event.reason == alg::Reason::proof_failed) return PassedRule::proof_failed;
    if (event.reason == alg::Reason::over_mtu) return PassedRule::over_mtu;
    if (event.action == alg::Action::restored) return PassedRule::echo_of_edit;
  }
  const sip::Result<base::Range> call_id = sip::call_id(message);
  const base::Range name = registration ? alg::address_of_record(message) : call_id.value_or(base::Range{});
  if (!name.present()) return PassedRule::no_name;
  if (name.length > alg::kLongestName) return PassedRule::long_name;
  const bool gone = std::any_of(decision_.events().begin(), decision_.events().end(),
                                [](const alg::Event& event) { return event.reason == alg::Reason::association_gone; });
  return gone ? PassedRule::association_gone : PassedRule::not_followed;
}

// The edits were decided and noted, but the kernel lacks what they promise: the original goes out.
void PacketPath::note_refused(const os::QueuedPacket& packet) {
  const base::Result<net::Datagram, net::PacketProblem> datagram = net::parse_datagram(packet.payload);
  if (!datagram) return;
  Passed passed = passed_of(PassedRule::kernel_refused, *datagram);
  passed.way = parts_.wans.find(packet.out_interface) ? Passed::Way::out : Passed::Way::in;
  tell_payload(passed, datagram->body());
  parts_.passed.note(passed);
}

// The proof: what goes out has been read again and found to be what was meant. Else the original goes out.
base::Range PacketPath::write_edited(const sip::Message& message, const net::Datagram& datagram,
                                     const alg::Arrival& arrival) {
  const alg::Event about{arrival.now, message.status(), message.method(), arrival.outbound};
  const base::Bytes edited = alg::edited_message(message, decision_, about, payload_);
  if (decision_.edits.empty()) return {};
  const std::size_t mtu = parts_.state.wans()[arrival.wan].mtu;
  const std::size_t before = datagram.packet.size();
  const std::size_t after = before - message.bytes().size() + edited.size();
  if (after > mtu && before <= mtu) {
    decision_.withdraw(alg::Reason::over_mtu, about);
    return {};
  }
  const std::span<char> room(arena_.data() + arena_used_, arena_.size() - arena_used_);
  const base::Result<std::size_t, net::PacketProblem> packet = net::rebuild(datagram, edited, room);
  if (!packet) {
    decision_.withdraw(alg::Reason::proof_failed, about);
    return {};
  }
  const base::Range range = base::between(arena_used_, arena_used_ + *packet);
  arena_used_ += *packet;
  return range;
}

// A flow that is in the kernel's table has its outer endpoint already; one that is not will get what our map says.
void PacketPath::ask_flow(alg::Arrival& arrival) {
  parts_.counters.add(Counted::flow_lookups);
  arrival.flow_asked = true;
  const os::Result<os::Connection> flow = parts_.conntrack.find({arrival.inner, arrival.platform});
  if (!flow) return;
  if (flow->original.source == arrival.inner)
    arrival.flow_outer = flow->reply.destination;
  else if (flow->reply.source == arrival.inner)
    arrival.flow_outer = flow->original.destination;
}

// The phone named our WAN address itself (STUN): the flow behind that port is found and its mapping held, but only
// if it belongs to the very host that asks.
void PacketPath::hold(const alg::Arrival& arrival) {
  const alg::MappingTable& mappings = parts_.state.mappings();
  std::vector<alg::Change> changes;
  bool refused = false;
  std::size_t held = mappings.count_of(arrival.inner.address);
  auto take = [&](const net::Endpoint& inner, const net::Endpoint& outer) {
    if (inner.address != arrival.inner.address) return;
    const alg::UseMapping use{decision_.association, {inner, arrival.wan}, outer, alg::MappingKind::held, {}};
    const bool again = std::any_of(changes.begin(), changes.end(), [&](const alg::Change& change) {
      return std::get<alg::UseMapping>(change).key == use.key;
    });
    const bool is_new = !again && mappings.find(use.key) == nullptr;
    if (is_new && held >= parts_.policy.limits.pinholes_per_source) refused = true;
    if (again || refused) return;
    held += is_new ? 1 : 0;
    changes.emplace_back(use);
  };
  std::vector<net::Endpoint> unknown;
  const alg::Wan& wan = parts_.state.wans()[arrival.wan];
  for (const net::Endpoint& outer : decision_.holds) {
    const auto user = wan.busy.find(outer.port);
    if (const alg::Mapping* mapping = mappings.find_outer(outer, arrival.wan))
      take(mapping->key.inner, outer);
    else if (user != wan.busy.end() && user->second.address == arrival.inner.address)
      take(user->second, outer);
    else
      unknown.push_back(outer);
  }
  if (!unknown.empty() && !find_owners(unknown, take)) refused = true;
  if (refused)
    decision_.note({arrival.now, 0, sip::Method::none, arrival.outbound, alg::Field::media, alg::Action::left,
                    alg::Reason::over_limit});
  apply(changes);
}

// Anybody inside can name any port, and each costs a walk through the kernel's table. False: not now.
bool PacketPath::find_owners(const std::vector<net::Endpoint>& wanted,
                             const std::function<void(const net::Endpoint&, const net::Endpoint&)>& take) {
  const base::Instant begin = os::monotonic_now();
  if (!hold_budget_.allows(begin)) return false;
  os::ConnectionFilter filter;
  filter.family = net::Family::ipv4;
  filter.protocol = 17;
  filter.reply_destination = wanted.front().address;
  parts_.counters.add(Counted::flow_lookups);
  (void)parts_.conntrack.visit(filter, [&](const os::Connection& flow) {
    if (std::find(wanted.begin(), wanted.end(), flow.reply.destination) != wanted.end())
      take(flow.original.source, flow.reply.destination);
  });
  hold_budget_.spend(begin, os::monotonic_now());
  return true;
}

// At the end of a call that we did not edit: did media come back to the private address it named?
void PacketPath::learn_media(alg::AssociationId id) {
  const alg::Association* call = parts_.state.find(id);
  if (call == nullptr) return;
  const base::Instant now = os::monotonic_now();
  const std::optional<alg::LearnParty> learnt =
      alg::media_evidence(*call, parts_.state, now, [&](const alg::MappingKey& key) {
        const os::Result<os::Connection> flow = parts_.conntrack.find({key.inner, *call->peer_media});
        if (!flow) return alg::MediaSeen::no_flow;
        return flow->seen_reply() ? alg::MediaSeen::answered : alg::MediaSeen::unanswered;
      });
  if (!learnt) return;
  apply({*learnt});
  if (learnt->entry.handles) return;
  const alg::Event event{
      now, 0, sip::Method::bye, true, alg::Field::media, alg::Action::left, alg::Reason::memory_withdrawn};
  parts_.state.record(id, event);
  parts_.on_event(id, event);
}

void PacketPath::apply(const std::vector<alg::Change>& changes) {
  for (const alg::Change& change : changes) {
    parts_.state.apply(change, effects_);
    parts_.journal.note(change);
  }
  if (effects_.empty()) return;
  parts_.kernel.add(effects_);
  for (const alg::Effect& effect : effects_)
    if (effect.kind == alg::Effect::Kind::map) parts_.counters.add(Counted::mappings_made);
  effects_.clear();
}

bool PacketPath::settle() {
  bool settled = true;
  if (parts_.kernel.has_pending() && !parts_.kernel.commit()) {
    parts_.counters.add(Counted::commit_failed);
    settled = parts_.repair();
  }
  if (!parts_.journal.flush()) parts_.counters.add(Counted::journal_errors);
  return settled;
}

void PacketPath::count(const alg::Decision& decision) {
  for (const alg::Event& event : decision.events()) {
    if (event.action == alg::Action::edited) parts_.counters.add(Counted::fields_edited);
    if (event.action == alg::Action::restored) parts_.counters.add(Counted::fields_restored);
    if (event.reason == alg::Reason::over_limit) parts_.counters.add(Counted::over_limit);
    if (event.reason == alg::Reason::over_mtu) parts_.counters.add(Counted::over_mtu);
    if (event.reason == alg::Reason::proof_failed) parts_.counters.add(Counted::proof_failed);
  }
  for (const alg::Change& change : decision.changes) {
    const auto* opened = std::get_if<alg::OpenAssociation>(&change);
    if (opened == nullptr) continue;
    if (opened->kind == alg::AssociationKind::call) parts_.counters.add(Counted::calls);
    if (opened->kind == alg::AssociationKind::registration) parts_.counters.add(Counted::registrations);
  }
}

}  // namespace viaduct::gateway
