// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/fix_script.hpp"

#include "audit/plan.hpp"
#include "base/escape.hpp"
#include "base/text.hpp"

#include <algorithm>

namespace viaduct::app::audit {
namespace {

using viaduct::audit::Audited;
using viaduct::audit::Device;
using viaduct::audit::Plan;
using viaduct::audit::Product;
using viaduct::audit::State;
using viaduct::audit::Timer;
using Kind = Plan::Step::Kind;

[[nodiscard]] bool touches(const Device& device) {
  return std::ranges::any_of(device.features,
                             [](const viaduct::audit::Feature& feature) { return feature.state != State::off; });
}

[[nodiscard]] bool too_short(const Device& device) {
  return std::ranges::any_of(device.timers, [](const Timer& timer) { return ends_before(timer, Timer::kLeast); });
}

class Script {
 public:
  explicit Script(const Product& product) : mark_(product.comment + " ") {}

  void comment(const std::string& text) { out_ += mark_ + base::escape(text) + "\n"; }
  void heading(const std::string& text) {
    out_ += "\n";
    comment("--- " + text);
  }
  /// `as_comment`: to be read, and typed by whoever knows.
  void steps(const Plan& plan, Kind kind, const std::string& title, bool as_comment) {
    bool any = false;
    for (const Plan::Step& step : plan.steps) {
      if (step.kind != kind) continue;
      if (!any) heading(title);
      any = true;
      if (as_comment || step.by_hand || !step.verified)
        comment((step.by_hand ? "by hand: " : "") + step.command +
                (step.verified ? "" : "    (not verified, or to be filled in)"));
      else
        out_ += step.command + "\n";
    }
  }
  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  std::string mark_;
  std::string out_;
};

}  // namespace

std::string fix_script(const Audited& one, const viaduct::audit::Catalogue& catalogue, bool include_restart) {
  const Product* const product = catalogue.find(one.device.product);
  const bool features = touches(one.device);
  const bool timers = too_short(one.device);
  if (product == nullptr || one.device.several || !(features || timers)) return {};
  const Plan plan = plan_of(*product, one.device, features, timers);
  Script script(*product);
  script.comment("viaduct audit: " + product->title() + " " + one.device.version + ", host " + one.device.hostname);
  script.comment("made from " + one.input.path + "; nothing was sent to the device");
  script.comment("confidence of the commands: " + product->confidence +
                 "; lines that no document backs are comments: read them");
  for (const viaduct::audit::Feature& feature : one.device.features)
    script.comment(feature.name + " (" + feature.scope + ") is " + std::string(name(feature.state)));
  for (const std::string& note : plan.notes) script.comment("note: " + note);
  script.steps(plan, Kind::check, "check", false);
  script.steps(plan, Kind::backup, "backup", false);
  script.steps(plan, Kind::change, "change: switch off what touches SIP", false);
  script.steps(plan, Kind::timer, "change: UDP sessions of 300 s", false);
  script.steps(plan, Kind::clear, "clear: ends the calls that run", !include_restart);
  script.steps(plan, Kind::restart, "restart: ends everything", !include_restart);
  script.steps(plan, Kind::verify, "verify", true);
  script.steps(plan, Kind::undo, "roll back", true);
  if (!plan.where.empty()) {
    script.heading("in the web interface");
    script.comment(plan.where + (plan.where_verified ? "" : "    (not verified)"));
  }
  return script.take();
}

std::string script_name(const Audited& one, std::set<std::string>& taken) {
  std::string from =
      one.device.hostname.empty() ? one.input.path.substr(one.input.path.find_last_of("/:") + 1) : one.device.hostname;
  std::string name;
  for (const char c : from.substr(0, 64))
    name += base::kAlphanum.contains(c) || c == '-' || (c == '.' && !name.empty()) ? c : '-';
  if (name.empty()) name = "device";
  std::string unique = name + ".txt";
  for (int count = 2; !taken.insert(unique).second; ++count) unique = name + "-" + std::to_string(count) + ".txt";
  return unique;
}

}  // namespace viaduct::app::audit
