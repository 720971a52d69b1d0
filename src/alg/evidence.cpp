// SPDX-License-Identifier: GPL-2.0-or-later
#include "alg/evidence.hpp"

#include <chrono>

namespace viaduct::alg {
namespace {

// A call shorter than this says nothing about media that stayed away: its packets may still have been on their way.
constexpr std::chrono::seconds kLongEnough{10};

bool may_prove(const Association& call) {
  return call.kind == AssociationKind::call && call.peer_media && call.decided.mode != Mode::assist &&
         !call.inner.address.is_global() && call.decided.sdp == Reason::none && call.sources_complete;
}

}  // namespace

std::uint32_t witness_hash(base::Bytes text) {
  std::uint32_t h = 2166136261U;
  for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 16777619U;
  return h;
}

std::optional<LearnParty> media_evidence(const Association& call, const State& state, base::Instant now,
                                         const std::function<MediaSeen(const MappingKey&)>& seen) {
  if (!may_prove(call)) return std::nullopt;
  const Witness witness{witness_hash(call.name), witness_hash(call.peer_media->to_text())};
  const LearnParty came{call.platform.address, Aspect::sdp, {true, Learnt::media_came_back, now, true, witness}};
  const LearnParty stayed{call.platform.address, Aspect::sdp, {false, Learnt::media_stayed_away, now, true, witness}};
  const bool may_contradict = call.answered && now - call.answered_at >= kLongEnough &&
                              state.memory().is_news(stayed.party, stayed.aspect, stayed.entry);
  const bool may_confirm = state.memory().is_news(came.party, came.aspect, came.entry);
  if (!may_confirm && !may_contradict) return std::nullopt;
  bool sent = false;
  for (const MappingKey& key : call.mappings) {
    const Mapping* mapping = state.mappings().find(key);
    if (mapping == nullptr || (mapping->kind != MappingKind::media && mapping->kind != MappingKind::watched)) continue;
    const MediaSeen found = seen(key);
    if (found == MediaSeen::answered) return may_confirm ? std::optional(came) : std::nullopt;
    sent = sent || found == MediaSeen::unanswered;
  }
  return sent && may_contradict ? std::optional(stayed) : std::nullopt;
}

}  // namespace viaduct::alg
