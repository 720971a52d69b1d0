// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/products/products.hpp"
#include "audit/syntax/syntax.hpp"
#include "audit/tree.hpp"
#include "base/text.hpp"

#include <string>
#include <vector>

namespace viaduct::audit::products {
namespace {

/// A telnet or SSH transcript: backups cannot be read. What was typed or answered last counts.
class Reading {
 public:
  explicit Reading(Device& device) : device_(device) {}

  void run(Node root) {
    for (const Node command : root.children()) {
      typed(command["said"]);
      for (const Node line : command.children())
        if (line.word() == "line") answered(line);
    }
    Feature feature{.name = "sys sip_alg"};
    if (said_) {
      feature.state = !on_ ? State::off : udp_ && tcp_ ? State::on : udp_ || tcp_ ? State::partly : State::off;
      feature.origin.line = said_.line();
      if (feature.state == State::partly) feature.note = udp_ ? "its TCP path is off" : "its UDP path is off";
    } else {
      feature.state = State::off;
      feature.origin.standard = "off by default; neither set nor shown here";
    }
    device_.features.push_back(std::move(feature));
    device_.sip = device_.features.back().state;
    if (!timer_) return;
    const auto seconds = base::parse_decimal(timer_.word());
    device_.timers.push_back({.name = "portmaptime UDP",
                              .seconds = seconds ? std::int64_t{*seconds} : Timer::kUnknown,
                              .origin = {.line = timer_.line()}});
  }

 private:
  /// `sys sip_alg -e 1 -p 5060 -u 0 -t 1`, and `sys sip_alg 1` of older firmware.
  void typed(Node said) {
    if (const Node set = said.at({"portmaptime", "-u"}).first(); set) timer_ = set;
    Node word = said.at({"sys", "sip_alg"}).first();
    for (Bytes option; word; word = word.first()) {
      const bool value = word.word() == "1" || word.word() == "0";
      if (value && (option == "-e" || option.empty())) {
        said_ = word;
        on_ = word.word() == "1";
        udp_ = tcp_ = true;
      }
      if (value && option == "-u") udp_ = word.word() == "1";
      if (value && option == "-t") tcp_ = word.word() == "1";
      option = word.word();
    }
  }
  void answered(Node line) {
    std::vector<Node> words;
    for (const Node word : line.children()) words.push_back(word);
    const auto is = [&](std::size_t at, Bytes wanted) { return at < words.size() && words[at].word() == wanted; };
    if (is(0, "current") && is(1, "SIP") && is(2, "ALG") && words.size() > 4) {
      said_ = line;
      on_ = words[4].word() == "enabled";
    }
    for (std::size_t i = 0; i + 1 < words.size(); ++i)
      if (is(i, "Version:") && is(0, "Router")) device_.version = words[i + 1].word();
    if (is(0, "Router") && is(1, "Name:") && words.size() > 2) device_.hostname = words[2].word();
    if (is(0, "UDP") && is(1, "Timeout") && words.size() > 3) timer_ = words[3];
  }

  Device& device_;
  Node said_;   ///< the word or line that said the state last
  Node timer_;  ///< the number
  bool on_ = false;
  bool udp_ = true;
  bool tcp_ = true;
};

}  // namespace

void read_draytek(const Text& text, const Product&, Device& device) {
  Tree tree;
  syntax::transcript(text, tree);
  Reading(device).run(tree.root());
  device.problems = tree.problems();
}

}  // namespace viaduct::audit::products
