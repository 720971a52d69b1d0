// SPDX-License-Identifier: GPL-2.0-or-later
#include "os/kernel_alg_proof.hpp"

#include "os/links.hpp"
#include "os/synthetic.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <map>
#include <optional>
#include <random>
#include <thread>
#include <utility>

namespace viaduct::os {
namespace {

constexpr std::uint8_t kTcp = 6;
constexpr std::uint8_t kUdp = 17;
constexpr std::size_t kMostOldFlows = 8;
constexpr std::size_t kMostInterfaces = 32;
constexpr std::chrono::milliseconds kPatience{300};

using Counters = std::map<std::string, std::uint64_t>;

/// A probe with the packet's token.
struct Shot {
  AlgProbe probe;
  Token token = 0;
};

// Named by token: counters of an earlier probe in the same table keep their counts.
std::string seen_counter(const Shot& shot) {
  return "seen" + std::to_string(shot.token);
}
std::string helped_counter(const Shot& shot) {
  return "helped" + std::to_string(shot.token);
}

/// Invalid packets have no flow and could not show a helper: they do not count as seen.
std::string rules_for(const Shot& shot) {
  std::string chain = shot.probe.path == "output" ? "out" : "pre";
  std::string match = token_match(shot.probe.tuple.protocol, shot.token);
  std::string text = "add counter @T " + seen_counter(shot) + "\nadd counter @T " + helped_counter(shot) + "\n";
  // IPS_HELPER: a rule gave this flow a helper. (`ct helper` would ask for the helper of a related flow's master.)
  text += "add rule @T " + chain + " " + match + " ct status & 0x2000 == 0x2000 counter name " + helped_counter(shot) +
          "\n";
  text += "add rule @T " + chain + " " + match + " ct state != invalid counter name " + seen_counter(shot) + "\n";
  return text + "add rule @T " + chain + " " + match + " drop\n";
}

std::uint16_t fresh_port() {
  static std::random_device random;
  return static_cast<std::uint16_t>(20000 + random() % 40000);
}

net::Prefix prefix_of(const InterfaceAddress& address) {
  return {address.address, address.prefix_length};
}

std::size_t octets_of(const net::Endpoint& to, sockaddr_storage& out) {
  if (to.address.family == net::Family::ipv4) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(to.port);
    std::memcpy(&address.sin_addr, to.address.octets.data(), 4);
    std::memcpy(&out, &address, sizeof address);
    return sizeof address;
  }
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_port = htons(to.port);
  std::memcpy(&address.sin6_addr, to.address.octets.data(), 16);
  std::memcpy(&out, &address, sizeof address);
  return sizeof address;
}

/// Sends from a socket of this box. The answer EPERM is what our own drop gives.
Result<void> send_from_here(const FiveTuple& tuple, base::Bytes payload) {
  int family = tuple.source.address.family == net::Family::ipv4 ? AF_INET : AF_INET6;
  Fd socket(::socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!socket.valid()) return fail_errno("open a UDP socket", errno);
  sockaddr_storage address{};
  std::size_t length = octets_of(tuple.source, address);
  if (::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), static_cast<socklen_t>(length)) != 0)
    return fail_errno("bind " + tuple.source.to_text(), errno);
  length = octets_of(tuple.destination, address);
  ssize_t sent = ::sendto(socket.get(), payload.data(), payload.size(), 0, reinterpret_cast<sockaddr*>(&address),
                          static_cast<socklen_t>(length));
  if (sent < 0 && errno != EPERM) return fail_errno("send to " + tuple.destination.to_text(), errno);
  return {};
}

/// A new IPv6 address can be used a moment later: duplicate detection, which this interface has none of, ends in a
/// worker of the kernel.
void await_address(const net::Address& address) {
  for (std::chrono::milliseconds waited{0}; waited < kPatience; waited += std::chrono::milliseconds(2)) {
    Result<std::vector<InterfaceAddress>> all = list_addresses();
    if (!all || std::any_of(all->begin(), all->end(),
                            [&address](const InterfaceAddress& own) { return own.address == address && own.usable; }))
      return;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
}

}  // namespace

