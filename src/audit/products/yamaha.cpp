// SPDX-License-Identifier: GPL-2.0-or-later
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

using Revision = std::array<std::uint32_t, 3>;

constexpr Revision kOnByDefault{8, 2, 35};

/// "# RTX1210 Rev.14.01.42 (Fri Jul ...": the first line of what is shown.
struct Model {
  Bytes name;
  Bytes version;  ///< Rev.14.01.42
  Revision revision{};
};

[[nodiscard]] Model model_of(const Text& text) {
  constexpr std::uint32_t kHead = 10;  // a session begins with what was typed
  Model model;
  Bytes line;
  std::size_t mark = Bytes::npos;
  for (const std::uint32_t number : text.head(kHead)) {
    line = text.line(number);
    if (line.starts_with("# ")) mark = line.find(" Rev.");
    if (mark != Bytes::npos) break;
  }
  if (mark == Bytes::npos) return model;
  model.name = line.substr(2, mark - 2);
  model.version = line.substr(mark + 1);
  model.version = model.version.substr(0, model.version.find_first_of(" ("));
  Bytes rest = model.version.substr(4);
  for (std::uint32_t& part : model.revision) {
    const std::size_t dot = std::min(rest.find('.'), rest.size());
    part = base::parse_decimal(rest.substr(0, dot)).value_or(0);
    rest.remove_prefix(std::min(dot + 1, rest.size()));
  }
  return model;
}

/// Whether `nat descriptor sip N auto` exists, and may be the default.
[[nodiscard]] bool knows_auto(const Model& model) {
  if (model.revision[0] == 9) return model.name == "RTX3000" && model.revision >= Revision{9, 0, 50};
  if (model.revision[0] == 10) return model.name == "RTX1200" && model.revision >= Revision{10, 1, 24};
  return model.revision >= Revision{11, 1, 0};
}

class Reading {
 public:
  Reading(Node root, const Model& model, Device& device)
      : root_(root), nat_(root.at({"nat", "descriptor"})), model_(model), device_(device) {}

  void run() {
    device_.version = model_.version;
    // `ip lan3 nat descriptor 2`, and `ip pp nat descriptor 1` within `pp select 1`.
    bind(root_);
    for (const Bytes kind : std::array<Bytes, 2>{"pp", "tunnel"})
      for (const Node one : root_.at({kind, "select"}).children()) bind(one);
    for (const Node descriptor : nat_["type"].children()) {
      sip(descriptor);
      if (used(descriptor)) timers(descriptor);
    }
    device_.sip = together(device_.features);
    queues();
  }

 private:
  /// Where no interface names any, the text was cut.
  [[nodiscard]] bool used(Node descriptor) const { return bound_.empty() || bound_.contains(descriptor.word()); }
  void bind(Node place) {
    for (const Node interface : place["ip"].children())
      for (Node number = interface.at({"nat", "descriptor"}).first(); number; number = number.first())
        bound_.insert(number.word());
  }

  void sip(Node descriptor) {
    Node said = nat_["sip"][descriptor.word()];
    // What it says for one number is taken back for that number, whatever it said.
    if (root_.at({"no", "nat", "descriptor", "sip"})[descriptor.word()].line() > said.line()) said = {};
    Feature feature{.name = "nat descriptor sip", .scope = "descriptor " + std::string(descriptor.word())};
    if (said) {
      feature.origin.line = said.line();
      const bool used = root_.at({"sip", "use"}).value() == "on";
      feature.state = said.value() == "on" || (said.value() == "auto" && used) ? State::on : State::off;
      if (said.value() == "auto") feature.note = "auto follows sip use";
    } else if (model_.version.empty() || knows_auto(model_)) {
      feature.origin.standard = "on since Rev.8.02.35; this revision may have auto for its default";
    } else {
      const bool on = model_.revision >= kOnByDefault;
      feature.state = on ? State::on : State::off;
      feature.origin.standard = on ? "on by default since Rev.8.02.35" : "off by default before Rev.8.02.35";
    }
    if (!used(descriptor)) {
      feature.state = State::off;
      feature.mechanism = "unused";  // it takes nothing away from those that are
      feature.note = "no interface uses this descriptor";
    }
    device_.features.push_back(std::move(feature));
  }

  void timers(Node descriptor) {
    const std::string scope = "descriptor " + std::string(descriptor.word());
    Timer general{.name = "nat descriptor timer", .scope = scope, .seconds = 900, .origin = {.standard = "900 s"}};
    const Node said = nat_["timer"][descriptor.word()];
    for (const Node time : said.children())
      if (base::parse_decimal(time.word())) general = timer_of(general.name, scope, Timer::Applies::udp, time);
    // For UDP the time of its protocol counts, and of its ports theirs.
    for (const Node part : said["protocol=udp"].children())
      if (part.word().starts_with("port="))
        port_timer(scope, part);
      else
        general = timer_of("nat descriptor timer protocol=udp", scope, Timer::Applies::udp, part);
    device_.timers.push_back(std::move(general));
  }

  void port_timer(const std::string& scope, Node port) {
    const Bytes ports = port.word().substr(5);
    const auto low = base::parse_decimal(ports.substr(0, ports.find('-')));
    const auto high = ports.find('-') == Bytes::npos ? low : base::parse_decimal(ports.substr(ports.find('-') + 1));
    const bool sip = ports == "sip" || (low && high && *low <= 5060 && *high >= 5060);
    device_.timers.push_back(timer_of("nat descriptor timer udp " + std::string(ports), scope,
                                      sip ? Timer::Applies::sip : Timer::Applies::policy, port.first()));
  }

  /// A class filter that takes UDP ports of RTP into a class above the default one, on an interface whose queues go by
  /// priority.
  void queues() {
    device_.rtp_priority = Priority::no;
    for (const Node interface : root_["queue"].children()) {
      if (interface["type"].value() != "priority") continue;
      const auto standard = base::parse_decimal(interface.at({"default", "class"}).value()).value_or(2);
      for (Node number = interface.at({"class", "filter", "list"}).first(); number; number = number.first())
        for (const Node queue : root_.at({"queue", "class", "filter", number.word()}).children())
          if (base::parse_decimal(queue.word()).value_or(0) > standard && takes_rtp(queue)) {
            device_.rtp_priority = Priority::yes;
            device_.rtp_origin.line = queue.line();
          }
    }
  }
  /// `ip SOURCE DESTINATION PROTOCOL PORT PORT`: UDP, and not the port of SIP alone.
  [[nodiscard]] static bool takes_rtp(Node queue) {
    const Node protocol = queue["ip"].first().first().first();
    const Node source = protocol.first();
    const Bytes ports = source.value().empty() || source.value() == "*" ? source.word() : source.value();
    return protocol.word() == "udp" && ports != "5060";
  }

  Node root_;
  Node nat_;
  const Model& model_;
  Device& device_;
  std::set<Bytes> bound_;  ///< descriptors that an interface uses
};

}  // namespace

void read_yamaha(const Text& text, const Product&, Device& device) {
  Tree tree;
  syntax::indented(text, tree);
  const Model model = model_of(text);
  Reading(tree.root(), model, device).run();
  device.problems = tree.problems();
}

}  // namespace viaduct::audit::products
