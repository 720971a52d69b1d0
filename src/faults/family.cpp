// SPDX-License-Identifier: GPL-2.0-or-later
#include "faults/family.hpp"

#include "faults/kernel_alg.hpp"

#include <algorithm>
#include <chrono>

namespace viaduct::faults {
namespace {

using std::chrono::seconds;

void headers(AlgProfile& alg) {
  alg.via = true;
  alg.contact = true;
}

void sdp(AlgProfile& alg, OriginRule origin) {
  alg.connection = true;
  alg.media_port = MediaPortRule::same;
  alg.origin = origin;
}

void linux_kernel(BoxSettings& s) {
  s.reads_tcp = true;
  s.nat.timers.sip = seconds(3600);
  s.nat.timers.udp = seconds(30);
  s.nat.timers.media = seconds(120);
}

void broadcom(BoxSettings& s) {
  headers(s.alg);
  s.alg.first_contact_only = true;
  s.alg.named_contact_lost = true;
  s.alg.exact_names = true;
  sdp(s.alg, OriginRule::own);
  s.nat.timers.sip = seconds(3600);
}

void quicksec(BoxSettings& s) {
  headers(s.alg);
  s.alg.request_uri = true;
  s.alg.from_to = true;
  s.alg.call_id = true;
  sdp(s.alg, OriginRule::own);
}

void fortinet(BoxSettings& s) {
  headers(s.alg);
  s.alg.request_uri = true;
  s.alg.from_to = true;
  s.alg.call_id = true;
  s.alg.routes = true;
  sdp(s.alg, OriginRule::own);
  s.reads_tcp = true;
  s.nat.timers.sip = seconds(180);
  s.nat.timers.udp = seconds(180);
  s.nat.ports = PortChoice::sequential;
  s.nat.first_port = 5117;
  s.nat.last_port = 65533;
}

void proxy_type(BoxSettings& s) {
  sdp(s.alg, OriginRule::own);
  s.nat.ports = PortChoice::sequential;
}

constexpr base::Bytes kLinux[] = {"C12"};
constexpr base::Bytes kFortinet[] = {"A19", "B08"};
constexpr base::Bytes kProxy[] = {"A03"};

constexpr Family kFamilies[] = {
    {"linux", "nf_nat_sip of the Linux kernel and what is built on it", linux_kernel, kLinux, make_kernel_alg},
    {"broadcom", "the variant of Broadcom's router kits: UDP alone, each field by itself", broadcom, {}},
    {"quicksec", "the QuickSec toolkit: Call-ID and From too", quicksec, {}},
    {"fortinet", "FortiOS proxy ALG: routes and Call-ID too, an i= line with the original address", fortinet,
     kFortinet},
    {"proxy-type", "boxes that stand in the path as a proxy: a Via of their own, respelled headers", proxy_type,
     kProxy},
};

}  // namespace

std::span<const Family> families() {
  return kFamilies;
}

void apply_family(const Family& family, BoxSettings& settings, std::vector<std::unique_ptr<Behaviour>>& behaviours) {
  family.configure(settings);
  if (family.make_alg != nullptr) behaviours.push_back(family.make_alg());
}

const Family* find_family(base::Bytes name) {
  const auto at = std::ranges::find(kFamilies, name, &Family::name);
  return at == std::end(kFamilies) ? nullptr : at;
}

}  // namespace viaduct::faults
