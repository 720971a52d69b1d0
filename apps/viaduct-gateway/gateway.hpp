// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "alg/state.hpp"
#include "os/conntrack.hpp"
#include "os/links.hpp"
#include "os/nfqueue.hpp"
#include "os/poller.hpp"
#include "os/unix_socket.hpp"
#include "viaduct-gateway/config.hpp"
#include "viaduct-gateway/control.hpp"
#include "viaduct-gateway/counters.hpp"
#include "viaduct-gateway/journal_file.hpp"
#include "viaduct-gateway/kernel_table.hpp"
#include "viaduct-gateway/packet_path.hpp"
#include "viaduct-gateway/passed.hpp"
#include "viaduct-gateway/port_use.hpp"
#include "viaduct-gateway/report.hpp"
#include "viaduct-gateway/unread.hpp"
#include "viaduct-gateway/wan_links.hpp"
#include "viaduct-gateway/watchdog.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace viaduct::gateway {

/// The daemon: what is started in which order, and what is done between packets.
class Gateway : public ControlSource {
 public:
  Gateway(GatewayConfig config, std::string config_path);
  ~Gateway() override;

  /// Brings everything up; the first failure ends it with what to do about it.
  [[nodiscard]] os::Result<void> start();
  /// Runs until SIGTERM or SIGINT.
  [[nodiscard]] os::Result<void> run();
  /// Takes every rule away; media of live calls goes on over its conntrack entries.
  void stop();

  // What the control socket asks for.
  [[nodiscard]] StatusReport status() const override;
  [[nodiscard]] ReportView view() const override;
  [[nodiscard]] ReloadReport reload() override;
  [[nodiscard]] bool set_handles(const net::Address& party, alg::Aspect aspect, bool handles) override;
  [[nodiscard]] bool forget(const net::Address& party) override;

 private:
  os::Result<void> open_state();
  os::Result<void> open_kernel();
  os::Result<void> open_queue();
  os::Result<void> open_loop();
  void name_wans();
  void warn_of_lost_wans();
  /// Sends SIP to the queue, with a new rule.
  os::Result<void> start_queue();
  /// Counts what passed unread so far. False: the queue rule is gone.
  bool observe_queue(UnreadCount& unread) const;
  [[nodiscard]] bool repair();
  void adopt_wans();
  void apply_now(const std::vector<alg::Change>& changes);
  void on_links();
  bool on_signals();
  void on_timer();
  void expire(base::Instant now);
  void check_table(base::Instant now);
  void drop_flows_of(const net::Address& outer);
  void warn(const std::string& text);
  void publish(alg::AssociationId id, const alg::Event& event);

  GatewayConfig config_;
  std::string config_path_;
  base::Instant started_;
  std::optional<os::SingletonLock> lock_;
  std::optional<Watchdog> watchdog_;
  std::optional<KernelTable> kernel_;
  std::optional<os::Conntrack> conntrack_;
  std::optional<os::Nfqueue> queue_;
  std::optional<os::LinkMonitor> monitor_;
  std::optional<os::Poller> poller_;
  std::optional<os::Timer> timer_;
  std::optional<os::Signals> signals_;
  WanLinks wans_;
  std::vector<std::string> wan_names_;
  alg::State state_;
  JournalFile journal_;
  Counters counters_;
  PassedRing passed_;
  UnreadCount unread_;
  std::optional<PacketPath> path_;
  std::optional<ControlServer> control_;
  PortUse ports_;
  base::Instant table_due_;
  std::vector<std::string> warnings_;
};

}  // namespace viaduct::gateway
