// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/plan.hpp"

#include "audit/mask.hpp"

#include <algorithm>
#include <array>
#include <ranges>
#include <set>
#include <utility>

namespace viaduct::audit {
namespace {

using Kind = Plan::Step::Kind;
using Commands = std::vector<std::string>;

/// `<LIKE_THIS>`, or what a hostile name brought that no keyboard types.
[[nodiscard]] bool can_be_typed(Bytes command) {
  if (std::ranges::any_of(command, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }))
    return false;
  const std::size_t open = command.find('<');
  return open == Bytes::npos || command.find('>', open) == Bytes::npos || open + 1 >= command.size() ||
         command[open + 1] < 'A' || command[open + 1] > 'Z';
}

/// A secret is never written, so what needs one cannot be given exactly.
[[nodiscard]] bool holds_a_secret(const Commands& commands) {
  return std::ranges::any_of(commands, [](const std::string& command) { return masked(command) != command; });
}

/// Edits of what is to be changed, each once, and whether something is left without one.
struct Edits {
  std::vector<const Edit*> exact;
  Commands missing;  ///< names
  Commands by_hand;  ///< names, and what to do

  void add(const Edit& edit, const std::string& name) {
    if (!edit.by_hand.empty())
      by_hand.push_back(name + ": " + edit.by_hand);
    else if (edit.fix.empty() && edit.clear.empty())
      missing.push_back(name);
    else if (known_.insert(&edit).second)
      exact.push_back(&edit);
  }
  /// Of nothing more is known than the catalogue says.
  [[nodiscard]] bool none() const { return exact.empty() && by_hand.empty(); }

 private:
  struct Less {
    bool operator()(const Edit* a, const Edit* b) const { return *a < *b; }
  };
  std::set<const Edit*, Less> known_;
};

class Builder {
 public:
  Builder(const Product& product, const Device* device, bool features, bool timers)
      : product_(product), device_(device), features_(features), timers_(timers && !product.udp_timeout.fixed) {
    plan_.where = product.gui_path.starts_with("none") ? std::string() : product.gui_path;
    plan_.where_verified = product.backed(Member::gui_path);
    plan_.notes = product.caveats;
    if (device == nullptr) return;
    for (const Feature& feature : device->features)
      if (features_ && feature.state != State::off) switches_.add(feature.edit, told(feature));
    if (features_ && !device->last.fix.empty()) switches_.exact.push_back(&device->last);
    for (const Timer& timer : device->timers)
      if (timers_ && ends_before(timer, Timer::kAdvised)) clocks_.add(timer.edit, told(timer));
  }

  /// To be read, each line for itself.
  void steps(Kind kind, const Commands& commands, Member member) {
    for (const std::string& command : commands) {
      const bool backed = product_.backed(member, command);
      put(kind, command, backed && can_be_typed(command), backed);
    }
  }
  void change() {
    if (features_) changes(Kind::change, switches_, product_.disable_commands, Member::disable_commands);
    if (!timers_) return;
    changes(Kind::timer, clocks_, product_.udp_timeout.set, Member::udp_timeout_set);
    if (!clocks_.missing.empty() || clocks_.none())
      block(Kind::timer, product_.udp_timeout.related_set, Member::udp_timeout_related_set);
  }
  void clear() {
    for (const Edit* edit : switches_.exact)
      for (const std::string& command : edit->clear)
        put(Kind::clear, masked(command),
            edit->verified && verified({command}, Member::clear_sessions) && !holds_a_secret({command}));
    steps(Kind::clear, product_.clear_sessions, Member::clear_sessions);
  }
  void undo() {
    std::vector<const Edit*> all = switches_.exact;
    all.insert(all.end(), clocks_.exact.begin(), clocks_.exact.end());
    std::ranges::reverse(all);
    session(Kind::undo, all, &Edit::undo, Member::enable_commands);
    if (!switches_.by_hand.empty() || !clocks_.by_hand.empty())
      by_hand(Kind::undo, "what was changed by hand is brought back by hand, as the backup has it");
    if (features_ && switches_.none()) block(Kind::undo, product_.enable_commands, Member::enable_commands);
    if (timers_ && clocks_.none()) block(Kind::undo, product_.udp_timeout.revert, Member::udp_timeout_revert);
  }
  [[nodiscard]] Plan take() {
    if (timers_ && device_ != nullptr && !product_.udp_timeout.notes.empty())
      plan_.notes.push_back(product_.udp_timeout.notes);
    if (!product_.apply_notes.empty()) plan_.notes.push_back(product_.apply_notes);
    return std::move(plan_);
  }

