// SPDX-License-Identifier: GPL-2.0-or-later
#include "simulate/site.hpp"

#include "simulate/epoch.hpp"
#include "simulate/signalling.hpp"

#include <algorithm>

namespace viaduct::simulate {
namespace {

void add_lines(const SiteSetup& setup, Random& random, SiteRun& run) {
  int number = 201;
  for (const LineSetup& each : setup.lines) {
    auto line = std::make_unique<Line>();
    line->setup = &each;
    line->number = number++;
    line->random = random.fork();
    if (each.wireless) line->radio.emplace(each.radio_away, each.radio_sleep, random.fork());
    for (const CallSetup& planned : each.calls) {
      auto call = std::make_unique<Call>();
      call->setup = &planned;
      call->line = line.get();
      run.calls.push_back(std::move(call));
    }
    run.lines.push_back(std::move(line));
  }
}

}  // namespace

std::expected<SiteRun, std::string> run_site(const SiteSetup& setup, std::uint64_t seed,
                                             const std::filesystem::path& capture) {
  Random random = Random::of(seed, setup.name + " running");
  SiteRun run;
  add_lines(setup, random, run);
  Tap tap(capture, kEpoch, Intervals(setup.capture_missed));
  Network network(setup, tap, random.fork());
  Agenda agenda;
  Media media(setup, agenda, network);
  Signalling signalling(setup, agenda, network, media, random.fork());
  for (const auto& line : run.lines)
    agenda.at(random.in(0, 2), [&signalling, &line](Seconds time) { signalling.boot(*line, time); });
  for (const auto& call : run.calls)
    agenda.at(call->setup->start, [&signalling, &call](Seconds time) { signalling.call(*call, time); });
  while (!agenda.empty()) {
    const Agenda::Due due = agenda.next();
    tap.write_until(due.time);
    if (due.sender != Agenda::kNoSender)
      media.wake(due.sender, due.time);
    else
      agenda.act(due);
  }
  run.queue_depth = std::max(network.queue_depth(Direction::up), network.queue_depth(Direction::down));
  if (!tap.close()) return std::unexpected("cannot write " + capture.string());
  run.packets = tap.packets();
  return run;
}

}  // namespace viaduct::simulate
