// SPDX-License-Identifier: GPL-2.0-or-later
#include "analyze/repeats.hpp"

#include "diagnose/words.hpp"

#include <string>

namespace viaduct::app::analyze {
namespace {

/// So many of a stream came twice that it is no network that does it.
[[nodiscard]] bool is_copied(const finding::StreamSummary& stream) {
  constexpr std::uint64_t kFewest = 50;
  const std::uint64_t once = stream.packets - stream.duplicates;
  return stream.duplicates >= kFewest && 10 * stream.duplicates >= 9 * once;
}

[[nodiscard]] std::string advice(Repeats::Reading reading, bool apart) {
  if (reading == Repeats::Reading::sites) return "; give it alone to see what the router changed";
  const bool compared = reading == Repeats::Reading::other_side;
  if (apart)
    return std::string("; give it ") + (compared ? "without --other-side" : "as a file") +
           " to see what the router changed";
  return std::string(", and nothing in it tells them apart; give a capture of ") +
         (compared ? "one side of it" : "each, one of them with --other-side,") + " to see what the router changed";
}

}  // namespace

void Repeats::add(const finding::StreamSummary& stream) {
  if (stream.seen_again) both_sides_.insert(stream.input);
  if (is_copied(stream)) ++copied_[stream.input];
}

void Repeats::tell_sides(Reading reading, bool apart, std::vector<finding::InputSummary>& inputs) const {
  // Media of a call whose Call-ID an ALG rewrites does not show it; the messages do.
  const bool all = reading == Reading::alone && apart && both_sides_.empty();
  for (std::uint32_t i = 0; i < inputs.size(); ++i)
    if (all || both_sides_.contains(i))
      inputs[i].problems.push_back("both sides of a router are in this capture" + advice(reading, apart));
}

void Repeats::tell_copies(std::vector<finding::InputSummary>& inputs) const {
  for (const auto& [input, streams] : copied_)
    inputs[input].problems.push_back("packets of " + diagnose::counted(streams, "stream", "streams") +
                                     " are in this capture more than once, as a bridge and its ports show them: the "
                                     "copies count as duplicates and for nothing else");
}

}  // namespace viaduct::app::analyze
