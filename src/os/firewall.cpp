// SPDX-License-Identifier: GPL-2.0-or-later
#include "os/firewall.hpp"

#include "os/host_xtables.hpp"
#include "os/ruleset.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

namespace viaduct::os {
namespace {

constexpr const char* kPinholeComment = "viaduct: pinholes of SIP calls";
constexpr const char* kFw4File = "/etc/viaduct/fw4.nft";

std::string hex(std::uint32_t value) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "0x%x", value);
  return text.data();
}

/// A rule that is wanted, written both ways.
struct Wanted {
  bool offload = false;
  std::string comment;
  std::string nft;
  std::vector<std::string> iptables;
};

std::vector<Wanted> wanted_rules(const FirewallRequest& request, bool pinhole, bool offload, bool xtables) {
  std::vector<Wanted> all;
  std::string mark = hex(request.pinhole_mark);
  if (offload)
    for (OffloadExclusion& exclusion : offload_exclusions(request.offload_marks, request.sip_ports, xtables))
      all.push_back({true, exclusion.comment, exclusion.nft, exclusion.iptables});
  if (pinhole)
    all.push_back({false,
                   kPinholeComment,
                   "ct mark and " + mark + " == " + mark + " accept",
                   {"-m", "connmark", "--mark", mark + "/" + mark, "-j", "ACCEPT"}});
  return all;
}

/// Collects the plan; one object per run.
class Planner {
 public:
  Planner(Host& host, const FirewallRequest& request, FirewallPlan& plan)
      : host_(host), request_(request), plan_(plan) {}

  void read_nft(const Ruleset& ruleset);
  void read_xtables_set(const Xtables& set);

 private:
  void add_nft(const Ruleset& ruleset, const RulesetChain& chain, const Wanted& wanted);
  void add_xtables(const Xtables& set, const std::string& chain, const Wanted& wanted);
  void keep_nft(const RulesetChain& chain, FirewallRule& rule, const std::string& line);
  void keep_xtables(const Xtables& set, FirewallRule& rule, const Wanted& wanted);
  void keep_in_file(FirewallRule& rule, Keeping keeping, const std::string& file, const std::string& line);
  bool exists(const std::string& path) { return host_.read(path).has_value(); }
  [[nodiscard]] bool offloads(const RulesetChain& chain) const {
    return std::any_of(plan_.offload.begin(), plan_.offload.end(), [&chain](const OffloadRule& rule) {
      return !rule.xtables && rule.family == chain.family && rule.table == chain.table && rule.chain == chain.name;
    });
  }
  [[nodiscard]] bool offloads(const Xtables& set) const {
    return std::any_of(plan_.offload.begin(), plan_.offload.end(), [&set](const OffloadRule& rule) {
      return rule.xtables && rule.program == set.program && rule.ipv6 == set.ipv6;
    });
  }

  Host& host_;
  const FirewallRequest& request_;
  FirewallPlan& plan_;
};

/// Tables of iptables-nft are changed by their own program: it cannot list native rules.
bool is_xtables_chain(const RulesetChain& chain) {
  return chain.name == "FORWARD" && chain.family != "inet";
}

bool is_ours(const RulesetChain& chain) {
  return chain.table == "viaduct" || chain.table.starts_with("viaduct_probe_") ||
         chain.table == "firewalld_policy_drop";
}

void Planner::read_nft(const Ruleset& ruleset) {
  for (const RulesetChain& chain : ruleset.chains) {
    bool routed = chain.family == "ip" || chain.family == "ip6" || chain.family == "inet";
    if (!routed || is_ours(chain) || is_xtables_chain(chain)) continue;
    bool pinhole = chain.hook == "forward" && chain.type == "filter" && ruleset.can_drop(chain);
    for (const RulesetRule* rule : ruleset.rules_of(chain)) pinhole = pinhole || rule->comment == kPinholeComment;
    for (const Wanted& wanted : wanted_rules(request_, pinhole, offloads(chain), false))
      add_nft(ruleset, chain, wanted);
  }
}