struct AlgProver::State {
  State(Host& of_host, Conntrack& of_conntrack, SyntheticRig of_rig)
      : host(of_host), conntrack(of_conntrack), rig(std::move(of_rig)) {}
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    if (!control) return;
    // Usually gone already: detaching deletes it with the others.
    [[maybe_unused]] const Result<void> gone = conntrack.remove(*control);
  }

  Result<void> set_up();
  void plan_fresh(const std::vector<std::uint16_t>& ports);
  void plan_interfaces(std::uint16_t port);
  void plan_old(const std::vector<Connection>& flows);
  void add(const FiveTuple& tuple, const std::string& path, bool old) {
    shots.push_back({{tuple, path, old, false, false, {}}, rig.next_token()});
  }
  Result<void> fire();
  Result<AlgProof> judge();
  std::string interface_for(const net::Address& source) const;

  Host& host;
  Conntrack& conntrack;
  SyntheticRig rig;
  std::optional<Connection> control;
  std::vector<net::Family> families;
  std::vector<Interface> interfaces;
  std::vector<InterfaceAddress> addresses;
  std::vector<Shot> shots;
};

/// Addresses of the TUN interface: .1 is ours, .2 stands for a phone behind it, .3 for a platform.
Result<void> AlgProver::State::set_up() {
  if (Result<std::vector<Interface>> all = list_interfaces(); all) interfaces = std::move(*all);
  if (Result<std::vector<InterfaceAddress>> all = list_addresses(); all) addresses = std::move(*all);
  for (net::Family family : {net::Family::ipv4, net::Family::ipv6}) {
    std::uint8_t length = family == net::Family::ipv4 ? 30 : 126;
    Result<void> added = rig.add_address({benchmark_address(family, rig.seed(), 1), length});
    // A box without IPv6 has no IPv6 ALG either.
    if (added) families.push_back(family);
    if (added && family == net::Family::ipv6) await_address(benchmark_address(family, rig.seed(), 1));
    if (!added && family == net::Family::ipv4) return added;
  }
  return rig.nft(
      "add chain @T pre { type filter hook prerouting priority 300; policy accept; }\n"
      "add chain @T out { type filter hook output priority 300; policy accept; }\n");
}

void AlgProver::State::plan_fresh(const std::vector<std::uint16_t>& ports) {
  for (net::Family family : families)
    for (std::uint16_t port : ports) {
      net::Address phone = benchmark_address(family, rig.seed(), 2);
      net::Address platform = benchmark_address(family, rig.seed() + 1, 3);
      for (std::uint8_t protocol : {kUdp, kTcp}) add({{phone, fresh_port()}, {platform, port}, protocol}, "tun", false);
      add({{benchmark_address(family, rig.seed(), 1), fresh_port()}, {phone, port}, kUdp}, "output", false);
    }
}

/// Rules are often bound to an interface: lets a packet arrive on each, with a source address of its subnet (reverse
/// path filters). Ports of bridges and bonds are left out: their packets are the bridge's.
void AlgProver::State::plan_interfaces(std::uint16_t port) {
  std::size_t planned = 0;
  for (const Interface& interface : interfaces) {
    if (!interface.up || interface.loopback || interface.bridge != 0 || interface.name == rig.device()) continue;
    if (++planned > kMostInterfaces) return;
    for (net::Family family : families) {
      net::Address source;
      for (const InterfaceAddress& own : addresses)
        if (own.interface == interface.index && own.address.family == family && is_routed(own))
          source = neighbour_of(own);
      if (!source.present()) continue;
      net::Address platform = benchmark_address(family, rig.seed() + 1, 3);
      add({{source, fresh_port()}, {platform, port}, kUdp}, interface.name, false);
    }
  }
}

std::string AlgProver::State::interface_for(const net::Address& source) const {
  for (const InterfaceAddress& own : addresses)
    if (own.address.family == source.family && prefix_of(own).contains(source))
      for (const Interface& interface : interfaces)
        if (interface.index == own.interface && interface.bridge == 0 && !interface.loopback) return interface.name;
  return "tun";
}

void AlgProver::State::plan_old(const std::vector<Connection>& flows) {
  std::size_t planned = 0;
  for (const Connection& flow : flows) {
    bool known = flow.original.protocol == kUdp || flow.original.protocol == kTcp;
    bool is_control = control && control->original == flow.original;
    if (!known || is_control || ++planned > kMostOldFlows) continue;
    add(flow.original, interface_for(flow.original.source.address), true);
  }
  if (control) add(control->original, "tun", true);
}

