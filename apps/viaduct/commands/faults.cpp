// SPDX-License-Identifier: GPL-2.0-or-later
#include "box/list.hpp"
#include "box/run.hpp"
#include "box/setup.hpp"
#include "commands/command.hpp"
#include "commands/output.hpp"

#include <cstdio>
#include <cstring>
#include <memory>
#include <string>

namespace viaduct::app {
namespace {

constexpr const char* kRunExamples =
    "Examples (as root, best in a network namespace of its own):\n"
    "  viaduct faults run --inside lan0 --outside wan0 --outside-address 203.0.113.2/28 --gateway 203.0.113.1\n"
    "                                     a clean NAT by RFC 4787 between two Ethernet interfaces\n"
    "  viaduct faults run ... --behaviour B21 --set gap=2s\n"
    "                                     each re-INVITE moves media to another port, 2 s of silence\n"
    "  viaduct faults run ... --behaviour C01 --set period=30s --set cut=1s\n"
    "                                     audio drops out every 30 s\n"
    "  viaduct faults run ... --family linux --up loss=1%,delay=20ms --down rate=1M,queue=64k\n"
    "                                     the kernel's SIP ALG on a poor line\n"
    "\n"
    "An interface that exists is used as Ethernet: the box owns its addresses there and answers ARP, so give the\n"
    "interface no IPv4 address in the kernel. Any other name becomes a TUN interface to which you route.\n"
    "\n"
    "Exit codes: 0 ended as asked, 2 wrong usage, 3 the machine did not do its part.\n";

int run(const box::RunOptions& options) {
  std::expected<box::Setup, std::string> setup = box::make_setup(options);
  if (!setup) {
    std::fprintf(stderr, "viaduct faults run: %s\ntry: viaduct faults run --help\n", setup.error().c_str());
    return Exit::wrong_usage;
  }
  const os::Result<box::RunSummary> summary = box::run_box(std::move(*setup));
  if (!summary) {
    std::fprintf(stderr, "viaduct faults run: %s\n", summary.error().to_text().c_str());
    return Exit::environment;
  }
  return put("faults", options.json ? box::to_json(*summary) : box::to_text(*summary));
}

void add_nat_options(CLI::App& command, box::RunOptions& o) {
  const char* const group = "NAT (defaults: RFC 4787)";
  command.add_option("--mapping", o.mapping, "endpoint-independent, address or address-and-port")->group(group);
  command.add_option("--filtering", o.filtering, "endpoint-independent, address or address-and-port")->group(group);
  command.add_option("--ports", o.ports, "preserve, sequential or random")->group(group);
  command.add_option("--port-range", o.port_range, "Outer ports, e.g. 1024-65535")->group(group);
  command.add_option("--pooling", o.pooling, "paired or arbitrary, with several outer addresses")->group(group);
  command.add_flag("--no-parity", o.no_parity, "An even port may become an odd one")->group(group);
  command.add_flag("--no-hairpin", o.no_hairpin, "Inside to inside over the outer address is lost")->group(group);
  command.add_flag("--inbound-refresh", o.inbound_refresh, "Inbound packets keep a mapping alive")->group(group);
  command.add_option("--udp-timeout", o.udp_timeout, "Of UDP flows that are neither SIP nor media")->group(group);
  command.add_option("--sip-timeout", o.sip_timeout, "Of UDP flows to or from a SIP port")->group(group);
  command.add_option("--media-timeout", o.media_timeout, "Of UDP flows that an SDP announced")->group(group);
  command.add_option("--tcp-timeout", o.tcp_timeout, "Of established TCP connections")->group(group);
}

void add_path_options(CLI::App& command, box::RunOptions& o) {
  command.add_option("--inside", o.inside, "Interface of the phones")->required();
  command.add_option("--outside", o.outside, "Interface of the Internet")->required();
  command.add_option("--inside-address", o.inside_address, "The box there, with its net");
  command.add_option("--outside-address", o.outside_addresses, "The box there, with its net; may be repeated")
      ->required();
  command.add_option("--gateway", o.gateway, "Next hop outside, on Ethernet");
  command.add_option("--behaviour,--behavior", o.behaviours, "Behaviours by id, e.g. A04,B21; may be repeated");
  command.add_option("--family", o.family, "An ALG as a preset: see viaduct faults list");
  command.add_option("--set", o.sets, "A parameter: gap=2s, or B21.gap=2s; may be repeated");
  command.add_option("--up", o.up,
                     "Line inside to outside: loss=1%,burst=1%/30%,delay=20ms,jitter=5ms,reorder=1%,rate=1M,queue=64k");
  command.add_option("--down", o.down, "Line outside to inside, likewise");
  command.add_option("--sip-port", o.sip_ports, "Ports whose packets are read as SIP");
  command.add_flag("--tcp", o.tcp, "Read SIP over TCP too, segment by segment");
  command.add_option("--mtu", o.mtu, "Largest packet on both sides")->check(CLI::Range(576, 65535));
  command.add_option("--seed", o.seed, "Of all chance: the same seed, the same packets lost");
  command.add_option("--duration", o.duration, "End after this time, e.g. 90s; otherwise on SIGINT or SIGTERM");
  command.add_flag("--json", o.json, "Write the counters at the end as JSON");
}

}  // namespace

Run add_faults(CLI::App& command) {
  const auto options = std::make_shared<box::RunOptions>();
  const auto json = std::make_shared<bool>(false);
  command.require_subcommand(1);
  CLI::App* const list = command.add_subcommand("list", "Show every behaviour and family, with parameters");
  list->add_flag("--json", *json, "Write JSON");
  CLI::App* const runner = command.add_subcommand("run", "Be the NAT box in the path, with chosen behaviours");
  add_path_options(*runner, *options);
  add_nat_options(*runner, *options);
  runner->footer(kRunExamples);
  command.footer(
      "Examples:\n"
      "  viaduct faults list                what there is to choose from\n"
      "  viaduct explain B21                what one behaviour does on the wire, and how it is found\n"
      "  viaduct faults run --help          the box itself\n");
  return [options, json, list, runner] {
    if (list->parsed()) return put("faults", *json ? box::list_json() : box::list_text());
    for (const CLI::Option* const option : runner->get_options())
      if (option->count() > 0) options->typed.insert(option->get_name());
    return run(*options);
  };
}

}  // namespace viaduct::app
