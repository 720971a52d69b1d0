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

void add(Plan& plan, const Product& product, Kind kind, const std::vector<std::string>& commands, Member member) {
  for (const std::string& command : commands)
    plan.steps.push_back({.kind = kind, .command = command, .verified = product.backed(member, command) && !open_blank(command)});
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
            .where_verified = product.backed(Member::gui_path),
            .notes = product.caveats};
  const auto step = [&](Kind kind, const std::vector<std::string>& commands, Member member) {
    add(plan, product, kind, commands, member);
  };
  if (features) step(Kind::check, product.show_commands, Member::show_commands);
  if (timers) step(Kind::check, product.udp_timeout.show, Member::udp_timeout_show);
  if (features || timers) step(Kind::backup, product.backup_commands, Member::backup_commands);
  if (features) step(Kind::change, product.disable_commands, Member::disable_commands);
  if (timers && !product.udp_timeout.fixed) step(Kind::timer, product.udp_timeout.set, Member::udp_timeout_set);
  if (features) {
    step(Kind::clear, product.clear_sessions, Member::clear_sessions);
    if (product.restart_needed) step(Kind::restart, {"restart the device"}, Member::restart_needed);
    step(Kind::verify, product.verify, Member::verify);
    step(Kind::undo, product.enable_commands, Member::enable_commands);
  }
  if (!product.apply_notes.empty()) plan.notes.push_back(product.apply_notes);
  return plan;
}

}  // namespace viaduct::audit
