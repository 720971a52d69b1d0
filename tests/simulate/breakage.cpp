// SPDX-License-Identifier: GPL-2.0-or-later
#include "simulate/breakage.hpp"

#include <array>

namespace viaduct::simulate {
namespace {

std::vector<CallSetup*> calls_of(SiteSetup& site) {
  std::vector<CallSetup*> calls;
  for (LineSetup& line : site.lines)
    for (CallSetup& call : line.calls) calls.push_back(&call);
  return calls;
}

QueueRules draw_queue(Draw& draw, const std::vector<Interval>& bursts) {
  QueueRules rules;
  rules.rate = draw.value("rate");
  rules.limit = std::max(10, static_cast<int>(draw.value("queue") * rules.rate / 12000));
  rules.flows = draw.whole("flows");
  rules.round_trip = draw.random().in(0.02, 0.08);
  rules.bursts = bursts;
  return rules;
}

/// Other traffic of a site: at random, or by somebody's clock.
std::vector<Interval> draw_load(Draw& draw, SiteSetup& site) {
  if (!draw.chance("periodic")) return draw.turns(site.length, draw.range("busy"), draw.range("calm"));
  site.kind = "periodic";
  return draw.ticks(site.length, {3, 8}, draw.value("period"), draw.random().in(0, 1));
}

}  // namespace

void draw_good(Draw& draw, SiteSetup& site) {
  Random& random = draw.random();
  for (CallSetup* call : calls_of(site)) {
    const int kind = random.whole(0, 5);
    const Seconds hold = call->length * random.in(0.2, 0.4), resume = hold + call->length * random.in(0.1, 0.3);
    if (kind == 0) call->events = {{hold, MidCallKind::hold, true}, {resume, MidCallKind::resume, true}};
    if (kind == 1)
      call->events = {{hold, MidCallKind::platform_hold, false}, {resume, MidCallKind::platform_resume, false}};
    if (kind == 2) call->events = {{hold, MidCallKind::transfer, false}};
    if (kind != 3) continue;
    const Seconds period = draw.value("period") + 15;
    const bool by_phone = random.chance(0.5);
    const int times = static_cast<int>(call->length / period);
    for (int i = 1; i <= times; ++i) call->events.push_back({i * period, MidCallKind::refresh, by_phone});
  }
}

/// People who listen for long, with phones that send nothing meanwhile, behind a router that forgets soon.
void draw_nat_timeout(Draw& draw, SiteSetup& site) {
  NatRules& nat = *site.nat;
  nat.idle = draw.value("nat_idle");
  nat.inbound_refreshes = false;
  nat.new_port_after_expiry = draw.random().chance(0.8);
  const Range mute = draw.range("mute"), speech = draw.range("speech");
  for (LineSetup& line : site.lines) {
    line.keepalive_by_phone = true;
    line.keepalive_every = std::min(line.keepalive_every, nat.idle * 0.7);
    for (CallSetup& call : line.calls) {
      Seconds at = draw.random().in(2, 20);
      while (at < call.length) {
        const Seconds silent = nat.idle * draw.random().in(mute);
        call.phone.mutes.push_back({at, at + silent});
        at += silent + draw.random().in(speech);
      }
    }
  }
}

void draw_bandwidth(Draw& draw, SiteSetup& site) {
  site.kind = "random";
  const std::vector<Interval> load = draw_load(draw, site);
  const bool both = draw.chance("both");
  site.up.queue = draw_queue(draw, load);
  if (both || site.captures_inside()) site.down.queue = draw_queue(draw, load);
}

/// Scans of phones that listen to other channels now and then, or that have a bad place and look for a better one.
void draw_wifi(Draw& draw, SiteSetup& site) {
  Random& random = draw.random();
  const bool periodic = random.chance(0.7);
  site.kind = periodic ? "periodic" : "random";
  const Seconds period = draw.value("period");
  const Range scan = draw.range("scan");
  const double usual = random.in(scan);
  const Range busy{std::max(scan.low, usual * 0.7), std::min(scan.high, usual * 1.4)};
  for (LineSetup& line : site.lines) {
    line.wireless = true;
    if (draw.chance("sleepy")) line.radio_sleep = 0.1024 * random.whole(1, 2);
    line.radio_away =
        periodic ? draw.ticks(site.length, busy, period, random.in(0, 1)) : draw.strikes(site.length, busy, period);
  }
}

void draw_endpoint(Draw& draw, SiteSetup& site) {
  constexpr std::array kinds{StallKind::frozen, StallKind::frozen, StallKind::stopped, StallKind::restart};
  constexpr std::array<std::string_view, 3> names{"frozen", "stopped", "restart"};
  Random& random = draw.random();
  const StallKind kind = random.pick(std::span<const StallKind>(kinds));
  const bool periodic = draw.chance("periodic");
  site.kind = names[static_cast<std::size_t>(kind)];
  const Seconds period = draw.value("period");
  for (CallSetup* call : calls_of(site)) {
    const std::vector<Interval> times = periodic
                                            ? draw.ticks(call->length, draw.range("stall"), period, random.in(0, 1))
                                            : draw.strikes(call->length, draw.range("stall"), period);
    for (const Interval& when : times) call->phone.stalls.push_back({when, kind});
  }
}

/// A phone that does something else every so often, counted from the start of the call, and loses what it would have
/// sent meanwhile: a clock of each call's own, and no ALG has it.
void draw_endpoint_timer(Draw& draw, SiteSetup& site) {
  site.kind = "dropped";
  const Seconds period = draw.value("period"), jitter = draw.value("jitter") / 4;
  const Range stall = draw.range("stall");
  const double usual = draw.random().in(stall);
  for (CallSetup* call : calls_of(site)) {
    Seconds free = 0;
    Seconds at = period;
    while (at < call->length) {
      const Seconds from = std::max(free, at + draw.random().normal(jitter));
      call->phone.stalls.push_back({{from, from + usual * draw.random().in(0.8, 1.2)}, StallKind::dropped});
      free = call->phone.stalls.back().when.until + 0.1;
      at += period;
    }
  }
}

/// A phone that loses what it would have sent while it works on a session refresh: holes as SIP passes, and no ALG.
void draw_endpoint_refresh(Draw& draw, SiteSetup& site) {
  site.kind = "dropped";
  const Seconds period = draw.value("period");
  const bool by_phone = draw.random().chance(0.6);
  const Range stall = draw.range("stall");
  const double usual = draw.random().in(stall);
  site.session_expires = 2 * period;
  for (CallSetup* call : calls_of(site)) {
    Seconds after = period;
    while (after < call->length) {
      call->events.push_back({after, MidCallKind::refresh, by_phone});
      const Seconds from = after + draw.random().in(0.05, 0.3);
      call->phone.stalls.push_back({{from, from + usual * draw.random().in(0.8, 1.2)}, StallKind::dropped});
      after += period + draw.random().in(0, 0.4);
    }
  }
}

/// The phone's media part dies in the middle of some calls, which go on.
void draw_media_ends(Draw& draw, SiteSetup& site) {
  site.kind = "ended";
  for (CallSetup* call : calls_of(site)) {
    if (!draw.random().chance(0.6)) continue;
    const Seconds from = call->length * draw.random().in(0.2, 0.8);
    call->phone.stalls.push_back({{from, call->length + 60}, StallKind::stopped});
  }
}

/// A firewall that looks at each flow anew after so long, and passes nothing until it has: it reads no SIP, and its
/// timers begin with each call's media as those of an ALG do.
void draw_flow_recheck(Draw& draw, SiteSetup& site) {
  PinholeRules rules;
  rules.life = draw.value("period");
  rules.jitter = draw.value("jitter");
  rules.restarts = draw.chance("restarts");
  const Range hole = draw.range("hole");
  const double usual = draw.random().in(hole);
  rules.hole = {usual * 0.8, usual * 1.2};
  for (LineSetup& line : site.lines)
    for (CallSetup& call : line.calls) call.pinhole = rules;
}

void draw_policer(Draw& draw, SiteSetup& site) {
  const std::vector<Interval> load = draw_load(draw, site);
  PolicerRules rules;
  rules.rate = draw.value("rate");
  rules.depth = rules.rate * draw.random().in(0.02, 0.2);
  rules.load = rules.rate * draw.random().in(1.05, 1.5);
  rules.bursts = load;
  site.up.policer = rules;
  if (draw.chance("both")) site.down.policer = rules;
}

void draw_random_loss(Draw& draw, SiteSetup& site) {
  site.up.loss_enter = draw.value("loss");
  if (draw.chance("both")) site.down.loss_enter = draw.value("loss");
}

void draw_burst_loss(Draw& draw, SiteSetup& site) {
  const double run = draw.value("run");
  site.up.loss_leave = site.down.loss_leave = 1 / run;
  site.up.loss_enter = draw.value("loss") / run;
  if (draw.chance("both")) site.down.loss_enter = site.up.loss_enter;
}

void draw_route_flap(Draw& draw, SiteSetup& site) {
  site.up.outages = site.down.outages = draw.strikes(site.length, draw.range("hole"), draw.value("period"));
}

/// A router that does something else at times: nothing passes, for nobody. By its clock, and it knows nothing of SIP.
void draw_router_hiccup(Draw& draw, SiteSetup& site) {
  site.up.outages = site.down.outages =
      draw.ticks(site.length, draw.range("hole"), draw.value("period"), draw.value("jitter") / 4);
}

void draw_capture_loss(Draw& draw, SiteSetup& site) {
  site.capture_missed = draw.strikes(site.length, draw.range("hole"), draw.value("period"));
  draw_good(draw, site);
}

}  // namespace viaduct::simulate
