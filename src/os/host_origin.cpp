// SPDX-License-Identifier: GPL-2.0-or-later
#include "os/host_origin.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace viaduct::os {
namespace {

/// Calls visit(number, line) for each line that is neither empty nor a comment.
template <class Visit>
void for_each_line(std::string_view text, const Visit& visit) {
  std::size_t number = 0;
  while (!text.empty()) {
    std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = base::trim(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    if (!line.empty() && line.front() != '#' && line.front() != ';') visit(number, line);
  }
}

bool is_name_char(char c) {
  return base::kAlphanum.contains(c) || c == '_';
}

/// `word` stands in `line` as a word of its own ("sip" in `--helper sip`, not in "gossip").
bool has_word(std::string_view line, std::string_view word) {
  std::size_t at = line.find(word);
  while (at != std::string_view::npos) {
    std::size_t end = at + word.size();
    bool left = at == 0 || !is_name_char(line[at - 1]);
    bool right = end == line.size() || !is_name_char(line[end]);
    if (left && right) return true;
    at = line.find(word, at + 1);
  }
  return false;
}

std::string quote_line(const std::string& file, std::size_t number, std::string_view line) {
  return file + ":" + std::to_string(number) + ": " + std::string(line);
}

void list_folder(Host& host, std::vector<std::string>& files, const std::string& folder, std::string_view suffix) {
  const std::string prefix = folder + "/";
  for (const std::string& name : host.list(folder))
    if (name.ends_with(suffix)) files.push_back(prefix + name);
}

/// Lines about attaching a SIP helper in hand-written rule files.
std::vector<std::string> rule_file_lines(Host& host) {
  std::vector<std::string> files = {
      "/etc/nftables.conf",     "/etc/sysconfig/nftables.conf", "/etc/iptables/rules.v4",   "/etc/iptables/rules.v6",
      "/etc/iptables.rules",    "/etc/sysconfig/iptables",      "/etc/sysconfig/ip6tables", "/etc/ufw/before.rules",
      "/etc/ufw/before6.rules", "/etc/ufw/user.rules",          "/etc/ferm/ferm.conf",      "/etc/firewall.user",
      "/etc/rc.local",          "/etc/network/interfaces"};
  list_folder(host, files, "/etc/nftables.d", ".nft");
  list_folder(host, files, "/etc/nftables", ".nft");
  list_folder(host, files, "/etc/network/if-up.d", "");
  std::vector<std::string> lines;
  for (const std::string& file : files) {
    Result<std::string> text = host.read(file);
    if (!text) continue;
    for_each_line(*text, [&](std::size_t number, std::string_view line) {
      bool attaches = line.find("helper") != std::string_view::npos && line.find("sip") != std::string_view::npos;
      if (attaches) lines.push_back(quote_line(file, number, line));
    });
  }
  return lines;
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
  std::string text;
  for (const std::string& part : parts) {
    if (!text.empty()) text += separator;
    text += part;
  }
  return text;
}

/// fw4 and fw3 attach helpers to a zone by `auto_helper` (default on) or `list helper 'sip'`.
std::string openwrt_advice(Host& host, const std::string& chain) {
  std::string zone = "ZONE";
  for (std::string_view prefix : {"helper_", "zone_"})
    if (chain.starts_with(prefix)) zone = chain.substr(prefix.size());
  if (zone.ends_with("_helper")) zone.resize(zone.size() - 7);
  std::vector<std::string> listed;
  if (Result<std::string> text = host.read("/etc/config/firewall"); text)
    for_each_line(*text, [&](std::size_t number, std::string_view line) {
      if (has_word(line, "helper") && has_word(line, "sip"))
        listed.push_back(quote_line("/etc/config/firewall", number, line));
    });
  std::string reload = "uci commit firewall && /etc/init.d/firewall reload";
  if (!listed.empty()) return "remove " + join(listed, ", ") + "; then " + reload;
  return "in /etc/config/firewall set `option auto_helper '0'` in the zone named '" + zone + "', then " + reload;
}

/// filter_PRE_<zone>_allow, filter_PRE_policy_<name>_allow.
std::string firewalld_advice(Host& host, const std::string& chain) {
  constexpr std::string_view kPrefix = "filter_PRE_";
  constexpr std::string_view kSuffix = "_allow";
  constexpr std::string_view kPolicy = "policy_";
  std::string name;
  if (chain.starts_with(kPrefix) && chain.ends_with(kSuffix))
    name = chain.substr(kPrefix.size(), chain.size() - kPrefix.size() - kSuffix.size());
  std::string option = "--zone=" + name;
  if (name.starts_with(kPolicy)) option = "--policy=" + name.substr(kPolicy.size());
  std::vector<std::string> files;
  for (const char* folder : {"/etc/firewalld/zones", "/etc/firewalld/policies"})
    for (const std::string& file : host.list(folder)) {
      Result<std::string> text = host.read(std::string(folder) + "/" + file);
      if (text && text->find("service name=\"sip\"") != std::string::npos)
        files.push_back(std::string(folder) + "/" + file);
    }
  std::string advice = name.empty() ? std::string("remove service sip from the zone")
                                    : "firewall-cmd --permanent " + option + " --remove-service=sip";
  advice += " && firewall-cmd --reload";
  if (!files.empty()) advice += " (in " + join(files, ", ") + ")";
  return advice + "; to keep the ports open add 5060/udp and 5060/tcp as ports, which attach no helper";
}

std::string shorewall_advice(Host& host) {
  std::vector<std::string> lines;
  for (const char* folder : {"/etc/shorewall", "/etc/shorewall6"})
    for (const char* name : {"conntrack", "shorewall.conf", "shorewall6.conf"}) {
      std::string file = std::string(folder) + "/" + name;
      Result<std::string> text = host.read(file);
      if (!text) continue;
      for_each_line(*text, [&](std::size_t number, std::string_view line) {
        bool setting = line.starts_with("AUTOHELPERS=") || line.starts_with("HELPERS=");
        if (setting || has_word(line, "sip")) lines.push_back(quote_line(file, number, line));
      });
    }
  std::string advice = "set AUTOHELPERS=No or leave sip out of HELPERS, and remove sip from the conntrack file";
  if (!lines.empty()) advice += " (" + join(lines, "; ") + ")";
  return advice + "; then `shorewall check && shorewall reload`";
}

bool has_shorewall(Host& host) {
  return host.read("/etc/shorewall/shorewall.conf").has_value() ||
         host.read("/etc/shorewall6/shorewall6.conf").has_value();
}

Origin origin_from_files(Host& host, const RuleSign& sign) {
  std::vector<std::string> lines = rule_file_lines(host);
  bool in_ufw =
      std::any_of(lines.begin(), lines.end(), [](const std::string& line) { return line.starts_with("/etc/ufw/"); });
  if (sign.chain.starts_with("ufw") || (sign.xtables && in_ufw))
    return {"ufw", "remove " + join(lines, ", ") + "; then `ufw reload`"};
  if (lines.empty()) return {"unknown", ""};
  return {sign.xtables ? "saved iptables rules" : "nftables configuration", "remove " + join(lines, ", ")};
}

}  // namespace

Origin origin_of_helper_rule(Host& host, const RuleSign& sign) {
  bool fw3 = sign.comment.starts_with("!fw3");
  if (sign.table == "inet fw4" || sign.comment.starts_with("!fw4") || fw3)
    return {fw3 ? "OpenWrt fw3" : "OpenWrt fw4", openwrt_advice(host, sign.chain)};
  if (sign.table == "inet firewalld" || sign.table == "ip firewalld" || sign.table == "ip6 firewalld")
    return {"firewalld", firewalld_advice(host, sign.chain)};
  if (sign.chain == "VYOS_CT_HELPER" || sign.chain == "VYATTA_CT_HELPER" || sign.table.ends_with(" vyos_conntrack"))
    return {"VyOS", "configure; delete system conntrack modules sip; commit; save"};
  if (sign.xtables && has_shorewall(host)) return {"Shorewall", shorewall_advice(host)};
  return origin_from_files(host, sign);
}

std::vector<std::string> helper_settings(Host& host) {
  std::vector<std::string> files = {"/etc/sysctl.conf"};
  for (const char* folder : {"/etc/sysctl.d", "/run/sysctl.d", "/usr/lib/sysctl.d", "/etc/modprobe.d"})
    list_folder(host, files, folder, ".conf");
  std::vector<std::string> lines;
  for (const std::string& file : files) {
    Result<std::string> text = host.read(file);
    if (!text) continue;
    for_each_line(*text, [&](std::size_t number, std::string_view line) {
      if (has_word(line, "nf_conntrack_helper")) lines.push_back(quote_line(file, number, line));
    });
  }
  return lines;
}

}  // namespace viaduct::os
