// SPDX-License-Identifier: GPL-2.0-or-later
#include "viaduct-gateway/host_report.hpp"

#include <ostream>

namespace viaduct::gateway {
namespace {

using Json = nlohmann::json;

std::string_view text_of_kind(os::AttachmentKind kind) {
  switch (kind) {
    case os::AttachmentKind::nft_rule:
      return "nft-rule";
    case os::AttachmentKind::nft_element:
      return "nft-element";
    case os::AttachmentKind::nft_object:
      return "nft-object";
    case os::AttachmentKind::xtables_rule:
      return "iptables-rule";
    case os::AttachmentKind::setting:
      return "sysctl";
  }
  return "unknown";
}

std::string undo_text(const os::Attachment& attachment) {
  if (attachment.kind == os::AttachmentKind::setting) return "sysctl -w net.netfilter.nf_conntrack_helper=0";
  return attachment.undo.to_text();
}

void write_found(std::ostream& out, const os::KernelAlg& alg) {
  if (!alg.found()) out << "The kernel's SIP helper is attached to nothing.\n";
  for (const os::Attachment& attachment : alg.attachments) {
    bool object = attachment.kind == os::AttachmentKind::nft_object;
    out << (object ? "defined   " : "attached  ") << attachment.place << ": " << attachment.rule << "\n";
    if (object) continue;
    out << "          written by " << attachment.tool << "; take it away: " << undo_text(attachment) << "\n";
    if (!attachment.lasting.empty()) out << "          for good: " << attachment.lasting << "\n";
  }
  for (const os::Connection& flow : alg.flows) out << "live      " << flow.original.to_text() << " carries it\n";
  for (const os::Expectation& expectation : alg.expectations)
    out << "expected  " << expectation.expected.to_text() << ", a pinhole of it\n";
  for (const std::string& blind_spot : alg.blind_spots) out << "unseen    " << blind_spot << "\n";
}

void write_proof(std::ostream& out, std::string_view when, const os::AlgProof& proof) {
  out << when << "  " << proof.probes.size() << " packets sent, " << proof.seen << " seen, " << proof.helped
      << " with a helper\n";
  for (const os::AlgProbe& probe : proof.probes) {
    out << "          " << (probe.old ? "old   " : "fresh ") << probe.tuple.to_text() << " by " << probe.path << ": ";
    if (!probe.seen) {
      out << "not seen, " << probe.note << "\n";
    } else {
      out << (probe.helper ? "HELPER\n" : "no helper\n");
    }
  }
}

void write_list(std::ostream& out, std::string_view label, const std::vector<std::string>& lines) {
  for (const std::string& line : lines) out << label << line << "\n";
}

Json tuple_json(const os::FiveTuple& tuple) {
  return {{"protocol", tuple.protocol == 6    ? "tcp"
                       : tuple.protocol == 17 ? "udp"
                                              : std::to_string(tuple.protocol)},
          {"source", tuple.source.to_text()},
          {"destination", tuple.destination.to_text()}};
}

Json proof_json(const std::optional<os::AlgProof>& proof) {
  if (!proof) return nullptr;
  Json probes = Json::array();
  for (const os::AlgProbe& probe : proof->probes) {
    Json one = tuple_json(probe.tuple);
    one["path"] = probe.path;
    one["port"] = probe.old ? "old" : "fresh";
    one["seen"] = probe.seen;
    one["helper"] = probe.helper;
    if (!probe.note.empty()) one["note"] = probe.note;
    probes.push_back(std::move(one));
  }
  return {{"sent", proof->probes.size()}, {"seen", proof->seen}, {"helper", proof->helped}, {"probes", probes}};
}

Json attachment_json(const os::Attachment& attachment) {
  return {{"kind", text_of_kind(attachment.kind)},
          {"place", attachment.place},
          {"rule", attachment.rule},
          {"tool", attachment.tool},
          {"lasting", attachment.lasting},
          {"undo", undo_text(attachment)}};
}

std::string families(const os::FirewallRule& rule) {
  return rule.ipv4 && rule.ipv6 ? "IPv4 and IPv6" : rule.ipv6 ? "IPv6" : "IPv4";
}

std::string lasting_text(const os::FirewallRule& rule) {
  if (!rule.note.empty()) return rule.note;
  if (rule.keeping == os::Keeping::program) return rule.lasting ? "kept by " + rule.tool : "to be kept by " + rule.tool;
  return (rule.lasting ? "kept in " : "to be kept in ") + rule.file;
}

Json rule_json(const os::FirewallRule& rule) {
  return {{"purpose", rule.offload ? "no-offload" : "pinholes"},
          {"ipv4", rule.ipv4},
          {"ipv6", rule.ipv6},
          {"tool", rule.tool},
          {"place", rule.place},
          {"command", rule.insert.to_text()},
          {"live", rule.live},
          {"lasting", rule.lasting},
          {"keeping", lasting_text(rule)},
          {"obstacle", rule.obstacle}};
}

Json check_json(const os::PinholeCheck& check) {
  std::string_view verdict = check.verdict == os::PinholeVerdict::passes    ? "passes"
                             : check.verdict == os::PinholeVerdict::dropped ? "dropped"
                                                                            : "not-tested";
  return {{"family", check.family == net::Family::ipv4 ? "ipv4" : "ipv6"},
          {"verdict", verdict},
          {"table", check.table},
          {"chain", check.chain},
          {"rule", check.rule},
          {"note", check.note}};
}

}  // namespace

std::string_view text_of(AlgResult result) {
  switch (result) {
    case AlgResult::none:
      return "none";
    case AlgResult::found:
      return "found";
    case AlgResult::detached:
      return "detached";
    case AlgResult::still_attached:
      return "still-attached";
    case AlgResult::not_proven:
      return "not-proven";
  }
  return "unknown";
}

int exit_code(AlgResult result) {
  if (result == AlgResult::not_proven) return 3;
  return result == AlgResult::found || result == AlgResult::still_attached ? 1 : 0;
}

void write_text(std::ostream& out, const AlgReport& report) {
  write_found(out, report.found);
  if (report.before) write_proof(out, "before  ", *report.before);
  if (report.detachment) {
    write_list(out, "done      ", report.detachment->done);
    write_list(out, "refused   ", report.detachment->refused);
    out << "removed   flows " << report.detachment->flows_removed << ", expectations "
        << report.detachment->expectations_removed << "\n";
  }
  if (report.after) write_proof(out, "after   ", *report.after);
  write_list(out, "problem   ", report.problems);
  out << "result    " << text_of(report.result) << "\n";
}

nlohmann::json to_json(const AlgReport& report) {
  Json document = {{"format", "disable-kernel-alg/1"}, {"result", text_of(report.result)}};
  document["attachments"] = Json::array();
  for (const os::Attachment& attachment : report.found.attachments)
    document["attachments"].push_back(attachment_json(attachment));
  document["flows"] = Json::array();
  for (const os::Connection& flow : report.found.flows) document["flows"].push_back(tuple_json(flow.original));
  document["expectations"] = Json::array();
  for (const os::Expectation& expectation : report.found.expectations)
    document["expectations"].push_back(tuple_json(expectation.expected));
  document["blind_spots"] = report.found.blind_spots;
  document["problems"] = report.problems;
  document["before"] = proof_json(report.before);
  document["after"] = proof_json(report.after);
  document["detached"] = nullptr;
  if (report.detachment)
    document["detached"] = {{"done", report.detachment->done},
                            {"refused", report.detachment->refused},
                            {"flows", report.detachment->flows_removed},
                            {"expectations", report.detachment->expectations_removed}};
  return document;
}

void write_text(std::ostream& out, const FirewallReport& report) {
  const os::FirewallPlan& plan = report.plan;
  if (plan.rules.empty()) out << "No firewall on this box drops forwarded packets: no rule is needed.\n";
  for (const os::OffloadRule& offload : plan.offload) out << "warning   " << warning_text(offload) << "\n";
  for (const os::FirewallRule& rule : plan.rules) {
    out << (rule.live ? "present   " : "missing   ") << rule.place << " (" << rule.tool << ", " << families(rule)
        << ")\n          " << rule.insert.to_text() << "\n          " << lasting_text(rule) << "\n";
    if (!rule.obstacle.empty()) out << "          cannot be inserted: " << rule.obstacle << "\n";
  }
  write_list(out, "unseen    ", plan.blind_spots);
  if (report.outcome) {
    write_list(out, "done      ", report.outcome->done);
    write_list(out, "refused   ", report.outcome->refused);
  }
  for (const os::PinholeCheck& check : report.checks) out << "check     " << describe(check) << "\n";
  write_list(out, "problem   ", report.problems);
}

nlohmann::json to_json(const FirewallReport& report) {
  Json document = {{"format", "firewall-rule/1"}, {"complete", report.plan.complete()}};
  document["rules"] = Json::array();
  for (const os::FirewallRule& rule : report.plan.rules) document["rules"].push_back(rule_json(rule));
  document["offload"] = Json::array();
  for (const os::OffloadRule& offload : report.plan.offload) document["offload"].push_back(warning_text(offload));
  document["blind_spots"] = report.plan.blind_spots;
  document["problems"] = report.problems;
  document["checks"] = Json::array();
  for (const os::PinholeCheck& check : report.checks) document["checks"].push_back(check_json(check));
  document["outcome"] = nullptr;
  if (report.outcome) document["outcome"] = {{"done", report.outcome->done}, {"refused", report.outcome->refused}};
  return document;
}

}  // namespace viaduct::gateway
