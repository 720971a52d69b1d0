// SPDX-License-Identifier: GPL-2.0-or-later
#include "control/sample.hpp"

namespace viaduct::gateway {
namespace {

using namespace std::chrono_literals;
using alg::Action;
using alg::Field;
using alg::Reason;

constexpr base::Instant kNow{3600s};
constexpr base::Duration kDay = 24h;

net::Endpoint at(const char* text) {
  return *net::parse_endpoint(text);
}

alg::Event event(base::Duration ago, bool outbound, sip::Method method, std::uint16_t status, Field field,
                 Action action, Reason reason) {
  alg::Event event;
  event.at = {kNow.since_boot - ago};
  event.status = status;
  event.method = method;
  event.outbound = outbound;
  event.field = field;
  event.action = action;
  event.reason = reason;
  return event;
}

}  // namespace

SampleSource::SampleSource() {
  state.wans().resize(3);
  state.wans()[0].interface = "eth0";
  state.wans()[0].address = *net::parse_ipv4("203.0.113.7");
  state.wans()[1].interface = "ppp0";
  state.wans()[1].address = *net::parse_ipv4("100.64.3.2");
  state.wans()[2].interface = "wwan0";
  state.wans()[2].exists = false;
  policy.mode = alg::Mode::pinhole;
  policy.endpoints.push_back({*net::parse_prefix("192.168.1.40"), {alg::Mode::off, true, std::nullopt}});
  policy.platforms.push_back({std::nullopt, "sip.example.net", {alg::Mode::assist, std::nullopt, false}});
  add_registration();
  add_edited_call();
  add_hostile_call();
  add_memory();
  add_passed();
}

void SampleSource::apply(const alg::Change& change) {
  std::vector<alg::Effect> effects;
  state.apply(change, effects);
}

void SampleSource::add_registration() {
  alg::AssociationId id = state.next_id();
  apply(alg::OpenAssociation{.id = id,
                             .kind = alg::AssociationKind::registration,
                             .decided = {alg::Mode::pinhole, Reason::platform_handles, Reason::none},
                             .name = "alice@sip.example.net",
                             .inner = at("192.168.1.20:5060"),
                             .platform = at("198.51.100.10:5060"),
                             .wan = 0,
                             .opened_inside = true,
                             .at = {kNow.since_boot - 20min},
                             .expires = {kNow.since_boot + 40min}});
  apply(alg::Renew{id, alg::Phase::confirmed, {kNow.since_boot + 40min}});
  apply(alg::UseMapping{id, {at("192.168.1.20:5060"), 0}, at("203.0.113.7:5060"), alg::MappingKind::signalling, ""});
  state.record(id,
               event(20min, true, sip::Method::register_, 0, Field::contact, Action::left, Reason::platform_handles));
}

void SampleSource::add_edited_call() {
  alg::AssociationId id = state.next_id();
  apply(alg::OpenAssociation{.id = id,
                             .kind = alg::AssociationKind::call,
                             .decided = {alg::Mode::assist, Reason::none, Reason::none},
                             .name = "3848276298220188511@192.168.1.21",
                             .inner = at("192.168.1.21:5062"),
                             .platform = at("198.51.100.10:5060"),
                             .wan = 0,
                             .opened_inside = true,
                             .at = {kNow.since_boot - 75s},
                             .expires = {kNow.since_boot + 30min}});
  apply(alg::Renew{id, alg::Phase::confirmed, {kNow.since_boot + 30min}});
  apply(alg::UseMapping{id, {at("192.168.1.21:4000"), 0}, at("203.0.113.7:4000"), alg::MappingKind::media, ""});
  apply(alg::UseMapping{id, {at("192.168.1.21:4001"), 0}, at("203.0.113.7:4001"), alg::MappingKind::media, ""});
  apply(alg::UseMapping{id, {at("192.168.1.21:4000"), 2}, at("192.0.2.9:4000"), alg::MappingKind::media, ""});
  apply(alg::AdmitSource{id, *net::parse_ipv4("198.51.100.33")});
  apply(alg::SetAnswered{id, {kNow.since_boot - 74s}});
  apply(alg::EnterLedger{id, {Field::contact, "192.168.1.21:5062", "203.0.113.7:5062"}});
  apply(alg::EnterLedger{id, {Field::sdp_connection, "192.168.1.21", "203.0.113.7"}});
  apply(alg::EnterLedger{id, {Field::sdp_port, "4000", "4000"}});
  apply(alg::EnterLedger{id, {Field::sdp_port, "4002", "14002"}});
  using sip::Method;
  state.record(id, event(75s, true, Method::invite, 0, Field::via, Action::left, Reason::rport));
  state.record(id, event(75s, true, Method::invite, 0, Field::contact, Action::edited, Reason::names_inner_address));
  state.record(id,
               event(75s, true, Method::invite, 0, Field::sdp_connection, Action::edited, Reason::names_inner_address));
  state.record(id, event(75s, true, Method::invite, 0, Field::sdp_port, Action::edited, Reason::names_inner_address));
  state.record(id, event(75s, true, Method::invite, 0, Field::media, Action::opened, Reason::none));
  state.record(id, event(74s, false, Method::invite, 200, Field::contact, Action::restored, Reason::echo_of_edit));
  state.record(id, event(0s, false, Method::other, 0, Field::request_uri, Action::restored, Reason::echo_of_edit));
}

void SampleSource::add_hostile_call() {
  alg::AssociationId id = state.next_id();
  apply(alg::OpenAssociation{.id = id,
                             .kind = alg::AssociationKind::call,
                             .decided = {alg::Mode::observe, Reason::mode_observe, Reason::mode_observe},
                             .name = "\x1b[2J\xff sip:bob:hunter2@evil.example",
                             .inner = at("[2001:db8::21]:5060"),
                             .platform = at("[2001:db8:ffff::10]:5060"),
                             .wan = 1,
                             .opened_inside = false,
                             .at = {kNow.since_boot - 2s},
                             .expires = {kNow.since_boot - 1s}});
  apply(alg::UseMapping{id, {at("[2001:db8::21]:6000"), 1}, {}, alg::MappingKind::watched, ""});
  state.record(id, event(2s, false, sip::Method::invite, 0, Field::message, Action::left, Reason::mode_observe));
}

void SampleSource::add_memory() {
  apply(alg::LearnParty{*net::parse_ipv4("198.51.100.10"),
                        alg::Aspect::contact,
                        {true, alg::Learnt::request_came_back, {kNow.since_boot - 15min}}});
  apply(alg::LearnParty{*net::parse_ipv4("198.51.100.10"),
                        alg::Aspect::sdp,
                        {true, alg::Learnt::media_came_back, {kNow.since_boot - 14min}, true, {1, 2}}});
  apply(alg::LearnParty{
      *net::parse_ipv4("192.168.1.21"), alg::Aspect::sdp, {false, alg::Learnt::operator_said, {kNow.since_boot - 3s}}});
}

void SampleSource::add_passed() {
  auto note = [this](base::Duration ago, PassedRule rule, Passed::Way way, sip::Method method, const char* call_id) {
    Passed row;
    row.at = {kNow.since_boot - ago};
    row.rule = rule;
    row.way = way;
    row.method = method;
    row.call_id = ShortText(call_id);
    if (method == sip::Method::register_) row.address_of_record = ShortText("carol@sip.example.net");
    if (rule != PassedRule::not_udp) {
      row.source = at(way == Passed::Way::in ? "198.51.100.10:5060" : "192.168.1.22:5060");
      row.destination = at(way == Passed::Way::in ? "192.168.1.22:5060" : "198.51.100.10:5060");
    }
    if (rule == PassedRule::not_followed) row.status = 200;
    if (rule == PassedRule::not_sip) row.problem = sip::Problem::no_colon;
    passed.note(row);
  };
  using sip::Method;
  using Way = Passed::Way;
  note(90s, PassedRule::dialogs_per_source, Way::out, Method::invite, "busy@192.168.1.22");
  note(60s, PassedRule::registrations_per_source, Way::out, Method::register_, "reg-7@192.168.1.22");
  note(58s, PassedRule::not_sip, Way::in, Method::none, "\x1b[2Jbroken@198.51.100.10");
  note(40s, PassedRule::not_followed, Way::in, Method::bye, "old@192.168.1.22");
  note(39s, PassedRule::kernel_refused, Way::out, Method::invite, "3848276298220188511@192.168.1.21");
  note(20s, PassedRule::no_wan, Way::unknown, Method::options, std::string(200, 'x').c_str());
  note(5s, PassedRule::not_udp, Way::unknown, Method::none, "");
  note(2s, PassedRule::dialogs_per_source, Way::out, Method::invite, "busy@192.168.1.22");
}

void SampleSource::add_calls(std::uint32_t count) {
  for (std::uint32_t i = 0; i < count; ++i)
    apply(alg::OpenAssociation{.id = state.next_id(),
                               .kind = alg::AssociationKind::call,
                               .decided = {},
                               .name = "call-" + std::to_string(i),
                               .inner = {net::Address::ipv4(0x0a000000 + i), 5060},
                               .platform = at("198.51.100.10:5060"),
                               .wan = 0,
                               .opened_inside = true,
                               .at = kNow,
                               .expires = kNow});
}

ReportView SampleSource::view() const {
  // 2025-01-31T12:00:00.123Z
  static constexpr os::WallTime kWall{1738324800123ms};
  return {state, policy, passed, kNow, kWall};
}

StatusReport SampleSource::status() const {
  StatusReport status;
  status.version = "0.1.0";
  status.process = 412;
  status.uptime = kDay * 3 + 4h + 5min;
  status.config_path = "/etc/viaduct/gateway.toml";
  status.wans = {{"eth0", *net::parse_ipv4("203.0.113.7"), 1500}, {"ppp0", *net::parse_ipv4("100.64.3.2"), 1492}};
  status.queue = {5060, 256, 3, 17};
  status.qos = {20000000, {"eth0"}};
  status.resident = 12345678;
  status.counters = {{"messages", 1203, "SIP messages read"}, {"messages_edited", 40, "SIP messages with an edit"}};
  status.warnings = {"table inet fw4, chain forward drops pinholed packets: see 'viaduct gateway firewall-rule'"};
  return status;
}

bool SampleSource::set_handles(const net::Address& party, alg::Aspect aspect, bool handles) {
  apply(alg::LearnParty{party, aspect, {handles, alg::Learnt::operator_said, kNow}});
  return state.memory().handles(party, aspect).has_value();
}

bool SampleSource::forget(const net::Address& party) {
  bool known = state.memory().find(party, alg::Aspect::contact) || state.memory().find(party, alg::Aspect::sdp);
  apply(alg::ForgetParty{party});
  return known;
}

ReloadReport SampleSource::reload() {
  ++reloads;
  return reload_report;
}

}  // namespace viaduct::gateway