std::string nft_tool(const RulesetChain& chain) {
  if (chain.family == "inet" && chain.table == "fw4") return "OpenWrt fw4";
  if (chain.table == "firewalld") return "firewalld";
  return "nftables";
}

void Planner::add_nft(const Ruleset& ruleset, const RulesetChain& chain, const Wanted& wanted) {
  FirewallRule rule;
  rule.offload = wanted.offload;
  rule.ipv4 = chain.family != "ip6";
  rule.ipv6 = chain.family != "ip";
  rule.tool = nft_tool(chain);
  rule.place = "nftables " + chain.family + " " + chain.table + " " + chain.name;
  rule.chain = chain.name;
  std::string text = wanted.nft + " comment \"" + wanted.comment + "\"";
  rule.insert = {{"nft", "insert", "rule", chain.family, chain.table, chain.name, text}, {}};
  for (const RulesetRule* existing : ruleset.rules_of(chain)) {
    bool same = existing->comment == wanted.comment;
    rule.live = rule.live || same || (!wanted.offload && is_mark_accept(*existing, request_.pinhole_mark));
    if (same)
      rule.erase.push_back(
          {{"nft", "delete", "rule", chain.family, chain.table, chain.name, "handle", std::to_string(existing->handle)},
           {}});
  }
  const RulesetTable* table = ruleset.table(chain.family, chain.table);
  if (table != nullptr && table->owned)
    rule.obstacle = rule.tool == "firewalld"
                        ? "firewalld owns its table: set NftablesTableOwner=no in /etc/firewalld/firewalld.conf and "
                          "restart firewalld, then run this again"
                        : "the table belongs to the program that made it (flag owner); put the rule there";
  keep_nft(chain, rule, "insert rule " + chain.family + " " + chain.table + " " + chain.name + " " + text);
  plan_.rules.push_back(std::move(rule));
}

/// Whether something loads the nftables configuration at boot: systemd or OpenRC. A box without either is trusted.
bool loads_nftables(Host& host) {
  std::vector<std::string> systemd = host.list("/etc/systemd/system");
  std::vector<std::string> openrc = host.list("/etc/runlevels");
  for (const std::string& folder : systemd)
    if (folder.ends_with(".wants"))
      for (const std::string& unit : host.list("/etc/systemd/system/" + folder))
        if (unit == "nftables.service") return true;
  for (const std::string& level : openrc)
    for (const std::string& service : host.list("/etc/runlevels/" + level))
      if (service == "nftables") return true;
  return systemd.empty() && openrc.empty();
}

void Planner::keep_in_file(FirewallRule& rule, Keeping keeping, const std::string& file, const std::string& line) {
  rule.keeping = keeping;
  rule.file = file;
  rule.line = line;
  Result<std::string> content = host_.read(file);
  if (!content) return;
  std::string held = keeping == Keeping::fw4_include ? *content : block_in(*content);
  rule.lasting = ("\n" + held).find("\n" + line + "\n") != std::string::npos;
}

void Planner::keep_nft(const RulesetChain& chain, FirewallRule& rule, const std::string& line) {
  if (rule.tool == "OpenWrt fw4") {
    // Behind the whole ruleset: a chain-pre include would stand behind fw4's own `flow add`.
    keep_in_file(rule, Keeping::fw4_include, kFw4File, line);
    Result<std::string> config = host_.read("/etc/config/firewall");
    rule.lasting = rule.lasting && config && config->find(kFw4File) != std::string::npos;
    for (const char* setting : {"firewall.viaduct=include", "firewall.viaduct.type=nftables",
                                "firewall.viaduct.path=/etc/viaduct/fw4.nft", "firewall.viaduct.position=ruleset-post"})
      rule.keep.push_back({{"uci", "set", setting}, {}});
    rule.keep.push_back({{"uci", "commit", "firewall"}, {}});
    rule.forget = {{{"uci", "delete", "firewall.viaduct"}, {}}, {{"uci", "commit", "firewall"}, {}}};
    return;
  }
  if (rule.tool == "firewalld") {
    rule.note =
        "not persistent: firewalld builds its table anew on reload and has no match for ct marks. It lets IPv4 "
        "pinholes in by itself (ct status dnat); run this again after `firewall-cmd --reload`";
    return;
  }
  if (!loads_nftables(host_)) {
    rule.note =
        "not persistent: nothing loads /etc/nftables.conf at boot (nftables.service is not enabled); add the "
        "line where your rules are loaded: " +
        line;
    return;
  }
  for (const char* file : {"/etc/nftables.conf", "/etc/sysconfig/nftables.conf"}) {
    Result<std::string> content = host_.read(file);
    if (!content || content->find("table " + chain.family + " " + chain.table) == std::string::npos) continue;
    keep_in_file(rule, Keeping::nft_file, file, line);
    return;
  }
  rule.note =
      "not persistent: the table is not in /etc/nftables.conf; add the line where your rules are loaded: " + line;
}

