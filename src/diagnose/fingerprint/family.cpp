// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/fingerprint/family.hpp"

#include <algorithm>
#include <numeric>

namespace viaduct::diagnose::fingerprint {
namespace {

constexpr std::size_t kChanges = static_cast<std::size_t>(Change::last);
/// linux, broadcom, quicksec, fortinet, proxy-type
using Points = std::array<int, kFamilies>;

/// Points of each family for each change: what it does speaks for it, what it never does against it.
constexpr std::array<Points, kChanges> kVector = {{
    {-3, -3, 2, 2, -1},   // call_id_own: only QuickSec and FortiOS translate Call-ID
    {2, 2, -3, -3, 0},    // call_id_inner
    {1, -2, 1, 1, -1},    // from_own
    {-1, 2, -2, -2, 0},   // from_inner: with a public Contact only Broadcom leaves it
    {1, -2, 1, 1, -1},    // second_contact_own
    {-2, 3, -2, -2, 0},   // second_contact_inner
    {-3, -3, -3, -3, 0},  // contact_inner
    {1, 0, 1, 1, 0},      // origin_own
    {-3, 2, 0, 0, 0},     // origin_inner: the kernel overwrites o= whatever it held
    {-3, -3, -3, 6, -3},  // traced
    {0, 0, 0, -1, 0},     // untraced: FortiOS writes that line by default
    {0, 2, -1, -1, -1},   // contact_port: the kernel gives one to a REGISTER at most
    {-4, -4, -4, -4, 6},  // box_via
    {-2, -2, -2, -2, 3},  // respelled
    {-3, -3, 0, 2, -1},   // route_own
    {1, 1, 0, -2, 0},     // route_inner
    {1, -4, 0, 1, 0},     // stream: Broadcom reads UDP alone
    {4, -2, -2, -2, -2},  // answer_turned_back
}};

struct FamilyText {
  base::Bytes name;
  base::Bytes remedy;
};
constexpr std::array<FamilyText, kFamilies> kTexts = {{
    {"linux",
     "Switch the SIP helper of the Linux kernel off, which many routers contain: \"SIP ALG\" or \"SIP passthrough\" "
     "(ASUS, TP-Link and others), MikroTik: /ip firewall service-port disable sip; EdgeOS: set system conntrack "
     "modules sip disable; "
     "VyOS: delete system conntrack modules sip; OpenWrt: remove kmod-nf-nathelper-extra; elsewhere: unload nf_nat_sip "
     "and "
     "nf_conntrack_sip."},
    {"broadcom",
     "Switch \"SIP ALG\" or \"SIP\" under NAT, ALG or firewall settings of the provider's router off; where it has no "
     "such switch, let the provider do it, or use SIP over TLS."},
    {"quicksec", "Switch the SIP ALG off: \"SIP ALG\" under ALG or application settings of the gateway."},
    {"fortinet",
     "FortiGate: config system settings, set default-voip-alg-mode kernel-helper-based, set sip-expectation disable, "
     "set sip-nat-trace disable; delete the SIP entry of config system session-helper; clear the sessions or restart."},
    {"proxy-type",
     "Switch the SIP proxy of the router off: WatchGuard: remove the SIP-ALG policy; SonicWall: Enable SIP "
     "Transformations and SIP Back-to-Back User Agent; Zyxel: SIP ALG and SIP Transformations; elsewhere \"SIP ALG\" "
     "or \"SIP proxy\"."},
}};

}  // namespace

base::Bytes name(Family family) {
  return family == Family::last ? base::Bytes() : kTexts[static_cast<std::size_t>(family)].name;
}

base::Bytes remedy(Family family) {
  return family == Family::last ? base::Bytes() : kTexts[static_cast<std::size_t>(family)].remedy;
}

FamilyGuess guess_family(Changes changes) {
  Points sums{};
  for (std::size_t change = 0; change < kChanges; ++change)
    if ((changes >> change & 1U) != 0)
      for (std::size_t family = 0; family < kFamilies; ++family) sums[family] += kVector[change][family];
  std::array<std::size_t, kFamilies> order{};
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return sums[a] > sums[b]; });
  FamilyGuess guess;
  guess.lead = sums[order[0]] - sums[order[1]];
  if (guess.lead > 0 && sums[order[0]] > 0) {
    guess.best = static_cast<Family>(order[0]);
    guess.runner_up = static_cast<Family>(order[1]);
  }
  return guess;
}

}  // namespace viaduct::diagnose::fingerprint
