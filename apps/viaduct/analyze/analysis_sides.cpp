// SPDX-License-Identifier: GPL-2.0-or-later
// What an analysis does with the two sides of a router, whether they are one capture or several.
#include "analyze/analysis.hpp"

#include <algorithm>
#include <filesystem>

namespace viaduct::app::analyze {
namespace {

/// By the clock of the second side; the ends of time stay what they are.
[[nodiscard]] std::pair<capture::Time, capture::Time> outside(const std::pair<capture::Time, capture::Time>& window,
                                                              const diagnose::sides::Clocks& clocks) {
  const auto [from, to] = window;
  return {from == capture::Time::min() ? from : clocks.to_second(from),
          to == capture::Time::max() ? to : clocks.to_second(to)};
}

}  // namespace

std::optional<std::string> Analysis::read_other_side(const std::string& path) {
  const auto index = static_cast<std::uint16_t>(result_.inputs.size() & 0xffffU);
  finding::InputSummary& input = result_.inputs.emplace_back();
  std::optional<std::string> error = sides_->read(path, input, index);
  input.site = finding::kOtherSide;
  if (!error && path != "-" && std::filesystem::is_regular_file(path)) other_side_.emplace_back(path, index);
  if (error) input.problems.insert(input.problems.begin(), "cannot be read: " + *error);
  return error;
}

/// Who captures on all interfaces sees both sides all the time. Of files that were merged nobody knows for how long
/// each side was captured, but by its packets: see compared_only().
void Analysis::saw(const capture::Record& record) {
  if (!settings_.border) return sides_->saw(TwoSides::Side::first, record.time);
  if (record.link != capture::LinkType::linux_sll && record.link != capture::LinkType::linux_sll2) return;
  for (const TwoSides::Side side : {TwoSides::Side::first, TwoSides::Side::second})
    sides_->saw_whole(side, record.time);
}

diagnose::sides::Border::Place Analysis::side_of(const net::Address& source, const net::Address& destination,
                                                 std::uint8_t ttl) const {
  return settings_.border ? settings_.border->place_of(source, destination, ttl)
                          : diagnose::sides::Border::Place::inner;
}

/// Puts what arrived into its side of the comparison; whether that is all it is for.
bool Analysis::compared_only(const capture::Arrival& arrival, call::FrameRef frame) {
  using diagnose::sides::Border;
  using Side = TwoSides::Side;
  const Border::Place place = side_of(arrival.source.address, arrival.destination.address, ttl_of(arrival));
  // Of a TCP connection that is routed the first copy of each octet counts, wherever it was captured.
  if (settings_.border && arrival.stream &&
      settings_.border->is_routed(arrival.source.address, arrival.destination.address)) {
    for (const Side side : {Side::first, Side::second}) sides_->add(side, arrival, frame);
    outer_->arrived(arrival);
    return false;
  }
  if (place == Border::Place::elsewhere && settings_.border && settings_.border->is_without(arrival.time)) {
    outer_->arrived(arrival);
    return true;
  }
  const bool outer = place == Border::Place::outer;
  if (place == Border::Place::inner || outer) {
    const Side side = outer ? Side::second : Side::first;
    sides_->add(side, arrival, frame);
    if (settings_.border) sides_->saw(side, arrival.time);
  }
  if (outer) outer_->arrived(arrival);
  troubles_.beyond += outer ? 1 : 0;
  return outer || place == Border::Place::between;
}

/// What is captured at several sites is not told apart by addresses, which they may share.
std::optional<diagnose::sides::Border> Analysis::border() const {
  return sides_ || vantages_.size() != 1 ? std::nullopt : border_.border();
}

/// A platform serves others, too, whose calls are none of ours: what does not cross the router, by the mappings that
/// packets show, is left out.
void Analysis::read_outer_side(const diagnose::sides::Comparison& comparison) {
  std::optional<OuterReading> reading = outer_reading(comparison);
  if (!reading || other_side_.empty()) return;
  AnalysisSettings settings{.follow = settings_.follow,
                            .timelines = settings_.timelines,
                            .only = reading->only,
                            .is_outer_side = true,
                            .filter = settings_.filter};
  outer_reading_ = *std::move(reading);
  outer_ = std::make_unique<Analysis>(std::move(settings), result_.version);
  if (window_) outer_->window_ = outside(*window_, comparison.alignment.clocks);
  for (const auto& [path, index] : other_side_) {
    outer_->result_.inputs.resize(index);
    // What cannot be read again was read before, and says so there.
    (void)outer_->read(Input{.path = path});
  }
}

void Analysis::judge_outer_side(const diagnose::sides::Comparison& comparison) {
  add_outer_side(outer_->finish(&comparison), partners_of(comparison), outer_reading_, result_, call_of_);
  for (call::CallNumber next = numbers_.empty() ? 0 : *std::ranges::max_element(numbers_) + 1;
       numbers_.size() < result_.calls.size(); ++next)
    numbers_.push_back(next);
}

}  // namespace viaduct::app::analyze
