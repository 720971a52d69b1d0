// SPDX-License-Identifier: GPL-2.0-or-later
#include "viaduct-gateway/gateway.hpp"

#include "base/text.hpp"
#include "os/clock.hpp"
#include "os/file.hpp"
#include "os/kernel_alg.hpp"
#include "os/nft_text.hpp"
#include "viaduct-gateway/log.hpp"
#include "viaduct-gateway/ruleset.hpp"
#include "viaduct-gateway/service.hpp"
#include "viaduct-gateway/surroundings.hpp"

#include <fmt/format.h>

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <random>
#include <unordered_set>

namespace viaduct::gateway {
namespace {

using namespace std::chrono_literals;

enum Token : std::uint64_t { token_queue = 1, token_links, token_signals, token_timer, token_control };

constexpr base::Duration kTableEvery = 5s;
constexpr std::size_t kExpireAtOnce = 64;  // some 400 elements, a millisecond

std::uint64_t random_seed() {
  std::random_device device;
  return static_cast<std::uint64_t>(device()) << 32 | device();
}

/// What the process takes of the machine's memory now.
std::uint64_t resident_octets() {
  const os::Result<std::string> text = os::read_file("/proc/self/statm", 4096);
  const std::size_t second = text ? text->find(' ') : std::string::npos;
  if (second == std::string::npos) return 0;
  const base::Bytes pages = base::Bytes(*text).substr(second + 1);
  return base::parse_decimal<std::uint64_t>(pages.substr(0, pages.find(' '))).value_or(0) *
         static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace

Gateway::Gateway(GatewayConfig config, std::string config_path)
    : config_(std::move(config)),
      config_path_(std::move(config_path)),
      wans_(config_.wan_interfaces),
      state_(random_seed()),
      journal_(config_.paths.journal) {}

Gateway::~Gateway() = default;

os::Result<void> Gateway::start() {
  started_ = os::monotonic_now();
  os::Result<os::SingletonLock> lock = os::SingletonLock::take("viaduct-gateway");
  if (!lock) return std::unexpected(lock.error());
  lock_ = std::move(*lock);
  const os::Result<os::KernelAlg> kernel_alg = os::find_kernel_alg();
  if (!kernel_alg) return std::unexpected(kernel_alg.error());
  if (kernel_alg->attached()) return os::fail(os::Problem::busy, {}, os::refusal_text(*kernel_alg));
  os::Result<os::Signals> signals = os::Signals::open({SIGTERM, SIGINT, SIGHUP});
  if (!signals) return std::unexpected(signals.error());
  signals_ = std::move(*signals);
  os::Result<Watchdog> watchdog = Watchdog::start();
  if (!watchdog) return std::unexpected(watchdog.error());
  watchdog_.emplace(std::move(*watchdog));
  for (os::Result<void> (Gateway::*step)() :
       {&Gateway::open_state, &Gateway::open_loop, &Gateway::open_kernel, &Gateway::open_queue})
    if (os::Result<void> done = (this->*step)(); !done) return done;
  return {};
}

os::Result<void> Gateway::open_state() {
  os::Result<os::LinkMonitor> monitor = os::LinkMonitor::open();
  if (!monitor) return std::unexpected(monitor.error());
  monitor_ = std::move(*monitor);
  if (const os::Result<void> done = wans_.refresh(); !done) return done;
  wan_names_ = wans_.names();
  if (wan_names_.empty())
    return os::fail(os::Problem::not_found, "find the WAN",
                    "There is no default route; name its interface: [wan] interfaces = [\"...\"]");
  name_wans();
  const os::Result<JournalFile::Loaded> loaded = journal_.load(state_);
  warn_of_lost_wans();
  if (!loaded) warn(loaded.error().to_text() + " (starting without the journal)");
  if (loaded && loaded->foreign)
    return os::fail(os::Problem::invalid, "read " + config_.paths.journal + ": this is no journal of the gateway",
                    "Name another file in [paths] journal, or move this one away.");
  if (loaded && loaded->other_version)
    log(LogLevel::warning,
        "the journal is of another version of the gateway: starting without it; calls that are up are not edited");
  if (loaded && loaded->records != 0 && loaded->clock == alg::JournalClock::unreliable)
    log(LogLevel::warning,
        "the wall clock cannot be right: calls and registrations of the journal get the time that was left to them");
  if (loaded && loaded->torn) warn("the journal ended in a torn record; what came before it is in force");
  if (loaded && loaded->records != 0)
    log(LogLevel::info, fmt::format("took up {} dialogs and registrations and {} mappings from the journal",
                                    state_.size(), state_.mappings().size()));
  return {};
}

os::Result<void> Gateway::open_loop() {
  os::Result<os::Poller> poller = os::Poller::open();
  if (!poller) return std::unexpected(poller.error());
  poller_ = std::move(*poller);
  os::Result<os::Timer> timer = os::Timer::open();
  if (!timer) return std::unexpected(timer.error());
  timer_ = std::move(*timer);
  if (os::Result<void> done = timer_->repeat(500ms); !done) return done;
  for (const auto& [fd, token] :
       {std::pair{monitor_->fd(), token_links}, {signals_->fd(), token_signals}, {timer_->fd(), token_timer}})
    if (os::Result<void> done = poller_->add(fd, token); !done) return done;
  // Without systemd nobody makes /run/viaduct after a boot.
  if (const os::Result<void> made = os::make_folder_of(config_.paths.socket, 0750); !made) return made;
  os::Result<ControlServer> control = ControlServer::open(config_.paths.socket, *poller_, token_control, *this);
  if (!control) return std::unexpected(control.error());
  control_.emplace(std::move(*control));
  return {};
}

os::Result<void> Gateway::open_kernel() {
  os::Result<os::Conntrack> conntrack = os::Conntrack::open();
  if (!conntrack) return std::unexpected(conntrack.error());
  conntrack_ = std::move(*conntrack);
  os::Result<KernelTable> kernel = KernelTable::open();
  if (!kernel) return std::unexpected(kernel.error());
  kernel_ = std::move(*kernel);
  adopt_wans();
  if (os::Result<void> done = kernel_->install(config_, wan_names_, state_.kernel_view()); !done) return done;
  os::SystemHost host;
  std::vector<std::string> remarks = look_around(host, config_, wan_names_);
  const os::Result<void> shaped = build_qos_tree(host, config_, wan_names_, remarks);
  for (const std::string& remark : remarks) warn(remark);
  return shaped;
}

os::Result<void> Gateway::open_queue() {
  if (os::Result<void> done = journal_.restart(state_); !done)
    warn(done.error().to_text() + " (going on without a journal)");
  if (!reads_sip(config_.policy)) return {};
  os::NfqueueOptions options;
  options.number = config_.queue.number;
  options.length = config_.queue.length;
  os::Result<os::Nfqueue> queue = os::Nfqueue::open(options);
  if (!queue) return std::unexpected(queue.error());
  queue_ = std::move(*queue);
  path_.emplace(PacketPath::Parts{*queue_, *kernel_, *conntrack_, state_, config_.policy, wans_, journal_, counters_,
                                  passed_, [this] { return repair(); },
                                  [this](alg::AssociationId id, const alg::Event& event) { publish(id, event); }});
  if (os::Result<void> done = poller_->add(queue_->fd(), token_queue); !done) return done;
  os::SystemHost host;
  ports_.read_forwardings(host);
  ports_.refresh(state_, *conntrack_, os::monotonic_now());
  return start_queue();
}

os::Result<void> Gateway::run() {
  std::array<os::Ready, os::Poller::kMaxReady> ready;
  for (;;) {
    const os::Result<std::size_t> count = poller_->wait(ready, std::nullopt);
    if (!count) return std::unexpected(count.error());
    watchdog_->beat();
    for (std::size_t i = 0; i < *count; ++i) {
      switch (ready[i].token) {
        case token_queue:
          if (const os::Result<void> done = path_->run(); !done) return done;
          break;
        case token_links:
          on_links();
          break;
        case token_signals:
          if (!on_signals()) return {};
          break;
        case token_timer:
          on_timer();
          break;
        default:
          control_->on_ready(ready[i], os::monotonic_now());
          break;
      }
    }
  }
}

void Gateway::stop() {
  if (!kernel_) return;
  (void)kernel_->stop_queue();
  if (queue_) (void)queue_->drain();
  control_.reset();
  if (const os::Result<void> done = kernel_->remove(); !done) log(LogLevel::error, done.error().to_text());
  os::SystemHost host;
  std::vector<std::string> remarks;
  restore_qos_tree(host, config_, wan_names_, remarks);
  for (const std::string& remark : remarks) log(LogLevel::warning, remark);
  (void)journal_.flush();
  log(LogLevel::info, "stopped; no rule of ours is left, calls go on");
}

// The state knows its WANs by name before the journal speaks of them.
void Gateway::name_wans() {
  state_.wans().resize(wan_names_.size());
  for (std::size_t i = 0; i < wan_names_.size(); ++i) state_.wans()[i].interface = wan_names_[i];
}

void Gateway::warn_of_lost_wans() {
  for (std::size_t i = wan_names_.size(); i < state_.wans().size(); ++i) {
    std::size_t count = 0;
    state_.for_each([&](const alg::Association& association) { count += association.wan == i; });
    if (count != 0)
      warn(
          fmt::format("{} dialogs and registrations of the journal belong to {}, which is no WAN any more: they wait "
                      "for it until their time is over",
                      count, state_.wans()[i].interface));
  }
}

os::Result<void> Gateway::start_queue() {
  if (const os::Result<os::NfqueueKernelState> kernel = queue_->kernel_state()) unread_.restart(kernel->last_id);
  return kernel_->start_queue(config_.queue.number);
}

bool Gateway::observe_queue(UnreadCount& unread) const {
  if (!queue_) return false;
  const os::Result<os::NfqueueKernelState> kernel = queue_->kernel_state();
  const os::Result<os::QueueRule> rule = os::read_queue_rule(names::kQueueChain);
  if (kernel && rule) unread.observe(rule->packets, kernel->last_id);
  return rule.has_value();
}

// The kernel refused elements. Somebody may have flushed our table: put it up again from what we know.
bool Gateway::repair() {
  observe_queue(unread_);
  const os::Result<void> done = kernel_->install(config_, wan_names_, state_.kernel_view());
  if (done && path_) (void)start_queue();
  if (!done) warn("the kernel does not take our table: " + done.error().to_text());
  return done.has_value();
}

// Tells the state which address each WAN has now. Flows of an old address are dead: their entries go, so that
// the phones' next packets make new ones (RFC 4787 leaves this open; stale entries are failure C04).
void Gateway::adopt_wans() {
  std::vector<alg::Change> leave;
  std::vector<alg::Change> arrive;
  std::vector<net::Address> old;
  const base::Instant now = os::monotonic_now();
  for (std::size_t i = 0; i < wans_.links().size(); ++i) {
    const WanLink& link = wans_.links()[i];
    alg::Wan& wan = state_.wans()[i];
    wan.mtu = link.mtu;
    if (wan.address == link.address) continue;
    if (wan.address.present()) {
      leave.emplace_back(alg::MoveWan{static_cast<alg::WanId>(i), link.name, {}, now});
      old.push_back(wan.address);
    }
    if (link.address.present())
      arrive.emplace_back(alg::MoveWan{static_cast<alg::WanId>(i), link.name, link.address, now});
    log(LogLevel::info,
        fmt::format(
            "WAN {} has address {}{}", link.name, link.address.to_text(),
            link.address.present() && !link.address.is_global() ? " (not global: assist acts as pinhole)" : ""));
  }
  // All leave before any arrives: two WANs may have swapped their addresses, and the kernel's map knows one
  // mapping for an outer endpoint.
  leave.insert(leave.end(), arrive.begin(), arrive.end());
  if (!leave.empty()) apply_now(leave);
  for (const net::Address& address : old) {
    const bool still_ours = std::any_of(wans_.links().begin(), wans_.links().end(),
                                        [&](const WanLink& other) { return other.address == address; });
    if (!still_ours) drop_flows_of(address);
  }
}

void Gateway::apply_now(const std::vector<alg::Change>& changes) {
  if (path_) {
    path_->apply(changes);
    path_->settle();
    return;
  }
  std::vector<alg::Effect> unused;  // the table is put up from the state as a whole
  for (const alg::Change& change : changes) state_.apply(change, unused);
}

void Gateway::drop_flows_of(const net::Address& outer) {
  os::ConnectionFilter filter;
  filter.family = outer.family;
  filter.protocol = 17;
  std::vector<os::Connection> flows;
  // A flow that began outside has the address as its destination. It too would send the phone's packets on from
  // the old address, for as long as the call lasts.
  const os::Result<void> seen = conntrack_->visit(filter, [&](const os::Connection& flow) {
    if (flow.reply.destination.address == outer || flow.original.destination.address == outer) flows.push_back(flow);
  });
  if (!seen) return;
  for (const os::Connection& flow : flows) (void)conntrack_->remove(flow);
}

void Gateway::on_links() {
  std::vector<os::LinkEvent> events;
  (void)monitor_->read(events);
  if (const os::Result<void> done = wans_.refresh(); !done) return warn(done.error().to_text());
  adopt_wans();
}

bool Gateway::on_signals() {
  while (const std::optional<int> number = signals_->next()) {
    if (*number != SIGHUP) return false;
    const ReloadReport report = reload();
    log(report.taken ? LogLevel::info : LogLevel::error, report.taken ? "configuration reloaded" : report.problem);
  }
  return true;
}

void Gateway::on_timer() {
  (void)timer_->expirations();
  notify_service_manager("WATCHDOG=1");
  const base::Instant now = os::monotonic_now();
  if (watchdog_->tripped()) {
    counters_.add(Counted::watchdog_trips);
    log(LogLevel::warning, "the daemon did not answer for a while; SIP passed untouched and is read again now");
    if (path_) (void)start_queue();
  }
  control_->tick(now);
  if (!path_) return;
  expire(now);
  if (ports_.due(now)) ports_.refresh(state_, *conntrack_, now);
  if (now >= table_due_) check_table(now);
  if (journal_.wants_restart()) (void)journal_.restart(state_);
}

void Gateway::expire(base::Instant now) {
  std::unordered_set<net::Endpoint, net::EndpointHash> live;
  if (state_.needs_traffic(now)) {
    os::ConnectionFilter filter;
    filter.protocol = 17;
    filter.mark = kMediaMark;
    filter.mark_mask = kMediaMark;
    const os::Result<void> seen = conntrack_->visit(filter, [&](const os::Connection& flow) {
      live.insert(flow.original.source);
      live.insert(flow.reply.source);
    });
    if (!seen) return;  // without an answer nobody's call is closed
  }
  const std::vector<alg::Change> over =
      state_.expire(now, [&](const alg::MappingKey& key) { return live.contains(key.inner); });
  std::vector<alg::Change> part;
  for (std::size_t i = 0; i < over.size(); ++i) {
    // Packets get their turn between the parts, and may have given a call new life.
    const auto* close = std::get_if<alg::CloseAssociation>(&over[i]);
    const alg::Association* association = close == nullptr ? nullptr : state_.find(close->id);
    if (close == nullptr || (association != nullptr && association->expires <= now)) part.push_back(over[i]);
    if (part.size() < kExpireAtOnce && i + 1 < over.size()) continue;
    path_->apply(part);
    path_->settle();
    part.clear();
    if (i + 1 < over.size()) (void)path_->run();
  }
}

// `nft flush ruleset` and firewall restarts take our table with them; without a packet nobody would notice.
void Gateway::check_table(base::Instant now) {
  table_due_ = now + kTableEvery;
  if (!reads_sip(config_.policy)) return;
  if (observe_queue(unread_)) return;
  log(LogLevel::warning, "our table was removed by somebody; it is put back");
  (void)repair();
}

void Gateway::warn(const std::string& text) {
  log(LogLevel::warning, text);
  if (std::find(warnings_.begin(), warnings_.end(), text) == warnings_.end()) warnings_.push_back(text);
  if (control_ && control_->watched()) control_->publish_notice("warning", text);
}

void Gateway::publish(alg::AssociationId id, const alg::Event& event) {
  if (!control_->watched()) return;
  if (const alg::Association* about = state_.find(id)) control_->publish(*about, event);
}

ReloadReport Gateway::reload() {
  ReloadReport report;
  std::expected<GatewayConfig, ConfigFailure> wanted = load_config(config_path_);
  if (!wanted) {
    report.problem = wanted.error().text;
    return report;
  }
  report.needs_restart = keys_needing_restart(config_, *wanted);
  if (reads_sip(config_.policy) != reads_sip(wanted->policy)) {
    report.problem =
        "a change between off and a mode that reads SIP needs a restart; the old configuration stays in force\n";
    return report;
  }
  const std::string before = ruleset_script(config_, wan_names_);
  GatewayConfig taken = *wanted;
  taken.paths = config_.paths;
  taken.queue = config_.queue;
  taken.wan_interfaces = config_.wan_interfaces;
  taken.qos.rate = config_.qos.rate;
  taken.qos.force = config_.qos.force;
  config_ = std::move(taken);
  set_log_level(config_.log_level);
  report.taken = true;
  os::SystemHost host;
  ports_.read_forwardings(host);
  if (ruleset_script(config_, wan_names_) != before && !repair())
    report.problem = "the kernel did not take the new rules";
  return report;
}

bool Gateway::set_handles(const net::Address& party, alg::Aspect aspect, bool handles) {
  if (!path_) return false;
  path_->apply({alg::LearnParty{party, aspect, {handles, alg::Learnt::operator_said, os::monotonic_now()}}});
  return state_.memory().handles(party, aspect) == handles;
}

bool Gateway::forget(const net::Address& party) {
  const bool known = state_.memory().find(party, alg::Aspect::contact) != nullptr ||
                     state_.memory().find(party, alg::Aspect::sdp) != nullptr;
  if (known && path_) path_->apply({alg::ForgetParty{party}});
  return known;
}

StatusReport Gateway::status() const {
  StatusReport report;
  report.version = VIADUCT_VERSION;
  report.process = getpid();
  report.resident = resident_octets();
  if (config_.qos.rate != 0) report.qos = QosReport{config_.qos.rate, wan_names_};
  report.uptime = os::monotonic_now() - started_;
  report.config_path = config_path_;
  for (const WanLink& link : wans_.links()) report.wans.push_back({link.name, link.address, link.mtu});
  if (queue_) {
    const os::Result<os::NfqueueKernelState> kernel = queue_->kernel_state();
    UnreadCount unread = unread_;
    (void)observe_queue(unread);
    report.queue =
        QueueReport{config_.queue.number, config_.queue.length, kernel ? kernel->waiting : 0, unread.total()};
  }
  for (std::size_t i = 0; i < kCounted; ++i)
    report.counters.push_back({kCountedTexts[i].name, counters_.at(i), kCountedTexts[i].meaning});
  report.warnings = warnings_;
  return report;
}

ReportView Gateway::view() const {
  return {state_, config_.policy, passed_, os::monotonic_now(), os::wall_now()};
}

}  // namespace viaduct::gateway
