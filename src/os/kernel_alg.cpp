// SPDX-License-Identifier: GPL-2.0-or-later
#include "os/kernel_alg.hpp"

#include "base/text.hpp"
#include "os/host_origin.hpp"
#include "os/host_xtables.hpp"
#include "os/ruleset.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <optional>
#include <set>
#include <tuple>

namespace viaduct::os {
namespace {

using Json = nlohmann::json;
constexpr const char* kHelperSetting = "/proc/sys/net/netfilter/nf_conntrack_helper";

/// Helper objects of type sip by (family, table, name).
using SipObjects = std::set<std::tuple<std::string, std::string, std::string>>;

SipObjects sip_objects(const Ruleset& ruleset) {
  SipObjects objects;
  for (const RulesetHelper& helper : ruleset.helpers)
    if (is_sip_helper(helper.type)) objects.insert({helper.family, helper.table, helper.name});
  return objects;
}

std::string handle_text(std::uint64_t handle) {
  return std::to_string(handle);
}

/// The statement without the elements of its map that name a SIP object; null when nothing is left of it.
Json without_sip(const Json& helper, const RulesetRule& rule, const SipObjects& sip) {
  if (!helper.is_object() || !helper.contains("map")) return {};
  Json rest = helper;
  Json& map = rest["map"];
  if (!map.is_object() || !map.contains("data")) return {};
  Json& data = map["data"];
  if (!data.is_object() || !data.contains("set") || !data["set"].is_array()) return {};
  Json kept = Json::array();
  for (const Json& element : data["set"]) {
    bool named = element.is_array() && element.size() == 2 && element[1].is_string();
    if (named && sip.contains({rule.family, rule.table, element[1].get<std::string>()})) continue;
    kept.push_back(element);
  }
  if (kept.empty()) return {};
  data["set"] = kept;
  return rest;
}

bool uses_named_map(const Json& helper) {
  return helper.is_object() && helper.contains("map") && helper["map"].is_object() && helper["map"].contains("data") &&
         helper["map"]["data"].is_string();
}

/// How to take the helper out of a rule and leave whatever else the rule does. Nothing when a named map does it
/// (its elements go instead) or when the rule holds parts that only iptables can write.
struct RuleUndo {
  Step step;
  bool by_elements = false;
};

RuleUndo undo_rule(const RulesetRule& rule, const SipObjects& sip) {
  RuleUndo undo;
  Json expressions = Json::parse(rule.expressions, nullptr, false);
  if (!expressions.is_array()) return undo;
  Json kept = Json::array();
  bool acts = false;
  for (const Json& statement : expressions) {
    if (!statement.is_object() || !statement.contains("ct helper")) {
      bool passive = statement.is_object() && (statement.contains("match") || statement.contains("counter"));
      acts = acts || !passive;
      kept.push_back(statement);
      continue;
    }
    undo.by_elements = uses_named_map(statement["ct helper"]);
    Json rest = without_sip(statement["ct helper"], rule, sip);
    if (rest.is_null()) continue;
    acts = true;
    kept.push_back({{"ct helper", rest}});
  }
  if (undo.by_elements) return undo;
  if (!acts) {
    undo.step = {{"nft", "delete", "rule", rule.family, rule.table, rule.chain, "handle", handle_text(rule.handle)},
                 {}};
    return undo;
  }
  if (!rule.xtables.empty()) return undo;
  Json replaced = {{"family", rule.family}, {"table", rule.table}, {"chain", rule.chain}, {"handle", rule.handle}};
  replaced["expr"] = kept;
  if (!rule.comment.empty()) replaced["comment"] = rule.comment;
  Json command = {{"nftables", Json::array({{{"replace", {{"rule", replaced}}}}})}};
  undo.step = {{"nft", "-j", "-f", "-"}, command.dump(-1, ' ', false, Json::error_handler_t::replace)};
  return undo;
}

void add_nft_rules(Host& host, const Ruleset& ruleset, const SipObjects& sip, std::vector<Attachment>& found) {
  for (const RulesetRule& rule : ruleset.rules) {
    bool attaches = std::any_of(rule.helpers.begin(), rule.helpers.end(), [&](const std::string& name) {
      return sip.contains({rule.family, rule.table, name});
    });
    if (!attaches) continue;
    RuleUndo undo = undo_rule(rule, sip);
    if (undo.by_elements) continue;
    Origin origin = origin_of_helper_rule(host, {false, rule.family + " " + rule.table, rule.chain, rule.comment});
    found.push_back({AttachmentKind::nft_rule, "nftables " + place_of(rule), text_of(host, rule), origin.tool,
                     origin.lasting, undo.step, rule.ports});
  }
}

void add_nft_elements(Host& host, const Ruleset& ruleset, const SipObjects& sip, std::vector<Attachment>& found) {
  for (const RulesetHelperElement& element : ruleset.helper_elements) {
    if (!sip.contains({element.family, element.table, element.helper})) continue;
    Origin origin = origin_of_helper_rule(host, {false, element.family + " " + element.table, element.map, {}});
    Json value = Json::array({Json::parse(element.element, nullptr, false)});
    Json command = {{"nftables", Json::array({{{"delete",
                                                {{"element",
                                                  {{"family", element.family},
                                                   {"table", element.table},
                                                   {"name", element.map},
                                                   {"elem", value}}}}}}})}};
    Attachment attachment{AttachmentKind::nft_element,
                          "nftables " + element.family + " " + element.table + " map " + element.map,
                          "element " + element.element,
                          origin.tool,
                          origin.lasting,
                          {{"nft", "-j", "-f", "-"}, command.dump()},
                          {}};
    const Json& key = value[0].is_array() && !value[0].empty() ? value[0][0] : value;
    if (key.is_number_unsigned() && key.get<std::uint64_t>() <= 0xffff)
      attachment.ports.push_back(key.get<std::uint16_t>());
    found.push_back(std::move(attachment));
  }
}

void add_nft_objects(Host& host, const Ruleset& ruleset, std::vector<Attachment>& found) {
  for (const RulesetHelper& helper : ruleset.helpers) {
    if (!is_sip_helper(helper.type)) continue;
    Origin origin = origin_of_helper_rule(host, {false, helper.family + " " + helper.table, {}, {}});
    found.push_back({AttachmentKind::nft_object,
                     "nftables " + helper.family + " " + helper.table,
                     "ct helper " + helper.name + " { type \"" + helper.type + "\" protocol " + helper.protocol + " }",
                     origin.tool,
                     {},
                     {{"nft", "delete", "ct", "helper", helper.family, helper.table, helper.name}, {}},
                     {}});
  }
}

std::vector<std::uint16_t> xtables_ports(const XtablesRule& rule) {
  std::vector<std::uint16_t> ports;
  for (const char* option : {"--dport", "--dports", "--destination-port"}) {
    std::string text = rule.value_of(option);
    std::size_t at = 0;
    while (at < text.size()) {
      std::size_t end = std::min(text.find(',', at), text.size());
      std::optional<std::uint16_t> port = base::parse_decimal<std::uint16_t>(text.substr(at, end - at));
      if (port) ports.push_back(*port);
      at = end + 1;
    }
  }
  return ports;
}

void add_xtables_rules(Host& host, const Xtables& set, std::vector<Attachment>& found) {
  for (const XtablesRule& rule : set.rules) {
    if (rule.value_of("-j") != "CT" || !is_sip_helper(rule.value_of("--helper"))) continue;
    Origin origin = origin_of_helper_rule(host, {true, rule.table, rule.chain, rule.value_of("--comment")});
    Step undo{{set.program, "-w", "5", "-t", rule.table, "-D", rule.chain}, {}};
    undo.arguments.insert(undo.arguments.end(), rule.arguments.begin(), rule.arguments.end());
    found.push_back({AttachmentKind::xtables_rule, set.program + " " + rule.table + " " + rule.chain, rule.line,
                     origin.tool, origin.lasting, undo, xtables_ports(rule)});
  }
}

void add_setting(Host& host, std::vector<Attachment>& found) {
  Result<std::string> value = host.read(kHelperSetting);
  if (!value || base::trim(*value) == "0") return;
  std::vector<std::string> files = helper_settings(host);
  std::string lasting;
  for (const std::string& file : files) lasting += (lasting.empty() ? "remove " : ", ") + file;
  if (files.empty()) lasting = "put `net.netfilter.nf_conntrack_helper = 0` into a file in /etc/sysctl.d";
  found.push_back({AttachmentKind::setting,
                   "net.netfilter.nf_conntrack_helper",
                   "1: every new flow to the SIP port",
                   files.empty() ? "kernel default" : "sysctl or modprobe",
                   lasting,
                   {},
                   {}});
}

Result<void> undo(Host& host, const Attachment& attachment, Detachment& result) {
  if (attachment.kind == AttachmentKind::setting) {
    Result<void> set = host.set(kHelperSetting, "0");
    if (set) result.done.emplace_back("sysctl -w net.netfilter.nf_conntrack_helper=0");
    return set;
  }
  if (attachment.undo.arguments.empty())
    return fail(Problem::not_supported, "change " + attachment.place + ": " + attachment.rule,
                "the rule mixes iptables and nftables parts; change it with the tool that wrote it");
  Result<void> step = carry_out(host, attachment.undo);
  if (step) result.done.push_back(attachment.undo.to_text());
  return step;
}

}  // namespace

bool KernelAlg::attached() const {
  bool acts = std::any_of(attachments.begin(), attachments.end(),
                          [](const Attachment& attachment) { return attachment.kind != AttachmentKind::nft_object; });
  return acts || !flows.empty() || !expectations.empty();
}

bool KernelAlg::found() const {
  return attached() || !attachments.empty();
}

bool is_sip_helper(std::string_view name) {
  if (name == "sip") return true;
  return name.starts_with("sip-") && base::parse_decimal(name.substr(4)).has_value();
}

Result<std::vector<Attachment>> find_attachments(Host& host, std::vector<std::string>& blind_spots) {
  std::vector<Attachment> found;
  bool nft_compat = false;
  Result<std::string> text = host.ruleset_json();
  if (!text && text.error().code != Problem::not_supported) return std::unexpected(text.error());
  if (text) {
    Result<Ruleset> ruleset = parse_ruleset(*text);
    if (!ruleset) return std::unexpected(ruleset.error());
    SipObjects sip = sip_objects(*ruleset);
    add_nft_rules(host, *ruleset, sip, found);
    add_nft_elements(host, *ruleset, sip, found);
    add_nft_objects(host, *ruleset, found);
    for (const RulesetRule& rule : ruleset->rules)
      nft_compat = nft_compat || std::find(rule.xtables.begin(), rule.xtables.end(), "target CT") != rule.xtables.end();
  }
  XtablesSet xtables = read_xtables(host, nft_compat);
  for (const Xtables& set : xtables.sets) add_xtables_rules(host, set, found);
  for (const std::string& program : xtables.unreadable)
    blind_spots.push_back("iptables rules exist that cannot be read without " + program);
  add_setting(host, found);
  return found;
}

Result<KernelAlg> find_kernel_alg(Host& host, Conntrack& conntrack) {
  KernelAlg alg;
  Result<std::vector<Attachment>> attachments = find_attachments(host, alg.blind_spots);
  if (!attachments) return std::unexpected(attachments.error());
  alg.attachments = std::move(*attachments);
  ConnectionFilter filter;
  filter.only_with_helper = true;
  Result<std::vector<Connection>> flows = conntrack.dump(filter);
  if (!flows) return std::unexpected(flows.error());
  for (Connection& flow : *flows)
    if (is_sip_helper(flow.helper)) alg.flows.push_back(std::move(flow));
  Result<std::vector<Expectation>> expectations = conntrack.expectations();
  if (!expectations) return std::unexpected(expectations.error());
  for (Expectation& expectation : *expectations)
    if (is_sip_helper(expectation.helper)) alg.expectations.push_back(std::move(expectation));
  return alg;
}

Result<KernelAlg> find_kernel_alg() {
  SystemHost host;
  Result<Conntrack> conntrack = Conntrack::open();
  if (!conntrack) return std::unexpected(conntrack.error());
  return find_kernel_alg(host, *conntrack);
}

std::string refusal_text(const KernelAlg& alg) {
  if (!alg.attached()) return {};
  std::string text = "The kernel's SIP helper is attached on this box; two of a kind would both edit SIP.\n";
  for (const Attachment& attachment : alg.attachments)
    if (attachment.kind != AttachmentKind::nft_object)
      text += "  " + attachment.place + ": " + attachment.rule + " (" + attachment.tool + ")\n";
  if (!alg.flows.empty()) text += "  live flows that carry it: " + std::to_string(alg.flows.size()) + "\n";
  if (!alg.expectations.empty())
    text += "  pinholes of it that are open: " + std::to_string(alg.expectations.size()) + "\n";
  return text + "Detach it with: viaduct gateway disable-kernel-alg";
}

Result<Detachment> detach_kernel_alg(Host& host, Conntrack& conntrack, const KernelAlg& alg) {
  Detachment result;
  // Objects last: the kernel refuses to delete one that a rule still names.
  for (bool objects : {false, true})
    for (const Attachment& attachment : alg.attachments) {
      if ((attachment.kind == AttachmentKind::nft_object) != objects) continue;
      Result<void> step = undo(host, attachment, result);
      if (!step) result.refused.push_back(step.error().to_text());
    }
  // A packet that was under way may have made another entry: look again until there is none.
  for (int round = 0; round < 5; ++round) {
    ConnectionFilter filter;
    filter.only_with_helper = true;
    Result<std::vector<Connection>> flows = conntrack.dump(filter);
    if (!flows) return std::unexpected(flows.error());
    std::uint32_t removed = 0;
    for (const Connection& flow : *flows)
      if (is_sip_helper(flow.helper) && conntrack.remove(flow)) ++removed;
    result.flows_removed += removed;
    if (removed == 0) break;
  }
  Result<std::vector<Expectation>> expectations = conntrack.expectations();
  if (!expectations) return std::unexpected(expectations.error());
  for (const Expectation& expectation : *expectations)
    if (is_sip_helper(expectation.helper) && conntrack.remove(expectation)) ++result.expectations_removed;
  return result;
}

}  // namespace viaduct::os
