// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/plan.hpp"

#include <algorithm>
#include <array>

namespace viaduct::audit {
namespace {

using Kind = Plan::Step::Kind;

/// `<LIKE_THIS>`
[[nodiscard]] bool open_blank(Bytes command) {
  const std::size_t open = command.find('<');
  return open != Bytes::npos && command.find('>', open) != Bytes::npos && open + 1 < command.size() &&
         command[open + 1] >= 'A' && command[open + 1] <= 'Z';
}

/// Whether the catalogue says that nothing backs this member. `all` is every member.
[[nodiscard]] bool backed(const Product& product, Bytes member) {
  return std::ranges::none_of(product.unverified, [&](const std::string& said) {
    return said == "all" || said.find(member) != std::string::npos;
  });
}

void add(Plan& plan, const Product& product, Kind kind, const std::vector<std::string>& commands, Bytes member) {
  const bool sure = backed(product, member);
  for (const std::string& command : commands)
    plan.steps.push_back({.kind = kind, .command = command, .verified = sure && !open_blank(command)});
}

}  // namespace

Bytes name(Kind kind) {
  static constexpr std::array<Bytes, static_cast<std::size_t>(Kind::last)> kNames{
      "check", "backup", "change", "timer", "clear", "restart", "verify", "undo"};
  return kNames[static_cast<std::size_t>(kind)];
}

Plan plan_of(const Product& product, bool features, bool timers) {
  Plan plan{.steps = {},
            .where = product.gui_path.starts_with("none") ? std::string() : product.gui_path,
            .notes = product.caveats};
  const auto step = [&](Kind kind, const std::vector<std::string>& commands, Bytes member) {
    add(plan, product, kind, commands, member);
  };
  if (features) step(Kind::check, product.show_commands, "show");
  if (timers) step(Kind::check, product.udp_timeout.show, "udp_timeout");
  if (features || timers) step(Kind::backup, product.backup_commands, "backup");
  if (features) step(Kind::change, product.disable_commands, "disable");
  if (timers && !product.udp_timeout.fixed) step(Kind::timer, product.udp_timeout.set, "udp_timeout");
  if (features) {
    step(Kind::clear, product.clear_sessions, "clear");
    if (product.restart_needed) step(Kind::restart, {"restart the device"}, "restart");
    step(Kind::verify, product.verify, "verify");
    step(Kind::undo, product.enable_commands, "enable");
  }
  if (!product.apply_notes.empty()) plan.notes.push_back(product.apply_notes);
  return plan;
}

}  // namespace viaduct::audit
