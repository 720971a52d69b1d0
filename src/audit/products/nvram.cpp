// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/products/linux.hpp"
#include "audit/products/products.hpp"
#include "audit/syntax/syntax.hpp"
#include "audit/tree.hpp"
#include "base/text.hpp"

#include <array>
#include <string>
#include <vector>

namespace viaduct::audit::products {
namespace {

/// What `nvram show` prints, or the script of `nvram set` that FreshTomato exports: ASUSWRT, its fork Merlin,
/// FreshTomato.
class Reading {
 public:
  /// `sysctls`: of scripts and answers.
  Reading(Node root, Node sysctls, Device& device) : root_(root), sysctls_(sysctls), device_(device) {}

  void asus(bool merlin) {
    device_.leave = {"nvram commit", "service restart_firewall"};
    version(merlin);
    device_.hostname = root_["lan_hostname"].value();
    passthrough();
    if (const Node old = root_["nf_sip"]; old)
      device_.features.push_back({.name = "nf_sip",
                                  .state = State::off,
                                  .origin = {.line = old.line()},
                                  .note = "left over; firmware with fw_pt_sip does not read it"});
    if (merlin || root_["ct_udp_timeout"].first() || sysctls_.first()) timers();
    asus_queues();
    device_.sip = together(device_.features);
  }

  void tomato() {
    device_.leave = {"nvram commit", "service ctnf restart"};
    const Bytes version = root_["os_version"].value();
    device_.version = version.substr(0, version.find(' '));
    for (const Bytes key : std::array<Bytes, 3>{"wan_hostname", "lan_hostname", "router_name"})
      if (device_.hostname.empty()) device_.hostname = root_[key].value();
    const Node helper = root_["nf_sip"];
    Feature feature{.name = "nf_sip",
                    .state = helper.value() == "0" ? State::off : State::on,
                    .origin = {.line = helper.line()},
                    .edit = zero("nf_sip", helper)};
    if (!helper) {
      feature.state = State::unknown;
      feature.origin.standard =
          "0 by default, 1 in older trees; the firmware keeps the key, but it is not in this text";
    }
    device_.features.push_back(std::move(feature));
    for (const Node key : root_.children())
      if (key.word().starts_with("script_")) script(key);
    timers();
    tomato_queues();
    device_.sip = together(device_.features);
  }

 private:
  [[nodiscard]] static Edit zero(const std::string& key, Node said) {
    return {.fix = {"nvram set " + key + "=0"},
            .undo = {"nvram set " + key + "=" + (said ? word_of(said.value(), '\'') : "1")}};
  }

  /// Merlin shows `buildno` alone where `extendno` is 0, and both without what stands behind the dash; ASUS puts
  /// `firmver` before it.
  void version(bool merlin) {
    const Bytes extend = root_["extendno"].value();
    const Bytes build = root_["buildno"].value();
    const std::string behind =
        extend.empty() || (merlin && extend == "0") ? "" : "_" + std::string(extend.substr(0, extend.find('-')));
    device_.version = std::string(build) + behind;
    if (!merlin && !build.empty()) device_.version.insert(0, std::string(root_["firmver"].value()) + ".");
  }

  /// 1 loads the helper; 2 is "Enabled" without the NAT helper. The BRT-AC828 takes anything but 0, and chooses which
  /// helper by mode.
  void passthrough() {
    const Node said = root_["fw_pt_sip"];
    Feature feature{
        .name = "fw_pt_sip", .state = State::on, .origin = {.line = said.line()}, .edit = zero("fw_pt_sip", said)};
    if (!said)
      feature.origin.standard = "1 is the factory value";
    else if (said.value() == "0" || (said.value() != "1" && root_["productid"].value() != "BRT-AC828"))
      feature.state = State::off;
    if (said.value() == "2" && feature.state == State::off)
      feature.note = "2 passes SIP through without the NAT helper";
    device_.features.push_back(std::move(feature));
  }

  /// Commands that run at boot and with the firewall load modules whatever the switch says.
  void script(Node key) {
    for (const Node value : key.children()) {
      Bytes before;
      for (Bytes rest = value.word(); !rest.empty();) {
        const std::size_t end = std::min(rest.find_first_of(" \t;&|"), rest.size());
        const Bytes word = rest.substr(0, end);
        if ((before == "modprobe" || before == "insmod") && (word == "nf_conntrack_sip" || word == "nf_nat_sip"))
          device_.features.push_back({.name = std::string(word),
                                      .scope = std::string(key.word()),
                                      .state = State::on,
                                      .origin = {.line = key.line()}});
        if (!word.empty()) before = word;
        rest.remove_prefix(std::min(end + 1, rest.size()));
      }
    }
  }

