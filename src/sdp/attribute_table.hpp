// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "base/text.hpp"
#include "sdp/attribute.hpp"
#include "sdp/octet_search.hpp"

#include <array>
#include <bit>
#include <cstring>

// The table behind attribute_id, and the inline core of split_attribute; private to this module. The parser meets
// more a= lines than all others together.
namespace viaduct::sdp {

inline constexpr std::size_t kIds = static_cast<std::size_t>(AttributeId::last);

// In the order of the enum.
inline constexpr std::array<base::Bytes, kIds> kNames = {
    "",
    "bundle-only",
    "candidate",
    "crypto",
    "end-of-candidates",
    "fingerprint",
    "fmtp",
    "group",
    "ice-lite",
    "ice-mismatch",
    "ice-options",
    "ice-pacing",
    "ice-pwd",
    "ice-ufrag",
    "inactive",
    "maxptime",
    "mid",
    "path",
    "ptime",
    "recvonly",
    "remote-candidates",
    "rtcp",
    "rtcp-mux",
    "rtcp-mux-only",
    "rtpmap",
    "sendonly",
    "sendrecv",
    "setup",
};

inline constexpr std::uint64_t kLowerCase = 0x2020202020202020;

/// The first eight octets of a name in lower case, the first one lowest, padded with zeros: names are told apart by one
/// comparison. Setting bit 5 maps foreign octets onto no letter, and onto `-` only CR, which a line cannot hold.
constexpr std::uint64_t pack(base::Bytes name) {
  std::uint64_t packed = 0;
  for (std::size_t i = 0; i < name.size() && i < 8; ++i)
    packed |= static_cast<std::uint64_t>(static_cast<unsigned char>(name[i]) | 0x20U) << (8 * i);
  return packed;
}

/// The same for a name in a buffer that ends at `limit`, with one load where there is room for it.
inline std::uint64_t pack_in(const char* name, std::size_t size, const char* limit) {
  if (std::endian::native != std::endian::little || limit - name < 8) return pack({name, size});
  std::uint64_t packed = 0;
  std::memcpy(&packed, name, 8);
  if (size >= 8) return packed | kLowerCase;
  const std::uint64_t inside = (std::uint64_t{1} << (8 * size)) - 1;
  return (packed | kLowerCase) & inside;
}

/// A slot per name; built at compile time, without collisions.
inline constexpr std::size_t kSlots = 128;
constexpr std::size_t slot_of(std::uint64_t packed, std::size_t size) {
  return static_cast<std::size_t>(((packed + size) * 0x9e3779b97f4a7c15U) >> 57);
}

struct Slots {
  std::array<std::uint64_t, kSlots> packed{};
  std::array<AttributeId, kSlots> id{};
  bool distinct = true;
};

constexpr Slots make_slots() {
  Slots slots;
  for (std::size_t i = 1; i < kIds; ++i) {
    const std::uint64_t packed = pack(kNames[i]);
    const std::size_t slot = slot_of(packed, kNames[i].size());
    slots.distinct = slots.distinct && slots.packed[slot] == 0;
    slots.packed[slot] = packed;
    slots.id[slot] = static_cast<AttributeId>(i);
  }
  return slots;
}
inline constexpr Slots kSlotTable = make_slots();
static_assert(kSlotTable.distinct, "choose another multiplier or more slots");

inline AttributeId id_of(base::Bytes name, const char* limit) {
  const std::uint64_t packed = pack_in(name.data(), name.size(), limit);
  const std::size_t slot = slot_of(packed, name.size());
  const AttributeId id = kSlotTable.id[slot];
  const base::Bytes known = kNames[static_cast<std::size_t>(id)];
  if (kSlotTable.packed[slot] != packed || known.size() != name.size()) return AttributeId::other;
  if (name.size() > 8 && !base::iequals(name.substr(8), known.substr(8))) return AttributeId::other;
  return id;
}

inline Attribute take_apart(base::Bytes buffer, base::Range line) {
  const char* const limit = buffer.data() + buffer.size();
  const char* const first = buffer.data() + line.offset + 2;
  const char* const end = buffer.data() + line.end();
  const char* const colon = find_octet<':'>(first, end, limit);
  const char* last = colon;
  while (last > first && is_blank(last[-1])) --last;
  Attribute attribute;
  attribute.line = line;
  attribute.name = {line.offset + 2, static_cast<std::uint32_t>(last - first)};
  if (colon < end) attribute.value = base::range_in(buffer, {colon + 1, end});
  attribute.id = id_of({first, last}, limit);
  return attribute;
}

}  // namespace viaduct::sdp
