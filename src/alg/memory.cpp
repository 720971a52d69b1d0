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
    case Learnt::media_stayed_away:
      return "media-stayed-away";
    case Learnt::operator_said:
      break;
  }
  return "operator-said";
}

const MemoryEntry* Memory::find(const net::Address& party, Aspect aspect) const {
  const auto it = table_.find(party);
  if (it == table_.end()) return nullptr;
  const std::optional<MemoryEntry>& entry = it->second.entry[static_cast<std::size_t>(aspect)];
  return entry ? &*entry : nullptr;
}

std::optional<bool> Memory::handles(const net::Address& party, Aspect aspect) const {
  const MemoryEntry* entry = find(party, aspect);
  return entry == nullptr || entry->provisional ? std::nullopt : std::optional(entry->handles);
}

bool Memory::is_news(const net::Address& party, Aspect aspect, const MemoryEntry& entry) const {
  const MemoryEntry* known = find(party, aspect);
  if (entry.how == Learnt::operator_said)
    return known != nullptr || table_.contains(party) || table_.size() < kMaxParties;
  if (known == nullptr) return entry.handles && (table_.contains(party) || table_.size() < kMaxParties);
  if (known->how == Learnt::operator_said) return false;
  if (!entry.handles) return true;
  return known->provisional && known->witness.call != entry.witness.call && known->witness.peer != entry.witness.peer;
}

void Memory::learn(const net::Address& party, Aspect aspect, const MemoryEntry& entry) {
  if (!is_news(party, aspect, entry)) return;
  Aspects& aspects = table_[party];
  std::optional<MemoryEntry>& known = aspects.entry[static_cast<std::size_t>(aspect)];
  if (entry.how != Learnt::operator_said && !entry.handles) {
    known.reset();
    if (!aspects.entry[0] && !aspects.entry[1]) table_.erase(party);
    return;
  }
  const bool settles = known.has_value();
  known = entry;
  if (settles) known->provisional = false;
}

void Memory::forget(const net::Address& party) {
  table_.erase(party);
}

}  // namespace viaduct::alg
