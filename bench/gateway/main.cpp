// SPDX-License-Identifier: GPL-2.0-or-later
#include "measure.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>

// The load for bench/gateway/run and bench/faults/run, which make the namespaces, start what is measured and compare.
int main(int argc, char** argv) {
  CLI::App app("Measures a router between two network namespaces; prints one JSON document.");
  app.require_subcommand(1);
  std::vector<std::string> clients;
  std::vector<std::string> servers;
  std::string outer;
  double seconds = 2;
  std::uint32_t dialogs = 1000;
  std::uint32_t window = 200;
  std::uint32_t rate = 5000;
  std::uint32_t flows = 50;
  std::uint32_t rounds = 10;
  bool shared_ports = false;
  app.add_option("--client", clients, "Network namespace of the phones; several for rtp")->required();
  app.add_option("--server", servers, "Network namespace of the platform; several for rtp")->required();
  app.add_option("--outer", outer, "WAN address that must replace inner ones in every message");
  app.add_option("--seconds", seconds, "Length of one measurement")->capture_default_str();
  CLI::App* reinvite = app.add_subcommand("reinvite", "Re-INVITEs in dialogs that are up");
  reinvite->add_option("--dialogs", dialogs)->capture_default_str();
  reinvite->add_option("--window", window, "Messages on the way at once")->capture_default_str();
  reinvite->add_flag("--shared-ports", shared_ports, "Pairs of phones use the same media port, so m= must be edited");
  CLI::App* calls = app.add_subcommand("calls", "Whole new calls");
  calls->add_option("--rate", rate, "Calls a second")->capture_default_str();
  CLI::App* rtp = app.add_subcommand("rtp", "RTP through several routers in turn");
  rtp->add_option("--flows", flows)->capture_default_str();
  rtp->add_option("--rounds", rounds)->capture_default_str();
  CLI::App* forward = app.add_subcommand("forward", "Datagrams at a fixed rate");
  std::string to;
  forward->add_option("--to", to, "Address in the platform's namespace")->required();
  forward->add_option("--rate", rate, "Datagrams a second")->capture_default_str();
  forward->add_option("--flows", flows)->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  std::vector<bench::Path> paths;
  for (std::size_t i = 0; i < clients.size() && i < servers.size(); ++i)
    paths.push_back({clients[i], servers[i], outer});
  std::string result;
  if (reinvite->parsed()) result = bench::measure_reinvites(paths[0], dialogs, seconds, window, shared_ports);
  if (calls->parsed()) result = bench::measure_calls(paths[0], rate, seconds);
  if (rtp->parsed()) result = bench::measure_rtp(paths, flows, seconds, rounds);
  if (forward->parsed()) result = bench::measure_forward(paths[0], to, rate, flows, seconds);
  std::puts(result.c_str());
  return 0;
}
