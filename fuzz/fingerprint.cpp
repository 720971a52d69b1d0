// SPDX-License-Identifier: GPL-2.0-or-later
// Messages between few addresses, private and public: what each shows lies within it, memory stays within its limits,
// and what is judged holds together.
#include "diagnose/fingerprint/fingerprints.hpp"
#include "target.hpp"

namespace {

using namespace viaduct;
namespace fingerprint = diagnose::fingerprint;

net::Endpoint endpoint_of(unsigned number) {
  constexpr std::uint32_t kHosts[] = {0xc0a8010a, 0xcb007102, 0xcb007103, 0xc633640a, 0x64400002, 0x0a000001};
  return {net::Address::ipv4(kHosts[number / 2 % std::size(kHosts)]), static_cast<std::uint16_t>(5060 + number % 2)};
}

void check_marks(const call::Reading& reading) {
  const fingerprint::Observation seen = fingerprint::observe(reading);
  const base::Range all = base::between(0, reading.message.bytes().size());
  for (const fingerprint::Mark& mark : seen.marks())
    VIADUCT_CHECK(mark.where.present() && fuzz::inside(all, mark.where));
  VIADUCT_CHECK(seen.inners().size() <= fingerprint::Observation::kMaxInners);
}

void check_source(const fingerprint::SourceEvidence& source) {
  VIADUCT_CHECK(source.devices.size() <= fingerprint::Source::kMaxDevices);
  VIADUCT_CHECK(source.confidence() >= 0 && source.confidence() <= 1);
  const bool enough = source.conclusive || (source.groups > 1 && source.log_likelihood >= fingerprint::kEnough);
  VIADUCT_CHECK(source.verdict != fingerprint::Verdict::alg || enough);
  for (const fingerprint::ItemEvidence& item : source.items) {
    VIADUCT_CHECK(item.weight <= fingerprint::kConclusive && item.count > 0);
    const finding::Evidence& proof = item.proof;
    VIADUCT_CHECK(proof.octets.size() <= finding::Evidence::kMaxOctets);
    VIADUCT_CHECK(!proof.marked.present() || proof.marked.end() <= proof.octets.size());
  }
}

}  // namespace

/// A byte of flags, one of source and destination, then a message up to a line of "%%".
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  fingerprint::Fingerprints prints;
  std::uint64_t number = 0;
  while (!input.rest().empty()) {
    const unsigned how = input.octet();
    const unsigned hop = input.octet();
    const std::size_t end = input.rest().find("%%\n");
    base::Bytes octets = input.take(end == base::Bytes::npos ? end : end + 3);
    if (octets.ends_with("%%\n")) octets.remove_suffix(3);
    call::Sighting seen;
    seen.octets = octets;
    seen.length = static_cast<std::uint32_t>(octets.size() + ((how & 1U) != 0 ? 1 : 0));
    seen.source = endpoint_of(hop & 15U);
    seen.destination = endpoint_of(hop >> 4);
    seen.transport = (how & 2U) != 0 ? sip::Transport::tcp : sip::Transport::udp;
    seen.frame.number = ++number & 0xffffffffffffU;
    seen.point = (how & 4U) != 0 ? 1 : 0;
    if ((how & 8U) != 0) prints.saw_stun(seen.point, seen.source, {seen.destination.address, 3478});
    if ((how & 16U) != 0) prints.add_media(seen.point, seen.source.address, seen.source, endpoint_of(hop + 1));
    const sip::Result<sip::Message> message = sip::parse(octets);
    if (!message) continue;
    const sip::Result<call::Reading> reading = call::read(seen, *message);
    if (!reading) continue;
    check_marks(*reading);
    prints.add(*reading);
  }
  VIADUCT_CHECK(prints.size() <= 2 * 6);
  for (const fingerprint::SourceEvidence& source : prints.judge()) check_source(source);
  return 0;
}
