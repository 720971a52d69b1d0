// SPDX-License-Identifier: GPL-2.0-or-later
#include "alg/journal.hpp"

#include "alg/state.hpp"
#include "target.hpp"

#include <vector>

// A journal of any octets replays into a state without harm, and the state's own journal reads back whole.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace viaduct;
  const base::Bytes journal(reinterpret_cast<const char*>(data), size);
  const alg::ClockReading now{"b", {std::chrono::hours(1)}, std::chrono::hours(1000)};
  alg::State state;
  std::vector<alg::Effect> effects;
  std::uint64_t taken = 0;
  const alg::Replay replay = alg::replay_journal(journal, now, [&](const alg::Change& change) {
    state.apply(change, effects);
    effects.clear();
    ++taken;
  });
  VIADUCT_CHECK(replay.records == taken && replay.good_octets <= size);
  std::string again(alg::kJournalHead);
  alg::append_clock(now, again);
  for (const alg::Change& change : state.snapshot()) alg::append_record(change, again);
  const alg::Replay second = alg::replay_journal(again, now, [](const alg::Change&) {});
  VIADUCT_CHECK(second.head_ok && !second.torn);
  return 0;
}
