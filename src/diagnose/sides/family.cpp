// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/sides/family.hpp"

#include <algorithm>
#include <cmath>

namespace viaduct::diagnose::sides {
namespace {

constexpr std::size_t kTraits = static_cast<std::size_t>(Trait::last);

/// How likely each implementation changes a field that names the inside. From their sources and documentation; what is
/// not known stands at about even.
struct Row {
  base::Bytes name;
  std::array<double, kTraits> changes;
};
// clang-format off
constexpr std::array kRows = {
    //                via  contact ruri  from  to    callid routes echo  c=   o=    o=/=  i=    +via  hops  m=   tcp
    Row{"linux",      {.97, .97,  .95,  .90,  .90,  .01,  .02,  .95,  .95,  .95,  .95,  .01,  .01,  .01,  .05, .90}},
    Row{"broadcom",   {.97, .97,  .05,  .02,  .02,  .01,  .02,  .02,  .95,  .95,  .02,  .01,  .01,  .01,  .50, .02}},
    Row{"quicksec",   {.97, .97,  .90,  .95,  .10,  .97,  .20,  .30,  .95,  .95,  .10,  .01,  .01,  .01,  .50, .50}},
    Row{"fortinet",   {.97, .97,  .90,  .95,  .95,  .90,  .95,  .30,  .95,  .90,  .10,  .85,  .01,  .01,  .90, .90}},
    Row{"proxy-type", {.05, .10,  .10,  .10,  .10,  .05,  .05,  .10,  .90,  .80,  .30,  .01,  .97,  .95,  .90, .30}},
};
// clang-format on

[[nodiscard]] double likelihood(const Row& row, const TraitCount& traits) {
  double sum = 0;
  for (std::size_t i = 0; i < kTraits; ++i) {
    const Trait trait = static_cast<Trait>(i);
    if (traits.chances(trait) == 0) continue;
    const double share = static_cast<double>(traits.changed(trait)) / static_cast<double>(traits.chances(trait));
    // Messages of one box are no independent witnesses: a trait counts once, whatever its count.
    sum += share * std::log(row.changes[i]) + (1 - share) * std::log(1 - row.changes[i]);
  }
  return sum;
}

/// Whether nothing was seen that the implementation is known not to do.
[[nodiscard]] bool explains(const Row& row, const TraitCount& traits) {
  constexpr double kForeign = 0.1;
  for (std::size_t i = 0; i < kTraits; ++i) {
    const Trait trait = static_cast<Trait>(i);
    if (traits.chances(trait) == 0) continue;
    const bool changed = 2 * traits.changed(trait) > traits.chances(trait);
    if ((changed ? row.changes[i] : 1 - row.changes[i]) < kForeign) return false;
  }
  return true;
}

[[nodiscard]] bool any(const TraitCount& traits) {
  for (std::size_t i = 0; i < kTraits; ++i)
    if (traits.changed(static_cast<Trait>(i)) > 0) return true;
  return false;
}

}  // namespace

FamilyGuess family_of(const TraitCount& traits) {
  FamilyGuess guess;
  if (!any(traits)) return guess;
  std::array<double, kRows.size()> score{};
  for (std::size_t i = 0; i < kRows.size(); ++i) score[i] = likelihood(kRows[i], traits);
  const double highest = *std::max_element(score.begin(), score.end());
  double sum = 0;
  for (double& one : score) sum += one = std::exp(one - highest);
  std::array<std::size_t, kRows.size()> order{};
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return score[a] > score[b]; });
  guess.best = kRows[order[0]].name;
  guess.share = score[order[0]] / sum;
  guess.runner_up = kRows[order[1]].name;
  guess.runner_up_share = score[order[1]] / sum;
  constexpr double kDecided = 10;
  if (guess.share >= kDecided * guess.runner_up_share && explains(kRows[order[0]], traits)) guess.name = guess.best;
  return guess;
}

base::Bytes switch_of(base::Bytes family) {
  if (family == "linux")
    return "Linux and what is built on it: detach or unload nf_conntrack_sip and nf_nat_sip; MikroTik: /ip firewall "
           "service-port disable sip; OpenWrt: remove kmod-nf-nathelper-extra; ASUS: SIP Passthrough off; AVM, Netgear "
           "and "
           "others: SIP ALG off.";
  if (family == "broadcom")
    return "Routers on Broadcom chips: SIP ALG (NAT, ALG page) off, on some only by telnet or an update.";
  if (family == "quicksec") return "Firewalls on the QuickSec toolkit: SIP ALG (application gateway) off.";
  if (family == "fortinet")
    return "FortiGate: config system settings, set default-voip-alg-mode kernel-helper-based; config system "
           "session-helper, delete the entry for sip; and take the VoIP profile from the policies.";
  if (family == "proxy-type")
    return "Zyxel: SIP ALG and SIP Transformations off; WatchGuard: remove the SIP-ALG policy.";
  return "It is called SIP ALG, SIP Passthrough, SIP Transformations (SonicWall, Zyxel), SIP Helper or session helper "
         "(Linux, MikroTik, Fortinet), inspect sip (Cisco ASA), ip nat service sip (Cisco IOS).";
}

}  // namespace viaduct::diagnose::sides
