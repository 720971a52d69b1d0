// SPDX-License-Identifier: GPL-2.0-or-later
#include "box/run.hpp"

#include "os/clock.hpp"
#include "os/poller.hpp"

#include <nlohmann/json.hpp>

#include <signal.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

namespace viaduct::app::box {
namespace {

enum Token : std::uint64_t { inside, outside, signals };

/// The box between its two ports.
class Runner {
 public:
  Runner(Setup setup, std::unique_ptr<Port> inside, std::unique_ptr<Port> outside, os::Poller poller,
         os::Signals signals)
      : box_(setup.settings, std::move(setup.behaviours)),
        inside_(std::move(inside)),
        outside_(std::move(outside)),
        poller_(std::move(poller)),
        signals_(std::move(signals)) {}

  [[nodiscard]] os::Result<RunSummary> run(std::optional<base::Duration> duration) {
    const base::Instant begin = os::monotonic_now();
    const std::optional<base::Instant> end = duration ? std::optional(begin + *duration) : std::nullopt;
    for (base::Instant now = begin; !stopped_ && (!end || now < *end); now = os::monotonic_now()) {
      if (const os::Result<void> done = step(now, end); !done) return std::unexpected(done.error());
    }
    const auto seconds = std::chrono::duration<double>(os::monotonic_now() - begin).count();
    faults::BoxCounters counters = box_.counters();
    counters.dropped += inside_->refused() + outside_->refused();
    return RunSummary{counters, box_.nat().size(), box_.nat().forgotten_contacts(), seconds};
  }

 private:
  [[nodiscard]] os::Result<void> step(base::Instant now, std::optional<base::Instant> end) {
    std::optional<base::Instant> until = box_.next_time();
    if (end && (!until || *end < *until)) until = end;
    std::array<os::Ready, 4> ready;
    const std::optional<base::Duration> limit =
        until ? std::optional(std::max(*until - now, base::Duration{})) : std::nullopt;
    const os::Result<std::size_t> count = poller_.wait(ready, limit);
    if (!count) return std::unexpected(count.error());
    for (const os::Ready& one : std::span(ready).first(*count)) {
      if (one.token == Token::signals) {
        stopped_ = signals_.next().has_value();
        continue;
      }
      const faults::Side from = one.token == Token::inside ? faults::Side::inside : faults::Side::outside;
      Port& port = one.token == Token::inside ? *inside_ : *outside_;
      const base::Instant at = os::monotonic_now();
      const os::Result<void> read = port.receive(at, [&](base::Bytes packet) { box_.receive(from, packet, at); });
      if (!read) return read;
    }
    send();
    return {};
  }

  void send() {
    const base::Instant now = os::monotonic_now();
    for (std::optional<faults::Departure> leaving = box_.next(now); leaving; leaving = box_.next(now))
      (leaving->to == faults::Side::inside ? *inside_ : *outside_).send(leaving->octets, now);
    inside_->flush();
    outside_->flush();
  }

  faults::Box box_;
  std::unique_ptr<Port> inside_;
  std::unique_ptr<Port> outside_;
  os::Poller poller_;
  os::Signals signals_;
  bool stopped_ = false;
};

std::string ready_line(const Setup& setup, const Port& inside, const Port& outside) {
  std::string text = "ready: " + setup.settings.inside.to_text() + " on " + inside.description() + ", ";
  for (const net::Address& address : setup.settings.nat.outer) text += address.to_text() + " ";
  text += "on " + outside.description() + "; ";
  if (setup.names.empty()) return text + "a clean NAT\n";
  for (std::size_t i = 0; i < setup.names.size(); ++i) text += (i == 0 ? "" : ", ") + setup.names[i];
  return text + "\n";
}

}  // namespace

os::Result<RunSummary> run_box(Setup setup) {
  os::Result<os::Poller> poller = os::Poller::open();
  if (!poller) return std::unexpected(poller.error());
  os::Result<os::Signals> signals = os::Signals::open({SIGINT, SIGTERM});
  if (!signals) return std::unexpected(signals.error());
  os::Result<std::unique_ptr<Port>> inside = open_port(setup.inside);
  if (!inside) return std::unexpected(inside.error());
  os::Result<std::unique_ptr<Port>> outside = open_port(setup.outside);
  if (!outside) return std::unexpected(outside.error());
  for (const auto& [fd, token] :
       {std::pair((*inside)->fd(), Token::inside), std::pair((*outside)->fd(), Token::outside),
        std::pair(signals->fd(), Token::signals)})
    if (const os::Result<void> added = poller->add(fd, token); !added) return std::unexpected(added.error());
  setup.settings.mtu = std::min({setup.settings.mtu, (*inside)->mtu(), (*outside)->mtu()});
  const std::optional<base::Duration> duration = setup.duration;
  std::fputs(ready_line(setup, **inside, **outside).c_str(), stdout);
  (void)std::fflush(stdout);
  Runner runner(std::move(setup), std::move(*inside), std::move(*outside), std::move(*poller), std::move(*signals));
  return runner.run(duration);
}

std::string to_text(const RunSummary& summary) {
  const faults::BoxCounters& c = summary.counters;
  std::array<char, 512> text{};
  (void)std::snprintf(text.data(), text.size(),
                      "%.1f s, %zu mappings at the end, %llu contacts forgotten for want of room\n"
                      "packets   %llu out, %llu in, %llu hairpinned, %llu filtered, %llu dropped, %llu unreadable\n"
                      "messages  %llu read, %llu changed\n",
                      summary.seconds, summary.mappings, static_cast<unsigned long long>(summary.forgotten_contacts),
                      static_cast<unsigned long long>(c.outbound), static_cast<unsigned long long>(c.inbound),
                      static_cast<unsigned long long>(c.hairpinned), static_cast<unsigned long long>(c.filtered),
                      static_cast<unsigned long long>(c.dropped), static_cast<unsigned long long>(c.unreadable),
                      static_cast<unsigned long long>(c.messages), static_cast<unsigned long long>(c.changed));
  return text.data();
}

std::string to_json(const RunSummary& summary) {
  const faults::BoxCounters& c = summary.counters;
  const nlohmann::ordered_json document = {{"schema", "viaduct-faults-run-1"},
                                           {"seconds", summary.seconds},
                                           {"mappings", summary.mappings},
                                           {"forgotten_contacts", summary.forgotten_contacts},
                                           {"packets",
                                            {{"outbound", c.outbound},
                                             {"inbound", c.inbound},
                                             {"hairpinned", c.hairpinned},
                                             {"filtered", c.filtered},
                                             {"dropped", c.dropped},
                                             {"unreadable", c.unreadable}}},
                                           {"messages", {{"read", c.messages}, {"changed", c.changed}}}};
  return document.dump(2) + "\n";
}

}  // namespace viaduct::app::box