  /// "30 180": until an answer comes, and with packets both ways. Empty: the kernel's.
  void timers() {
    const Node said = root_["ct_udp_timeout"];
    std::vector<Bytes> numbers;
    for (const Node value : said.children())
      for (Bytes rest = value.word(); !rest.empty();) {
        const std::size_t end = std::min(rest.find(' '), rest.size());
        numbers.push_back(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
      }
    for (Node deeper = said.first().first(); deeper; deeper = deeper.first()) numbers.push_back(deeper.word());
    add_timer("ct_udp_timeout unreplied", Timer::Applies::udp_unreplied, numbers, 0, 30, said);
    by_sysctl("nf_conntrack_udp_timeout");
    add_timer("ct_udp_timeout assured", Timer::Applies::udp_stream, numbers, 1, 180, said);
    by_sysctl("nf_conntrack_udp_timeout_stream");
  }
  /// Scripts of the owner run after the firmware has set the timer that was told last, and a value that was shown is
  /// what it came to.
  void by_sysctl(const std::string& key) {
    const Node said = sysctl_of(sysctls_, "net.netfilter." + key);
    const auto seconds = base::parse_decimal(said.value());
    if (!seconds) return;
    Timer& timer = device_.timers.back();
    timer.name = key;
    timer.seconds = *seconds;
    timer.origin = {.line = said.line()};
  }
  void add_timer(Bytes name, Timer::Applies applies, const std::vector<Bytes>& numbers, std::size_t at,
                 std::int64_t otherwise, Node said) {
    Timer timer{.name = std::string(name), .applies = applies, .seconds = otherwise};
    if (at < numbers.size()) {
      const auto seconds = base::parse_decimal(numbers[at]);
      timer.seconds = seconds ? std::int64_t{*seconds} : Timer::kUnknown;
      timer.origin.line = said.line();
    } else {
      timer.origin.standard = "empty: the kernel's own, 30 s and 180 s on these old ones";
    }
    device_.timers.push_back(std::move(timer));
  }

  /// "<RTP>>10000:20000>udp>>0<Web>>80,443>tcp>>2": name, address, ports, protocol, transferred, class; 0 is the
  /// highest.
  void asus_queues() {
    const Node type = root_["qos_type"];
    device_.rtp_priority = Priority::no;
    device_.rtp_origin.line = root_["qos_enable"].line();
    if (root_["qos_enable"].value() != "1") return;
    if (type.value() != "0") {  // adaptive, limits, cake: what comes first is not in the file
      device_.rtp_priority = Priority::unknown;
      device_.rtp_origin.line = type.line();
      return;
    }
    const Node list = root_["qos_rulelist"];
    for (const Bytes rule : parts(list.value(), '<')) {
      const std::vector<Bytes> fields = parts(rule, '>');
      if (fields.size() > 5 && fields[3].starts_with("udp") && fields[2] != "5060" && fields[5] == "0") prefer(list);
    }
  }
  /// "0<<17<d<10000:20000<<<<0<RTP" divided by `>`: protocol 17 is UDP; ports; the last but one is the class.
  void tomato_queues() {
    device_.rtp_priority = Priority::no;
    device_.rtp_origin.line = root_["qos_enable"].line();
    if (root_["qos_enable"].value() != "1") return;
    const Node list = root_["qos_orules"];
    for (const Bytes rule : parts(list.value(), '>')) {
      const std::vector<Bytes> fields = parts(rule, '<');
      if (fields.size() > 8 && (fields[2] == "17" || fields[2] == "-2") && fields[4] != "5060" && fields[8] == "0")
        prefer(list);
    }
  }
  void prefer(Node list) {
    device_.rtp_priority = Priority::yes;
    device_.rtp_origin.line = list.line();
  }
  [[nodiscard]] static std::vector<Bytes> parts(Bytes text, char divider) {
    std::vector<Bytes> parts;
    while (true) {
      const std::size_t end = text.find(divider);
      parts.push_back(text.substr(0, end));
      if (end == Bytes::npos) return parts;
      text.remove_prefix(end + 1);
    }
  }

  Node root_;
  Node sysctls_;
  Device& device_;
};

}  // namespace

void read_nvram(const Text& text, const Product& product, Device& device) {
  Tree tree;
  syntax::keys(text, tree);
  const Text sysctls = sysctls_of(text);
  Tree kernel;
  syntax::keys(sysctls, kernel);
  Reading reading(tree.root(), kernel.root(), device);
  if (product.id == "freshtomato")
    reading.tomato();
  else
    reading.asus(product.id == "asuswrt-merlin");
  device.problems = tree.problems();
}

}  // namespace viaduct::audit::products