/// The chain in which a new first rule belongs.
std::string xtables_chain(const Xtables& set) {
  std::string ufw = set.ipv6 ? "ufw6-before-forward" : "ufw-before-forward";
  return set.chain("filter", ufw) != nullptr ? ufw : "FORWARD";
}

void Planner::read_xtables_set(const Xtables& set) {
  std::string chain = xtables_chain(set);
  bool pinhole = set.can_drop("filter", "FORWARD");
  for (const Wanted& wanted : wanted_rules(request_, pinhole, offloads(set), true)) add_xtables(set, chain, wanted);
}

bool has_words(const std::vector<std::string>& all, const std::vector<std::string>& wanted) {
  return std::search(all.begin(), all.end(), wanted.begin(), wanted.end()) != all.end();
}

void Planner::add_xtables(const Xtables& set, const std::string& chain, const Wanted& wanted) {
  FirewallRule rule;
  rule.offload = wanted.offload;
  rule.ipv4 = !set.ipv6;
  rule.ipv6 = set.ipv6;
  rule.tool = set.program;
  rule.place = set.program + " filter " + chain;
  rule.chain = chain;
  std::vector<std::string> words = {"-m", "comment", "--comment", wanted.comment};
  words.insert(words.end(), wanted.iptables.begin(), wanted.iptables.end());
  rule.insert = {{set.program, "-w", "5", "-t", "filter", "-I", chain, "1"}, {}};
  rule.insert.arguments.insert(rule.insert.arguments.end(), words.begin(), words.end());
  for (const XtablesRule& existing : set.rules) {
    if (existing.table != "filter" || existing.chain != chain) continue;
    bool same = existing.value_of("--comment") == wanted.comment;
    bool bare = existing.arguments == wanted.iptables;
    rule.live = rule.live || same || bare ||
                (!wanted.offload && has_words(existing.arguments, wanted.iptables) &&
                 existing.arguments.size() == wanted.iptables.size() + 4);
    if (!same) continue;
    Step erase{{set.program, "-w", "5", "-t", "filter", "-D", chain}, {}};
    erase.arguments.insert(erase.arguments.end(), existing.arguments.begin(), existing.arguments.end());
    rule.erase.push_back(std::move(erase));
  }
  keep_xtables(set, rule, wanted);
  plan_.rules.push_back(std::move(rule));
}

/// As iptables-save would print it, and as a shell would read it.
std::string restore_line(const std::string& chain, const Wanted& wanted) {
  std::string line = "-A " + chain + " -m comment --comment \"" + wanted.comment + "\"";
  for (const std::string& word : wanted.iptables) line += " " + word;
  return line;
}

std::string shell_line(const std::string& program, const Wanted& wanted) {
  std::string match = "-m comment --comment \"" + wanted.comment + "\"";
  for (const std::string& word : wanted.iptables) match += " " + word;
  return program + " -C FORWARD " + match + " 2>/dev/null || " + program + " -I FORWARD 1 " + match;
}

struct RestoreFile {
  const char* ipv4;
  const char* ipv6;
};
constexpr RestoreFile kRestoreFiles[] = {
    {"/etc/iptables/rules.v4", "/etc/iptables/rules.v6"},                // netfilter-persistent (Debian)
    {"/etc/sysconfig/iptables", "/etc/sysconfig/ip6tables"},             // iptables-services (Fedora, RHEL)
    {"/etc/iptables/iptables.rules", "/etc/iptables/ip6tables.rules"}};  // Arch

