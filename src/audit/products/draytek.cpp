// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/products/products.hpp"
#include "audit/syntax/words.hpp"
#include "audit/tree.hpp"
#include "base/text.hpp"

#include <string>
#include <vector>

namespace viaduct::audit::products {
namespace {

/// A telnet or SSH transcript, with prompts (`> `, `DrayTek> `) or without, or a script to be pasted: backups cannot be
/// read. What was typed or answered last counts.
class Reading {
 public:
  explicit Reading(Device& device) : device_(device) {}

  void run(const Text& text, Tree& tree) {
    std::vector<Bytes> words;
    for (const std::uint32_t number : text.numbers()) {
      Bytes line = text.line(number);
      const std::size_t prompt = line.find('>');
      if (prompt != Bytes::npos && line.find_first_of(" \t") > prompt) line.remove_prefix(prompt + 1);
      syntax::split(line, number, tree, words);
      if (words.empty() || words[0].starts_with('!') || words[0].starts_with('#')) continue;
      typed(words, number);
      answered(words, number);
    }
    Feature feature{.name = "sys sip_alg", .state = State::unknown, .origin = {.line = said_}};
    if (said_ != 0) {
      feature.state = !on_ || !(udp_ || tcp_) ? State::off : udp_ && tcp_ && usual_ ? State::on : State::partly;
      if (feature.state == State::partly)
        feature.note = !usual_ ? "it listens on another port than 5060"
                       : udp_  ? "its TCP path is off"
                               : "its UDP path is off";
    } else {
      feature.origin.standard = "off by default, but neither set nor shown here";
    }
    device_.sip = feature.state;
    device_.features.push_back(std::move(feature));
    if (timer_ == 0) return;
    device_.timers.push_back({.name = "portmaptime UDP", .seconds = seconds_, .origin = {.line = timer_}});
  }

 private:
  /// `sys sip_alg -e 1 -p 5060 -u 0 -t 1`, and `sys sip_alg 1` of older firmware.
  void typed(const std::vector<Bytes>& words, std::uint32_t line) {
    if (words.size() > 2 && words[0] == "sys" && words[1] == "name" && words[2] != "?") device_.hostname = words[2];
    const bool alg = words.size() > 2 && words[0] == "sys" && words[1] == "sip_alg";
    for (std::size_t i = 2; i < words.size() && alg; ++i) {
      const Bytes option = i == 2 ? Bytes() : words[i - 1];
      if (option == "-p") usual_ = words[i] == "5060";
      if (words[i] != "1" && words[i] != "0") continue;
      const bool value = words[i] == "1";
      if (option == "-e" || option.empty()) {
        said_ = line;
        on_ = value;
        udp_ = tcp_ = true;
      }
      if (option == "-u") udp_ = value;
      if (option == "-t") tcp_ = value;
    }
    if (words[0] != "portmaptime") return;
    for (std::size_t i = 1; i + 1 < words.size(); ++i)
      if (words[i] == "-u") set_timer(words[i + 1], line);
  }
  void answered(const std::vector<Bytes>& words, std::uint32_t line) {
    const auto is = [&](std::size_t at, Bytes wanted) { return at < words.size() && words[at] == wanted; };
    if (is(0, "current") && is(1, "SIP") && is(2, "ALG") && words.size() > 4) {
      said_ = line;
      on_ = words[4] == "enabled";
    }
    for (std::size_t i = 0; i + 1 < words.size(); ++i)
      if (is(i, "Version:") && is(0, "Router")) device_.version = words[i + 1];
    if (is(0, "Router") && is(1, "Name:") && words.size() > 2) device_.hostname = words[2];
    if (is(0, "UDP") && is(1, "Timeout") && words.size() > 3) set_timer(words[3], line);
  }
  void set_timer(Bytes number, std::uint32_t line) {
    const auto seconds = base::parse_decimal(number);
    seconds_ = seconds ? std::int64_t{*seconds} : Timer::kUnknown;
    timer_ = line;
  }

  Device& device_;
  std::uint32_t said_ = 0;   ///< the line that said the state last
  std::uint32_t timer_ = 0;  ///< and that of the timer
  std::int64_t seconds_ = Timer::kUnknown;
  bool on_ = false;
  bool udp_ = true;
  bool tcp_ = true;
  bool usual_ = true;  ///< it listens on 5060
};

}  // namespace

void read_draytek(const Text& text, const Product&, Device& device) {
  Tree tree;
  Reading(device).run(text, tree);
  device.problems = tree.problems();
}

}  // namespace viaduct::audit::products
