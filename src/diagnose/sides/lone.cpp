// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/text.hpp"
#include "diagnose/sides/judge.hpp"
#include "diagnose/sides/written.hpp"
#include "sip/uri.hpp"

#include <algorithm>
#include <limits>
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

/// A message that passed an outer endpoint.
struct Passage {
  Time time{};
  net::Endpoint remote;
};
/// Ascending.
using Flows = std::map<net::Endpoint, std::vector<Passage>>;

/// The lines that a host has registered: what stands behind `To`, and its Contact.
using Lines = std::set<std::string>;

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
    set_occasions();
    for (LoneMessage& lone : comparison_.lone) lone.behaviours = behaviours(lone);
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
    std::vector<Time> covered;
  };

  void learn() {
    learn_flows();
    learn_neighbours();
    learn_growth();
    learn_others();
    for (std::uint32_t number = 0; number < comparison_.alignment.pairs.size(); ++number) {
      const MessagePair& pair = comparison_.alignment.pairs[number];
      const SeenMessage& first = comparison_.first(pair);
      const SeenMessage& second = comparison_.second(pair);
      if (!is_proxied(number)) {
        passages_[0][hosts_of(first)].push_back(first.time);
        passages_[1][hosts_of(second)].push_back(first.time);
      }
      ways_[static_cast<std::size_t>(pair.from)].push_back(first.time);
      passing_.emplace(pair.from, comparison_.before(pair).name());
      passed_[static_cast<std::size_t>(Side::first)].insert(first.key);
      passed_[static_cast<std::size_t>(Side::second)].insert(second.key);
      for (std::size_t i = 0; i < static_cast<std::size_t>(Stumble::last); ++i)
        if (!tolerated_[i]) tolerated_[i] = stumbles(comparison_.before(pair), static_cast<Stumble>(i));
    }
    for (Passages& side : passages_)
      for (auto& [hosts, times] : side) std::ranges::sort(times);
    for (std::vector<Time>& times : ways_) std::ranges::sort(times);
    learn_arrivals();
  }

  /// Between hosts that speak through a proxy messages end, and it sends others in its own name: that one side alone
  /// has them says nothing.
  [[nodiscard]] bool is_proxied(std::uint32_t pair) const {
    return std::ranges::binary_search(comparison_.proxied, pair);
  }

  /// Whatever passed between two hosts shows that the path between them was there.
  void learn_others() {
    std::array<std::set<Hosts>, 2> proxied;
    for (const std::uint32_t pair : comparison_.proxied) {
      proxied[0].insert(hosts_of(comparison_.first(comparison_.alignment.pairs[pair])));
      proxied[1].insert(hosts_of(comparison_.second(comparison_.alignment.pairs[pair])));
    }
    for (const DatagramPair& pair : comparison_.datagrams.joined) {
      const SeenDatagram& first = comparison_.log(Side::first).datagrams.all()[pair.first];
      const SeenDatagram& second = comparison_.log(Side::second).datagrams.all()[pair.second];
      if (!proxied[0].contains(hosts_of(first))) passages_[0][hosts_of(first)].push_back(first.time);
      if (!proxied[1].contains(hosts_of(second))) passages_[1][hosts_of(second)].push_back(first.time);
    }
  }

  /// When anything arrived, and when media that went one way did not, nor any other stream that way.
  void learn_arrivals() {
    for (const MessagePair& pair : comparison_.alignment.pairs) {
      const Time time = comparison_.first(pair).time;
      arrivals_[static_cast<std::size_t>(pair.from)].push_back({time, time});
    }
    for (const Side side : {Side::first, Side::second}) {
      const auto at = static_cast<std::size_t>(side);
      std::vector<Span> arriving;
      std::vector<Span> lossy;
      for (const StreamJoin& join : comparison_.streams.joins) {
        if (!join.way_known || join.from != side) continue;
        arriving.insert(arriving.end(), join.arrivals.arriving.begin(), join.arrivals.arriving.end());
        lossy.insert(lossy.end(), join.arrivals.lossy.begin(), join.arrivals.lossy.end());
      }
      arriving = merged(std::move(arriving));
      arrivals_[at].insert(arrivals_[at].end(), arriving.begin(), arriving.end());
      arrivals_[at] = merged(std::move(arrivals_[at]));
      outages_[at] = without(until_arrival(merged(std::move(lossy)), arrivals_[at]), arriving);
    }
    std::vector<Span>& both = arrivals_[kBothWays];
    for (const DatagramPair& pair : comparison_.datagrams.joined) {
      const Time time = comparison_.log(Side::first).datagrams.all()[pair.first].time;
      both.push_back({time, time});
    }
    for (const std::size_t way : {0U, 1U}) both.insert(both.end(), arrivals_[way].begin(), arrivals_[way].end());
    both = merged(std::move(both));
  }
  /// A stream may have ended with the link: what was lost at its end was until something came again.
  [[nodiscard]] static std::vector<Span> until_arrival(std::vector<Span>&& lossy, const std::vector<Span>& arrivals) {
    for (Span& span : lossy) {
      const auto next = std::ranges::lower_bound(arrivals, span.end, {}, &Span::begin);
      const bool arriving = next != arrivals.begin() && (next - 1)->end >= span.end;
      if (!arriving) span.end = next == arrivals.end() ? Time::max() : next->begin;
    }
    return merged(std::move(lossy));
  }

  void learn_flows() {
    if (!comparison_.inner_known) return;
    for (std::uint32_t i = 0; i < comparison_.alignment.pairs.size(); ++i) {
      if (is_proxied(i)) continue;
      const MessagePair& pair = comparison_.alignment.pairs[i];
      const bool inbound = !comparison_.outbound(pair);
      const SeenMessage& before = comparison_.before(pair);
      const net::Endpoint& outer = inbound ? before.destination : comparison_.after(pair).source;
      std::vector<Passage>& flow = flows_[outer];
      const Time time = comparison_.first(pair).time;
      if (!flow.empty() && inbound) survived_ = std::max(survived_, time - flow.back().time);
      flow.push_back({time, inbound ? before.source : comparison_.after(pair).destination});
      if (!inbound && before.method == sip::Method::register_ && before.is_request())
        lines_[outer.address].insert(line_of(before.octets));
    }
  }

  /// Endpoints that speak outside and are no mapping of a host that the inner capture holds: other phones behind the
  /// same router, or the router itself.
  void learn_neighbours() {
    if (!comparison_.inner_known) return;
    std::set<net::Endpoint> mapped;
    for (const Mapping& mapping : comparison_.mappings.all()) mapped.insert(mapping.outer);
    for (const SeenMessage& seen : comparison_.log(other(comparison_.inner)).messages.all())
      if (comparison_.mappings.is_outer(seen.source.address) && !mapped.contains(seen.source) &&
          !flows_.contains(seen.source))
        neighbours_.insert(seen.source);
  }

  [[nodiscard]] static std::string line_of(const std::string& octets) {
    const sip::Result<sip::Message> message = sip::parse(octets);
    if (!message) return {};
    std::string line;
    for (const sip::Header& header : message->headers())
      if (header.id == sip::HeaderId::to || header.id == sip::HeaderId::contact)
        line += std::string(message->text(header.value())) + "\n";
    return line;
  }

  /// How much longer outbound requests leave the box than they came, at least.
  void learn_growth() {
    for (const MessagePair& pair : comparison_.alignment.pairs) {
      const std::uint32_t before = comparison_.before(pair).length;
      const std::uint32_t after = comparison_.after(pair).length;
      if (!comparison_.before(pair).is_request() || !comparison_.outbound(pair) || after <= before) continue;
      growth_ = growth_ == 0 ? after - before : std::min(growth_, after - before);
    }
    for (const MessagePair& pair : comparison_.alignment.pairs)
      bears_growth_ = bears_growth_ || outgrows(comparison_.before(pair));
  }
  /// Whether a datagram that fits the path as it is would not with what the box adds.
  [[nodiscard]] bool outgrows(const SeenMessage& seen) const {
    constexpr std::uint32_t kMost = 1500 - 28;  // Ethernet less the headers of IPv4 and UDP
    return growth_ > 0 && seen.transport == sip::Transport::udp && seen.length <= kMost &&
           seen.length + growth_ > kMost;
  }

  [[nodiscard]] static Hosts hosts_of(const auto& seen) {
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
      const Time time = comparison_.time_of(side, seen.time);
      Copies& known = copies[{seen.key, hosts_of(seen)}];
      if (known.first == Time{} && known.last == Time{}) {
        known.lone = {side, index};
        known.lone.copies = 0;
        known.first = time;
      }
      known.last = std::max(known.last, time);
      ++known.lone.copies;
      if (comparison_.is_covered(side, seen.time)) known.covered.push_back(time);
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

  void judge(Copies& known, const Hosts& hosts) {
    LoneMessage& lone = known.lone;
    lone.covered = static_cast<std::uint32_t>(known.covered.size());
    const SeenMessage& seen = comparison_.message(lone);
    const std::optional<Side> from = home(lone.side, seen.source.address);
    const bool neighbours = neighbours_.contains(seen.source) || neighbours_.contains(seen.destination);
    if (neighbours && lone.side != comparison_.inner) return;
    // One copy at the end of a capture says nothing.
    if (!from || (lone.covered == 0 && lone.copies < 2 && *from == lone.side)) return;
    lone.made = *from != lone.side;
    lone.inbound = *from != comparison_.inner;
    const std::vector<Time>& way = ways_[static_cast<std::size_t>(*from)];
    lone.passed_before = static_cast<std::uint32_t>(std::ranges::lower_bound(way, known.first) - way.begin());
    constexpr Duration kNear = std::chrono::seconds(32);
    for (const Time time : passages_[static_cast<std::size_t>(lone.side)].at(hosts)) {
      if (time > known.first - kNear && time < known.last + kNear) ++lone.neighbours;
      lone.passed_between = lone.passed_between || (time > known.first && time < known.last);
      if (time <= known.first) lone.quiet = known.first - time;
    }
    if (lone.inbound && !lone.made) set_way_in(lone, seen, known);
    std::ranges::sort(known.covered);
    covered_.push_back(std::move(known.covered));
    comparison_.lone.push_back(lone);
  }

  /// A time without arrivals: after so many of them, of one way (by Side) or of both.
  using Silence = std::pair<std::size_t, std::size_t>;
  static constexpr std::size_t kArriving = std::numeric_limits<std::size_t>::max();  ///< packet upon packet: none
  [[nodiscard]] Silence silence(std::size_t of, Time time) const {
    const std::vector<Span>& arrivals = arrivals_[of];
    const auto next = std::ranges::upper_bound(arrivals, time, {}, &Span::begin);
    if (next != arrivals.begin() && time <= (next - 1)->end) return {of, kArriving};
    return {of, static_cast<std::size_t>(next - arrivals.begin())};
  }

  /// What was lost in a time without arrivals. One of two kinds of two calls passes at other times: then it was not
  /// what they say that took them away.
  class Losses {
   public:
    struct One {
      std::string name;
      std::uint64_t call = 0;
      bool passes = false;
      friend bool operator==(const One&, const One&) = default;
    };
    void add(const One& one) {
      if (lost_.size() < kMost && std::ranges::find(lost_, one) == lost_.end()) lost_.push_back(one);
    }
    [[nodiscard]] bool others(const One& than) const {
      return std::ranges::any_of(lost_, [&](const One& one) {
        return one.name != than.name && one.call != than.call && (one.passes || than.passes);
      });
    }

   private:
    static constexpr std::size_t kMost = 16;
    std::vector<One> lost_;
  };
  [[nodiscard]] Losses::One loss_of(const LoneMessage& lone) const {
    const SeenMessage& seen = comparison_.message(lone);
    return {.name = seen.name(), .call = seen.call_id, .passes = passing_.contains({lone.side, seen.name()})};
  }

  [[nodiscard]] std::array<Silence, 2> silences(const LoneMessage& lone, Time time) const {
    return {silence(static_cast<std::size_t>(lone.side), time), silence(kBothWays, time)};
  }

  void set_occasions() {
    std::map<Silence, Losses> lost;
    for (std::size_t i = 0; i < covered_.size(); ++i) {
      const LoneMessage& lone = comparison_.lone[i];
      const Losses::One own = loss_of(lone);
      for (const Time time : covered_[i])
        for (const Silence& one : silences(lone, time))
          if (one.second != kArriving) lost[one].add(own);
    }
    for (std::size_t i = 0; i < covered_.size(); ++i) set_occasions(comparison_.lone[i], covered_[i], lost);
  }
  void set_occasions(LoneMessage& lone, const std::vector<Time>& times, const std::map<Silence, Losses>& lost) const {
    const Losses::One own = loss_of(lone);
    Silence before{kBothWays, kArriving};  // of the copy that counted last
    for (const Time time : times) {
      const std::array<Silence, 2> now = silences(lone, time);
      const bool media = holds(outages_[static_cast<std::size_t>(lone.side)], time);
      const bool others = std::ranges::any_of(now, [&](const Silence& one) {
        const auto known = lost.find(one);
        return known != lost.end() && known->second.others(own);
      });
      lone.media_lost |= media;
      lone.others_lost |= others;
      const bool same = now[1] == before && now[1].second != kArriving;
      if (media || others || same) continue;
      ++lone.occasions;
      before = now[1];
    }
  }

  /// What is known of the way that an inbound message had before it.
  void set_way_in(LoneMessage& lone, const SeenMessage& seen, const Copies& known) const {
    if (flows_.empty()) return;
    const auto flow = flows_.find(seen.destination);
    lone.unmapped = flow == flows_.end();
    if (lone.unmapped) return;
    lone.stranger = std::ranges::none_of(
        flow->second, [&](const Passage& one) { return one.time < known.last && one.remote == seen.source; });
    constexpr Duration kShortest = std::chrono::seconds(1);
    std::optional<Duration> quiet;
    bool between = false;
    for (const Passage& one : flow->second) {
      if (one.time <= known.first) quiet = known.first - one.time;
      between = between || (one.time > known.first && one.time < known.last);
    }
    lone.closed = quiet && *quiet >= kShortest && *quiet > survived_ && !between;
  }

  [[nodiscard]] std::vector<Bytes> behaviours(const LoneMessage& lone) const {
    const SeenMessage& seen = comparison_.message(lone);
    if (lone.made) return {"A18"};
    if (lone.unmapped || lone.stranger) return {};
    if (!lone.inbound && outgrows(seen) && !bears_growth_) return {"D02"};
    // That a message is lost for what it has shows where others without it pass.
    const bool others = lone.neighbours > 0 && !comparison_.alignment.pairs.empty();
    for (std::size_t i = 0; i < static_cast<std::size_t>(Stumble::last); ++i)
      if (others && !tolerated_[i] && stumbles(seen, static_cast<Stumble>(i))) return {id_of(static_cast<Stumble>(i))};
    using sip::Method;
    const bool answer = seen.status >= 200 && seen.status < 300 && seen.method == Method::invite;
    // A flow that closes while it rings does so for any reason that a flow closes for.
    if (answer) return lone.closed ? std::vector<Bytes>{"C03", "C11"} : std::vector<Bytes>{"C07"};
    if (!seen.is_request()) return {};
    if (seen.method == Method::ack) return {"C07"};
    if (seen.method == Method::bye) return {"C08"};
    if (seen.method == Method::cancel) return {"A11"};
    return seen.method == Method::invite && lone.inbound ? of_inbound_call(lone, seen) : std::vector<Bytes>{};
  }

  [[nodiscard]] std::vector<Bytes> of_inbound_call(const LoneMessage& lone, const SeenMessage& seen) const {
    std::vector<Bytes> found;
    if (lone.closed) found.emplace_back("C03");
    const auto lines = lines_.find(seen.destination.address);
    if (lines != lines_.end() && lines->second.size() > 1) found.emplace_back("C05");
    return found;
  }

  Comparison& comparison_;
  std::array<Passages, 2> passages_;
  std::array<std::vector<Time>, 2> ways_;  ///< when messages passed that came from a side, ascending
  static constexpr std::size_t kBothWays = 2;
  std::array<std::vector<Span>, 3> arrivals_;  ///< in which anything passed from a side, and from either
  std::array<std::vector<Span>, 2> outages_;   ///< in which media from a side did not arrive
  std::array<std::set<std::uint64_t>, 2> passed_;
  std::set<std::pair<Side, std::string>> passing_;  ///< names of messages that came from a side and passed
  std::vector<std::vector<Time>> covered_;          ///< of each in Comparison::lone the copies, by time
  std::array<bool, static_cast<std::size_t>(Stumble::last)> tolerated_{};
  std::map<net::Address, Side> homes_;
  Flows flows_;
  std::set<net::Endpoint> neighbours_;   ///< of the hosts inside, as they are seen outside
  std::map<net::Address, Lines> lines_;  ///< by outer address
  Duration survived_{};                  ///< the longest silence of a flow behind which a message came in
  std::uint32_t growth_ = 0;             ///< octets
  bool bears_growth_ = false;            ///< one that outgrew the path passed
};

}  // namespace

void find_lone(Comparison& comparison) {
  Finder(comparison).run();
}

}  // namespace viaduct::diagnose::sides