void Planner::keep_xtables(const Xtables& set, FirewallRule& rule, const Wanted& wanted) {
  if (rule.chain != "FORWARD") {
    rule.tool = "ufw";
    keep_in_file(rule, Keeping::restore_file, set.ipv6 ? "/etc/ufw/before6.rules" : "/etc/ufw/before.rules",
                 restore_line(rule.chain, wanted));
    return;
  }
  if (set.chain("filter", "FORWARD_direct") != nullptr) {
    rule.tool = "firewalld";
    rule.keeping = Keeping::program;
    Step keep{
        {"firewall-cmd", "--permanent", "--direct", "--add-rule", set.ipv6 ? "ipv6" : "ipv4", "filter", "FORWARD", "0"},
        {}};
    keep.arguments.insert(keep.arguments.end(), wanted.iptables.begin(), wanted.iptables.end());
    Step query = keep;
    query.arguments[3] = "--query-rule";
    Result<ProcessOutcome> asked = host_.run(query.arguments);
    rule.lasting = asked && asked->ok();
    Step forget = keep;
    forget.arguments[3] = "--remove-rule";
    rule.keep = {keep};
    rule.forget = {forget};
    return;
  }
  bool fw3 = set.chain("filter", "forwarding_rule") != nullptr && exists("/etc/config/firewall");
  if (fw3 || exists("/etc/shorewall/shorewall.conf")) {
    rule.tool = fw3 ? "OpenWrt fw3" : "Shorewall";
    std::string folder = set.ipv6 ? "/etc/shorewall6/started" : "/etc/shorewall/started";
    keep_in_file(rule, Keeping::shell_file, fw3 ? "/etc/firewall.user" : folder, shell_line(set.program, wanted));
    return;
  }
  for (const RestoreFile& files : kRestoreFiles) {
    const char* file = set.ipv6 ? files.ipv6 : files.ipv4;
    if (!exists(file)) continue;
    keep_in_file(rule, Keeping::restore_file, file, restore_line(rule.chain, wanted));
    return;
  }
  rule.note = "not persistent: no file of saved rules found (install iptables-persistent), or call this at boot";
}

}  // namespace

bool FirewallPlan::complete() const {
  return std::all_of(rules.begin(), rules.end(), [](const FirewallRule& rule) { return rule.live; });
}

Result<FirewallPlan> plan_firewall(Host& host, const FirewallRequest& request) {
  Result<std::string> text = host.ruleset_json();
  if (!text && text.error().code != Problem::not_supported) return std::unexpected(text.error());
  Ruleset ruleset;
  if (text) {
    Result<Ruleset> parsed = parse_ruleset(*text);
    if (!parsed) return std::unexpected(parsed.error());
    ruleset = std::move(*parsed);
  }
  bool compat = std::any_of(ruleset.chains.begin(), ruleset.chains.end(), is_xtables_chain);
  XtablesSet xtables = read_xtables(host, compat);
  FirewallPlan plan;
  for (const std::string& program : xtables.unreadable)
    plan.blind_spots.push_back("iptables rules exist that cannot be read without " + program);
  plan.offload = find_offload(ruleset, xtables.sets);
  Planner planner(host, request, plan);
  planner.read_nft(ruleset);
  for (const Xtables& set : xtables.sets) planner.read_xtables_set(set);
  return plan;
}

std::size_t restore_position(std::string_view content, std::string_view chain) {
  std::size_t at = 0;
  bool inside = false;
  std::string rule = "-A " + std::string(chain) + " ";
  while (at < content.size()) {
    std::size_t end = std::min(content.find('\n', at), content.size());
    std::string_view line = content.substr(at, end - at);
    if (line.starts_with('*')) inside = line == "*filter";
    if (inside && (line.starts_with(rule) || line == "COMMIT")) return at;
    at = end + 1;
  }
  return std::string_view::npos;
}

}  // namespace viaduct::os
