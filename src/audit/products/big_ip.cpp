// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/pattern_reader.hpp"
#include "audit/products/products.hpp"
#include "audit/syntax/syntax.hpp"
#include "audit/tree.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string>

namespace viaduct::audit::products {
namespace {

/// "#TMSH-VERSION: 13.1.1": the first line.
[[nodiscard]] std::string version_of(const Text& text) {
  constexpr Bytes kMark = "#TMSH-VERSION: ";
  const Bytes line = text.line(text.first());
  return line.starts_with(kMark) ? std::string(line.substr(kMark.size())) : std::string();
}

/// Names without a partition are of /Common.
[[nodiscard]] Bytes plain(Bytes name) {
  constexpr Bytes kCommon = "/Common/";
  return name.starts_with(kCommon) ? name.substr(kCommon.size()) : name;
}

/// A virtual server whose profiles include one of SIP takes the SIP of its packets apart; others do not.
class Reading {
 public:
  /// `broken`: not all of the text could be read.
  Reading(Node root, bool broken, Device& device)
      : ltm_(root["ltm"]),
        open_(broken || !ltm_["virtual"] || root.at({"security", "protocol-inspection"})),
        device_(device) {}

  void run() {
    profiles();
    for (const Node server : ltm_["virtual"].children()) virtual_server(server);
    for (const Node profile : ltm_.at({"profile", "sip"}).children())
      if (!used_.contains(plain(profile.word())))
        device_.features.push_back({.name = "ltm profile sip",
                                    .scope = "profile " + std::string(profile.word()),
                                    .mechanism = "unused",
                                    .state = State::off,
                                    .origin = {.line = profile.line()},
                                    .note = "no virtual server has this profile"});
    if (with_ > 0)
      device_.sip = without_ == 0 ? State::on : State::partly;
    else
      device_.sip = open_ ? State::unknown : State::off;
    if (!device_.features.empty()) return;
    constexpr Bytes kNone = "no virtual server of this text has a profile of SIP";
    constexpr Bytes kOpen =
        "no virtual server of this text has a profile of SIP, but it does not show all, or inspects protocols";
    device_.features.push_back(
        {.name = "ltm profile sip", .state = device_.sip, .origin = {.standard = std::string(open_ ? kOpen : kNone)}});
  }

 private:
  /// A profile of another partition, which is in another file, may be one of SIP: its name alone says so.
  [[nodiscard]] bool elsewhere(Node profile) const {
    const auto is_defined = [&](Node type) { return bool(type[profile.word()]); };
    std::string name(plain(profile.word()));
    std::ranges::transform(name, name.begin(), base::to_lower);
    return name.find("sip") != std::string::npos && std::ranges::none_of(ltm_["profile"].children(), is_defined);
  }
  /// Those that are there from the start, and those of the text: for load balancing, and for routing of messages.
  void profiles() {
    names_ = {"sip", "sipsession", "sipsession-alg", "siprouter", "siprouter-alg"};
    for (const Node profile : ltm_.at({"profile", "sip"}).children()) names_.insert(plain(profile.word()));
    for (const Bytes kind : std::array<Bytes, 2>{"session", "router"})
      for (const Node profile : ltm_.at({"message-routing", "sip", "profile", kind}).children())
        names_.insert(plain(profile.word()));
  }

  void virtual_server(Node server) {
    if (server["disabled"]) return;
    bool sip = false;
    for (const Node profile : server["profiles"].children()) {
      const Bytes name = plain(profile.word());
      if (!names_.contains(name)) {
        if (!elsewhere(profile)) continue;
        open_ = true;
        device_.features.push_back({.name = "ltm profile sip",
                                    .scope = "virtual " + std::string(server.word()) + " profile " + std::string(name),
                                    .origin = {.line = profile.line()},
                                    .note = "this profile is not in the text"});
        continue;
      }
      sip = true;
      used_.insert(name);
      device_.features.push_back({.name = "ltm profile sip",
                                  .scope = "virtual " + std::string(server.word()) + " profile " + std::string(name),
                                  .state = State::on,
                                  .origin = {.line = profile.line()}});
    }
    ++(sip ? with_ : without_);
    if (sip) timer(server);
  }
  /// Of the profile for UDP that it has, too.
  void timer(Node server) {
    for (const Node profile : ltm_.at({"profile", "udp"}).children())
      for (const Node own : server["profiles"].children())
        if (const Node idle = profile["idle-timeout"]; idle && plain(own.word()) == plain(profile.word()))
          device_.timers.push_back(timer_of("ltm profile udp idle-timeout", "virtual " + std::string(server.word()),
                                            Timer::Applies::sip, idle.first()));
  }

  Node ltm_;
  bool open_;  ///< what is not found may be there all the same
  Device& device_;
  std::set<Bytes> names_;  ///< of profiles of SIP
  std::set<Bytes> used_;
  std::size_t with_ = 0, without_ = 0;  ///< virtual servers
};

}  // namespace

void read_big_ip(const Text& text, const Product& product, Device& device) {
  Tree tree;
  syntax::braces(text, tree);
  // A10 and Citrix, of which the catalogue has one entry with BIG-IP, are written otherwise.
  if (!tree.root()["ltm"] && version_of(text).empty()) {
    device.deep = false;
    read_by_patterns(text, product, device);
    return;
  }
  device.version = version_of(text);
  device.hostname = tree.root().at({"sys", "global-settings", "hostname"}).value();
  Reading(tree.root(), !tree.problems().empty(), device).run();
  device.problems = tree.problems();
}

}  // namespace viaduct::audit::products
