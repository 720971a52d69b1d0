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

void live(Agenda& agenda, Media& media, std::optional<Tap>& inside, std::optional<Tap>& outside) {
  while (!agenda.empty()) {
    const Agenda::Due due = agenda.next();
    for (std::optional<Tap>* tap : {&inside, &outside})
      if (*tap) (*tap)->write_until(due.time);
    if (due.sender != Agenda::kNoSender)
      media.wake(due.sender, due.time);
    else
      agenda.act(due);
  }
}

}  // namespace

std::string capture_name(const SiteSetup& setup) {
  return setup.name + ".pcap";
}
std::string inside_name(const SiteSetup& setup) {
  return setup.name + "-inside.pcap";
}

std::expected<SiteRun, std::string> run_site(const SiteSetup& setup, std::uint64_t seed,
                                             const std::filesystem::path& folder) {
  Random random = Random::of(seed, setup.name + " running");
  SiteRun run;
  add_lines(setup, random, run);
  std::optional<Tap> inside, outside;
  const bool both = setup.captures_inside() && setup.captures_outside();
  const Intervals missed(setup.capture_missed);
  if (setup.captures_outside()) outside.emplace(folder / capture_name(setup), kEpoch, missed);
  if (setup.captures_inside())
    inside.emplace(folder / (both ? inside_name(setup) : capture_name(setup)), kEpoch, missed);
  Network network(setup, inside ? &*inside : nullptr, outside ? &*outside : nullptr, random.fork());
  Agenda agenda;
  Media media(setup, agenda, network);
  Signalling signalling(setup, agenda, network, media, random.fork());
  for (const auto& line : run.lines)
    agenda.at(random.in(0, 2), [&signalling, &line](Seconds time) { signalling.boot(*line, time); });
  for (const auto& call : run.calls)
    agenda.at(call->setup->start, [&signalling, &call](Seconds time) { signalling.call(*call, time); });
  live(agenda, media, inside, outside);
  run.queue_depth = std::max(network.queue_depth(Direction::up), network.queue_depth(Direction::down));
  for (std::optional<Tap>* tap : {&inside, &outside}) {
    if (!*tap) continue;
    if (!(*tap)->close()) return std::unexpected("cannot write into " + folder.string());
    run.packets += (*tap)->packets();
  }
  return run;
}

}  // namespace viaduct::simulate
