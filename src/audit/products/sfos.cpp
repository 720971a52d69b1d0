// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/products/products.hpp"
#include "audit/syntax/syntax.hpp"
#include "audit/tree.hpp"

#include <algorithm>
#include <initializer_list>
#include <string>
#include <vector>

namespace viaduct::audit::products {
namespace {

constexpr Bytes kFeature = "system_modules sip";

/// An export has all but what the console alone can set.
void read_export(Node root, Device& device) {
  device.hostname = root.at({"AdminSettings", "HostnameSettings", "HostName"}).value();
  device.features.push_back(
      {.name = std::string(kFeature), .origin = {.standard = "not in an XML export; loaded by default"}});
  device.sip = State::unknown;
  bool rules = false;
  for (const Node rule : root.children()) {
    const Node policy = rule["NetworkPolicy"]["TrafficShappingPolicy"];  // as the vendor spells it
    if (rule.word() != "FirewallRule" || rule["Status"].value() == "Disable") continue;
    rules = true;
    if (policy && policy.value() != "None") return;  // what the policy guarantees is not looked into
  }
  if (rules) device.rtp_priority = Priority::no;
}

/// What was typed at the console or stands in a script, and its answers, with prompts or without: the last word counts.
class Console {
 public:
  explicit Console(Device& device) : device_(device) {}

  void run(Node root) {
    for (const Node command : root.children()) {
      typed(words_of(command["said"]));
      for (const Node line : command.children()) {
        if (line.word() != "line") continue;
        std::vector<Node> words;
        for (const Node word : line.children()) words.push_back(word);
        typed(words);
        answered(words);
      }
    }
    Feature feature{.name = std::string(kFeature), .state = State::unknown, .origin = {.line = sip_.line()}};
    if (sip_) feature.state = on_ ? State::on : State::off;
    if (!sip_) feature.origin.standard = "not shown here; loaded by default";
    device_.sip = feature.state;
    device_.features.push_back(std::move(feature));
    if (unreplied_)
      device_.timers.push_back(timer_of("udp-timeout", "global", Timer::Applies::udp_unreplied, unreplied_));
    if (stream_)
      device_.timers.push_back(timer_of("udp-timeout-stream", "global", Timer::Applies::udp_stream, stream_));
  }

 private:
  /// A path as a row.
  [[nodiscard]] static std::vector<Node> words_of(Node said) {
    std::vector<Node> words;
    for (Node word = said.first(); word; word = word.first()) words.push_back(word);
    return words;
  }
  [[nodiscard]] static bool begins(const std::vector<Node>& words, std::initializer_list<Bytes> wanted) {
    return words.size() >= wanted.size() && std::equal(wanted.begin(), wanted.end(), words.begin(),
                                                       [](Bytes word, Node node) { return word == node.word(); });
  }

  void typed(const std::vector<Node>& words) {
    if (words.size() == 4 && begins(words, {"system", "system_modules", "sip"})) said(words[3], "load", "unload");
    if (words.size() == 4 && begins(words, {"set", "advanced-firewall", "udp-timeout"})) unreplied_ = words[3];
    if (words.size() == 4 && begins(words, {"set", "advanced-firewall", "udp-timeout-stream"})) stream_ = words[3];
  }
  void answered(const std::vector<Node>& words) {
    if (const auto mark = std::ranges::find(words, Bytes("SFOS"), &Node::word);
        mark != words.end() && mark - words.begin() > 1 && mark[-1].word().starts_with("Version") &&
        words.end() - mark > 1) {
      device_.version.clear();
      for (auto word = mark + 1; word != words.end(); ++word)
        device_.version += (device_.version.empty() ? "" : " ") + std::string(word->word());
    }
    if (words.size() == 2 && begins(words, {"Hostname:"})) device_.hostname = words[1].word();
    if (words.size() == 2 && begins(words, {"sip"})) said(words[1], "loaded", "unloaded");
    if (words.size() == 4 && begins(words, {"UDP", "Timeout", ":"})) unreplied_ = words[3];
    if (words.size() == 5 && begins(words, {"UDP", "Timeout", "Stream", ":"})) stream_ = words[4];
  }
  void said(Node word, Bytes on, Bytes off) {
    if (word.word() != on && word.word() != off) return;
    sip_ = word;
    on_ = word.word() == on;
  }

  Device& device_;
  Node sip_;        ///< the word that said it last
  Node unreplied_;  ///< numbers
  Node stream_;
  bool on_ = false;
};

}  // namespace

void read_sfos(const Text& text, const Product&, Device& device) {
  Tree tree;
  if (text.octets().starts_with("<")) {
    syntax::xml(text, tree);
    read_export(tree.root()["Configuration"], device);
  } else {
    syntax::transcript(text, tree);
    Console(device).run(tree.root());
  }
  device.problems = tree.problems();
}

}  // namespace viaduct::audit::products
