// SPDX-License-Identifier: GPL-2.0-or-later
// What happens to configurations on their way: they are cut, joined, or recorded from a terminal that pages. Each case
// that its label calls on is damaged so; then nobody may call it off.
#include "audit/audit.hpp"

#include <gtest/gtest.h>
#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

namespace viaduct::audit {
namespace {

namespace fs = std::filesystem;

constexpr Bytes kLabel = ".expect.toml";

struct Sample {
  std::string name;  ///< "third/cisco-ios/isr.cfg"
  std::string product;
  std::string state;
  std::string octets;

  [[nodiscard]] bool acts() const { return state == "on" || state == "partly"; }
};

[[nodiscard]] std::string file_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void add_sample(std::vector<Sample>& all, const fs::path& root, const fs::path& label) {
  const std::string stem = label.filename().string().substr(0, label.filename().string().size() - kLabel.size());
  const toml::table table = toml::parse_file(label.string());
  for (const fs::directory_entry& entry : fs::directory_iterator(label.parent_path())) {
    const std::string name = entry.path().filename().string();
    if (name.ends_with(kLabel) || !name.starts_with(stem + ".")) continue;
    all.push_back({.name = fs::relative(entry.path(), root).string(),
                   .product = table["product"].value_or(std::string()),
                   .state = table["sip"].value_or(std::string()),
                   .octets = file_of(entry.path())});
    return;
  }
}

[[nodiscard]] const std::vector<Sample>& samples() {
  static const std::vector<Sample> known = [] {
    std::vector<Sample> all;
    const fs::path root = fs::path(VIADUCT_SOURCE_DIR) / "tests/audit";
    for (const char* const folder : {"cases", "held_out"})
      for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root / folder))
        if (const std::string path = entry.path().string();
            path.ends_with(kLabel) && path.find("/hostile/") == std::string::npos)
          add_sample(all, root, entry.path());
    std::ranges::sort(all, {}, &Sample::name);
    return all;
  }();
  return known;
}

/// The state of each device that is seen in a file.
[[nodiscard]] std::vector<std::string> states_of(std::string octets) {
  static const Catalogue catalogue = Catalogue::built_in();
  static const Recogniser recogniser(catalogue);
  std::vector<std::string> states;
  for (const Audited& one : audit_each({.name = "a", .octets = std::move(octets)}, catalogue, recogniser))
    states.emplace_back(name(one.device.sip));
  return states;
}

[[nodiscard]] bool all_off(const std::vector<std::string>& states) {
  return std::ranges::all_of(states, [](const std::string& state) { return state == "off"; });
}

[[nodiscard]] std::vector<std::string> lines_of(const std::string& octets) {
  std::vector<std::string> lines;
  for (std::size_t start = 0; start < octets.size();) {
    const std::size_t end = std::min(octets.find('\n', start), octets.size() - 1);
    lines.push_back(octets.substr(start, end + 1 - start));
    start = end + 1;
  }
  return lines;
}

/// Texts of which nobody sees that something is missing: commands that were typed one after another, files of lines
/// that need no others, and answers to commands of which the last ones are missing, or the last lines of the last.
const std::set<std::string> kNoEnd{
    "cases/asuswrt/trap-unset.nvram",
    "cases/draytek-vigor/trap-later-enable.txt",
    "cases/freshtomato/trap-init-script.txt",
    "cases/juniper-srx/set-trap-deactivated.set",
    "cases/linux-netfilter/bundle-trap-live-entry.txt",
    "cases/linux-netfilter/ipt-trap-ipv6-only.rules",
    "cases/mikrotik-routeros/trap-disabled-then-enabled.rsc",
    "cases/openwrt-fw3/trap-firewall-user.txt",
    "cases/openwrt-fw4/trap-own-lines.txt",
    "cases/openwrt-fw4/trap-rule-set-helper.txt",
    "cases/sophos-sfos/on-load.txt",
    "held_out/first/linux-netfilter/trap-nft-ipv6-only.nft",
    "held_out/second/linux-netfilter/blacklisted-but-assigned.txt",
    "held_out/second/linux-netfilter/centos6-old.txt",
    "held_out/second/mikrotik-routeros/provisioning-later-line.rsc",
    "held_out/second/openwrt-fw4/rule-helper.txt",
    "held_out/third/linux-netfilter/nft-helper-on.nft",
    "held_out/third/openwrt-fw3/apu2-with-extra.txt",
    "held_out/third/openwrt-fw4/nanopi-explicit-helper.txt",
};

