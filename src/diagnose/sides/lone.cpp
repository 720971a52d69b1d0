// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/text.hpp"
#include "diagnose/sides/judge.hpp"
#include "diagnose/sides/written.hpp"
#include "sip/uri.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace viaduct::diagnose::sides {
namespace {

/// Two hosts, the inner one as it is called inside.
using Hosts = std::pair<net::Address, net::Address>;

/// When messages passed between two hosts, ascending, by the clock of the first side.
using Passages = std::map<Hosts, std::vector<Time>>;

/// What a message has that boxes are known to stumble over.
enum class Stumble : std::uint8_t { fragments, low_port, name_in_sdp, scheme, long_line, spelling, method, last };

[[nodiscard]] bool has_long_line(Bytes octets) {
  constexpr std::size_t kLong = 255;
  while (!octets.empty()) {
    const std::size_t end = octets.find('\n');
    if (std::min(end, octets.size()) > kLong) return true;
    if (end == Bytes::npos) break;
    octets.remove_prefix(end + 1);
  }
  return false;
}

[[nodiscard]] bool is_odd_spelling(const sip::Message& message) {
  return std::any_of(message.headers().begin(), message.headers().end(), [&](const sip::Header& header) {
    const Bytes usual = sip::header_name(header.id);
    return header.folded || (!usual.empty() && message.text(header.name()) != usual);
  });
}

[[nodiscard]] bool is_common(sip::Method method) {
  using sip::Method;
  return method == Method::invite || method == Method::ack || method == Method::bye || method == Method::cancel ||
         method == Method::register_ || method == Method::options;
}

[[nodiscard]] bool names_host_in_sdp(Bytes octets) {
  for (std::size_t at = octets.find("\nc=IN IP"); at != Bytes::npos; at = octets.find("\nc=IN IP", at + 1)) {
    const Bytes rest = octets.substr(at + 10, octets.find_first_of("\r\n", at + 10) - at - 10);
    if (!net::parse_ipv4(base::trim(rest))) return true;
  }
  return false;
}

[[nodiscard]] bool stumbles(const SeenMessage& seen, Stumble stumble) {
  const sip::Result<sip::Message> message = sip::parse(seen.octets);
  if (!message) return false;
  switch (stumble) {
    case Stumble::fragments:
      return seen.carriage.fragments > 1;
    case Stumble::low_port:
      for (const Written& one : written_in(seen.octets))
        if (one.field.is_sdp('m') && one.endpoint.port != 0 && one.endpoint.port < 1024) return true;
      return false;
    case Stumble::name_in_sdp:
      return names_host_in_sdp(seen.octets);
    case Stumble::scheme: {
      const sip::Result<sip::Uri> uri = sip::parse_uri(seen.octets, message->request_uri());
      return seen.is_request() && uri && uri->scheme != sip::Scheme::sip;
    }
    case Stumble::long_line:
      return has_long_line(seen.octets);
    case Stumble::spelling:
      return is_odd_spelling(*message);
    case Stumble::method:
      return seen.is_request() && !is_common(seen.method);
    case Stumble::last:
      break;
  }
  return false;
}

[[nodiscard]] Bytes id_of(Stumble stumble) {
  switch (stumble) {
    case Stumble::fragments:
      return "D01";
    case Stumble::low_port:
      return "B12";
    case Stumble::name_in_sdp:
      return "B13";
    case Stumble::scheme:
      return "A23";
    case Stumble::long_line:
      return "A20";
    case Stumble::spelling:
      return "A21";
    case Stumble::method:
      return "A19";
    case Stumble::last:
      break;
  }
  return {};
}

class Finder {
 public:
  explicit Finder(Comparison& comparison) : comparison_(comparison) {}

  void run() {
    learn();
    gather(Side::first, comparison_.alignment.only_first);
    gather(Side::second, comparison_.alignment.only_second);
    for (LoneMessage& lone : comparison_.lone) lone.behaviour = behaviour(lone);
    const auto time = [this](const LoneMessage& lone) {
      return std::tuple(comparison_.time_of(lone.side, comparison_.message(lone).time), lone.side, lone.index);
    };
    std::sort(comparison_.lone.begin(), comparison_.lone.end(),
              [&](const LoneMessage& a, const LoneMessage& b) { return time(a) < time(b); });
  }

 private:
  struct Copies {
    LoneMessage lone;
    Time first{};
    Time last{};
  };

  void learn() {
    for (const MessagePair& pair : comparison_.alignment.pairs) {
      const SeenMessage& first = comparison_.first(pair);
      const SeenMessage& second = comparison_.second(pair);
      for (const Side side : {Side::first, Side::second}) {
        const SeenMessage& seen = side == Side::first ? first : second;
        std::vector<Time>& times = passages_[static_cast<std::size_t>(side)][hosts_of(seen)];
        times.push_back(first.time);
      }
      passed_[static_cast<std::size_t>(Side::first)].insert(first.key);
      passed_[static_cast<std::size_t>(Side::second)].insert(second.key);
      for (std::size_t i = 0; i < static_cast<std::size_t>(Stumble::last); ++i)
        if (!tolerated_[i]) tolerated_[i] = stumbles(comparison_.before(pair), static_cast<Stumble>(i));
    }
  }

