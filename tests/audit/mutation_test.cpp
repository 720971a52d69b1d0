// SPDX-License-Identifier: GPL-2.0-or-later
// The commands that audit gives for a configuration, applied to a model of its device: what was on is off, what undoes
// them brings it back, twice is once, and no other line moves. Each configuration's commands and lines are held in
// mutations.txt; after a change that is meant, run tools/regold and read the difference.
#include "audit/plan.hpp"
#include "audit/read_device.hpp"
#include "model/model.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

namespace viaduct::audit {
namespace {

namespace fs = std::filesystem;
using Kind = Plan::Step::Kind;
using model::Lines;
using model::Model;

[[nodiscard]] std::string file_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

[[nodiscard]] Lines lines_of(Bytes octets) {
  Lines lines;
  for (std::size_t at = 0; at < octets.size();) {
    const std::size_t end = std::min(octets.find('\n', at), octets.size());
    lines.emplace_back(octets.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

[[nodiscard]] std::string octets_of(const Lines& lines) {
  std::string octets;
  for (const std::string& line : lines) octets += line + "\n";
  return octets;
}

/// None for a product whose commands are not modelled.
[[nodiscard]] Model model_of(Bytes product, const Lines& lines) {
  const bool commands = std::ranges::any_of(
      lines, [](const std::string& line) { return model::trimmed(line).starts_with("set ") && !line.ends_with('{'); });
  if (product == "cisco-ios" || product == "cisco-asa") return model::indented;
  if (product == "fortinet-fortios") return model::fortios;
  if (product.starts_with("openwrt-")) return model::uci;
  if (product.starts_with("vyos-") || product == "ubiquiti-edgeos")
    return commands ? model::set_lines : model::vyos_braces;
  if (product == "juniper-srx") return commands ? model::set_lines : model::junos_braces;
  return nullptr;
}

/// A configuration with all that audit says of it.
struct Read {
  Lines lines;
  Device device;
};

[[nodiscard]] Read read(Lines lines) {
  static const Catalogue catalogue = Catalogue::built_in();
  static const Recogniser recogniser(catalogue);
  const Text text = Text::read("configuration", octets_of(lines));
  return {.lines = std::move(lines), .device = read_device(text, catalogue, recogniser)};
}

[[nodiscard]] const Product& product_of(Bytes id) {
  static const Catalogue catalogue = Catalogue::built_in();
  return *catalogue.find(id);
}

[[nodiscard]] Lines commands_of(const Plan& plan, Kind kind) {
  Lines commands;
  for (const Plan::Step& step : plan.steps)
    if (step.kind == kind) commands.push_back(step.command);
  return commands;
}

/// What is on where.
[[nodiscard]] std::map<std::string, State> states_of(const Device& device) {
  std::map<std::string, State> states;
  for (const Feature& feature : device.features)
    if (feature.state != State::off) states[told(feature)] = feature.state;
  return states;
}

/// Lines that are only in one of both, `-` those of the first, in the order of both: the longest common sequence stays
/// out.
[[nodiscard]] std::string difference(const Lines& before, const Lines& after) {
  std::vector<std::vector<std::uint32_t>> common(before.size() + 1, std::vector<std::uint32_t>(after.size() + 1));
  for (std::size_t i = before.size(); i-- > 0;)
    for (std::size_t j = after.size(); j-- > 0;)
      common[i][j] = before[i] == after[j] ? common[i + 1][j + 1] + 1 : std::max(common[i + 1][j], common[i][j + 1]);
  std::string lines;
  for (std::size_t i = 0, j = 0; i < before.size() || j < after.size();) {
    if (i < before.size() && j < after.size() && before[i] == after[j]) {
      ++i, ++j;
    } else if (j == after.size() || (i < before.size() && common[i + 1][j] >= common[i][j + 1])) {
      lines += "-" + before[i++] + "\n";
    } else {
      lines += "+" + after[j++] + "\n";
    }
  }
  return lines;
}

#ifdef VIADUCT_GOLD
constexpr bool kOwn = true;
#else
constexpr bool kOwn = false;
#endif

/// What only the device knows cannot be typed, and the script keeps it as a comment: none of it in the own cases.
void leave_blanks(Device& device) {
  const std::size_t left = std::erase_if(device.features, [](const Feature& feature) {
    return feature.state != State::off && std::ranges::any_of(feature.edit.fix, [](const std::string& command) {
             return command.find('<') != std::string::npos;
           });
  });
  EXPECT_TRUE(!kOwn || left == 0) << "a blank is left";
  for (std::size_t count = 0; count < left; ++count) std::puts("left to whoever is at the device: one feature");
}

/// Proves one configuration, and says what was typed and which lines that changed.
[[nodiscard]] std::string proven(Read before, Model apply) {
  const std::map<std::string, State> states = states_of(before.device);
  leave_blanks(before.device);
  const Plan plan = plan_of(product_of(before.device.product), before.device, true, false);
  const Lines change = commands_of(plan, Kind::change);
  const Lines undo = commands_of(plan, Kind::undo);
  const Read off = read(apply(before.lines, change));
  EXPECT_FALSE(acts(off.device.sip)) << octets_of(change) << difference(before.lines, off.lines);
  // A part of a configuration, or commands that made one, may still not tell.
  EXPECT_TRUE(!kOwn || (states_of(off.device).empty() && off.device.sip == State::off)) << octets_of(change);
  EXPECT_EQ(difference(off.lines, apply(off.lines, change)), "") << "typed twice is not typed once";
  const Read back = read(apply(off.lines, undo));
  std::map<std::string, State> again = states_of(back.device);
  // What a part of a configuration leaves open is decided once its section was typed.
  if (!kOwn)
    for (auto& [name, state] : again)
      if (const auto was = states.find(name);
          was != states.end() && was->second == State::unknown && state == State::on)
        state = State::unknown;
  EXPECT_EQ(again, states) << octets_of(undo) << difference(before.lines, back.lines);
  std::string told = octets_of(change) + difference(before.lines, off.lines) + "undo\n" + octets_of(undo);
  return told + difference(off.lines, back.lines);
}

[[nodiscard]] bool has_blank(const std::vector<std::string>& commands) {
  return std::ranges::any_of(commands,
                             [](const std::string& command) { return command.find('<') != std::string::npos; });
}

/// Timers that end what somebody needs, which the device's own commands can change.
[[nodiscard]] std::map<std::string, std::int64_t> short_timers(const Device& device) {
  std::map<std::string, std::int64_t> timers;
  for (const Timer& timer : device.timers)
    if (ends_before(timer, Timer::kLeast)) timers[told(timer)] = timer.seconds;
  return timers;
}

/// The same of timers: none is below 120 s any more, and then each is again what it was.
[[nodiscard]] std::string proven_timers(const Read& before, Model apply) {
  const std::map<std::string, std::int64_t> timers = short_timers(before.device);
  const Plan plan = plan_of(product_of(before.device.product), before.device, false, true);
  const Lines change = commands_of(plan, Kind::timer);
  const Lines undo = commands_of(plan, Kind::undo);
  EXPECT_FALSE(change.empty());
  const Read longer = read(apply(before.lines, change));
  EXPECT_TRUE(short_timers(longer.device).empty()) << octets_of(change) << difference(before.lines, longer.lines);
  EXPECT_EQ(longer.device.sip, before.device.sip);
  EXPECT_EQ(difference(longer.lines, apply(longer.lines, change)), "") << "typed twice is not typed once";
  const Read back = read(apply(longer.lines, undo));
  EXPECT_EQ(short_timers(back.device), timers) << octets_of(undo) << difference(before.lines, back.lines);
  return octets_of(change) + difference(before.lines, longer.lines) + "undo\n" + octets_of(undo) +
         difference(longer.lines, back.lines);
}

[[nodiscard]] std::vector<fs::path> files_below(const fs::path& root) {
  std::vector<fs::path> files;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root))
    if (entry.is_regular_file() && !entry.path().string().ends_with(".expect.toml")) files.push_back(entry.path());
  std::ranges::sort(files);
  return files;
}

TEST(Mutation, TimersThatAreTooShortBecomeLongAndShortAgain) {
  const fs::path root = VIADUCT_CONFIGURATIONS;
  std::string told;
  std::map<std::string, std::size_t> count;
  for (const fs::path& path : files_below(root)) {
    const Read before = read(lines_of(file_of(path)));
    const Model apply = model_of(before.device.product, before.lines);
    if (apply == nullptr || short_timers(before.device).empty()) continue;
    const bool exact = std::ranges::all_of(before.device.timers, [](const Timer& timer) {
      return !ends_before(timer, Timer::kAdvised) ||
             (!timer.edit.fix.empty() && !has_blank(timer.edit.fix) && !has_blank(timer.edit.undo));
    });
    if (!exact) {
      std::printf("left to whoever is at the device: timers of %s\n", path.filename().c_str());
      continue;
    }
    const std::string name = fs::relative(path, root).string();
    SCOPED_TRACE(name);
    told += "=== " + name + "\n" + proven_timers(before, apply);
    ++count[before.device.product];
  }
  for (const auto& [product, files] : count) std::printf("%s: %zu\n", product.c_str(), files);
  EXPECT_FALSE(kOwn && count.empty());
  if (std::getenv("VIADUCT_SHOW") != nullptr) std::fputs(told.c_str(), stdout);
}

TEST(Mutation, WhatIsOnGoesOffAndComesBack) {
  const fs::path root = VIADUCT_CONFIGURATIONS;
  std::string told;
  std::map<std::string, std::size_t> count;
  for (const fs::path& path : files_below(root)) {
    const Read before = read(lines_of(file_of(path)));
    const Model apply = model_of(before.device.product, before.lines);
    if (apply == nullptr || !acts(before.device.sip)) continue;
    if (std::ranges::any_of(before.device.features, [](const Feature& feature) {
          return feature.state != State::off && !feature.edit.by_hand.empty();
        })) {
      std::printf("by hand: %s\n", path.filename().c_str());
      continue;
    }
    const std::string name = fs::relative(path, root).string();
    SCOPED_TRACE(name);
    told += "=== " + name + "\n" + proven(before, apply);
    ++count[before.device.product];
  }
  for (const auto& [product, files] : count) std::printf("%s: %zu\n", product.c_str(), files);
  if (std::getenv("VIADUCT_SHOW") != nullptr) std::fputs(told.c_str(), stdout);
#ifdef VIADUCT_GOLD
  if (std::getenv("VIADUCT_REGOLD") != nullptr) std::ofstream(VIADUCT_GOLD, std::ios::binary) << told;
  EXPECT_EQ(told, file_of(VIADUCT_GOLD));
#endif
}

}  // namespace
}  // namespace viaduct::audit
