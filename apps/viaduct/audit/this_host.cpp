// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/this_host.hpp"

#include "audit/mask.hpp"
#include "base/join.hpp"
#include "base/text.hpp"
#include "os/file.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <string_view>

namespace viaduct::app::audit {
namespace {

using Arguments = std::vector<std::string>;
using Json = nlohmann::ordered_json;

constexpr std::size_t kMostOutput = 64U << 20;
constexpr const char* kJsonHead = "> nft -j list ruleset\n";
constexpr std::array kSettings{"nf_conntrack_helper", "nf_conntrack_udp_timeout", "nf_conntrack_udp_timeout_stream"};
constexpr std::array kParameters{"ports", "sip_timeout", "sip_direct_signalling", "sip_direct_media",
                                 "sip_external_media"};
/// Where rules and settings come back from at the next start.
constexpr std::array kFiles{"/etc/nftables.conf",
                            "/etc/sysconfig/nftables.conf",
                            "/etc/iptables/rules.v4",
                            "/etc/iptables/rules.v6",
                            "/etc/iptables.rules",
                            "/etc/sysconfig/iptables",
                            "/etc/ufw/before.rules",
                            "/etc/ufw/before6.rules",
                            "/etc/default/ufw",
                            "/etc/shorewall/conntrack",
                            "/etc/ferm/ferm.conf",
                            "/etc/firewall.user",
                            "/etc/config/firewall",
                            "/etc/rc.local",
                            "/etc/network/interfaces",
                            "/etc/sysctl.conf",
                            "/etc/modules"};
constexpr std::array kFolders{"/etc/nftables.d", "/etc/nftables",       "/etc/sysctl.d",
                              "/etc/modprobe.d", "/etc/modules-load.d", "/etc/firewalld/zones"};

[[nodiscard]] std::string first_line(const std::string& text) {
  const std::string_view line = base::trim(text);
  return std::string(line.substr(0, line.find('\n')));
}

template <class Visit>
void each_line(std::string_view text, const Visit& visit) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    visit(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

/// One object a line, so that evidence has a line of its own. What is no JSON stays as it is.
[[nodiscard]] std::string object_a_line(const std::string& text) {
  const Json whole = Json::parse(text, nullptr, false);
  if (!whole.is_object() || !whole.contains("nftables") || !whole["nftables"].is_array()) return text;
  std::string lines = "{\"nftables\": [\n";
  bool first = true;
  for (const Json& object : whole["nftables"]) {
    lines += (first ? "" : ",\n") + object.dump(-1, ' ', false, Json::error_handler_t::replace);
    first = false;
  }
  return lines + "\n]}\n";
}

class Asking {
 public:
  explicit Asking(const Machine& machine) : machine_(machine) {}

  [[nodiscard]] Transcript all() {
    section("==> viaduct audit --this-host <==", "");
    identity();
    settings();
    modules();
    nftables();
    iptables("iptables", "/proc/net/ip_tables_names");
    iptables("ip6tables", "/proc/net/ip6_tables_names");
    flows();
    timeout_policies();
    queues();
    kept();
    if (!unread_.empty()) section("==> not read <==", unread_);
    if (!light_.empty()) section("==> not read, and no matter for SIP <==", light_);
    return {.text = std::move(text_), .anything = anything_};
  }

 private:
  void section(const std::string& head, const std::string& content) {
    text_ += head + "\n" + content;
    if (!content.empty() && content.back() != '\n') text_ += '\n';
  }
  void unread(const std::string& what, const std::string& why) { unread_ += what + ": " + why + "\n"; }
  /// The answer, or nothing and in `why` the reason; `missing` if there is no such program.
  [[nodiscard]] std::optional<std::string> answer(const Arguments& arguments, std::string& why, bool& missing) const {
    const os::Result<os::ProcessOutcome> outcome = machine_.run(arguments);
    missing = !outcome && outcome.error().code == os::Problem::not_found;
    if (!outcome) {
      why = missing ? "not installed" : outcome.error().to_text();
      return std::nullopt;
    }
    if (outcome->ok()) return outcome->output;
    why = "exit code " + std::to_string(outcome->exit_code) + ": " + first_line(outcome->errors);
    return std::nullopt;
  }
  /// Puts the answer into the text. False, with the reason, if there is none.
  [[nodiscard]] bool put(const Arguments& arguments, std::string& why, bool& missing) {
    const std::optional<std::string> said = answer(arguments, why, missing);
    if (!said) return false;
    anything_ = true;
    section("> " + base::joined(arguments, " "), *said);
    return true;
  }

  void identity() {
    const os::Result<std::string> name = machine_.read("/proc/sys/kernel/hostname");
    const os::Result<std::string> release = machine_.read("/proc/sys/kernel/osrelease");
    if (name && release)
      section("> uname -a", "Linux " + std::string(base::trim(*name)) + " " + std::string(base::trim(*release)));
  }
  void settings() {
    std::string lines;
    for (const std::string key : kSettings) {
      const os::Result<std::string> value = machine_.read("/proc/sys/net/netfilter/" + key);
      if (value) lines += "net.netfilter." + key + " = " + std::string(base::trim(*value)) + "\n";
      if (!value && value.error().code != os::Problem::not_found)
        unread("sysctl net.netfilter." + key, value.error().to_text());
    }
    anything_ |= !lines.empty();
    section("==> sysctl: /proc/sys/net/netfilter <==", lines);
  }
  void modules() {
    if (const os::Result<std::string> list = machine_.read("/proc/modules"); list) {
      std::string lines;
      each_line(*list, [&](std::string_view line) {
        nf_tables_ |= line.starts_with("nf_tables ");
        if (line.starts_with("nf_nat_sip ") || line.starts_with("nf_conntrack_sip ")) lines += std::string(line) + "\n";
      });
      anything_ = true;
      section("==> /proc/modules <==", lines);
    } else if (list.error().code != os::Problem::not_found) {
      unread("/proc/modules", list.error().to_text());
    }
    parameters();
  }
  void parameters() {
    std::string lines;
    std::string why;
    for (const std::string key : kParameters) {
      const os::Result<std::string> value = machine_.read("/sys/module/nf_conntrack_sip/parameters/" + key);
      if (value) lines += key + " = " + std::string(base::trim(*value)) + "\n";
      if (!value && value.error().code != os::Problem::not_found) why = value.error().to_text();
    }
    if (!why.empty()) light_ += "parameters of nf_conntrack_sip: " + why + "\n";
    if (!lines.empty()) section("==> /sys/module/nf_conntrack_sip/parameters <==", lines);
  }

  void nftables() {
    std::string why;
    bool missing = false;
    const std::optional<std::string> json = answer({"nft", "-j", "list", "ruleset"}, why, missing);
    if (json) {
      anything_ = rules_read_ = true;
      xtables_ = json->find("\"xt\"") != std::string::npos;
      section("> nft -j list ruleset", object_a_line(*json));
    }
    std::string again;
    bool ignored = false;
    const bool listed = put({"nft", "-a", "list", "ruleset"}, again, ignored);
    rules_read_ |= listed;
    if (!json) xtables_ = true;
    if (!rules_read_ && !(missing && without_nftables())) unread("nft list ruleset", why);
  }
  /// Whether this kernel has no nftables, loaded or built in.
  [[nodiscard]] bool without_nftables() const {
    const os::Result<std::string> release = machine_.read("/proc/sys/kernel/osrelease");
    const os::Result<std::string> built_in = machine_.read(
        "/lib/modules/" + std::string(release ? base::trim(*release) : std::string_view()) + "/modules.builtin");
    return !nf_tables_ && built_in && built_in->find("/nf_tables.ko") == std::string::npos;
  }

  void iptables(const std::string& program, const std::string& names) {
    std::string why;
    bool missing = false;
    bool plain = false;  // which of the two kinds it is, only itself knows
    if (!put({program + "-nft-save"}, why, missing)) {
      if (missing) plain = put({program + "-save"}, why, missing);
      const bool none = missing && rules_read_ && !xtables_;  // the rules of iptables-nft are rules of nftables
      if (!plain && !none && !(missing && !nf_tables_ && without_nftables())) unread(program + "-save", why);
    }
    const os::Result<std::string> tables = machine_.read(names);
    if (!tables && tables.error().code != os::Problem::not_found) unread(names, tables.error().to_text());
    if (!tables || base::trim(*tables).empty() || plain) return;
    if (!put({program + "-legacy-save"}, why, missing)) unread(program + "-legacy-save", why);
  }

  void flows() {
    const os::Result<std::string> count = machine_.read("/proc/sys/net/netfilter/nf_conntrack_count");
    if ((count && base::trim(*count) == "0") || (!count && count.error().code == os::Problem::not_found)) {
      section("> conntrack -L", "");
      return;
    }
    for (const std::string family : {"ipv4", "ipv6"}) {
      std::string why;
      bool missing = false;
      const Arguments arguments{"conntrack", "-L", "-o", "extended", "-f", family};
      const std::optional<std::string> said = answer(arguments, why, missing);
      if (!said) {
        unread("conntrack -L -f " + family, why);
        continue;
      }
      anything_ = true;
      std::string lines;
      each_line(*said, [&](std::string_view line) {
        if (line.find(" helper=") != std::string_view::npos) lines += std::string(line) + "\n";
      });
      section("> " + base::joined(arguments, " "), lines);
    }
  }
  void timeout_policies() {
    std::string why;
    bool missing = false;
    if (put({"nfct", "list", "timeout"}, why, missing)) return;
    if (!missing || text_.find(" --timeout ") != std::string::npos) light_ += "nfct list timeout: " + why + "\n";
  }
  void queues() {
    std::string why;
    bool missing = false;
    if (put({"tc", "-j", "qdisc", "show"}, why, missing) || put({"tc", "qdisc", "show"}, why, missing)) return;
    light_ += "tc qdisc show: " + why + "\n";
  }

  void kept() {
    std::vector<std::string> files(kFiles.begin(), kFiles.end());
    for (const std::string folder : kFolders)
      for (const std::string& name : machine_.list(folder))
        files.push_back((std::filesystem::path(folder) / name).string());
    std::string lines;
    for (const std::string& file : files) {
      const os::Result<std::string> content = machine_.read(file);
      if (!content) continue;
      std::size_t number = 0;
      each_line(*content, [&](std::string_view line) {
        ++number;
        const std::string_view said = base::trim(line);
        const bool about =
            said.find("sip") != std::string_view::npos &&
            (said.find("helper") != std::string_view::npos || said.find("nf_") != std::string_view::npos ||
             said.find("service") != std::string_view::npos);
        const bool assigns = said.find("nf_conntrack_helper") != std::string_view::npos;
        const bool off =
            said.starts_with('#') || said.starts_with("blacklist") || said.find("/bin/false") != std::string_view::npos;
        if ((about || assigns) && !off) lines += file + ":" + std::to_string(number) + ": " + std::string(said) + "\n";
      });
    }
    if (!lines.empty()) section("==> kept in files <==", lines);
  }

  const Machine& machine_;
  std::string text_;
  std::string unread_;
  std::string light_;
  bool anything_ = false;
  bool nf_tables_ = false;   ///< the module is there
  bool rules_read_ = false;  ///< of nftables
  bool xtables_ = false;     ///< some of them are iptables' own, which nft does not show
};

}  // namespace

Machine this_machine() {
  Machine machine;
  machine.run = [](const Arguments& arguments) {
    const os::ProcessOptions options{.input = {}, .limit = std::chrono::seconds(20), .most_output = kMostOutput};
    os::Result<os::ProcessOutcome> outcome = os::run(arguments, options);
    // The PATH of who is not root often lacks these.
    for (const char* const folder : {"/usr/sbin/", "/sbin/"}) {
      if (outcome ||
          (outcome.error().code != os::Problem::not_found && outcome.error().code != os::Problem::not_permitted))
        break;
      Arguments there = arguments;
      there[0].insert(0, folder);
      outcome = os::run(there, options);
    }
    return outcome;
  };
  machine.read = [](const std::string& path) { return os::read_file(path, kMostOutput); };
  machine.list = [](const std::string& folder) {
    std::vector<std::string> names;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error))
      names.push_back(entry.path().filename().string());
    std::ranges::sort(names);
    return names;
  };
  return machine;
}

Transcript ask(const Machine& machine) {
  return Asking(machine).all();
}

std::string to_keep(const std::string& transcript) {
  std::string text = transcript;
  // A mask would break the JSON, and the listing behind it says the same. Lines keep their numbers: findings name them.
  const std::size_t json = text.find(kJsonHead);
  const std::size_t listing = json == std::string::npos ? json : text.find("> nft -a list ruleset\n", json);
  if (listing != std::string::npos) {
    const auto lines = std::count(text.begin() + static_cast<std::ptrdiff_t>(json),
                                  text.begin() + static_cast<std::ptrdiff_t>(listing), '\n');
    text.replace(json, listing - json, static_cast<std::size_t>(lines), '\n');
  }
  std::string shown;
  each_line(text, [&](std::string_view line) { shown += viaduct::audit::masked(line) + "\n"; });
  return shown;
}

}  // namespace viaduct::app::audit
