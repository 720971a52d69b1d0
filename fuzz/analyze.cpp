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
  // A number that came from or to another address is not lost.
  std::uint64_t came = 0;
  for (const finding::StreamSummary& other : result.streams) came += other.ssrc == stream.ssrc ? other.packets : 0;
  VIADUCT_CHECK(stream.expected - stream.lost + stream.duplicates <= came);
  VIADUCT_CHECK(std::is_sorted(stream.gaps.begin(), stream.gaps.end(),
                               [](const auto& a, const auto& b) { return a.onset < b.onset; }));
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  // The first octet says what is asked for.
  const std::uint8_t asked = input.octet();
  app::analyze::AnalysisSettings settings{.follow = "1", .extract = "1", .timelines = (asked & 1U) != 0};
  if ((asked & 2U) != 0) settings.filter = app::analyze::CallFilter("10.0.0.0/8");
  if ((asked & 4U) != 0) settings.window.to = app::analyze::TimeSpec::parse("+2.5");
  app::analyze::Analysis analysis(std::move(settings), "0");
  // The same once more as another site, whose clock and calls are its own.
  for (const call::Point point : {call::Point{0}, call::Point{1}}) {
    capture::CaptureReader reader(capture::inflow_of_memory(input.rest()));
    analysis.begin({"file", point == 0 ? "" : "site", point});
    for (capture::Record record; reader.next(record) && reader.offset() < kMostOctets;) analysis.add(record);
    analysis.end();
  }
  finding::Result result = analysis.finish();
  for (const finding::StreamSummary& stream : result.streams) check(stream, result);
  finding::limit(result);
  VIADUCT_CHECK(nlohmann::json::accept(report::to_json(result)));
  VIADUCT_CHECK(!report::to_text(result, {}).empty());
  return 0;
}
