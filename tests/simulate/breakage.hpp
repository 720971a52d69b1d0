// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "simulate/draw.hpp"
#include "simulate/setup.hpp"

/// What is wrong with a site, scenario by scenario: each puts its mechanism into a site that is otherwise drawn.
namespace viaduct::simulate {

/// An ALG that edits, and harms nothing so far.
void draw_alg(Draw& draw, SiteSetup& site);

void draw_good(Draw& draw, SiteSetup& site);
void draw_harmless_alg(Draw& draw, SiteSetup& site);
void draw_alg_pinhole(Draw& draw, SiteSetup& site);
void draw_alg_remap(Draw& draw, SiteSetup& site);
void draw_alg_flush(Draw& draw, SiteSetup& site);
void draw_alg_one_way(Draw& draw, SiteSetup& site);
void draw_alg_media_ends(Draw& draw, SiteSetup& site);
void draw_nat_timeout(Draw& draw, SiteSetup& site);
void draw_bandwidth(Draw& draw, SiteSetup& site);
void draw_wifi(Draw& draw, SiteSetup& site);
void draw_endpoint(Draw& draw, SiteSetup& site);
void draw_endpoint_timer(Draw& draw, SiteSetup& site);
void draw_endpoint_refresh(Draw& draw, SiteSetup& site);
void draw_media_ends(Draw& draw, SiteSetup& site);
void draw_flow_recheck(Draw& draw, SiteSetup& site);
void draw_policer(Draw& draw, SiteSetup& site);
void draw_random_loss(Draw& draw, SiteSetup& site);
void draw_burst_loss(Draw& draw, SiteSetup& site);
void draw_route_flap(Draw& draw, SiteSetup& site);
void draw_router_hiccup(Draw& draw, SiteSetup& site);
void draw_capture_loss(Draw& draw, SiteSetup& site);

}  // namespace viaduct::simulate
