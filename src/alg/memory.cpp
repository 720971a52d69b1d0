// SPDX-License-Identifier: GPL-2.0-or-later
#include "alg/memory.hpp"

namespace viaduct::alg {

base::Bytes text(Aspect aspect) {
  return aspect == Aspect::contact ? "contact" : "sdp";
}

base::Bytes text(Learnt how) {
  switch (how) {
    case Learnt::request_came_back:
      return "request-came-back";
    case Learnt::media_came_back:
      return "media-came-back";
    case Learnt::operator_said:
      break;
  }
  return "operator-said";
}

std::optional<bool> Memory::handles(const net::Address& party, Aspect aspect) const {
  const auto it = table_.find(party);
  if (it == table_.end()) return std::nullopt;
  const std::optional<MemoryEntry>& entry = it->second.entry[static_cast<std::size_t>(aspect)];
  return entry ? std::optional(entry->handles) : std::nullopt;
}

bool Memory::learn(const net::Address& party, Aspect aspect, MemoryEntry entry) {
  if (!table_.contains(party) && table_.size() >= kMaxParties) return false;
  std::optional<MemoryEntry>& known = table_[party].entry[static_cast<std::size_t>(aspect)];
  const bool said = known && known->how == Learnt::operator_said;
  if (entry.how != Learnt::operator_said && known && (said || known->handles == entry.handles)) return false;
  known = entry;
  return true;
}

void Memory::forget(const net::Address& party) {
  table_.erase(party);
}

}  // namespace viaduct::alg
