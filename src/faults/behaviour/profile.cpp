// SPDX-License-Identifier: GPL-2.0-or-later
// Behaviours that are a way to translate, to map or to keep time: nothing but settings.
#include "faults/behaviour/entry.hpp"

namespace viaduct::faults {
namespace {

void translate_all(AlgProfile& alg) {
  alg.via = true;
  alg.contact = true;
  alg.translate_sdp_and_rtcp();
}

void a01(BoxSettings& s, const Values& v) {
  s.alg.contact = true;
  s.alg.contact_port = v.choice("port") == "wrong" ? ContactPortRule::wrong : ContactPortRule::keep;
}
void a06(BoxSettings& s, const Values& v) {
  s.alg.via = true;
  s.alg.contact = true;
  s.alg.received_rport = true;
  s.nat.timers.sip = v.duration("timer");
}
void a07(BoxSettings& s, const Values& v) {
  s.alg.from_to = true;
  s.alg.any_from_to = v.choice("host") == "any";
}
void a10(BoxSettings& s, const Values&) {
  s.alg.call_id = true;
}
void a12(BoxSettings& s, const Values&) {
  s.alg.routes = true;
  s.alg.any_routes = true;
}
void a13(BoxSettings& s, const Values&) {
  s.alg.via = true;
  s.alg.contact = true;
}
void a16(BoxSettings& s, const Values&) {
  s.alg.contact = true;
  s.alg.first_contact_only = true;
}
void b01(BoxSettings& s, const Values& v) {
  const bool port = v.choice("changed") == "port";
  s.alg.connection = !port;
  s.alg.media_port = port ? MediaPortRule::same : MediaPortRule::keep;
}
void b02(BoxSettings& s, const Values&) {
  s.alg.translate_sdp_and_rtcp();
  s.alg.any_connection = true;
}
void b03(BoxSettings& s, const Values& v) {
  s.alg.translate_sdp_and_rtcp();
  const base::Bytes becomes = v.choice("becomes");
  s.alg.origin = becomes == "media" ? OriginRule::media : becomes == "hold" ? OriginRule::connection : OriginRule::keep;
}
void b04(BoxSettings& s, const Values&) {
  s.alg.translate_sdp_and_rtcp();
  s.alg.media_port = MediaPortRule::fresh;
  s.alg.keep_origin_version = true;
}
void b05(BoxSettings& s, const Values&) {
  s.alg.translate_sdp_and_rtcp();
  s.alg.content_length = false;
}
void b09(BoxSettings& s, const Values&) {
  s.alg.translate_sdp_and_rtcp();
}
void b11(BoxSettings& s, const Values&) {
  s.alg.translate_sdp_and_rtcp();
  s.alg.candidates = true;
}
void b14(BoxSettings& s, const Values&) {
  s.alg.translate_sdp_and_rtcp();
  s.alg.rtcp = false;
  s.alg.even_ports = true;
}
void b16(BoxSettings& s, const Values& v) {
  s.alg.translate_sdp_and_rtcp();
  s.alg.max_media = static_cast<std::uint8_t>(v.number("lines"));
}
void b17(BoxSettings& s, const Values&) {
  s.alg.translate_sdp_and_rtcp();
  s.alg.image = false;
}
void b20(BoxSettings& s, const Values&) {
  s.alg.translate_sdp_and_rtcp();
  s.alg.reopen_on_hold = true;
}
void c03(BoxSettings& s, const Values& v) {
  s.nat.timers.sip = v.duration("timer");
}
void c14(BoxSettings& s, const Values&) {
  s.nat.hairpin = false;
}
void c15(BoxSettings& s, const Values&) {
  s.nat.mapping = Dependence::address_and_port;
  s.nat.filtering = Dependence::address_and_port;
  s.nat.ports = PortChoice::random;
}
void c19(BoxSettings& s, const Values& v) {
  s.forgets_every = v.duration("every");
}
void d01(BoxSettings& s, const Values& v) {
  s.fragments = v.choice("lost") == "all" ? FragmentRule::drop_all : FragmentRule::drop_later;
}
void d03(BoxSettings& s, const Values&) {
  translate_all(s.alg);
  s.reads_tcp = true;
}
void d04(BoxSettings& s, const Values&) {
  translate_all(s.alg);
  s.reads_tcp = true;
  s.shifts_tcp = false;
}
void d05(BoxSettings& s, const Values&) {
  translate_all(s.alg);
}
void d10(BoxSettings& s, const Values& v) {
  s.up.bleach = v.choice("direction") != "down";
  s.down.bleach = v.choice("direction") != "up";
}

using Kind = ParameterKind;
constexpr Parameter kA01[] = {
    {"port", Kind::choice, "wrong", "wrong|keep", "which port Contact names: one of nobody, or the inner one"}};
constexpr Parameter kA06[] = {{"timer", Kind::duration, "30s", "", "life of an idle signalling mapping"}};
constexpr Parameter kA07[] = {{"host", Kind::choice, "any", "any|inner",
                               "which hosts become addresses: domains too, or the inner address alone"}};
constexpr Parameter kB01[] = {{"changed", Kind::choice, "connection", "connection|port", "what is changed: c= or m="}};
constexpr Parameter kB03[] = {
    {"becomes", Kind::choice, "media", "media|private|hold",
     "what o= becomes: the media address whatever it was; it stays private; 0.0.0.0 on hold"}};
constexpr Parameter kB16[] = {{"lines", Kind::number, "3", "", "how many m= lines are known"}};
constexpr Parameter kC03[] = {{"timer", Kind::duration, "60s", "", "life of an idle signalling mapping"}};
constexpr Parameter kC19[] = {{"every", Kind::duration, "60s", "", "how often all mappings are lost"}};
constexpr Parameter kD01[] = {{"lost", Kind::choice, "later", "later|all", "which fragments are lost"}};
constexpr Parameter kD10[] = {{"direction", Kind::choice, "both", "up|down|both", "where the DSCP is taken off"}};

constexpr BehaviourEntry kEntries[] = {
    {"A01", kA01, make<Configured<a01>>}, {"A06", kA06, make<Configured<a06>>}, {"A07", kA07, make<Configured<a07>>},
    {"A10", {}, make<Configured<a10>>},   {"A12", {}, make<Configured<a12>>},   {"A13", {}, make<Configured<a13>>},
    {"A16", {}, make<Configured<a16>>},   {"B01", kB01, make<Configured<b01>>}, {"B02", {}, make<Configured<b02>>},
    {"B03", kB03, make<Configured<b03>>}, {"B04", {}, make<Configured<b04>>},   {"B05", {}, make<Configured<b05>>},
    {"B09", {}, make<Configured<b09>>},   {"B11", {}, make<Configured<b11>>},   {"B14", {}, make<Configured<b14>>},
    {"B16", kB16, make<Configured<b16>>}, {"B17", {}, make<Configured<b17>>},   {"B20", {}, make<Configured<b20>>},
    {"C03", kC03, make<Configured<c03>>}, {"C14", {}, make<Configured<c14>>},   {"C15", {}, make<Configured<c15>>},
    {"C19", kC19, make<Configured<c19>>}, {"D01", kD01, make<Configured<d01>>}, {"D03", {}, make<Configured<d03>>},
    {"D04", {}, make<Configured<d04>>},   {"D05", {}, make<Configured<d05>>},   {"D10", kD10, make<Configured<d10>>},
};

}  // namespace

std::span<const BehaviourEntry> profile_behaviours() {
  return kEntries;
}

}  // namespace viaduct::faults
