// SPDX-License-Identifier: GPL-2.0-or-later
#include "viaduct-gateway/surroundings.hpp"

#include "os/flowtable.hpp"
#include "os/host_pinhole.hpp"
#include "os/host_xtables.hpp"
#include "os/qos.hpp"
#include "os/ruleset.hpp"
#include "os/sockets.hpp"
#include "viaduct-gateway/ruleset.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace viaduct::gateway {
namespace {

// Beside the journal: the runtime folder of a systemd service goes with every restart, and with it the
// knowledge of what was there before us.
std::string qos_folder(const GatewayConfig& config) {
  return std::filesystem::path(config.paths.journal).parent_path();
}

void find_own_server(const GatewayConfig& config, std::vector<std::string>& found) {
  const os::Result<std::vector<os::UdpSocket>> sockets = os::list_udp_sockets();
  if (!sockets) return;
  for (const os::UdpSocket& socket : *sockets) {
    const std::vector<std::uint16_t>& ports = config.sip_ports;
    if (std::find(ports.begin(), ports.end(), socket.local.port) == ports.end()) continue;
    found.push_back(
        fmt::format("a program of this host listens on {}: its own calls do not pass the gateway and are left alone",
                    socket.local.to_text()));
  }
}

void find_offloads(os::Host& host, std::vector<std::string>& found) {
  const os::Result<std::string> json = host.ruleset_json();
  if (!json) return;
  const os::Result<os::Ruleset> ruleset = os::parse_ruleset(*json);
  if (!ruleset) return;
  const os::XtablesSet xtables = os::read_xtables(host, ruleset->has_xtables());
  for (const os::OffloadRule& rule : os::find_offload(*ruleset, xtables.sets)) found.push_back(os::warning_text(rule));
}

void find_drops(os::Host& host, const std::vector<std::string>& wans, std::vector<std::string>& found) {
  for (const std::string& wan : wans) {
    os::PinholeCheckRequest request;
    request.wan = wan;
    request.mark = kPinholeMark;
    const os::Result<std::vector<os::PinholeCheck>> checks = os::check_pinhole(host, request);
    if (!checks) continue;
    for (const os::PinholeCheck& check : *checks)
      if (check.verdict == os::PinholeVerdict::dropped)
        found.push_back(
            fmt::format("seen at the start: media that comes in first on {} would be lost: {}. 'viaduct gateway "
                        "firewall-rule' tells "
                        "whether it still is so, --apply inserts the one rule that is missing",
                        wan, os::describe(check)));
  }
}

}  // namespace

std::vector<std::string> look_around(os::Host& host, const GatewayConfig& config,
                                     const std::vector<std::string>& wans) {
  std::vector<std::string> found;
  find_own_server(config, found);
  find_offloads(host, found);
  if (reads_sip(config.policy) && config.policy.mode != alg::Mode::observe) find_drops(host, wans, found);
  return found;
}

os::Result<void> build_qos_tree(os::Host& host, const GatewayConfig& config, const std::vector<std::string>& wans,
                                std::vector<std::string>& remarks) {
  if (config.qos.rate == 0) return {};
  for (const std::string& wan : wans) {
    os::QosConfig tree;
    tree.interface = wan;
    tree.rate = config.qos.rate;
    tree.force = config.qos.force;
    tree.media_dscp = config.qos.media_dscp;
    tree.sip_dscp = config.qos.sip_dscp;
    tree.state_folder = qos_folder(config);
    const os::Result<os::QosOutcome> built = os::build_qos(host, tree);
    if (!built) return std::unexpected(built.error());
    remarks.insert(remarks.end(), built->remarks.begin(), built->remarks.end());
  }
  return {};
}

void restore_qos_tree(os::Host& host, const GatewayConfig& config, const std::vector<std::string>& wans,
                      std::vector<std::string>& remarks) {
  for (const std::string& wan : wans) {
    const os::Result<os::QosOutcome> restored = os::restore_qos(host, wan, qos_folder(config));
    if (!restored) remarks.push_back(restored.error().to_text());
  }
}

}  // namespace viaduct::gateway
