// SPDX-License-Identifier: GPL-2.0-or-later
#include "simulate/breakage.hpp"

namespace viaduct::simulate {
namespace {

/// How long its media entries are away is much the same each time with one box.
Range hole_of(Draw& draw) {
  const Range range = draw.range("hole");
  const double usual = range.low + (range.high - range.low) * draw.random().unit() * draw.random().unit();
  return {std::max(range.low, usual * 0.75), std::min(range.high, usual * 1.3)};
}

void draw_sides(Draw& draw, PinholeRules& rules) {
  if (draw.chance("both")) return;
  const bool inbound = draw.random().chance(0.6);
  rules.closes_up = !inbound;
  rules.closes_down = inbound;
}

void give(SiteSetup& site, const PinholeRules& rules) {
  for (LineSetup& line : site.lines)
    for (CallSetup& call : line.calls) call.pinhole = rules;
}

Seconds period_of(Draw& draw) {
  return draw.chance("long_period") ? draw.random().in(90, 200) : draw.value("period");
}

}  // namespace

void draw_alg(Draw& draw, SiteSetup& site) {
  constexpr AlgFamily families[] = {AlgFamily::linux_kernel, AlgFamily::linux_kernel, AlgFamily::broadcom,
                                    AlgFamily::quicksec,     AlgFamily::fortinet,     AlgFamily::proxy};
  site.alg.emplace();
  site.alg->family = draw.random().pick(std::span<const AlgFamily>(families));
  if (const auto wanted = find_family(draw.params().family)) site.alg->family = *wanted;
  site.kind = name(site.alg->family);
  site.nat->symmetric = false;
}

void draw_harmless_alg(Draw& draw, SiteSetup& site) {
  draw_good(draw, site);
}

void draw_alg_pinhole(Draw& draw, SiteSetup& site) {
  PinholeRules rules;
  rules.life = draw.value("period");
  rules.jitter = draw.value("jitter");
  rules.restarts = draw.chance("restarts");
  rules.sip_refreshes = draw.chance("sip_refreshes");
  if (draw.chance("sweep")) rules.sweep = draw.random().in(1, 5);
  rules.missed = draw.value("missed");
  rules.hole = hole_of(draw);
  draw_sides(draw, rules);
  give(site, rules);
}

/// Each session refresh gets a new outer port, and the way for it is not ready at once.
void draw_alg_remap(Draw& draw, SiteSetup& site) {
  site.alg->remaps = true;
  site.alg_harm.offer_closes = true;
  const Seconds period = period_of(draw);
  const bool by_phone = draw.random().chance(0.6);
  site.session_expires = 2 * period;
  site.follow_lag = draw.value("lag");
  PinholeRules rules;
  rules.hole = hole_of(draw);
  draw_sides(draw, rules);
  give(site, rules);
  for (LineSetup& line : site.lines)
    for (CallSetup& call : line.calls) {
      Seconds after = period;
      while (after < call.length) {
        call.events.push_back({after, MidCallKind::refresh, by_phone});
        after += period + draw.random().in(0, 0.4);
      }
    }
}

/// The media of a phone hang on its registration, which is entered anew each time.
void draw_alg_flush(Draw& draw, SiteSetup& site) {
  site.alg_harm.register_flushes = true;
  PinholeRules rules;
  rules.hole = hole_of(draw);
  draw_sides(draw, rules);
  give(site, rules);
  const Seconds period = period_of(draw);
  for (LineSetup& line : site.lines) line.register_every = period;
}

void draw_alg_one_way(Draw& draw, SiteSetup& site) {
  site.alg->skips_port = true;
  if (site.alg->family == AlgFamily::proxy) site.alg->family = AlgFamily::broadcom;
  site.kind = name(site.alg->family);
  site.latches = draw.random().chance(0.2);
}

/// The entry of a call ends once, and nothing makes it again.
void draw_alg_media_ends(Draw& draw, SiteSetup& site) {
  PinholeRules rules;
  rules.life = draw.random().in(30, 150);
  rules.hole = {kForGood, kForGood};
  draw_sides(draw, rules);
  give(site, rules);
}

}  // namespace viaduct::simulate
