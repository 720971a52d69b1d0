// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "audit/device.hpp"
#include "audit/text.hpp"
#include "audit/tree.hpp"

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace viaduct::audit::products {

/// What is known of a Linux box while its texts are read, one after the other. The readers of each kind of text add
/// features and timers to the device, and here what decides all together.
struct LinuxBox {
  /// On which flows were given the helper.
  struct Port {
    std::string protocol;  ///< udp, tcp
    std::uint32_t number = 0;
    friend auto operator<=>(const Port&, const Port&) = default;
  };

  Device& device;
  const Text& text;                       ///< all of it
  std::vector<Bytes> titles{};            ///< of the sections whose lines are read now
  std::optional<std::uint32_t> kernel{};  ///< 4019 for 4.19
  bool everywhere = false;                ///< something gives SIP of port 5060 the helper
  bool somewhere = false;                 ///< for other ports, for one peer, or for flows that live
  bool excepted = false;  ///< SIP of port 5060 over one transport is kept from a helper that is set for it
  bool ipv6 = false;      ///< what is read now is of IPv6 alone
  /// What iptables has in table raw, which it has twice.
  struct Raw {
    bool shown = false;        ///< all of it
    bool told = false;         ///< with its rules of target CT: by the iptables whose rules nft lists, too
    std::uint32_t untold = 0;  ///< line of a rule with target CT that nft lists without what it does; 0: none
  };
  Raw raw4{};
  Raw raw6{};
  bool tables_shown = false;           ///< a text of iptables shows that the firewall is made with it
  bool rules_shown = false;            ///< all rules of iptables or of nft
  bool raw_open = false;               ///< a text of iptables that does not show it
  bool undecided = false;              ///< a text leaves open whether it does
  bool timed_by_sysctl = false;        ///< a text of sysctl is there
  std::optional<State> assigns{};      ///< nf_conntrack_helper: the kernel does it by itself
  bool assigns_said = false;           ///< a line of sysctl says so
  std::optional<State> module{};       ///< nf_conntrack_sip, as modprobe.d says of it
  bool never_loaded = false;           ///< modprobe.d runs something else in place of loading it
  bool blacklisted = false;            ///< or something else that keeps it from being loaded when the machine starts
  std::optional<bool> loaded{};        ///< the same, as the running kernel says
  std::uint32_t at_boot = 0;           ///< line that loads it when the machine starts; 0: none
  std::string module_ports{};          ///< its parameter `ports`, which replaces 5060; empty: not told
  std::uint32_t ports_line = 0;        ///< that says so
  std::uint32_t sip_timeout_line = 0;  ///< of its parameter `sip_timeout`
  std::int64_t sip_timeout = Timer::kUnknown;
  bool assigned = false;                       ///< a feature gives flows the helper, and its edit takes that away
  std::set<Port> ports{};                      ///< that such features named
  bool more_ports = false;                     ///< more than kMostPorts
  std::vector<std::string> kept{};             ///< where assignments come back from, sentences
  std::vector<std::string> kept_lines{};       ///< the same as "FILE:LINE: TEXT"
  std::map<std::string, std::string> timed{};  ///< policies of nfct that rules of iptables set: "udp 5060"

  /// Of the last section whose lines are read now; empty when there is none.
  [[nodiscard]] Bytes title() const { return titles.empty() ? Bytes() : titles.back(); }
  /// A helper that is set for `ports` ("5060", "5062,5070-5072"; empty: any).
  void set(std::string_view ports, bool narrow);
  /// Remembers single ones of `ports` for that protocol (empty: both), so that their flows can be deleted.
  void remember(std::string_view protocol, std::string_view ports);
  static constexpr std::size_t kMostPorts = 64;
};

constexpr std::uint32_t kKernelWithoutAssignment = 6000;       ///< 6.0 removed the sysctl and the module's parameter
constexpr std::uint32_t kKernelAssignmentOffByDefault = 4007;  ///< 4.7

/// Whether port 5060 is among `ports`: numbers, ranges with `-`, divided by commas and blanks.
[[nodiscard]] bool holds_5060(std::string_view ports);

/// What `iptables -S` and `iptables -L` print as iptables-save prints it, line for line; other text as it is. `title`
/// is the command.
[[nodiscard]] Text iptables_text(const Text& part, Bytes title);

/// nft list ruleset, as text or as JSON (with `nft -j`).
void read_nft(Node root, LinuxBox& box);
void read_nft_json(Node root, LinuxBox& box);
/// iptables-save or calls of iptables; in a script (`whole` false) what is not there says nothing.
void read_iptables(Node root, LinuxBox& box);
/// By its words behind the chain: `-j CT --helper sip`; `-m helper --helper sip` is a question, not an answer.
[[nodiscard]] bool sets_helper(const std::vector<Bytes>& words);
/// "5062,5070-5072"
[[nodiscard]] std::string ports_of(const std::vector<Bytes>& words);
/// When all texts were read: what those leave open that show no table raw.
void say_of_raw(LinuxBox& box);
/// A zone, a service, a helper or the direct rules of firewalld.
void read_firewalld(Node root, LinuxBox& box);

/// The lines of a text that set or show sysctls of conntrack, in scripts and answers too, as sysctl.conf would have
/// them.
[[nodiscard]] Text sysctls_of(const Text& text);
/// The last line that sets a sysctl, in whatever spelling: `net.netfilter.x`, `-net/netfilter/x`.
[[nodiscard]] Node sysctl_of(Node root, Bytes key);
/// UDP timers of conntrack: by sysctl, else these defaults with these words.
void read_conntrack_timers(Node root, Device& device, std::int64_t unreplied, std::int64_t stream,
                           const std::string& standard);
void read_sysctl(Node root, LinuxBox& box);
void read_modprobe(Node root, LinuxBox& box);
/// /etc/modules, modules-load.d, IPTABLES_MODULES, `modprobe` in a script.
void read_boot_modules(Node command, LinuxBox& box);
/// What the kernel does by itself, when all was read: on, off, partly for other ports, unknown; off where nothing
/// speaks for it.
[[nodiscard]] State automatic(LinuxBox& box);
/// The words behind a prompt, with blanks between them.
[[nodiscard]] std::string title_of(Node command);
/// The answer of lsmod, or /proc/modules, as transcript.
void read_lsmod(Node command, LinuxBox& box);
/// /sys/module/nf_conntrack_sip/parameters: a helper that is built in is in no list of modules.
void read_module_parameters(Node root, LinuxBox& box);
/// `nfct list timeout`, as transcript.
void read_timeout_policies(Node command, LinuxBox& box);
void read_shorewall_conf(Node root, LinuxBox& box);
void read_shorewall_conntrack(Node root, LinuxBox& box);
/// `loadmodule` lines of Shorewall.
void read_shorewall_helpers(Node root, LinuxBox& box);

}  // namespace viaduct::audit::products
