// SPDX-License-Identifier: GPL-2.0-or-later
#include "faults/family.hpp"

#include "base/check.hpp"
#include "faults/broadcom_alg.hpp"
#include "faults/kernel_alg.hpp"
#include "sdp/rewrite.hpp"
#include "sdp/session.hpp"
#include "sip/address_spec.hpp"
#include "sip/body.hpp"
#include "sip/rewrite.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>

namespace viaduct::faults {
namespace {

using std::chrono::seconds;

constexpr std::uint16_t kSipPort = 5060;

void headers(AlgProfile& alg) {
  alg.via = true;
  alg.contact = true;
}

/// QuickSec: From is translated, and turned back inbound; To is not.
class CallerOnly final : public Behaviour {
 public:
  void on_message(Crossing& crossing) override {
    sip::Message message;
    if (!crossing.read(message)) return;
    const sip::Result<sip::NameAddr> from = sip::name_addr(message, sip::HeaderId::from);
    const Flow& flow = crossing.flow();
    const bool out = crossing.outbound();
    if (!from) return;
    net::Endpoint named = from->uri.endpoint();
    if (named.port == 0) named.port = kSipPort;
    if (named != (out ? flow.inner : flow.outer)) return;
    edit::EditList edits(crossing.octets().size());
    (void)sip::replace_host_port(edits, from->uri, out ? flow.outer : flow.inner);
    crossing.apply(edits);
  }
};

/// FortiOS nat-trace: the address that o= had goes into an i= line behind s=, and o= is translated.
class TracedOrigin final : public Behaviour {
 public:
  void on_message(Crossing& crossing) override {
    sip::Message message;
    if (!crossing.outbound() || !crossing.read(message)) return;
    const std::optional<sdp::Session> session = session_of(message);
    if (!session || !session->origin.present()) return;
    const sdp::AddressField& where = session->origin.where;
    const std::size_t name = message.bytes().find("\ns=", session->body.offset);
    const std::size_t end = message.bytes().find('\n', name + 1);
    if (name == base::Bytes::npos || end == base::Bytes::npos || end >= session->body.end()) return;
    const std::string line = "i=(o=IN IP4 " + std::string(session->text(where.address)) + ")\r\n";
    edit::EditList edits(crossing.octets().size());
    if (where.literal == crossing.flow().inner.address)
      (void)sdp::replace_address(edits, *session, where, crossing.flow().outer.address);
    (void)edits.replace({static_cast<std::uint32_t>(end + 1), 0}, line);
    crossing.apply_with_length(message, edits);
  }
};

template <class Alg>
std::unique_ptr<Behaviour> make_alg() {
  return std::make_unique<Alg>();
}

void linux_kernel(BoxSettings& s) {
  s.reads_tcp = true;
  s.segments = SegmentRule::linux_kernel;
  s.nat.timers.sip = seconds(3600);
  s.nat.timers.udp = seconds(30);
  s.nat.timers.media = seconds(120);
}

void broadcom(BoxSettings& s) {
  s.nat.timers.sip = seconds(3600);
  s.nat.parity = false;
}

void quicksec(BoxSettings& s) {
  headers(s.alg);
  s.alg.request_uri = true;
  s.alg.call_id = true;
  s.alg.translate_sdp();
}

void fortinet(BoxSettings& s) {
  headers(s.alg);
  s.alg.request_uri = true;
  s.alg.from_to = true;
  s.alg.call_id = true;
  s.alg.routes = true;
  s.alg.translate_sdp(OriginRule::keep);
  s.reads_tcp = true;
  s.nat.timers.sip = seconds(180);
  s.nat.timers.udp = seconds(180);
  s.nat.ports = PortChoice::sequential;
  s.nat.first_port = 5117;
  s.nat.last_port = 65533;
}

void proxy_type(BoxSettings& s) {
  s.alg.translate_sdp();
  s.nat.ports = PortChoice::sequential;
}

constexpr FamilyBehaviour kLinux[] = {{"C12", {}}};
// block-unknown lets all through that FortiOS names: fourteen methods, the six of RFC 3261 among them.
constexpr FamilyValue kFortinetMethods[] = {{"known", "all"}};
constexpr FamilyValue kFortinetLines[] = {{"octets", "998"}};  // max-line-length with block-long-lines
constexpr FamilyBehaviour kFortinet[] = {{"A19", kFortinetMethods}, {"A20", kFortinetLines}};
constexpr FamilyBehaviour kProxy[] = {{"A03", {}}};

constexpr Family kFamilies[] = {
    {"linux", "nf_nat_sip of the Linux kernel and what is built on it", linux_kernel, kLinux, make_kernel_alg},
    {"broadcom",
     "the variant of Broadcom's router kits: UDP alone, names in one spelling, each field by itself",
     broadcom,
     {},
     make_broadcom_alg},
    {"quicksec", "the QuickSec toolkit: Call-ID and From too", quicksec, {}, make_alg<CallerOnly>},
    {"fortinet", "FortiOS proxy ALG: routes and Call-ID too, an i= line with the original address", fortinet, kFortinet,
     make_alg<TracedOrigin>},
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

Values values_of(const FamilyBehaviour& behaviour) {
  const BehaviourEntry* const entry = find_behaviour(behaviour.id);
  VIADUCT_CHECK(entry != nullptr);
  Values values(entry->parameters);
  for (const FamilyValue& value : behaviour.set) VIADUCT_CHECK(values.set(value.name, value.value));
  return values;
}

const Family* find_family(base::Bytes name) {
  const auto at = std::ranges::find(kFamilies, name, &Family::name);
  return at == std::end(kFamilies) ? nullptr : at;
}

}  // namespace viaduct::faults
