// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/products/products.hpp"
#include "audit/syntax/syntax.hpp"
#include "audit/tree.hpp"
#include "base/text.hpp"

#include <string>
#include <vector>

namespace viaduct::audit::products {
namespace {

constexpr Bytes kFeature = "system_modules sip";

[[nodiscard]] std::vector<Bytes> words_of(Node line) {
  std::vector<Bytes> words;
  for (const Node word : line.children()) words.push_back(word.word());
  return words;
}

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

/// What was typed at the console, and its answers: the last word counts.
class Console {
 public:
  explicit Console(Device& device) : device_(device) {}

  void run(Node root) {
    for (const Node command : root.children()) {
      typed(command);
      for (const Node line : command.children())
        if (line.word() == "line") answered(line);
    }
    if (sip_) {
      device_.features.push_back(
          {.name = std::string(kFeature), .state = on_ ? State::on : State::off, .origin = {.line = sip_.line()}});
    } else {
      device_.features.push_back(
          {.name = std::string(kFeature), .origin = {.standard = "not shown here; loaded by default"}});
    }
    device_.sip = device_.features.back().state;
    if (!timer_) return;
    const auto seconds = base::parse_decimal(timer_.word());
    device_.timers.push_back({.name = "udp-timeout-stream",
                              .applies = Timer::Applies::udp_stream,
                              .seconds = seconds ? std::int64_t{*seconds} : Timer::kUnknown,
                              .origin = {.line = timer_.line()}});
  }

 private:
  void typed(Node command) {
    const Node said = command["said"];
    const Node sip = said.at({"system", "system_modules", "sip"}).first();
    if (sip.word() == "load" || sip.word() == "unload") {
      sip_ = sip;
      on_ = sip.word() == "load";
    }
    showing_ = bool(said.at({"system", "system_modules", "show"}));
    if (const Node set = said.at({"set", "advanced-firewall", "udp-timeout-stream"}).first(); set) timer_ = set;
  }
  void answered(Node line) {
    const std::vector<Bytes> words = words_of(line);
    if (words.size() > 4 && words[0] == "Sophos" && words[1] == "Firmware" && words[3] == "SFOS") {
      device_.version = words[4];
      for (std::size_t i = 5; i < words.size(); ++i) device_.version += " " + std::string(words[i]);
    }
    if (words.size() == 2 && words[0] == "Hostname:") device_.hostname = words[1];
    if (showing_ && words.size() > 1 && words[0] == "sip") {
      sip_ = line;
      on_ = words[1] == "loaded";
    }
    if (words.size() > 4 && words[0] == "UDP" && words[1] == "Timeout" && words[2] == "Stream") timer_ = last(line);
  }
  [[nodiscard]] static Node last(Node line) {
    Node word;
    for (const Node each : line.children()) word = each;
    return word;
  }

  Device& device_;
  Node sip_;    ///< the word or line that said it last
  Node timer_;  ///< the number
  bool on_ = false;
  bool showing_ = false;
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
