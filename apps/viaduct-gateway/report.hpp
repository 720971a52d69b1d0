// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "alg/state.hpp"
#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "net/address.hpp"
#include "os/clock.hpp"
#include "viaduct-gateway/passed.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace viaduct::gateway {

// What the gateway tells over its control socket: functions from its state to JSON documents, described by
// docs/schema/gateway-*.json. Every text that came from a message is masked (mask.hpp) and made valid UTF-8.

/// A number that only grows, since the start.
struct Counter {
  base::Bytes name;  ///< snake_case with its unit: "messages_read"
  std::uint64_t value = 0;
  base::Bytes meaning;  ///< one line, for metrics
};

struct WanReport {
  std::string interface;
  net::Address address;  ///< absent while it has none
  std::size_t mtu = 0;   ///< octets
};

struct QueueReport {
  std::uint16_t number = 0;
  std::uint32_t length = 0;
  std::uint32_t waiting = 0;
  std::uint64_t passed_unread = 0;  ///< by fail-open: queue or socket was full
};

struct QosReport {
  std::uint64_t rate = 0;  ///< bit/s
  std::vector<std::string> interfaces;
};

/// What only the daemon's loop knows; the rest of `status` is counted from the state.
struct StatusReport {
  std::string version;
  std::int64_t process = 0;  ///< pid
  base::Duration uptime{};
  std::string config_path;
  std::vector<WanReport> wans;       ///< index is the alg::WanId
  std::optional<QueueReport> queue;  ///< none in mode off
  std::optional<QosReport> qos;
  std::uint64_t resident = 0;  ///< octets of memory
  std::vector<Counter> counters;
  std::vector<std::string> warnings;  ///< sentences; what an operator should act on
};

/// Everything that reports look at, as it is now; borrowed for the time of one call.
struct ReportView {
  const alg::State& state;
  const alg::Policy& policy;
  const PassedRing& passed;
  base::Instant now;
  os::WallTime wall;
};

/// A part of a long list, so that no request keeps the packet loop waiting: `limit` rows behind the row `after`.
struct Page {
  static constexpr std::size_t kMost = 200;
  std::string after;  ///< "next" of the page before; empty for the first
  std::size_t limit = kMost;
};

struct ReloadReport {
  bool taken = false;
  std::string problem;                     ///< why not, or what did not follow: lines for a person
  std::vector<std::string> needs_restart;  ///< keys that changed but keep their old value until a restart
};

[[nodiscard]] std::string status_document(const StatusReport& status, const ReportView& view);
[[nodiscard]] std::string calls_document(const ReportView& view, const Page& page);
[[nodiscard]] std::string registrations_document(const ReportView& view, const Page& page);
/// Every association whose Call-ID or address of record is `name`, and what passed under that name without one;
/// empty lists when there is nothing.
[[nodiscard]] std::string why_document(const ReportView& view, base::Bytes name);
/// Whatever passed lately and belongs to nothing that is followed.
[[nodiscard]] std::string recent_document(const ReportView& view, const Page& page);
[[nodiscard]] std::string memory_document(const ReportView& view, const Page& page);
[[nodiscard]] std::string reload_document(const ReloadReport& report);
/// {"metrics": exposition text}.
[[nodiscard]] std::string metrics_document(const StatusReport& status, const ReportView& view);
/// One event of `watch`, one line.
[[nodiscard]] std::string event_document(const alg::Association& about, const alg::Event& event,
                                         const ReportView& view);
/// A line of `watch` that belongs to no call. `level` as in the configuration: "warning", ...
[[nodiscard]] std::string notice_document(base::Bytes level, base::Bytes text, const ReportView& view);
/// `code` is snake_case and stable; `text` a sentence.
[[nodiscard]] std::string error_document(base::Bytes code, base::Bytes text);

/// Prometheus exposition text (version 0.0.4), for the textfile collector of node_exporter.
[[nodiscard]] std::string metrics_text(const StatusReport& status, const ReportView& view);

}  // namespace viaduct::gateway