Result<void> AlgProver::State::fire() {
  std::string script = "flush table @T\n";
  for (const Shot& shot : shots) script += rules_for(shot);
  if (Result<void> made = rig.nft(script); !made) return made;
  for (Shot& shot : shots) {
    std::string packet = synthetic_packet(shot.probe.tuple, shot.token);
    Result<void> sent;
    if (shot.probe.path == "output") {
      std::size_t header = shot.probe.tuple.source.address.family == net::Family::ipv4 ? 28 : 48;
      sent = send_from_here(shot.probe.tuple, base::Bytes(packet).substr(header));
    } else {
      sent = rig.inject(packet, shot.probe.path == "tun" ? std::string() : shot.probe.path);
    }
    if (!sent) shot.probe.note = sent.error().to_text();
  }
  return {};
}

Result<AlgProof> AlgProver::State::judge() {
  std::vector<Shot>& all = shots;
  Result<Counters> counted = rig.wait_for(
      [&all](const Counters& now) {
        for (const Shot& shot : all) {
          Counters::const_iterator found = now.find(seen_counter(shot));
          if (shot.probe.note.empty() && (found == now.end() || found->second == 0)) return false;
        }
        return true;
      },
      kPatience);
  if (!counted) return std::unexpected(counted.error());
  AlgProof proof;
  for (Shot& shot : shots) {
    AlgProbe& probe = shot.probe;
    probe.seen = (*counted)[seen_counter(shot)] > 0;
    probe.helper = (*counted)[helped_counter(shot)] > 0;
    if (!probe.seen && probe.note.empty()) probe.note = "dropped before the place of proof (reverse path filter?)";
    proof.seen += probe.seen ? 1 : 0;
    proof.helped += probe.helper ? 1 : 0;
    proof.probes.push_back(probe);
  }
  return proof;
}

AlgProver::AlgProver(std::unique_ptr<State> state) : state_(std::move(state)) {}
AlgProver::AlgProver(AlgProver&& other) noexcept = default;
AlgProver& AlgProver::operator=(AlgProver&& other) noexcept = default;
AlgProver::~AlgProver() = default;

Result<AlgProver> AlgProver::open(Host& host, Conntrack& conntrack) {
  Result<SyntheticRig> rig = SyntheticRig::open(host);
  if (!rig) return std::unexpected(rig.error());
  std::unique_ptr<State> state = std::make_unique<State>(host, conntrack, std::move(*rig));
  if (Result<void> ready = state->set_up(); !ready) return std::unexpected(ready.error());
  return AlgProver(std::move(state));
}

Result<Connection> AlgProver::add_control(const std::string& helper) {
  net::Address phone = benchmark_address(net::Family::ipv4, state_->rig.seed(), 2);
  net::Address platform = benchmark_address(net::Family::ipv4, state_->rig.seed() + 1, 3);
  FiveTuple tuple{{phone, fresh_port()}, {platform, 5060}, kUdp};
  constexpr std::uint32_t kSeconds = 60;  // should we be killed, it goes by itself
  if (Result<void> made = add_helped_flow(tuple, helper, kSeconds); !made) return std::unexpected(made.error());
  ConnectionFilter filter;
  filter.original_source = phone;
  filter.only_with_helper = true;
  Result<std::vector<Connection>> entries = state_->conntrack.dump(filter);
  if (!entries) return std::unexpected(entries.error());
  if (entries->size() != 1 || entries->front().original != tuple)
    return fail(Problem::not_supported, "make a control flow with helper " + helper);
  state_->control = entries->front();
  return *state_->control;
}

Result<AlgProof> AlgProver::probe(const AlgProofRequest& request) {
  state_->shots.clear();
  std::vector<std::uint16_t> ports = request.ports;
  std::sort(ports.begin(), ports.end());
  ports.erase(std::unique(ports.begin(), ports.end()), ports.end());
  state_->plan_fresh(ports);
  for (std::uint16_t port : ports) state_->plan_interfaces(port);
  state_->plan_old(request.old_flows);
  if (Result<void> fired = state_->fire(); !fired) return std::unexpected(fired.error());
  return state_->judge();
}

bool AlgProof::clean(bool old_wanted) const {
  bool fresh = false;
  bool old = false;
  for (const AlgProbe& probe : probes) {
    if (probe.helper) return false;
    if (!probe.seen || probe.path == "output") continue;
    (probe.old ? old : fresh) = true;
  }
  return fresh && (old || !old_wanted);
}

}  // namespace viaduct::os
