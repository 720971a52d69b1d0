// SPDX-License-Identifier: GPL-2.0-or-later
#include "simulate/label.hpp"
#include "simulate/scenario.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <fstream>

namespace viaduct::simulate {
namespace {

struct Request {
  std::filesystem::path params, out;
  std::uint64_t seed = 1;
  std::string only;
  int site = -1;
  bool count = false;
};

struct Planned {
  const ScenarioParams* scenario;
  int index;
};

std::vector<Planned> plan(const Params& params, const Request& request) {
  std::vector<Planned> sites;
  for (const ScenarioParams& scenario : params.scenarios)
    for (int index = 0; index < scenario.sites; ++index)
      if (request.only.empty() || scenario.name == request.only) sites.push_back({&scenario, index});
  return sites;
}

int fail(const std::string& why) {
  std::fprintf(stderr, "viaduct-simulate: %s\n", why.c_str());
  return 3;
}

int run(const Request& request) {
  const auto params = read_params(request.params);
  if (!params) return fail(request.params.string() + ": " + params.error());
  std::vector<Planned> sites = plan(*params, request);
  if (request.count) {
    std::printf("%zu\n", sites.size());
    return 0;
  }
  if (request.site >= static_cast<int>(sites.size()))
    return fail("there are " + std::to_string(sites.size()) + " sites");
  if (request.site >= 0) sites = {sites[static_cast<std::size_t>(request.site)]};
  std::filesystem::create_directories(request.out);
  std::ofstream calls(request.out / "labels.jsonl"), places(request.out / "sites.jsonl");
  for (const auto& [scenario, index] : sites) {
    const SiteSetup setup = draw_site(*scenario, index, request.seed);
    const auto done = run_site(setup, request.seed, request.out);
    if (!done) return fail(done.error());
    calls << call_labels(setup, *done);
    places << site_label(setup, *done);
  }
  return calls.flush() && places.flush() ? 0 : fail("cannot write the labels");
}

}  // namespace
}  // namespace viaduct::simulate

int main(int argc, char** argv) {
  viaduct::simulate::Request request;
  CLI::App app("Writes captures of sites where something is wrong, or nothing, with the truth beside them.");
  app.add_option("--params", request.params, "what to draw (TOML)")->required();
  app.add_option("--seed", request.seed, "the same seed gives the same octets");
  app.add_option("--out", request.out, "folder for captures and labels");
  app.add_option("--only", request.only, "this scenario alone");
  app.add_option("--site", request.site, "this site alone, counted from 0");
  app.add_flag("--sites", request.count, "print how many sites there are, and do nothing");
  CLI11_PARSE(app, argc, argv);
  if (!request.count && request.out.empty()) return viaduct::simulate::fail("--out is missing");
  return viaduct::simulate::run(request);
}
