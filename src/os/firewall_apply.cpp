// SPDX-License-Identifier: GPL-2.0-or-later
#include "os/firewall.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace viaduct::os {
namespace {

constexpr unsigned kFileMode = 0644;

void run_step(Host& host, const Step& step, FirewallOutcome& outcome) {
  Result<void> done = carry_out(host, step);
  if (done) {
    outcome.done.push_back(step.to_text());
  } else {
    outcome.refused.push_back(done.error().to_text());
  }
}

/// The lines that the rules of one file want there, in plan order.
struct FilePlan {
  Keeping keeping = Keeping::none;
  std::string chain;
  std::string block;
  std::vector<Step> keep;
  std::vector<Step> forget;
};
using Files = std::map<std::string, FilePlan>;

Files files_of(const FirewallPlan& plan) {
  Files files;
  for (const FirewallRule& rule : plan.rules) {
    if (rule.file.empty()) continue;
    FilePlan& file = files[rule.file];
    file.keeping = rule.keeping;
    file.chain = rule.chain;
    file.block += rule.line + "\n";
    file.keep = rule.keep;
    file.forget = rule.forget;
  }
  return files;
}

/// A configuration that does not load is worse than a rule that does not last.
bool still_loads(Host& host, const std::string& path, Keeping keeping, std::string& reason) {
  if (keeping != Keeping::nft_file) return true;
  Result<ProcessOutcome> checked = host.run({"nft", "-c", "-f", path});
  if (checked && checked->ok()) return true;
  reason = checked ? checked->errors : checked.error().to_text();
  return false;
}

Result<void> change_file(Host& host, const std::string& path, const FilePlan& file, const std::string& block) {
  if (file.keeping == Keeping::fw4_include)
    return block.empty() ? host.remove(path) : host.write(path, block, kFileMode);
  Result<std::string> content = host.read(path);
  if (!content && content.error().code != Problem::not_found) return std::unexpected(content.error());
  std::string before = content ? *content : std::string();
  std::size_t at = std::string::npos;
  if (file.keeping == Keeping::restore_file) {
    at = restore_position(before, file.chain);
    if (at == std::string::npos && !block.empty())
      return fail(Problem::invalid, "change " + path, "it has no table filter");
  }
  std::string after = with_block(before, block, at);
  if (after == before) return {};
  if (Result<void> written = host.write(path, after, kFileMode); !written) return written;
  std::string reason;
  if (still_loads(host, path, file.keeping, reason)) return {};
  if (Result<void> restored = host.write(path, before, kFileMode); !restored) return restored;
  return fail(Problem::invalid, "change " + path, "left as it was, since it would not load: " + reason);
}

bool unchanged(Host& host, const std::string& path, const FilePlan& file) {
  Result<std::string> content = host.read(path);
  if (!content) return false;
  return (file.keeping == Keeping::fw4_include ? *content : block_in(*content)) == file.block;
}

bool all_lasting(const FirewallPlan& plan, const std::string& path) {
  return std::all_of(plan.rules.begin(), plan.rules.end(),
                     [&path](const FirewallRule& rule) { return rule.file != path || rule.lasting; });
}

void keep_files(Host& host, const FirewallPlan& plan, FirewallOutcome& outcome) {
  for (const auto& [path, file] : files_of(plan)) {
    if (all_lasting(plan, path) && unchanged(host, path, file)) continue;
    Result<void> changed = change_file(host, path, file, file.block);
    if (!changed) {
      outcome.refused.push_back(changed.error().to_text());
      continue;
    }
    outcome.done.push_back("write " + path);
    for (const Step& step : file.keep) run_step(host, step, outcome);
  }
}

}  // namespace

FirewallOutcome apply_firewall(Host& host, const FirewallPlan& plan) {
  FirewallOutcome outcome;
  for (const FirewallRule& rule : plan.rules) {
    if (rule.live) continue;
    if (!rule.obstacle.empty()) {
      outcome.refused.push_back(rule.place + ": " + rule.obstacle);
      continue;
    }
    run_step(host, rule.insert, outcome);
  }
  keep_files(host, plan, outcome);
  for (const FirewallRule& rule : plan.rules)
    if (rule.keeping == Keeping::program && !rule.lasting)
      for (const Step& step : rule.keep) run_step(host, step, outcome);
  return outcome;
}

FirewallOutcome remove_firewall(Host& host, const FirewallPlan& plan) {
  FirewallOutcome outcome;
  for (const FirewallRule& rule : plan.rules) {
    for (const Step& step : rule.erase) run_step(host, step, outcome);
    if (rule.keeping == Keeping::program && rule.lasting)
      for (const Step& step : rule.forget) run_step(host, step, outcome);
  }
  for (const auto& [path, file] : files_of(plan)) {
    Result<std::string> content = host.read(path);
    bool ours = content && (file.keeping == Keeping::fw4_include || !block_in(*content).empty());
    if (!ours) continue;
    Result<void> changed = change_file(host, path, file, {});
    if (!changed) {
      outcome.refused.push_back(changed.error().to_text());
      continue;
    }
    outcome.done.push_back("clean " + path);
    for (const Step& step : file.forget) run_step(host, step, outcome);
  }
  return outcome;
}

}  // namespace viaduct::os
