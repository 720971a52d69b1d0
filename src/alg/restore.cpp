// SPDX-License-Identifier: GPL-2.0-or-later
#include "alg/restore.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <unordered_map>

namespace viaduct::alg {
namespace {

/// From the WAN numbers of the run that wrote the journal to those of this run.
class WanNumbers {
 public:
  explicit WanNumbers(std::vector<Wan>& wans) : wans_(wans) {}

  /// Puts the numbers of this run into `change`. False: it names a WAN that the journal never introduced.
  bool translate(Change& change) {
    if (auto* move = std::get_if<MoveWan>(&change)) return introduce(*move);
    if (auto* open = std::get_if<OpenAssociation>(&change)) return replace(open->wan);
    if (auto* use = std::get_if<UseMapping>(&change)) return replace(use->key.wan);
    return true;
  }

 private:
  bool introduce(MoveWan& move) {
    const std::optional<WanId> wan = find_or_add(move.interface);
    if (!wan) return false;
    numbers_[move.wan] = *wan;
    move.wan = *wan;
    // An address that nobody has any more must not look like one of ours.
    if (!wans_[*wan].exists) move.address = {};
    return true;
  }

  std::optional<WanId> find_or_add(const std::string& interface) {
    if (interface.empty()) return std::nullopt;
    const auto known =
        std::find_if(wans_.begin(), wans_.end(), [&](const Wan& wan) { return wan.interface == interface; });
    const auto position = known - wans_.begin();
    if (position > std::numeric_limits<WanId>::max()) return std::nullopt;
    if (known == wans_.end()) {
      Wan gone;
      gone.interface = interface;
      gone.exists = false;
      wans_.push_back(std::move(gone));
    }
    return static_cast<WanId>(position);
  }

  bool replace(WanId& wan) const {
    const auto number = numbers_.find(wan);
    if (number == numbers_.end()) return false;
    wan = number->second;
    return true;
  }

  std::vector<Wan>& wans_;
  std::unordered_map<WanId, WanId> numbers_;
};

}  // namespace

Replay restore(base::Bytes journal, const ClockReading& now, State& state) {
  WanNumbers numbers(state.wans());
  std::vector<Effect> unused;
  return replay_journal(journal, now, [&](Change& change) {
    if (numbers.translate(change)) state.apply(change, unused);
    unused.clear();
  });
}

}  // namespace viaduct::alg
