// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "os/conntrack.hpp"
#include "os/fd.hpp"
#include "os/host_access.hpp"
#include "os/links.hpp"
#include "os/netlink.hpp"
#include "os/problem.hpp"
#include "os/tun.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

struct nft_ctx;

namespace viaduct::os {

/// Synthetic packets are known by 64 random bits: behind the UDP header, or sequence and acknowledgement number of a
/// TCP SYN. They survive address translation, and no real packet has them.
using Token = std::uint64_t;

/// A whole IP packet with correct checksums: UDP with the token as payload, or a TCP SYN with it. Both families.
[[nodiscard]] std::string synthetic_packet(const FiveTuple& tuple, Token token);
/// The nft expression that matches it at any hook: "meta l4proto udp @th,64,64 0x...".
[[nodiscard]] std::string token_match(std::uint8_t protocol, Token token);

/// A fresh address of the benchmarking networks (RFC 2544 198.18.0.0/15, RFC 5180 2001:2::/48), never routed: `seed`
/// picks a block of four, `host` 0..3 one of it.
[[nodiscard]] net::Address benchmark_address(net::Family family, std::uint32_t seed, std::uint32_t host);

/// Some address of the interface's subnet that is not its own; for sources that pass reverse path filters.
[[nodiscard]] net::Address neighbour_of(const InterfaceAddress& own);
/// True for addresses that are routed: usable, neither link-local nor loopback.
[[nodiscard]] bool is_routed(const InterfaceAddress& own);

/// Deletes an nftables table when this object goes or its process ends, kill -9 included: a child in a session of its
/// own waits for the end of a pipe. (The flag `owner` would do, but `nft -j` 1.0.6 prints garbage for such tables.)
class TableGuard {
 public:
  [[nodiscard]] static Result<TableGuard> watch(const std::string& table);
  TableGuard() = default;
  TableGuard(TableGuard&& other) noexcept : pipe_(std::move(other.pipe_)), child_(std::exchange(other.child_, -1)) {}
  TableGuard& operator=(TableGuard&& other) noexcept;
  TableGuard(const TableGuard&) = delete;
  TableGuard& operator=(const TableGuard&) = delete;
  ~TableGuard() { release(); }
  /// Lets the child delete the table and waits for it.
  void release();

 private:
  Fd pipe_;
  int child_ = -1;
};

/// A temporary TUN interface and a temporary nftables table for synthetic packets; both go with this object or with
/// the process, however it ends.
class SyntheticRig {
 public:
  [[nodiscard]] static Result<SyntheticRig> open(Host& host);
  SyntheticRig(SyntheticRig&&) noexcept = default;
  SyntheticRig& operator=(SyntheticRig&&) noexcept = delete;
  SyntheticRig(const SyntheticRig&) = delete;
  SyntheticRig& operator=(const SyntheticRig&) = delete;
  ~SyntheticRig() = default;

  [[nodiscard]] const std::string& device() const { return tun_.name(); }
  [[nodiscard]] std::uint32_t seed() const { return seed_; }
  [[nodiscard]] Result<void> add_address(const net::Prefix& prefix) { return tun_.add_address(prefix); }
  [[nodiscard]] Token next_token() { return token_ += 0x10001; }

  /// "inet viaduct_probe_123"
  [[nodiscard]] const std::string& table() const { return table_; }
  /// One transaction of nft commands; `@T` stands for the table.
  [[nodiscard]] Result<void> nft(std::string script);
  /// Packets by counter name, of the named counters in the table.
  [[nodiscard]] Result<std::map<std::string, std::uint64_t>> counters();
  /// Reads them until `done` says yes or the time is over.
  template <class Done>
  [[nodiscard]] Result<std::map<std::string, std::uint64_t>> wait_for(const Done& done,
                                                                      std::chrono::milliseconds limit) {
    for (std::chrono::milliseconds waited{0};; waited += kStep) {
      Result<std::map<std::string, std::uint64_t>> now = counters();
      if (!now || done(*now) || waited >= limit) return now;
      pause();
    }
  }

  /// Lets the packet arrive on the TUN interface, or as if received on `interface` (tc: act_mirred; not_supported
  /// where tc or the kernel lacks it).
  [[nodiscard]] Result<void> inject(base::Bytes packet, const std::string& interface = {});

 private:
  struct ContextEnd {
    void operator()(nft_ctx* context) const;
  };
  using Context = std::unique_ptr<nft_ctx, ContextEnd>;
  static constexpr std::chrono::milliseconds kStep{5};

  SyntheticRig(Host& host, Tun tun, Context context)
      : host_(&host), tun_(std::move(tun)), context_(std::move(context)) {}
  [[nodiscard]] Result<void> make_table();
  static void pause();
  [[nodiscard]] Result<void> aim(const std::string& interface);

  Host* host_;
  Tun tun_;
  Context context_;
  TableGuard guard_;
  std::string table_;
  std::string aimed_;  ///< interface that arrivals are redirected to; empty: none
  bool clsact_ = false;
  std::uint32_t seed_ = 0;
  Token token_ = 0;
};

/// One step of a traced packet through nftables (NFNLGRP_NFTRACE).
struct TraceStep {
  std::uint32_t id = 0;  ///< the same for all steps of a packet
  std::string family;    ///< of the table
  std::string table;
  std::string chain;
  std::uint64_t rule = 0;  ///< handle; 0: the chain's policy
  bool dropped = false;    ///< the verdict of this step is drop (reject included)
};

/// Hears of packets for which a rule set `meta nftrace set 1`, from open() on.
class PacketTrace {
 public:
  [[nodiscard]] static Result<PacketTrace> open();
  /// Appends what has come to `steps`; never blocks.
  [[nodiscard]] Result<void> read(std::vector<TraceStep>& steps);

 private:
  explicit PacketTrace(Netlink netlink) : netlink_(std::move(netlink)) {}
  Netlink netlink_;
};

/// Makes a conntrack entry that carries the kernel helper `helper`, without any packet: the control of a proof.
[[nodiscard]] Result<void> add_helped_flow(const FiveTuple& tuple, const std::string& helper, std::uint32_t seconds);

}  // namespace viaduct::os
