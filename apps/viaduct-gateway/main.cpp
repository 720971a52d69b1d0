// SPDX-License-Identifier: GPL-2.0-or-later
#include "viaduct-gateway/command_line.hpp"
#include "viaduct-gateway/config.hpp"
#include "viaduct-gateway/gateway.hpp"
#include "viaduct-gateway/host_commands.hpp"
#include "viaduct-gateway/log.hpp"
#include "viaduct-gateway/service.hpp"

#include <CLI/CLI.hpp>

#include <iostream>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace viaduct::gateway;

constexpr int kUsage = 2;
constexpr int kEnvironment = 3;

constexpr const char* kFooter = R"(Commands for this host, each with its own --help:
  viaduct-gateway disable-kernel-alg   find the kernel's SIP helper, detach it, prove it is gone
  viaduct-gateway firewall-rule        the one rule by which the firewall lets pinholes in

Examples:
  viaduct-gateway                                    run with /etc/viaduct/gateway.toml
  viaduct-gateway --config lab.toml                  run with another file
  viaduct-gateway --check-config                     check the file, change nothing
  viaduct gateway status                             ask the running gateway

Exit codes: 0 stopped as asked, 1 the configuration is wrong, 2 usage, 3 the system does not allow it.
Manual: viaduct-gateway(8), viaduct-gateway.toml(5))";

int run(const GatewayConfig& config, const std::string& path) {
  Gateway gateway(config, path);
  if (const viaduct::os::Result<void> started = gateway.start(); !started) {
    log(LogLevel::error, started.error().to_text());
    gateway.stop();
    return kEnvironment;
  }
  log(LogLevel::info, "ready, mode " + std::string(viaduct::alg::text(config.policy.mode)));
  notify_service_manager("READY=1");
  const viaduct::os::Result<void> ended = gateway.run();
  gateway.stop();
  if (ended) return 0;
  log(LogLevel::error, ended.error().to_text());
  return kEnvironment;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  // `viaduct gateway` becomes this program for the commands about the host, and help shows what was typed.
  constexpr std::string_view kCalled = "viaduct gateway";
  if (is_host_command(arguments))
    return run_host_command(argv[0] == kCalled ? std::string(kCalled) : "viaduct-gateway", arguments);

  CLI::App app("The SIP ALG that does no harm: timers, pinholes and priority for VoIP, edits only where proven needed.",
               "viaduct-gateway");
  std::string path = kDefaultConfigPath;
  bool check = false;
  app.add_option("-c,--config", path, "Configuration file")->capture_default_str();
  app.add_flag("--check-config", check, "Check the configuration and exit: 0 valid, 1 invalid, 3 unreadable");
  app.add_option("file", path, "Configuration file, as with --config");
  app.set_version_flag("--version", "viaduct-gateway " VIADUCT_VERSION);
  app.footer(kFooter);
  app.failure_message(viaduct::gateway::usage_error);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kUsage;
  }
  if (check) return check_config(path, std::cout, std::cerr);
  const std::expected<GatewayConfig, ConfigFailure> config = load_config(path);
  if (!config) {
    std::cerr << (config.error().unreadable ? "viaduct-gateway: " : "") << config.error().text;
    return config.error().unreadable ? kEnvironment : 1;
  }
  set_log_level(config->log_level);
  return run(*config, path);
}
