// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"

#include <array>
#include <cstdint>
#include <span>

/// What one place of a path can tell of a SIP ALG: marks in the messages a customer's address sends, and how much each
/// one weighs. The far side of the box is not needed, and never assumed.
namespace viaduct::diagnose::fingerprint {

using base::Bytes;

/// Items of one group are not independent of each other.
enum class Group : std::uint8_t { header, sdp, behaviour, formatting, last };
[[nodiscard]] Bytes name(Group group);

/// What else may look the same. An item counts once each of these that can explain it is excluded.
enum class Benign : std::uint8_t {
  public_address,    ///< no NAT: the phone has the public address itself
  phone_translates,  ///< the phone writes an outside address itself: STUN, UPnP, an external address that was
                     ///< configured
  learnt,            ///< the phone took over received and rport of an answer (PJSIP), into SDP, too, if it is set to
  proxy,             ///< a proxy, a PBX or another back-to-back user agent of the customer
  phone_fault,       ///< the phone writes it wrongly by itself
  no_nat_inside,     ///< seen from inside: the server is reached without NAT, by VPN or on site
  last
};
[[nodiscard]] Bytes name(Benign benign);
/// As a sentence to a person says it: "the phone uses STUN or has an external address configured".
[[nodiscard]] Bytes spoken(Benign benign);

using BenignSet = std::uint8_t;  ///< bits by Benign
[[nodiscard]] constexpr BenignSet bit(Benign benign) {
  return static_cast<BenignSet>(1U << static_cast<unsigned>(benign));
}

enum class Item : std::uint8_t {
  via_public,
  port_known,
  contact_ahead,
  contact_left,
  call_id_left,
  call_id_ahead,
  origin_left,
  media_left,
  all_public,
  ice_default,
  rtcp_left,
  media_port_untrue,
  content_length,
  digest_uri,
  second_via,
  header_order,
  respelled,
  via_filled,
  rport_missing,
  ports_disagree,
  contact_moves,
  shared_contact,
  mixed_phones,
  transport_differs,
  sdp_alternates,
  foreign_inner,
  traced_origin,
  from_rewritten,
  second_contact_left,
  later_media_left,
  version_stale,
  answer_turned_back,
  last
};
inline constexpr std::size_t kItems = static_cast<std::size_t>(Item::last);

struct ItemEntry {
  Item item{};
  Bytes id;              ///< "ice-default"
  std::uint8_t row = 0;  ///< of the evidence table that docs tell of; 0: beyond it
  Group group{};
  double weight = 0;     ///< natural logarithm of the likelihood ratio, once nothing benign explains it
  BenignSet benign = 0;  ///< what can explain it
  Bytes seen;            ///< what is to be seen, a sentence without full stop
  Bytes separated;       ///< how the benign explanation is told apart
  Bytes behaviours;      ///< ids of the failure catalogue, blanks between; empty: none
};
[[nodiscard]] const ItemEntry& entry_of(Item item);
[[nodiscard]] std::span<const ItemEntry> items();

/// A row of the evidence table that is no item here, and why.
struct SkippedRow {
  std::uint8_t row = 0;
  Bytes why;
};
[[nodiscard]] std::span<const SkippedRow> skipped_rows();

/// Weight from which one item is enough.
inline constexpr double kConclusive = 4;
/// Sum from which items of two groups are enough.
inline constexpr double kEnough = 4;
/// Most that one group can give.
inline constexpr double kGroupCap = 4;

}  // namespace viaduct::diagnose::fingerprint
