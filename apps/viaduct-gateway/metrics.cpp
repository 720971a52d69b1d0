// SPDX-License-Identifier: GPL-2.0-or-later
#include "viaduct-gateway/report.hpp"
#include "viaduct-gateway/state_counts.hpp"

namespace viaduct::gateway {
namespace {

/// Label values and help texts: backslash, quote and line feed are escaped in the exposition format.
std::string escaped(base::Bytes text) {
  std::string out;
  for (char c : text) {
    if (c == '\\' || c == '"') out += '\\';
    out += c == '\n' ? "\\n" : std::string(1, c);
  }
  return out;
}

class Exposition {
 public:
  void family(base::Bytes name, const char* type, base::Bytes meaning) {
    name_ = "viaduct_gateway_" + std::string(name);
    text_ += "# HELP " + name_ + " " + std::string(meaning) + "\n# TYPE " + name_ + " " + type + "\n";
  }
  void sample(std::uint64_t value, const std::string& labels = {}) {
    text_ += name_ + (labels.empty() ? "" : "{" + labels + "}") + " " + std::to_string(value) + "\n";
  }
  void gauge(base::Bytes name, base::Bytes meaning, std::uint64_t value) {
    family(name, "gauge", meaning);
    sample(value);
  }
  [[nodiscard]] std::string text() const { return text_; }

 private:
  std::string name_;
  std::string text_;
};

std::string label(const char* name, base::Bytes value) {
  return std::string(name) + "=\"" + escaped(value) + "\"";
}

}  // namespace

std::vector<Gauge> count_state(const alg::State& state) {
  std::uint64_t early = 0, confirmed = 0, ending = 0, registrations = 0, subscriptions = 0, transactions = 0;
  state.for_each([&](const alg::Association& association) {
    switch (association.kind) {
      case alg::AssociationKind::call:
        ++(association.phase == alg::Phase::early       ? early
           : association.phase == alg::Phase::confirmed ? confirmed
                                                        : ending);
        break;
      case alg::AssociationKind::registration:
        ++registrations;
        break;
      case alg::AssociationKind::subscription:
        ++subscriptions;
        break;
      case alg::AssociationKind::transaction:
        ++transactions;
        break;
    }
  });
  std::uint64_t signalling = 0, media = 0, watched = 0, learnt = 0;
  state.mappings().for_each([&](const alg::Mapping& mapping) {
    ++(mapping.kind == alg::MappingKind::signalling ? signalling
       : mapping.kind == alg::MappingKind::media    ? media
                                                    : watched);
  });
  state.memory().for_each([&](const net::Address&, alg::Aspect, const alg::MemoryEntry&) { ++learnt; });
  return {{"calls_early", early, "Calls that are not answered yet."},
          {"calls_confirmed", confirmed, "Calls that are answered."},
          {"calls_ending", ending, "Calls that have ended and keep their mappings a little longer."},
          {"registrations", registrations, "Registrations of inner phones."},
          {"subscriptions", subscriptions, "Subscriptions."},
          {"transactions", transactions, "Other requests that wait for their response."},
          {"signalling_mappings", signalling, "Mappings through which inner SIP endpoints are reached."},
          {"media_mappings", media, "Mappings and pinholes for RTP and RTCP."},
          {"watched_media", watched, "Media flows that are only marked."},
          {"memory_entries", learnt, "Entries in the memory of who handles NAT itself."}};
}

std::string metrics_text(const StatusReport& status, const ReportView& view) {
  Exposition out;
  out.family("info", "gauge", "Version and mode; always 1.");
  out.sample(1, label("version", status.version) + "," + label("mode", text(view.policy.mode)));
  out.gauge("uptime_seconds", "Time since the start.",
            static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::seconds>(status.uptime).count()));
  out.gauge("resident_bytes", "Memory of the process.", status.resident);
  out.gauge("warnings", "Warnings that 'viaduct gateway status' shows.", status.warnings.size());
  out.family("wan_global", "gauge", "1 if the WAN address can be reached from the Internet.");
  for (const WanReport& wan : status.wans)
    out.sample(wan.address.is_global() ? 1 : 0,
               label("interface", wan.interface) + "," + label("address", wan.address.to_text()));
  if (status.queue) {
    out.gauge("queue_waiting", "SIP packets that wait for their verdict.", status.queue->waiting);
    out.family("queue_passed_unread_total", "counter", "SIP packets that the kernel passed on its own (fail-open).");
    out.sample(status.queue->passed_unread);
  }
  for (const Gauge& gauge : count_state(view.state)) out.gauge(gauge.name, gauge.meaning, gauge.value);
  for (const Counter& counter : status.counters) {
    out.family(std::string(counter.name) + "_total", "counter", counter.meaning);
    out.sample(counter.value);
  }
  return out.text();
}

}  // namespace viaduct::gateway
