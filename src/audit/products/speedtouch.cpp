// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/products/linux.hpp"
#include "audit/products/products.hpp"
#include "audit/syntax/syntax.hpp"
#include "base/text.hpp"

#include <string>

namespace viaduct::audit::products {
namespace {

/// "5060-5060" as 5060.
[[nodiscard]] std::string range(Bytes port) {
  const std::size_t dash = port.find('-');
  if (port == "sip") return "5060";
  return std::string(dash != Bytes::npos && port.substr(0, dash) == port.substr(dash + 1) ? port.substr(0, dash)
                                                                                          : port);
}

/// The ALG acts on ports that an application is bound to; without a line there is none. The 500 series binds in
/// nat.ini.
void read_binds(Node root, Device& device) {
  bool usual = false;
  for (const Bytes section : {Bytes("connection.ini"), Bytes("nat.ini")})
    for (const Node bind : root[section].children()) {
      if (bind.word() != "bind" || bind["application"].value() != "SIP") continue;
      const std::string port = range(bind["port"].value());
      usual |= holds_5060(port);
      device.features.push_back({.name = "bind application=SIP",
                                 .scope = "port " + port,
                                 .state = State::on,
                                 .origin = {.line = bind.line()}});
    }
  device.sip = usual ? State::on : device.features.empty() ? State::off : State::partly;
  if (device.features.empty())
    device.features.push_back({.name = "bind application=SIP",
                               .state = State::off,
                               .origin = {.standard = "no bind line for SIP in connection.ini"}});
}

}  // namespace

void read_speedtouch(const Text& text, const Product&, Device& device) {
  Tree tree;
  syntax::ini(text, tree);
  const Node connection = tree.root()["connection.ini"];
  const Node nat = tree.root()["nat.ini"]["bind"];
  if (connection || nat) {
    read_binds(tree.root(), device);
  } else {
    device.features.push_back({.name = "bind application=SIP",
                               .origin = {.standard = "connection.ini is not in this file; bound by default"}});
  }
  for (const Node timer : connection.children()) {
    if (timer.word() != "timerconfig" || timer["timer"].value() != "udpidle") continue;
    const auto seconds = base::parse_decimal(timer["value"].value());
    device.timers.push_back({.name = "timerconfig udpidle",
                             .seconds = seconds ? std::int64_t{*seconds} : Timer::kUnknown,
                             .origin = {.line = timer.line()}});
  }
  device.problems = tree.problems();
}

}  // namespace viaduct::audit::products
