// SPDX-License-Identifier: GPL-2.0-or-later
#include "viaduct-gateway/report.hpp"

#include "base/text.hpp"
#include "viaduct-gateway/mask.hpp"
#include "viaduct-gateway/prefix_text.hpp"
#include "viaduct-gateway/state_counts.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <functional>

namespace viaduct::gateway {
namespace {

using Json = nlohmann::ordered_json;

/// One line: a reply ends at its LF. What is no UTF-8 becomes U+FFFD.
std::string document(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Json format(const char* name) {
  return Json{{"format", std::string("gateway-") + name + "/1"}};
}

std::string str(base::Bytes text) {
  return std::string(text);
}

double seconds(base::Duration duration) {
  return static_cast<double>(std::chrono::duration_cast<std::chrono::milliseconds>(duration).count()) / 1000.0;
}

std::string wall_text(const ReportView& view, base::Instant at) {
  return os::to_text(view.wall - (view.now - at));
}

Json wan_name(const ReportView& view, alg::WanId wan) {
  const std::vector<alg::Wan>& wans = view.state.wans();
  return wan < wans.size() ? Json(wans[wan].interface) : Json(nullptr);
}

Json reason_json(alg::Reason reason) {
  return reason == alg::Reason::none ? Json(nullptr)
                                     : Json{{"rule", str(text(reason))}, {"text", str(explain(reason))}};
}

Json mapping_json(const alg::MappingKey& key, const ReportView& view) {
  Json json{{"inner", key.inner.to_text()}, {"outer", nullptr}, {"wan", wan_name(view, key.wan)}, {"kind", nullptr}};
  json["unusable_because"] = nullptr;
  const alg::Mapping* mapping = view.state.mappings().find(key);
  if (mapping == nullptr) return json;
  if (mapping->outer.port != 0) json["outer"] = mapping->outer.to_text();
  json["kind"] = mapping->kind == alg::MappingKind::signalling ? "signalling"
                 : mapping->kind == alg::MappingKind::media    ? "media"
                                                               : "watched";
  if (!view.state.is_usable(*mapping)) json["unusable_because"] = reason_json(alg::Reason::wan_gone);
  json["sources"] = "any";
  if (!mapping->guarded) return json;
  json["sources"] = Json::array();
  for (const net::Address& source : mapping->sources) json["sources"].push_back(source.to_text());
  return json;
}

Json association_json(const alg::Association& about, const ReportView& view) {
  Json json{{"id", about.id},
            {"kind", str(text(about.kind))},
            {"name", mask_credentials(about.name)},
            {"phase", str(text(about.phase))},
            {"mode", str(text(about.decided.mode))},
            {"inner", about.inner.to_text()},
            {"platform", about.platform.to_text()},
            {"wan", wan_name(view, about.wan)},
            {"opened_by", about.opened_inside ? "inside" : "outside"},
            {"opened", wall_text(view, about.opened)},
            {"age", seconds(view.now - about.opened)},
            {"expires_in", seconds(about.expires - view.now)},
            {"contact_left_because", reason_json(about.decided.contact)},
            {"sdp_left_because", reason_json(about.decided.sdp)},
            {"edited_fields", about.ledger.size()},
            {"mappings", Json::array()}};
  for (const alg::MappingKey& key : about.mappings) json["mappings"].push_back(mapping_json(key, view));
  return json;
}

/// The texts before and after, as far as one entry of the ledger tells: events carry none of their own.
void add_texts(Json& json, const alg::Association& about, const alg::Event& event) {
  if (event.action != alg::Action::edited && event.action != alg::Action::restored) return;
  std::ptrdiff_t entries = std::count_if(about.ledger.begin(), about.ledger.end(),
                                         [&event](const alg::LedgerEntry& e) { return e.field == event.field; });
  const alg::LedgerEntry* entry = about.entry(event.field);
  if (entries != 1 || entry == nullptr) return;
  std::string inner = mask_credentials(entry->inner);
  std::string outer = mask_credentials(entry->outer);
  bool edited = event.action == alg::Action::edited;
  json["before"] = edited ? inner : outer;
  json["after"] = edited ? outer : inner;
}

std::string message_text(sip::Method method, std::uint16_t status) {
  std::string name = str(sip::name(method));
  return status == 0 ? name : std::to_string(status) + (name.empty() ? "" : " ") + name;
}

Json event_json(const alg::Association& about, const alg::Event& event, const ReportView& view) {
  Json json{{"time", wall_text(view, event.at)},
            {"direction", event.outbound ? "out" : "in"},
            {"message", message_text(event.method, event.status)},
            {"field", str(text(event.field))},
            {"decision", str(text(event.action))},
            {"rule", str(text(event.reason))},
            {"text", str(explain(event.reason))},
            {"before", nullptr},
            {"after", nullptr}};
  add_texts(json, about, event);
  return json;
}

Json short_json(const ShortText& text) {
  if (text.empty()) return nullptr;
  return mask_credentials(text.kept()) + (text.cut() ? "..." : "");
}

Json endpoint_json(const net::Endpoint& endpoint) {
  return endpoint.address.present() ? Json(endpoint.to_text()) : Json(nullptr);
}

Json passed_json(const Passed& passed, const ReportView& view) {
  const bool read = passed.method != sip::Method::none || passed.status != 0;
  const base::Bytes setting = setting_of(passed.rule);
  std::string sentence = str(explain(passed.rule));
  if (passed.rule == PassedRule::not_sip) sentence += ": " + str(text(passed.problem));
  return {{"time", wall_text(view, passed.at)},
          {"times", passed.times},
          {"direction", passed.way == Passed::Way::unknown ? Json(nullptr)
                        : passed.way == Passed::Way::out   ? Json("out")
                                                           : Json("in")},
          {"message", read ? Json(message_text(passed.method, passed.status)) : Json(nullptr)},
          {"call_id", short_json(passed.call_id)},
          {"address_of_record", short_json(passed.address_of_record)},
          {"source", endpoint_json(passed.source)},
          {"destination", endpoint_json(passed.destination)},
          {"rule", str(text_of(passed.rule))},
          {"setting", setting.empty() ? Json(nullptr) : Json(str(setting))},
          {"text", sentence}};
}

using Wanted = std::function<bool(const alg::Association&)>;

/// Rows in the order of ids, which is the order of opening. One walk over the state, no copy of it.
std::string association_page(const char* name, const ReportView& view, const Page& page, const Wanted& wanted) {
  alg::AssociationId after = base::parse_decimal<alg::AssociationId>(page.after).value_or(0);
  std::vector<const alg::Association*> rows;
  view.state.for_each([&](const alg::Association& association) {
    if (association.id > after && wanted(association)) rows.push_back(&association);
  });
  std::size_t count = std::min({page.limit, Page::kMost, rows.size()});
  std::partial_sort(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(count), rows.end(),
                    [](const alg::Association* a, const alg::Association* b) { return a->id < b->id; });
  Json json = format(name);
  json[name] = Json::array();
  for (std::size_t i = 0; i < count; ++i) json[name].push_back(association_json(*rows[i], view));
  json["next"] = count < rows.size() && count > 0 ? Json(std::to_string(rows[count - 1]->id)) : Json(nullptr);
  return document(json);
}

struct MemoryRow {
  net::Address party;
  alg::Aspect aspect = alg::Aspect::contact;
  alg::MemoryEntry entry;
};

/// What the configuration says; it goes before anything learnt.
Json configured_json(const alg::Policy& policy) {
  Json rows = Json::array();
  auto add = [&rows](const std::string& party, const alg::PartyRule& rule) {
    if (rule.handles_contact)
      rows.push_back({{"party", party}, {"aspect", "contact"}, {"handles", *rule.handles_contact}});
    if (rule.handles_sdp) rows.push_back({{"party", party}, {"aspect", "sdp"}, {"handles", *rule.handles_sdp}});
  };
  for (const alg::EndpointRule& endpoint : policy.endpoints) add(prefix_text(endpoint.address), endpoint.rule);
  for (const alg::PlatformRule& platform : policy.platforms)
    add(platform.address ? prefix_text(*platform.address) : platform.domain, platform.rule);
  return rows;
}

}  // namespace

std::string status_document(const StatusReport& status, const ReportView& view) {
  Json json = format("status");
  json["mode"] = str(text(view.policy.mode));
  json["version"] = status.version;
  json["process"] = status.process;
  json["uptime"] = seconds(status.uptime);
  json["config"] = status.config_path;
  json["wans"] = Json::array();
  for (const WanReport& wan : status.wans)
    json["wans"].push_back({{"interface", wan.interface},
                            {"address", wan.address.present() ? Json(wan.address.to_text()) : Json(nullptr)},
                            {"global", wan.address.is_global()},
                            {"mtu", wan.mtu}});
  json["queue"] = nullptr;
  if (status.queue)
    json["queue"] = {{"number", status.queue->number},
                     {"length", status.queue->length},
                     {"waiting", status.queue->waiting},
                     {"passed_unread", status.queue->passed_unread}};
  json["qos"] = nullptr;
  if (status.qos) json["qos"] = {{"rate", status.qos->rate}, {"interfaces", status.qos->interfaces}};
  json["memory"] = status.resident;
  for (const Gauge& gauge : count_state(view.state)) json["now"][str(gauge.name)] = gauge.value;
  json["counters"] = Json::object();
  for (const Counter& counter : status.counters) json["counters"][str(counter.name)] = counter.value;
  json["warnings"] = status.warnings;
  return document(json);
}

std::string calls_document(const ReportView& view, const Page& page) {
  return association_page("calls", view, page,
                          [](const alg::Association& a) { return a.kind == alg::AssociationKind::call; });
}

std::string registrations_document(const ReportView& view, const Page& page) {
  return association_page("registrations", view, page,
                          [](const alg::Association& a) { return a.kind == alg::AssociationKind::registration; });
}

std::string why_document(const ReportView& view, base::Bytes name) {
  std::vector<const alg::Association*> found;
  view.state.for_each([&](const alg::Association& association) {
    if (association.name == name) found.push_back(&association);
  });
  std::sort(found.begin(), found.end(),
            [](const alg::Association* a, const alg::Association* b) { return a->id < b->id; });
  Json json = format("why");
  json["name"] = mask_credentials(name);
  json["associations"] = Json::array();
  for (const alg::Association* association : found) {
    Json row = association_json(*association, view);
    row["ledger"] = Json::array();
    for (const alg::LedgerEntry& entry : association->ledger)
      row["ledger"].push_back({{"field", str(text(entry.field))},
                               {"inner", mask_credentials(entry.inner)},
                               {"outer", mask_credentials(entry.outer)}});
    row["events"] = Json::array();
    for (std::size_t i = 0; i < association->events.size(); ++i)
      row["events"].push_back(event_json(*association, association->events.at(i), view));
    json["associations"].push_back(row);
  }
  json["passed"] = Json::array();
  for (std::size_t i = 0; i < view.passed.size(); ++i) {
    const Passed& passed = view.passed.at(i);
    if (passed.call_id.is(name) || passed.address_of_record.is(name))
      json["passed"].push_back(passed_json(passed, view));
  }
  return document(json);
}

std::string recent_document(const ReportView& view, const Page& page) {
  const std::uint64_t after = base::parse_decimal<std::uint64_t>(page.after).value_or(0);
  const std::size_t most = std::min(page.limit, Page::kMost);
  Json json = format("recent");
  json["passed"] = Json::array();
  json["next"] = nullptr;
  std::uint64_t last = 0;
  for (std::size_t i = 0; i < view.passed.size() && json["next"].is_null(); ++i) {
    const Passed& passed = view.passed.at(i);
    if (passed.sequence <= after) continue;
    if (json["passed"].size() == most) {
      json["next"] = std::to_string(last);
    } else {
      json["passed"].push_back(passed_json(passed, view));
      last = passed.sequence;
    }
  }
  return document(json);
}

std::string memory_document(const ReportView& view, const Page& page) {
  std::optional<net::Address> after = net::parse_address(page.after);
  std::vector<MemoryRow> rows;
  view.state.memory().for_each([&](const net::Address& party, alg::Aspect aspect, const alg::MemoryEntry& entry) {
    if (!after || *after < party) rows.push_back({party, aspect, entry});
  });
  std::sort(rows.begin(), rows.end(), [](const MemoryRow& a, const MemoryRow& b) {
    return a.party != b.party ? a.party < b.party : a.aspect < b.aspect;
  });
  std::size_t count = std::min({page.limit, Page::kMost, rows.size()});
  // A page ends between two parties, since a party is what the next page begins behind.
  while (count > 0 && count < rows.size() && rows[count].party == rows[count - 1].party) ++count;
  Json json = format("memory");
  json["configured"] = page.after.empty() ? configured_json(view.policy) : Json::array();
  json["learnt"] = Json::array();
  for (std::size_t i = 0; i < count; ++i)
    json["learnt"].push_back({{"party", rows[i].party.to_text()},
                              {"aspect", str(text(rows[i].aspect))},
                              {"handles", rows[i].entry.handles},
                              {"provisional", rows[i].entry.provisional},
                              {"source", str(text(rows[i].entry.how))},
                              {"since", wall_text(view, rows[i].entry.at)},
                              {"age", seconds(view.now - rows[i].entry.at)}});
  json["next"] = count < rows.size() && count > 0 ? Json(rows[count - 1].party.to_text()) : Json(nullptr);
  return document(json);
}

std::string reload_document(const ReloadReport& report) {
  Json json = format("reload");
  json["taken"] = report.taken;
  json["problem"] = report.problem.empty() ? Json(nullptr) : Json(report.problem);
  json["needs_restart"] = report.needs_restart;
  return document(json);
}

std::string metrics_document(const StatusReport& status, const ReportView& view) {
  Json json = format("metrics");
  json["metrics"] = metrics_text(status, view);
  return document(json);
}

std::string event_document(const alg::Association& about, const alg::Event& event, const ReportView& view) {
  Json json = format("event");
  json["kind"] = str(text(about.kind));
  json["name"] = mask_credentials(about.name);
  json["inner"] = about.inner.to_text();
  json["platform"] = about.platform.to_text();
  json.update(event_json(about, event, view));
  return document(json);
}

std::string notice_document(base::Bytes level, base::Bytes text, const ReportView& view) {
  Json json = format("notice");
  json["time"] = os::to_text(view.wall);
  json["level"] = str(level);
  json["text"] = mask_credentials(text);
  return document(json);
}

std::string error_document(base::Bytes code, base::Bytes text) {
  Json json = format("error");
  json["code"] = str(code);
  json["text"] = str(text);
  return document(json);
}

}  // namespace viaduct::gateway