TEST(Damage, WhatIsCutIsNotOff) {
  constexpr std::size_t kCuts = 60;
  std::set<std::string> off;
  int cuts = 0;
  for (const Sample& sample : samples()) {
    if (!sample.acts()) continue;
    const std::vector<std::string> lines = lines_of(sample.octets);
    std::string part;
    std::size_t last = 0;
    for (std::size_t i = 0; i + 1 < lines.size(); ++i) {
      part += lines[i];
      if ((i + 1) * kCuts / lines.size() == last) continue;
      last = (i + 1) * kCuts / lines.size();
      ++cuts;
      if (!all_off(states_of(part))) continue;
      off.insert(sample.name);
      EXPECT_TRUE(kNoEnd.contains(sample.name)) << sample.name << " cut behind line " << i + 1;
    }
  }
  EXPECT_GT(cuts, 10000);
  for (const std::string& name : kNoEnd) EXPECT_TRUE(off.contains(name)) << name << ": this cut is seen now";
}

/// A script for many devices, or the answer of one command, has no head: it may go with what stands before it.
const std::set<std::string> kNoHead{"held_out/second/draytek-vigor/rollout-script.txt",
                                    "held_out/second/sophos-sfos/voip-script-before-after.txt"};

TEST(Damage, OfTwoDevicesInOneFileNoneIsTheOther) {
  constexpr std::size_t kMost = 4;  // of a product and a state
  std::map<std::string, std::array<std::vector<const Sample*>, 2>> products;
  for (const Sample& sample : samples()) {
    if (sample.state == "unknown" || kNoHead.contains(sample.name)) continue;
    std::vector<const Sample*>& list = products[sample.product][sample.acts() ? 0 : 1];
    if (list.size() < kMost) list.push_back(&sample);
  }
  int pairs = 0;
  for (const auto& [product, both] : products)
    for (const Sample* const on : both[0])
      for (const Sample* const off : both[1])
        for (const bool first : {true, false}) {
          const Sample& one = first ? *on : *off;
          const Sample& other = first ? *off : *on;
          const std::vector<std::string> states =
              states_of(one.octets + (one.octets.ends_with('\n') ? "" : "\n") + other.octets);
          ++pairs;
          EXPECT_FALSE(all_off(states)) << one.name << " and " << other.name;
          if (states.size() > 1) {
            EXPECT_EQ(states.size(), 2U) << one.name << " and " << other.name;
            EXPECT_TRUE(states[0] == one.state || states[0] == "unknown")
                << one.name << " before " << other.name << ": " << states[0];
            EXPECT_TRUE(states[1] == other.state || states[1] == "unknown")
                << other.name << " behind " << one.name << ": " << states[1];
          }
        }
  EXPECT_GT(pairs, 800);
}

/// What a terminal that pages leaves, and what is left of that when somebody copies it without control characters.
struct Residue {
  std::string wiped;
  std::string copied;
};

[[nodiscard]] const Residue* residue_of(const std::string& product) {
  static const std::string back(9, '\b');
  static const Residue ios{" --More-- " + back + std::string(8, ' ') + back, " --More--         "};
  static const Residue asa{"<--- More --->\r              \r", "<--- More --->              "};
  static const Residue vrp{"  ---- More ----\x1b[42D" + std::string(42, ' ') + "\x1b[42D",
                           "  ---- More ----" + std::string(42, ' ')};
  static const Residue forti{"--More-- \r         \r", "--More--          "};
  static const Residue rtx{"---\xe3\x81\xa4\xe3\x81\xa5\xe3\x81\x8f---\r                \r",
                           "--- more ---            "};
  static const std::map<std::string, const Residue*> of{
      {"cisco-ios", &ios},  {"adtran-aos", &ios},   {"cisco-asa", &asa},          {"huawei-ar", &vrp},
      {"huawei-usg", &vrp}, {"h3c-comware5", &vrp}, {"fortinet-fortios", &forti}, {"yamaha-rtx", &rtx}};
  const auto at = of.find(product);
  return at == of.end() ? nullptr : at->second;
}

/// The text with `residue` before one line in 24, beginning with the line `from`.
[[nodiscard]] std::string paged(const std::string& octets, const std::string& residue, std::size_t from) {
  constexpr std::size_t kPage = 24;
  std::string text;
  std::size_t number = 0;
  for (const std::string& line : lines_of(octets)) text += (number++ % kPage == from ? residue : "") + line;
  return text;
}

TEST(Damage, PagingIsUndoneOrTold) {
  int texts = 0;
  for (const Sample& sample : samples()) {
    const Residue* const residue = residue_of(sample.product);
    if (residue == nullptr || sample.octets.starts_with('\xff') || sample.octets.starts_with('\xfe')) continue;
    for (std::size_t from = 1; from < 24; from += 3) {
      ++texts;
      EXPECT_EQ(states_of(paged(sample.octets, residue->wiped, from)), std::vector<std::string>{sample.state})
          << sample.name << " from line " << from;
      if (!sample.acts()) continue;
      EXPECT_FALSE(all_off(states_of(paged(sample.octets, residue->copied, from))))
          << sample.name << ", copied, from line " << from;
    }
  }
  EXPECT_GT(texts, 500);
}

}  // namespace
}  // namespace viaduct::audit
