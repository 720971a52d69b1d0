// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/plan.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace viaduct::audit {
namespace {

using Kind = Plan::Step::Kind;

/// A name of the device goes into a command only if no shell and no command line takes a part of it for something else.
[[nodiscard]] bool harmless(Bytes value) {
  return !value.empty() && value.size() <= 128 && std::ranges::all_of(value, [](char c) {
    return base::kAlphanum.contains(c) || c == '-' || c == '_' || c == '.' || c == '/' || c == ':' || c == '@' || c == '[' || c == ']';
  });
}

/// `<LIKE_THIS>`
[[nodiscard]] bool open_blank(Bytes command) {
  const std::size_t open = command.find('<');
  return open != Bytes::npos && command.find('>', open) != Bytes::npos && open + 1 < command.size() &&
         command[open + 1] >= 'A' && command[open + 1] <= 'Z';
}

[[nodiscard]] std::string filled(std::string command, const Device* device) {
  if (device == nullptr) return command;
  for (const auto& [blank, value] : device->blanks)
    for (std::size_t at = command.find(blank); harmless(value) && at != std::string::npos; at = command.find(blank, at + value.size()))
      command.replace(at, blank.size(), value);
  return command;
}

/// Whether the catalogue says that nothing backs this member. `all` is every member.
[[nodiscard]] bool backed(const Product& product, Bytes member) {
  return std::ranges::none_of(product.unverified, [&](const std::string& said) {
    return said == "all" || said.find(member) != std::string::npos;
  });
}

class Writer {
 public:
  Writer(const Product& product, const Device* device) : product_(product), device_(device) {}

  void add(Kind kind, const std::vector<std::string>& commands, Bytes member) {
    const bool sure = backed(product_, member);
    for (const std::string& raw : commands) {
      std::string command = filled(raw, device_);
      const bool verified = sure && !open_blank(command);
      plan.steps.push_back({.kind = kind, .command = std::move(command), .verified = verified});
    }
  }
  /// Commands of the reader where it has any, else those of the catalogue.
  void change(bool off) {
    bool own = false;
    if (device_ != nullptr)
      for (const Feature& feature : device_->features) {
        const bool to_do = feature.state == State::on || feature.state == State::partly;
        const std::vector<std::string>& commands = off ? feature.disable : feature.enable;
        if (!to_do || commands.empty()) continue;
        own = true;
        add(off ? Kind::change : Kind::undo, commands, off ? "disable_commands" : "enable_commands");
      }
    if (own) return;
    if (off)
      add(Kind::change, product_.disable_commands, "disable");
    else
      add(Kind::undo, product_.enable_commands, "enable");
  }

  Plan plan;

 private:
  const Product& product_;
  const Device* device_;
};

}  // namespace

Bytes name(Kind kind) {
  static constexpr std::array<Bytes, static_cast<std::size_t>(Kind::last)> kNames{
      "check", "backup", "change", "timer", "queue", "clear", "restart", "verify", "undo"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::vector<std::string> Plan::of(Kind kind) const {
  std::vector<std::string> commands;
  for (const Step& step : steps)
    if (step.kind == kind) commands.push_back(step.command);
  return commands;
}

Plan plan_of(const Product& product, const Device* device, bool features, bool timers) {
  Writer writer(product, device);
  writer.plan.where = product.gui_path.starts_with("none") ? std::string() : product.gui_path;
  if (features) writer.add(Kind::check, product.show_commands, "show");
  if (timers) writer.add(Kind::check, product.udp_timeout.show, "udp_timeout");
  if (features || timers) writer.add(Kind::backup, product.backup_commands, "backup");
  if (features) writer.change(true);
  if (timers && !product.udp_timeout.fixed) writer.add(Kind::timer, product.udp_timeout.set, "udp_timeout");
  if (features) {
    writer.add(Kind::clear, product.clear_sessions, "clear");
    if (product.restart_needed) writer.add(Kind::restart, {"restart the device"}, "restart");
    writer.add(Kind::verify, product.verify, "verify");
  }
  if (features) writer.change(false);
  writer.plan.notes = product.caveats;
  if (!product.apply_notes.empty()) writer.plan.notes.push_back(product.apply_notes);
  return std::move(writer.plan);
}

}  // namespace viaduct::audit
