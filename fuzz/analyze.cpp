// SPDX-License-Identifier: GPL-2.0-or-later
// Any octets as a capture file, and all that `viaduct analyze` makes of it: figures that do not contradict themselves,
// and one JSON document.
#include "analyze/analysis.hpp"
#include "report/json.hpp"
#include "report/text.hpp"
#include "target.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <string>

namespace {

using namespace viaduct;

// What a few hundred octets of input can unpack to is beyond any patience.
constexpr std::uint64_t kMostOctets = 1U << 20;

void check(const finding::StreamSummary& stream, const finding::Result& result) {
  VIADUCT_CHECK(stream.lost <= stream.expected && stream.duplicates <= stream.packets);
  // A number that came from or to another address is not lost, nor lost again where that misses it, too.
  std::uint64_t known = 0;
  for (const finding::StreamSummary& other : result.streams)
    if (other.ssrc == stream.ssrc) known += other.packets + (&other == &stream ? 0 : other.lost);
  VIADUCT_CHECK(stream.expected - stream.lost + stream.duplicates <= known);
  VIADUCT_CHECK(std::is_sorted(stream.gaps.begin(), stream.gaps.end(),
                               [](const auto& a, const auto& b) { return a.onset < b.onset; }));
}

app::analyze::AnalysisSettings settings_of(std::uint8_t asked) {
  app::analyze::AnalysisSettings settings{.follow = "1", .extract = "1", .timelines = (asked & 1U) != 0};
  if ((asked & 2U) != 0) settings.filter = app::analyze::CallFilter("10.0.0.0/8");
  if ((asked & 4U) != 0) settings.window.to = app::analyze::TimeSpec::parse("+2.5");
  return settings;
}

void read(app::analyze::Analysis& analysis, const app::analyze::Input& input, base::Bytes octets) {
  capture::CaptureReader reader(capture::inflow_of_memory(octets));
  analysis.begin(input);
  for (capture::Record record; reader.next(record) && reader.offset() < kMostOctets;) analysis.add(record);
  analysis.end();
}

finding::Result finish(app::analyze::Analysis& analysis) {
  finding::Result result = analysis.finish();
  for (const finding::StreamSummary& stream : result.streams) check(stream, result);
  finding::limit(result);
  VIADUCT_CHECK(nlohmann::json::accept(report::to_json(result)));
  VIADUCT_CHECK(!report::to_text(result, {}).empty());
  return result;
}

/// What the capture shows, else what it might: every other sender is outside.
diagnose::sides::Border border_of(const app::analyze::Analysis& analysis, const finding::Result& result) {
  if (std::optional<diagnose::sides::Border> found = analysis.border()) return *std::move(found);
  diagnose::sides::Border border;
  for (std::size_t i = 0; i < result.streams.size(); ++i)
    if (const auto source = net::parse_address(result.streams[i].source.address))
      (i % 2 == 0 ? border.inner : border.outer).insert(*source);
  return border;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  // The first octet says what is asked for.
  const std::uint8_t asked = input.octet();
  app::analyze::Analysis analysis(settings_of(asked), "0");
  read(analysis, {"file", "", 0}, input.rest());
  if ((asked & 8U) == 0) {
    // The same once more as another site, whose clock and calls are its own.
    read(analysis, {"file", "site", 1}, input.rest());
    (void)finish(analysis);
    return 0;
  }
  // The same once more as both sides of a router.
  const finding::Result result = finish(analysis);
  app::analyze::AnalysisSettings settings = settings_of(asked);
  settings.border = border_of(analysis, result);
  app::analyze::Analysis apart(std::move(settings), "0");
  read(apart, {"file", "", 0}, input.rest());
  (void)finish(apart);
  return 0;
}
