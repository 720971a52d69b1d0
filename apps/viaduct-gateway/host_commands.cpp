// SPDX-License-Identifier: GPL-2.0-or-later
#include "viaduct-gateway/host_commands.hpp"

#include "os/links.hpp"
#include "viaduct-gateway/command_line.hpp"
#include "viaduct-gateway/host_report.hpp"
#include "viaduct-gateway/ruleset.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <iostream>
#include <utility>

namespace viaduct::gateway {
namespace {

constexpr int kUsage = 2;
constexpr int kEnvironment = 3;

constexpr const char* kAlgFooter = R"(It looks for rules of nftables and iptables that attach the helper, the sysctl
nf_conntrack_helper, live flows that carry it and the pinholes it opened; modules prove nothing.
Then it takes them away, deletes those flows (phones make new ones with their next packet; media
goes on) and sends packets through a temporary interface to show that neither an old nor a fresh
port gets a helper. The packets never leave the box.

Examples:
  viaduct gateway disable-kernel-alg --dry-run   only look
  viaduct gateway disable-kernel-alg             detach and prove
  viaduct gateway disable-kernel-alg --port 5080 also try a port of your own

Exit codes: 0 nothing (left) attached, 1 found (--dry-run) or still attached, 2 usage,
3 cannot look or cannot prove (not root, no nftables).)";

constexpr const char* kFirewallFooter =
    R"(An accept in one table does not save a packet from a drop in another. Packets of pinholed flows carry
a bit in their conntrack mark, and each chain that could drop them needs one rule that accepts it.
Flows of calls are also kept out of flowtables (flow offload), where nobody could mark their packets.

Examples:
  viaduct gateway firewall-rule             print what is needed and where
  viaduct gateway firewall-rule --check     also send a packet and name what drops it
  viaduct gateway firewall-rule --apply     insert, make it last where the firewall allows, check
  viaduct gateway firewall-rule --remove    take our rules away again

Exit codes: 0 all rules are there (or none is needed), 1 one is missing or was refused, or a pinholed packet
is dropped, 2 usage, 3 cannot look (not root, no nftables).)";

struct AlgOptions {
  bool dry_run = false;
  bool json = false;
  std::vector<std::uint16_t> ports = {5060};
};

struct FirewallOptions {
  bool apply = false;
  bool remove = false;
  bool check = false;
  bool json = false;
  std::string wan;
  std::vector<std::uint16_t> ports = {5060};
};

/// Before: packets while the helper is attached, a control flow among them. Whether there is one.
bool probe_before(os::AlgProver& prover, const os::AlgProofRequest& request, AlgReport& report) {
  os::Result<os::Connection> control = prover.add_control("sip");
  if (!control) report.problems.push_back("no control flow: " + control.error().to_text());
  os::Result<os::AlgProof> proof = prover.probe(request);
  if (proof) {
    report.before = *proof;
  } else {
    report.problems.push_back(proof.error().to_text());
  }
  return control.has_value();
}

os::Result<void> detach_and_prove(os::Host& host, os::Conntrack& conntrack, const AlgOptions& options,
                                  AlgReport& report) {
  os::AlgProofRequest request{options.ports, report.found.flows};
  for (const os::Attachment& attachment : report.found.attachments)
    request.ports.insert(request.ports.end(), attachment.ports.begin(), attachment.ports.end());
  os::Result<os::AlgProver> prover = os::AlgProver::open(host, conntrack);
  if (!prover) report.problems.push_back("no proof possible: " + prover.error().to_text());
  bool attached = report.found.attached();
  bool control = prover && attached && probe_before(*prover, request, report);
  if (report.found.found()) {
    os::Result<os::Detachment> done = os::detach_kernel_alg(host, conntrack, report.found);
    if (!done) return std::unexpected(done.error());
    report.detachment = std::move(*done);
    if (control && report.detachment->flows_removed > 0) --report.detachment->flows_removed;
  }
  os::Result<os::KernelAlg> left = os::find_kernel_alg(host, conntrack);
  if (!left) return std::unexpected(left.error());
  if (prover) {
    os::Result<os::AlgProof> proof = prover->probe(request);
    if (proof) {
      report.after = *proof;
    } else {
      report.problems.push_back(proof.error().to_text());
    }
  }
  bool helped = report.after && report.after->helped > 0;
  bool proven = report.after && report.after->clean(attached) && left->blind_spots.empty();
  if (left->attached() || helped) {
    report.result = AlgResult::still_attached;
  } else if (!proven) {
    report.result = AlgResult::not_proven;
  } else {
    report.result = attached ? AlgResult::detached : AlgResult::none;
  }
  return {};
}

int disable_kernel_alg(const AlgOptions& options, os::Host& host, std::ostream& out, std::ostream& err) {
  os::Result<os::Conntrack> conntrack = os::Conntrack::open();
  os::Result<os::KernelAlg> found =
      conntrack ? os::find_kernel_alg(host, *conntrack) : os::Result<os::KernelAlg>(std::unexpected(conntrack.error()));
  if (!found) {
    err << found.error().to_text() << "\n";
    return kEnvironment;
  }
  AlgReport report;
  report.found = std::move(*found);
  if (options.dry_run) {
    bool unseen = !report.found.found() && !report.found.blind_spots.empty();
    report.result = report.found.found() ? AlgResult::found : unseen ? AlgResult::not_proven : AlgResult::none;
  } else if (os::Result<void> done = detach_and_prove(host, *conntrack, options, report); !done) {
    err << done.error().to_text() << "\n";
    return kEnvironment;
  }
  if (options.json) {
    out << to_json(report).dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << "\n";
  } else {
    write_text(out, report);
  }
  return exit_code(report.result);
}

