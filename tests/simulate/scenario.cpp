// SPDX-License-Identifier: GPL-2.0-or-later
#include "simulate/scenario.hpp"

#include "simulate/breakage.hpp"
#include "simulate/draw.hpp"

#include <algorithm>
#include <array>

namespace viaduct::simulate {
namespace {

struct Scenario {
  std::string_view name, truth;
  bool alg;
  void (*draw)(Draw&, SiteSetup&);
};

constexpr auto kScenarios = std::to_array<Scenario>({
    {"good", "none", false, draw_good},
    {"alg-harmless", "none", true, draw_harmless_alg},
    {"alg-pinhole", "sip-alg", true, draw_alg_pinhole},
    {"alg-reinvite-remap", "sip-alg", true, draw_alg_remap},
    {"alg-register-flush", "sip-alg", true, draw_alg_flush},
    {"alg-one-way", "sip-alg", true, draw_alg_one_way},
    {"alg-media-ends", "sip-alg", true, draw_alg_media_ends},
    {"nat-timeout", "nat-timeout", false, draw_nat_timeout},
    {"bandwidth", "bandwidth", false, draw_bandwidth},
    {"wifi", "jitter", false, draw_wifi},
    {"endpoint", "endpoint", false, draw_endpoint},
    {"endpoint-timer", "endpoint", false, draw_endpoint_timer},
    {"endpoint-refresh", "endpoint", false, draw_endpoint_refresh},
    {"media-ends", "endpoint", false, draw_media_ends},
    {"policer", "unknown", false, draw_policer},
    {"random-loss", "unknown", false, draw_random_loss},
    {"burst-loss", "unknown", false, draw_burst_loss},
    {"route-flap", "unknown", false, draw_route_flap},
    {"router-hiccup", "unknown", false, draw_router_hiccup},
    {"flow-recheck", "unknown", false, draw_flow_recheck},
    {"capture-loss", "none", false, draw_capture_loss},
});

constexpr auto kLookalikes =
    std::to_array<std::string_view>({"stun", "stun", "learning", "learning", "learning-sdp", "symmetric-rport",
                                     "external-ip", "ice", "two-proxies", "public-address", "onsite-proxy"});

const Scenario* find(std::string_view name) {
  const auto* const found = std::ranges::find(kScenarios, name, &Scenario::name);
  return found == kScenarios.end() ? nullptr : found;
}

void draw_addresses(Random& random, SiteSetup& site) {
  site.outer = quad(203, 0, 113, static_cast<unsigned>(random.whole(2, 250)));
  site.platform = quad(198, 51, 100, static_cast<unsigned>(random.whole(10, 19)));
  site.media_server =
      random.chance(0.5) ? site.platform : quad(198, 51, 100, static_cast<unsigned>(random.whole(30, 60)));
}

PathRules draw_path(Draw& draw, Seconds delay, Seconds until) {
  PathRules path;
  path.delay = delay;
  path.jitter = draw.value("path_jitter");
  path.noise = draw.value("noise");
  const double strays = draw.value("strays");
  if (strays > 0.01) path.strays = draw.strikes(until, {0.2, 1.5}, 240 / strays);
  return path;
}

std::uint32_t lan(Random& random) {
  const auto third = static_cast<unsigned>(random.whole(0, 250));
  switch (random.whole(0, 3)) {
    case 0:
      return quad(10, static_cast<unsigned>(random.whole(0, 40)), third, 0);
    case 1:
      return quad(172, static_cast<unsigned>(random.whole(16, 31)), third, 0);
    default:
      return quad(192, 168, third % 10, 0);
  }
}

Talk draw_talk(Draw& draw) {
  Talk talk;
  talk.silence_suppression = draw.chance("suppression");
  return talk;
}

/// Calls of one line, one after the other.
void draw_calls(Draw& draw, LineSetup& line, Seconds& until) {
  Random& random = draw.random();
  Seconds at = random.in(4, 40);
  for (int left = draw.whole("calls"); left > 0; --left) {
    CallSetup call;
    call.start = at;
    call.length = draw.value("length");
    call.outbound = random.chance(0.6);
    call.g711 = draw.chance("g711");
    call.phone = draw_talk(draw);
    call.other = draw_talk(draw);
    at += call.length + random.in(15, 40);
    line.calls.push_back(std::move(call));
  }
  until = std::max(until, at);
}

void draw_lines(Draw& draw, SiteSetup& site) {
  Random& random = draw.random();
  const std::uint32_t network = lan(random);
  const bool one_make = draw.chance("one_make");
  const Make& usual = random.pick(makes());
  int host = random.whole(20, 60);
  for (int left = draw.whole("lines"); left > 0; --left) {
    LineSetup line;
    line.make = one_make ? &usual : &random.pick(makes());
    line.sip.address = network + static_cast<std::uint32_t>(host);
    line.sip.port = line.make->odd_sip_port ? static_cast<std::uint16_t>(random.whole(40000, 60000)) : 5060;
    host += random.whole(1, 6);
    line.register_every = draw.value("register");
    line.keepalive_every = draw.value("keepalive");
    line.keepalive_by_phone = random.chance(0.5);
    line.skew = draw.value("skew");
    draw_calls(draw, line, site.length);
    site.lines.push_back(std::move(line));
  }
}

void give_public_addresses(Random& random, SiteSetup& site) {
  site.nat.reset();
  unsigned host = static_cast<unsigned>(random.whole(2, 200));
  for (LineSetup& line : site.lines) line.sip.address = quad(203, 0, 113, host++);
}

/// Something that is no ALG and leaves some of an ALG's marks. The last two have no NAT that could forget.
void draw_lookalike(Draw& draw, SiteSetup& site) {
  Random& random = draw.random();
  const std::size_t choices = site.truth == "nat-timeout" ? kLookalikes.size() - 2 : kLookalikes.size();
  site.lookalike = draw.params().alike.empty()
                       ? random.pick(std::span<const std::string_view>(kLookalikes).first(choices))
                       : draw.params().alike;
  if (site.lookalike == "stun" || site.lookalike == "ice") {
    site.knowledge = Knowledge::stun;
    site.stun_seen = draw.chance("stun_seen");
    site.ice = site.lookalike == "ice";
    site.nat->symmetric = false;
    if (!site.stun_seen) site.lookalike += "-unseen";
  }
  if (site.lookalike == "learning") site.knowledge = Knowledge::learnt;
  if (site.lookalike == "learning-sdp") site.knowledge = Knowledge::learnt_sdp;
  if (site.lookalike == "symmetric-rport") site.nat->symmetric = true, site.nat->keeps_port = false;
  if (site.lookalike == "external-ip") {
    site.knowledge = Knowledge::setting;
    site.nat->symmetric = false;
    site.nat->keeps_port = true;
  }
  // Seen from inside: a box that adds a Via, or a platform of more than one proxy, perhaps behind one address.
  if (site.lookalike == "two-proxies") {
    const std::uint32_t proxy = random.chance(0.5) ? quad(10, 200, 0, 4) : quad(198, 51, 100, 7);
    (random.chance(0.5) ? site.upper_via : site.lower_via) = proxy;
  }
  if (site.lookalike == "public-address") give_public_addresses(random, site);
  if (site.lookalike == "onsite-proxy") {
    site.onsite_proxy = true;
    site.vantage = Vantage::server;
    if (random.chance(0.4)) site.nat.reset();
  }
}

void draw_vantage(Draw& draw, SiteSetup& site) {
  const double client = draw.value("client_side"), both = draw.value("both_sides"), drawn = draw.random().unit();
  site.vantage = drawn < client ? Vantage::client : drawn < client + both ? Vantage::both : Vantage::server;
}

void draw_nat(Draw& draw, SiteSetup& site) {
  site.nat.emplace();
  site.nat->idle = draw.value("nat_idle");
  site.nat->symmetric = draw.chance("symmetric");
  site.nat->keeps_port = draw.random().chance(0.6);
  site.nat->inbound_refreshes = draw.random().chance(0.5);
}

}  // namespace

bool is_scenario(std::string_view name) {
  return find(name) != nullptr;
}

bool is_lookalike(std::string_view name) {
  return std::ranges::find(kLookalikes, name) != kLookalikes.end();
}

std::vector<std::string_view> scenario_names() {
  std::vector<std::string_view> names;
  names.reserve(kScenarios.size());
  for (const Scenario& scenario : kScenarios) names.push_back(scenario.name);
  return names;
}

SiteSetup draw_site(const ScenarioParams& params, int index, std::uint64_t seed) {
  const Scenario& scenario = *find(params.name);
  SiteSetup site;
  const std::string number = std::to_string(index), named = params.variant.empty() ? "" : "-" + params.variant;
  site.name = params.name + named + "-" + std::string(number.size() < 4 ? 4 - number.size() : 0, '0') + number;
  site.scenario = params.name;
  Draw draw(params, Random::of(seed, site.name));
  site.truth = scenario.truth;
  site.length = 0;
  draw_vantage(draw, site);
  draw_addresses(draw.random(), site);
  draw_lines(draw, site);
  draw_nat(draw, site);
  const Seconds delay = draw.value("delay");
  site.up = draw_path(draw, delay, site.length);
  site.down = draw_path(draw, delay * draw.random().in(0.8, 1.2), site.length);
  site.session_expires = draw.random().chance(0.5) ? 1800 : 0;
  site.challenges = draw.random().chance(0.5);
  if (scenario.alg)
    draw_alg(draw, site);
  else if (draw.chance("lookalike") || !params.alike.empty())
    draw_lookalike(draw, site);
  if (!scenario.alg && site.lookalike.empty() && draw.chance("harmless_alg")) draw_alg(draw, site);
  scenario.draw(draw, site);
  return site;
}

}  // namespace viaduct::simulate
