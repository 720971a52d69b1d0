// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/fingerprint/item.hpp"

namespace viaduct::diagnose::fingerprint {
namespace {

constexpr BenignSet kPublic = bit(Benign::public_address);
constexpr BenignSet kPhone = bit(Benign::phone_translates);
constexpr BenignSet kLearnt = bit(Benign::learnt);
constexpr BenignSet kProxy = bit(Benign::proxy);
constexpr BenignSet kFault = bit(Benign::phone_fault);
constexpr BenignSet kInside = bit(Benign::no_nat_inside);

constexpr std::array<ItemEntry, kItems> kCatalogue = {{
    {Item::via_public, "via-public", 1, Group::header, 1, kPublic | kPhone | kLearnt,
     "Via names the public address the message came from", "a NAT is proven, and the phone is not known to learn",
     "A06"},
    {Item::port_known, "port-known", 2, Group::header, 2, kPublic | kPhone | kLearnt,
     "Via names the port of the NAT, which is not the phone's own", "the phone's own port is known from elsewhere",
     "A06"},
    {Item::contact_ahead, "contact-ahead", 3, Group::header, 1, kPhone | kLearnt,
     "Contact is public while Via is private", "SDP shows whether the phone learns or uses STUN", "A13"},
    {Item::contact_left, "contact-left", 4, Group::header, 2, kLearnt | kProxy,
     "Contact is private while Via is public", "one Via, and SDP is public too: who learns for SDP does so for Contact",
     "A01 A13"},
    {Item::call_id_left, "call-id-left", 5, Group::header, 2, kPhone | kProxy,
     "Call-ID keeps a private address while Via and Contact are public",
     "STUN phones do the same: only with another sign that excludes STUN", "A13"},
    {Item::call_id_ahead, "call-id-ahead", 5, Group::header, 2, kProxy,
     "Call-ID has the public address while Via and Contact are private", "one Via and a client, no PBX", "A10"},
    {Item::origin_left, "origin-left", 6, Group::sdp, 2, kPhone | kProxy,
     "o= keeps a private address while c= is public", "some STUN phones do the same", "B03"},
    {Item::media_left, "media-left", 6, Group::sdp, 2, kProxy, "c= keeps a private address while o= is public",
     "one Via and a client: nobody relays media there", "B01 B03"},
    {Item::all_public, "all-public", 7, Group::sdp, 2, kPublic | kPhone | kLearnt,
     "headers and SDP both name the public address",
     "STUN has to be excluded, and that the phone learns: some write that into SDP, too", "A06"},
    {Item::ice_default, "ice-default", 8, Group::sdp, 4, kProxy,
     "c= and m= are none of the candidates, which are all private", "one Via, a client, no PBX", "B09"},
    {Item::rtcp_left, "rtcp-left", 8, Group::sdp, 4, kProxy, "a=rtcp keeps a private address while c= is public",
     "one Via, a client, no PBX", "B14"},
    {Item::media_port_untrue, "media-port-untrue", 10, Group::behaviour, 1, kPublic | kPhone,
     "media comes from another port than SDP names", "a symmetric NAT does that to STUN", "B01"},
    {Item::content_length, "content-length", 11, Group::formatting, 4, kFault,
     "Content-Length is not the length of the body",
     "the difference is what the replaced addresses make, or the same make counts rightly elsewhere", "B05"},
    {Item::digest_uri, "digest-uri", 12, Group::header, 1, kProxy,
     "the digest was made for another host than the Request-URI names", "one Via and a client", "A08"},
    {Item::second_via, "second-via", 13, Group::header, 2, kProxy,
     "a second Via with the public address stands above the phone's",
     "no Record-Route, and the phone's ;rport was not filled in, which every proxy does (RFC 3581)", "A03"},
    {Item::header_order, "header-order", 14, Group::formatting, 1, 0,
     "headers stand in another order than the same make has elsewhere", "at least three other addresses agree", "A03"},
    {Item::respelled, "respelled", 14, Group::formatting, 2, kFault, "headers of one message are spelled by two hands",
     "the two Vias differ, or the same make spells evenly elsewhere", "A03 B06"},
    {Item::via_filled, "via-filled", 15, Group::header, 2, 0,
     "the only Via of a request has received, or rport with a value, before any server saw it", "one Via", "A04"},
    {Item::rport_missing, "rport-missing", 15, Group::header, 2, 0,
     "rport is missing, which the same make sends elsewhere", "at least three other addresses agree", "A04"},
    {Item::ports_disagree, "ports-disagree", 16, Group::header, 1, kPublic | kPhone,
     "Via has the port of the NAT, Contact another one", "other phones of the make have one port in both", "A01 A02"},
    {Item::contact_moves, "contact-moves", 16, Group::header, 2, kPublic | kPhone,
     "requests from one port name different Contact ports",
     "outside of dialogs, where Contact is written anew, and one of before comes back: STUN tells none twice", "A01"},
    {Item::shared_contact, "shared-contact", 17, Group::behaviour, 2, kProxy,
     "phones of different makes name one Contact address and port", "no PBX among them", "A01 C05"},
    // Providers give all phones of a site the same settings, STUN too, whatever their make: no proof alone.
    {Item::mixed_phones, "mixed-phones", 18, Group::behaviour, 4, kPhone,
     "phones of three makes behind one NAT all show public addresses",
     "something else excludes that all of them use STUN", "A06"},
    {Item::transport_differs, "transport-differs", 19, Group::behaviour, 4, 0,
     "the same phone is public on one transport or port and private on another",
     "SDP is compared: who learns for SDP does so on all", "D05 D08"},
    {Item::sdp_alternates, "sdp-alternates", 19, Group::behaviour, 2, 0,
     "SDP over one TCP connection is public in one message and private in the next",
     "nothing but cut segments does that", "D03"},
    {Item::foreign_inner, "foreign-inner", 20, Group::header, 2, kPublic,
     "an address of a carrier's NAT stands where the phone's own net is another one",
     "a private address of another net is in the same messages", "C17"},
    {Item::traced_origin, "traced-origin", 21, Group::sdp, 4, 0, "an i= line holds the original o= address",
     "none does that", "B08"},
    {Item::from_rewritten, "from-rewritten", 22, Group::header, 2, kProxy,
     "From names the address that the packet comes from, which is no account's domain", "one Via and a client, no PBX",
     "A07"},
    {Item::second_contact_left, "second-contact-left", 0, Group::header, 2, 0,
     "the first Contact is public, another one private", "a phone translates all or none", "A16 A13"},
    {Item::later_media_left, "later-media-left", 0, Group::sdp, 1, 0,
     "one m= has a public address, another a private one", "STUN may fail for one stream: weak", "B16"},
    {Item::version_stale, "version-stale", 0, Group::sdp, 4, kFault | kProxy,
     "a re-INVITE names another port under the same version of o=", "three times, behind a NAT, by a client",
     "B04 B21"},
    {Item::answer_turned_back, "answer-turned-back", 23, Group::header, 4, kInside,
     "received in an answer names the phone's private address, which no server outside can have seen",
     "another answer of the same server shows the outside address", "A13"},
}};

constexpr SkippedRow kSkipped[] = {
    {9, "the range and parity of a make's RTP ports are not known from few calls"},
    {24, "judged by the rules on calls without ACK and on retransmissions"},
    {25, "TTL, DSCP and IP-ID of signalling are not kept"},
    {26, "an answer by a box needs a phone known to be off"},
    {27, "how long a flow stays open needs the silence to be controlled: a probe measures it"},
};

constexpr std::array<Bytes, static_cast<std::size_t>(Group::last)> kGroups = {"header", "sdp", "behaviour",
                                                                              "formatting"};
struct BenignName {
  Bytes id;
  Bytes spoken;
};
constexpr std::array<BenignName, static_cast<std::size_t>(Benign::last)> kBenigns = {{
    {"public-address", "the phone has the public address itself"},
    {"phone-translates", "the phone uses STUN or has an external address configured"},
    {"learnt", "the phone learns its address from the server's answers"},
    {"proxy", "a proxy or PBX stands on the site"},
    {"phone-fault", "the phone writes it so by itself"},
    {"no-nat-inside", "the server is reached without NAT"},
}};

constexpr bool in_order() {
  for (std::size_t i = 0; i < kItems; ++i)
    if (static_cast<std::size_t>(kCatalogue[i].item) != i) return false;
  return true;
}
static_assert(in_order());

}  // namespace

Bytes name(Group group) {
  return kGroups[static_cast<std::size_t>(group)];
}

Bytes name(Benign benign) {
  return kBenigns[static_cast<std::size_t>(benign)].id;
}

Bytes spoken(Benign benign) {
  return kBenigns[static_cast<std::size_t>(benign)].spoken;
}

const ItemEntry& entry_of(Item item) {
  return kCatalogue[static_cast<std::size_t>(item)];
}

std::span<const ItemEntry> items() {
  return kCatalogue;
}

std::span<const SkippedRow> skipped_rows() {
  return kSkipped;
}

}  // namespace viaduct::diagnose::fingerprint