/// The interface of the best default route.
std::string default_wan() {
  os::Result<std::vector<os::DefaultRoute>> routes = os::list_default_routes();
  os::Result<std::vector<os::Interface>> interfaces = os::list_interfaces();
  if (!routes || !interfaces) return {};
  for (const os::DefaultRoute& route : *routes)
    for (const os::Interface& interface : *interfaces)
      if (interface.index == route.interface) return interface.name;
  return {};
}

void check_packets(const FirewallOptions& options, os::Host& host, FirewallReport& report) {
  os::PinholeCheckRequest request;
  request.wan = options.wan.empty() ? default_wan() : options.wan;
  request.mark = kPinholeMark;
  if (request.wan.empty()) {
    report.problems.emplace_back("not checked: there is no default route; name the WAN with --wan");
    return;
  }
  os::Result<std::vector<os::PinholeCheck>> checks = os::check_pinhole(host, request);
  if (checks) {
    report.checks = std::move(*checks);
  } else {
    report.problems.push_back("not checked: " + checks.error().to_text());
  }
}

bool all_pass(const FirewallReport& report) {
  return std::none_of(report.checks.begin(), report.checks.end(),
                      [](const os::PinholeCheck& check) { return check.verdict == os::PinholeVerdict::dropped; });
}

int firewall_rule(const FirewallOptions& options, os::Host& host, std::ostream& out, std::ostream& err) {
  os::FirewallRequest request{kPinholeMark, kPinholeMark | kMediaMark, options.ports};
  os::Result<os::FirewallPlan> plan = os::plan_firewall(host, request);
  FirewallReport report;
  if (plan && (options.apply || options.remove)) {
    report.outcome = options.apply ? os::apply_firewall(host, *plan) : os::remove_firewall(host, *plan);
    plan = os::plan_firewall(host, request);
  }
  if (!plan) {
    err << plan.error().to_text() << "\n";
    return kEnvironment;
  }
  report.plan = std::move(*plan);
  if (options.check || options.apply) check_packets(options, host, report);
  if (options.json) {
    out << to_json(report).dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << "\n";
  } else {
    write_text(out, report);
  }
  if (report.outcome && !report.outcome->refused.empty()) return 1;
  if (options.remove) return 0;
  if (!report.plan.blind_spots.empty()) return kEnvironment;
  return report.plan.complete() && all_pass(report) ? 0 : 1;
}

void add_alg_options(CLI::App& app, AlgOptions& options) {
  app.add_flag("-n,--dry-run", options.dry_run, "Only look; change nothing, send nothing");
  app.add_flag("--json", options.json, "Write one JSON document");
  app.add_option("--port", options.ports, "Destination port to prove, may be repeated")->capture_default_str();
  app.footer(kAlgFooter);
}

void add_firewall_options(CLI::App& app, FirewallOptions& options) {
  CLI::Option* apply = app.add_flag("--apply", options.apply, "Insert what is missing and make it last");
  app.add_flag("--remove", options.remove, "Take our rules away, live and kept")->excludes(apply);
  app.add_flag("--check", options.check, "Send a synthetic packet and name what drops it");
  app.add_option("--wan", options.wan, "Interface it arrives on (default: that of the default route)")
      ->type_name("INTERFACE");
  app.add_option("--port", options.ports, "SIP port to keep out of flowtables, may be repeated")->capture_default_str();
  app.add_flag("--json", options.json, "Write one JSON document");
  app.footer(kFirewallFooter);
}

}  // namespace

bool is_host_command(std::span<const std::string> arguments) {
  return !arguments.empty() && (arguments[0] == "disable-kernel-alg" || arguments[0] == "firewall-rule");
}

int run_host_command(const std::string& program, std::span<const std::string> arguments) {
  os::SystemHost host;
  return run_host_command(program, arguments, host, std::cout, std::cerr);
}

int run_host_command(const std::string& program, std::span<const std::string> arguments, os::Host& host,
                     std::ostream& out, std::ostream& err) {
  if (!is_host_command(arguments)) return kUsage;
  bool alg = arguments[0] == "disable-kernel-alg";
  CLI::App app(alg ? "Finds the kernel's own SIP helper, detaches it and proves that it is gone."
                   : "The rule by which the firewall of this box lets pinholed packets in.",
               program + " " + arguments[0]);
  app.failure_message(usage_error);
  AlgOptions alg_options;
  FirewallOptions firewall_options;
  if (alg) {
    add_alg_options(app, alg_options);
  } else {
    add_firewall_options(app, firewall_options);
  }
  // CLI11 takes them from the back.
  std::vector<std::string> rest(arguments.rbegin(), arguments.rend() - 1);
  try {
    app.parse(std::move(rest));
  } catch (const CLI::ParseError& error) {
    return app.exit(error, out, err) == 0 ? 0 : kUsage;
  }
  return alg ? disable_kernel_alg(alg_options, host, out, err) : firewall_rule(firewall_options, host, out, err);
}

}  // namespace viaduct::gateway