  [[nodiscard]] static Hosts hosts_of(const SeenMessage& seen) {
    return std::minmax(seen.source.address, seen.destination.address);
  }

  /// Where a host lives, by the messages that came from it and passed.
  [[nodiscard]] std::optional<Side> home(Side seen_on, const net::Address& address) const {
    const MappingTable& mappings = comparison_.mappings;
    if (comparison_.inner_known && !mappings.empty()) {
      if (seen_on == comparison_.inner)
        return mappings.is_inner(address) ? comparison_.inner : other(comparison_.inner);
      return mappings.is_outer(address) ? comparison_.inner : other(comparison_.inner);
    }
    const auto known = homes_.find(address);
    return known == homes_.end() ? std::nullopt : std::optional(known->second);
  }

  void gather(Side side, const std::vector<std::uint32_t>& indices) {
    if (homes_.empty())
      for (const MessagePair& pair : comparison_.alignment.pairs)
        if (pair.way_known) homes_.emplace(comparison_.before(pair).source.address, pair.from);
    std::map<std::pair<std::uint64_t, Hosts>, Copies> copies;
    for (const std::uint32_t index : indices) {
      const SeenMessage& seen = comparison_.log(side).messages.all()[index];
      if (!is_crossing(side, seen)) continue;
      const bool covered = is_covered(side, seen);
      const Time time = comparison_.time_of(side, seen.time);
      Copies& known = copies[{seen.key, hosts_of(seen)}];
      if (known.first == Time{} && known.last == Time{}) {
        known.lone = {side, index};
        known.lone.copies = 0;
        known.first = time;
      }
      known.last = std::max(known.last, time);
      ++known.lone.copies;
      known.lone.covered += covered ? 1U : 0U;
    }
    for (auto& [key, known] : copies)
      if (!passed_[static_cast<std::size_t>(side)].contains(key.first)) judge(known, key.second);
  }

  /// Whether both captures ran, and other messages between these hosts passed.
  [[nodiscard]] bool is_crossing(Side side, const SeenMessage& seen) const {
    if (seen.cut()) return false;
    const SideLog& there = comparison_.log(other(side));
    const Duration margin = std::chrono::seconds(1) + comparison_.alignment.clocks.error();
    const Time time = comparison_.time_of(side, seen.time);
    if (there.first > there.last || time < comparison_.time_of(other(side), there.first)) return false;
    // Behind its last frame a capture may have ended, or nothing passed any more.
    constexpr Duration kBehind = std::chrono::seconds(32);
    if (time > comparison_.time_of(other(side), there.last) + margin + kBehind) return false;
    return passages_[static_cast<std::size_t>(side)].contains(hosts_of(seen));
  }

  [[nodiscard]] bool is_covered(Side side, const SeenMessage& seen) const {
    const Duration margin = std::chrono::seconds(1) + comparison_.alignment.clocks.error();
    const Time end = comparison_.time_of(other(side), comparison_.log(other(side)).last);
    return comparison_.time_of(side, seen.time) <= end - margin;
  }

  void judge(Copies& known, const Hosts& hosts) {
    LoneMessage& lone = known.lone;
    const SeenMessage& seen = comparison_.message(lone);
    const std::optional<Side> from = home(lone.side, seen.source.address);
    // One copy at the end of a capture says nothing.
    if (!from || (lone.covered == 0 && lone.copies < 2 && *from == lone.side)) return;
    lone.made = *from != lone.side;
    lone.inbound = *from != comparison_.inner;
    constexpr Duration kNear = std::chrono::seconds(32);
    for (const Time time : passages_[static_cast<std::size_t>(lone.side)].at(hosts)) {
      if (time > known.first - kNear && time < known.last + kNear) ++lone.neighbours;
      lone.passed_between = lone.passed_between || (time > known.first && time < known.last);
      if (time <= known.first) lone.quiet = known.first - time;
    }
    comparison_.lone.push_back(lone);
  }

  [[nodiscard]] Bytes behaviour(const LoneMessage& lone) const {
    const SeenMessage& seen = comparison_.message(lone);
    if (lone.made) return "A18";
    for (std::size_t i = 0; i < static_cast<std::size_t>(Stumble::last); ++i)
      if (!tolerated_[i] && stumbles(seen, static_cast<Stumble>(i))) return id_of(static_cast<Stumble>(i));
    using sip::Method;
    const bool success = seen.status >= 200 && seen.status < 300;
    if (seen.is_request() && seen.method == Method::ack) return "C07";
    if (success && seen.method == Method::invite) return "C07";
    if (seen.is_request() && seen.method == Method::bye) return "C08";
    if (seen.is_request() && seen.method == Method::cancel) return "A11";
    if (seen.is_request() && seen.method == Method::invite && lone.inbound)
      return lone.quiet.value_or(Duration{}) >= std::chrono::seconds(20) ? "C03" : "C05";
    return {};
  }

  Comparison& comparison_;
  std::array<Passages, 2> passages_;
  std::array<std::set<std::uint64_t>, 2> passed_;
  std::array<bool, static_cast<std::size_t>(Stumble::last)> tolerated_{};
  std::map<net::Address, Side> homes_;
};

}  // namespace

void find_lone(Comparison& comparison) {
  Finder(comparison).run();
}

}  // namespace viaduct::diagnose::sides