 private:
  void put(Kind kind, const std::string& command, bool verified) { put(kind, command, verified, verified); }
  void put(Kind kind, const std::string& command, bool verified, bool backed) {
    const bool words = kind == Kind::restart || product_.config_kind == "gui-only" ||
                       std::ranges::find(product_.by_hand, command) != product_.by_hand.end();
    plan_.steps.push_back({.kind = kind,
                           .command = command,
                           .verified = verified,
                           .by_hand = words,
                           .backed = backed,
                           .open = !can_be_typed(command)});
  }
  void by_hand(Kind kind, std::string words) {
    plan_.steps.push_back({.kind = kind, .command = std::move(words), .by_hand = true});
  }
  [[nodiscard]] bool verified(const Commands& commands, Member member) const {
    return std::ranges::all_of(commands, [&](const std::string& command) {
      return product_.backed(member, command) && can_be_typed(command);
    });
  }
  /// Of the catalogue, all or none of it.
  void block(Kind kind, const Commands& commands, Member member, bool sure = true) {
    const bool backed =
        std::ranges::all_of(commands, [&](const std::string& command) { return product_.backed(member, command); });
    sure = sure && verified(commands, member);
    for (const std::string& command : commands) put(kind, command, sure, backed);
  }
  /// The exact ones between what enters and what leaves the configuration.
  void session(Kind kind, const std::vector<const Edit*>& edits, Commands Edit::*lines, Member member) {
    if (std::ranges::all_of(edits, [&](const Edit* edit) { return (edit->*lines).empty(); })) return;
    const auto sure = [&](const Edit* edit) {
      return edit->verified && verified(edit->*lines, member) && !holds_a_secret(edit->*lines);
    };
    const bool any = std::ranges::any_of(edits, sure);
    for (const std::string& command : device_->enter) put(kind, command, any);
    for (const Edit* edit : edits) {
      const bool verified = sure(edit);
      const bool secret = holds_a_secret(edit->*lines);
      if (secret) by_hand(kind, "a secret, which is not written here, belongs where *** stands; the backup has it");
      for (const std::string& command : edit->*lines)
        secret ? by_hand(kind, masked(command)) : put(kind, command, verified);
    }
    for (const std::string& command : device_->leave) put(kind, command, any);
  }
  void changes(Kind kind, const Edits& edits, const Commands& commands, Member member) {
    session(kind, edits.exact, &Edit::fix, member);
    for (const std::string& words : edits.by_hand) by_hand(kind, masked(words));
    if (!edits.none() && edits.missing.empty()) return;
    block(kind, commands, member,
          edits.none() && (device_ == nullptr || kind == Kind::timer || product_.disable_else.empty()));
    if (device_ == nullptr) return;
    for (const std::string& name : edits.missing)
      if (!edits.none())
        plan_.notes.push_back("no exact command is known for " + name + "; those of the catalogue stand in");
    if (kind == Kind::change) others();
  }
  /// A version or a management for which the catalogue's commands are wrong is not always told by a configuration.
  void others() {
    for (const Product::DisableElse& other : product_.disable_else) {
      std::string note = other.when + ", instead: ";
      for (const std::string& command : other.commands)
        note += (&command == other.commands.data() ? "" : "; ") + command;
      plan_.notes.push_back(note + (product_.backed(Member::disable_else) ? "" : " (not verified)"));
    }
  }

  const Product& product_;
  const Device* device_;  ///< none: of the product at large
  bool features_;
  bool timers_;
  Edits switches_;
  Edits clocks_;
  Plan plan_;
};

[[nodiscard]] Plan build(const Product& product, const Device* device, bool features, bool timers) {
  Builder builder(product, device, features, timers);
  if (features) builder.steps(Kind::check, product.show_commands, Member::show_commands);
  if (timers) builder.steps(Kind::check, product.udp_timeout.show, Member::udp_timeout_show);
  if (features || timers) builder.steps(Kind::backup, product.backup_commands, Member::backup_commands);
  builder.change();
  if (features) {
    builder.clear();
    if (product.restart_needed) builder.steps(Kind::restart, {"restart the device"}, Member::restart_needed);
    builder.steps(Kind::verify, product.verify, Member::verify);
  }
  builder.undo();
  return builder.take();
}

}  // namespace

Bytes name(Kind kind) {
  static constexpr std::array<Bytes, static_cast<std::size_t>(Kind::last)> kNames{"check", "backup",  "change", "timer",
                                                                                  "clear", "restart", "verify", "undo"};
  return kNames[static_cast<std::size_t>(kind)];
}

Plan plan_of(const Product& product, bool features, bool timers) {
  return build(product, nullptr, features, timers);
}

Plan plan_of(const Product& product, const Device& device, bool features, bool timers) {
  return build(product, &device, features, timers);
}

}  // namespace viaduct::audit
