// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/conntrack.hpp"
#include "os/host_access.hpp"
#include "os/problem.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace viaduct::os {

/// By what the kernel's SIP helper (nf_conntrack_sip) gets hold of flows.
enum class AttachmentKind : std::uint8_t {
  nft_rule,      ///< `ct helper set` in an nftables rule
  nft_element,   ///< an element of a named map that such a rule consults
  nft_object,    ///< a `ct helper` object of type sip; attaches nothing by itself
  xtables_rule,  ///< iptables `-j CT --helper sip`
  setting,       ///< net.netfilter.nf_conntrack_helper = 1: every flow to port 5060 (kernels before 6.0)
};

/// One way by which the helper is attached.
struct Attachment {
  AttachmentKind kind = AttachmentKind::nft_rule;
  std::string place;                 ///< "nftables inet fw4 helper_lan", "iptables-legacy raw PREROUTING"
  std::string rule;                  ///< as its own tool prints it
  std::string tool;                  ///< what wrote it: "OpenWrt fw4", "firewalld", ..., "unknown"
  std::string lasting;               ///< what to change so that it does not come back; may be empty
  Step undo;                         ///< takes it away at once; empty arguments: a setting, written to /proc
  std::vector<std::uint16_t> ports;  ///< destination ports it names, for the proof
};

/// Everything of the kernel's SIP ALG that acts on this network namespace. Modules prove nothing (the helper may be
/// built in, or loaded and attached to nothing), so none are looked at.
struct KernelAlg {
  std::vector<Attachment> attachments;
  std::vector<Connection> flows;          ///< live conntrack entries with the helper (CTA_HELP)
  std::vector<Expectation> expectations;  ///< pinholes it opened
  std::vector<std::string> blind_spots;   ///< what could not be read, e.g. a missing iptables program

  /// True when it acts on flows now or would on new ones; a mere object does not count.
  [[nodiscard]] bool attached() const;
  /// True when anything was found, objects included.
  [[nodiscard]] bool found() const;
};

/// True for "sip" and "sip-5061", as the module names them.
[[nodiscard]] bool is_sip_helper(std::string_view name);

/// The rules, objects and settings only; works on recorded answers too. `blind_spots` is appended to.
[[nodiscard]] Result<std::vector<Attachment>> find_attachments(Host& host, std::vector<std::string>& blind_spots);

/// Everything, from rules, settings and the connection tracking table of this network namespace.
[[nodiscard]] Result<KernelAlg> find_kernel_alg(Host& host, Conntrack& conntrack);
/// The same on the running system: what the gateway asks before it starts.
[[nodiscard]] Result<KernelAlg> find_kernel_alg();

/// Why the gateway does not start beside it and how to detach, for a person; empty when nothing is attached.
[[nodiscard]] std::string refusal_text(const KernelAlg& alg);

/// What detach() did.
struct Detachment {
  std::vector<std::string> done;     ///< steps as a person would have typed them
  std::vector<std::string> refused;  ///< steps that failed, with the reason
  std::uint32_t flows_removed = 0;
  std::uint32_t expectations_removed = 0;
};

/// Takes away what `alg` lists: rules by handle, settings, then entries with the helper and expectations; media flows
/// are left alone. Repeats the last part until the table holds none. Safe to run again.
[[nodiscard]] Result<Detachment> detach_kernel_alg(Host& host, Conntrack& conntrack, const KernelAlg& alg);

}  // namespace viaduct::os
