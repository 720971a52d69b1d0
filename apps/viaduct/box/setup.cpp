// SPDX-License-Identifier: GPL-2.0-or-later
#include "box/setup.hpp"

#include "base/text.hpp"
#include "faults/catalogue.hpp"
#include "faults/family.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <utility>

namespace viaduct::app::box {
namespace {

using faults::BehaviourEntry;
using faults::Dependence;
using faults::PortChoice;
using faults::Values;
using Text = std::string;
template <class T>
using Expected = std::expected<T, Text>;

std::unexpected<Text> wrong(const Text& option, const Text& what) {
  return std::unexpected(option + ": " + what);
}

/// Cuts `text` at `separator`; an empty text has no part.
std::vector<base::Bytes> parts_of(base::Bytes text, char separator) {
  std::vector<base::Bytes> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    parts.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

template <class Value>
Expected<Value> choose(const Text& option, const Text& word,
                       std::initializer_list<std::pair<const char*, Value>> words) {
  Text all;
  for (const auto& [name, value] : words) {
    if (word == name) return value;
    all += (all.empty() ? "" : ", ") + Text(name);
  }
  return wrong(option, "'" + word + "' is none of " + all);
}

/// "1%", "0.5%" or "0.01".
Expected<double> parse_share(base::Bytes text) {
  const bool percent = text.ends_with('%');
  if (percent) text.remove_suffix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (percent) value /= 100;
  if (error != std::errc() || end != text.data() + text.size() || !(value >= 0 && value <= 1))
    return std::unexpected("'" + Text(text) + "' is no share from 0% to 100%");
  return value;
}

/// "64k", "1M", "100000": decimal multiples, as line rates are given.
Expected<std::uint64_t> parse_amount(base::Bytes text) {
  std::uint64_t factor = 1;
  for (const auto& [suffix, by] : {std::pair('k', 1000U), std::pair('M', 1000000U), std::pair('G', 1000000000U)})
    if (text.ends_with(suffix)) factor = by;
  const base::Bytes digits = factor == 1 ? text : text.substr(0, text.size() - 1);
  const std::optional<std::uint32_t> number = base::parse_decimal<std::uint32_t>(digits);
  if (!number) return std::unexpected("'" + Text(text) + "' is no amount; write 64000, 64k or 1M");
  return *number * factor;
}

/// Takes what one `name=value` of a line says.
Expected<void> set_link(faults::LinkSettings& link, base::Bytes name, base::Bytes value) {
  const auto keep = [](auto& place, const auto& parsed) -> Expected<void> {
    if (!parsed) return std::unexpected(parsed.error());
    place = static_cast<std::remove_reference_t<decltype(place)>>(*parsed);
    return {};
  };
  if (name == "loss") return keep(link.loss, parse_share(value));
  if (name == "reorder") return keep(link.reorder, parse_share(value));
  if (name == "delay") return keep(link.delay, faults::parse_duration(value));
  if (name == "jitter") return keep(link.jitter, faults::parse_duration(value));
  if (name == "rate") return keep(link.rate, parse_amount(value));
  if (name == "queue") return keep(link.queue, parse_amount(value));
  if (name == "burst") {
    const std::size_t slash = std::min(value.find('/'), value.size());
    const Expected<double> leave = slash == value.size() ? 0.3 : parse_share(value.substr(slash + 1));
    if (!leave) return std::unexpected(leave.error());
    link.burst_leave = *leave;
    return keep(link.burst_enter, parse_share(value.substr(0, slash)));
  }
  return std::unexpected("there is no '" + Text(name) +
                         "'; known are loss, burst, delay, jitter, reorder, rate, queue");
}

Expected<void> set_nat(const RunOptions& o, faults::NatSettings& nat) {
  const auto dependence = [](const Text& option, const Text& word) {
    return choose<Dependence>(option, word,
                              {{"endpoint-independent", Dependence::endpoint_independent},
                               {"address", Dependence::address},
                               {"address-and-port", Dependence::address_and_port}});
  };
  const auto mapping = dependence("--mapping", o.mapping);
  const auto filtering = dependence("--filtering", o.filtering);
  const auto ports = choose<PortChoice>(
      "--ports", o.ports,
      {{"preserve", PortChoice::preserve}, {"sequential", PortChoice::sequential}, {"random", PortChoice::random}});
  const auto pooling = choose<faults::Pooling>(
      "--pooling", o.pooling, {{"paired", faults::Pooling::paired}, {"arbitrary", faults::Pooling::arbitrary}});
  for (const Text& error : {mapping ? "" : mapping.error(), filtering ? "" : filtering.error(),
                            ports ? "" : ports.error(), pooling ? "" : pooling.error()})
    if (!error.empty()) return std::unexpected(error);
  nat.mapping = *mapping;
  nat.filtering = *filtering;
  nat.ports = *ports;
  nat.pooling = *pooling;
  nat.parity = !o.no_parity;
  nat.hairpin = !o.no_hairpin;
  nat.inbound_refresh = o.inbound_refresh;
  nat.seed = o.seed;
  return {};
}

Expected<void> set_timers(const RunOptions& o, faults::NatTimers& timers) {
  const std::pair<const char*, std::pair<const Text*, base::Duration*>> all[] = {
      {"--udp-timeout", {&o.udp_timeout, &timers.udp}},
      {"--sip-timeout", {&o.sip_timeout, &timers.sip}},
      {"--media-timeout", {&o.media_timeout, &timers.media}},
      {"--tcp-timeout", {&o.tcp_timeout, &timers.tcp_established}}};
  for (const auto& [option, place] : all) {
    const Expected<base::Duration> value = faults::parse_duration(*place.first);
    if (!value) return wrong(option, value.error());
    *place.second = *value;
  }
  return {};
}

Expected<void> set_port_range(const RunOptions& o, faults::NatSettings& nat) {
  const std::vector<base::Bytes> ends = parts_of(o.port_range, '-');
  const auto first = ends.size() == 2 ? base::parse_decimal<std::uint16_t>(ends[0]) : std::nullopt;
  const auto last = ends.size() == 2 ? base::parse_decimal<std::uint16_t>(ends[1]) : std::nullopt;
  if (!first || !last || *first == 0 || *last <= *first)
    return wrong("--port-range", "'" + o.port_range + "' is no range; write 1024-65535");
  nat.first_port = *first;
  nat.last_port = *last;
  return {};
}

Expected<void> set_addresses(const RunOptions& o, Setup& setup) {
  const std::optional<net::Prefix> inside = net::parse_prefix(o.inside_address);
  if (!inside || inside->address.family != net::Family::ipv4)
    return wrong("--inside-address", "'" + o.inside_address + "' is no IPv4 address with a prefix length");
  setup.settings.inside = *inside;
  setup.inside = {o.inside, {inside->address}, *inside, std::nullopt, o.mtu};
  setup.outside = {o.outside, {}, {}, std::nullopt, o.mtu};
  for (const Text& text : o.outside_addresses) {
    const std::optional<net::Prefix> prefix = net::parse_prefix(text);
    if (!prefix || prefix->address.family != net::Family::ipv4)
      return wrong("--outside-address", "'" + text + "' is no IPv4 address with a prefix length");
    if (setup.outside.own.empty()) setup.outside.net = *prefix;
    setup.outside.own.push_back(prefix->address);
  }
  setup.settings.nat.outer = setup.outside.own;
  if (o.gateway.empty()) return {};
  setup.outside.gateway = net::parse_ipv4(o.gateway);
  if (!setup.outside.gateway) return wrong("--gateway", "'" + o.gateway + "' is no IPv4 address");
  return {};
}

struct Chosen {
  const BehaviourEntry* entry;
  Values values;
  std::map<Text, Text> set;  ///< what is not left to fallbacks: by the family, then by --set
};

Expected<std::vector<Chosen>> choose_behaviours(const RunOptions& o, Setup& setup) {
  std::vector<Chosen> chosen;
  if (!o.family.empty()) {
    const faults::Family* const family = faults::find_family(o.family);
    if (family == nullptr) return wrong("--family", "there is none called '" + o.family + "'; see viaduct faults list");
    faults::apply_family(*family, setup.settings, setup.behaviours);
    setup.names.push_back(o.family);
    for (const faults::FamilyBehaviour& shown : family->behaviours) {
      chosen.push_back({faults::find_behaviour(shown.id), faults::values_of(shown), {}});
      for (const faults::FamilyValue& value : shown.set) chosen.back().set.emplace(value.name, value.value);
    }
  }
  std::vector<Text> ids;
  for (const Text& list : o.behaviours)
    for (const base::Bytes id : parts_of(list, ',')) ids.push_back(faults::catalogue_id(id));
  for (const Text& id : ids) {
    const BehaviourEntry* const entry = faults::find_behaviour(id);
    if (entry == nullptr) return wrong("--behaviour", "there is none called '" + id + "'; see viaduct faults list");
    if (std::ranges::find(chosen, entry, &Chosen::entry) == chosen.end())
      chosen.push_back({entry, Values(entry->parameters), {}});
  }
  return chosen;
}

/// `name=value` goes to all that have the parameter, `B21.name=value` to one. It overrules what a family sets.
Expected<void> apply_set(const Text& text, std::vector<Chosen>& chosen) {
  const std::size_t equals = text.find('=');
  if (equals == Text::npos) return wrong("--set", "'" + text + "' has no '='; write period=30s or C01.period=30s");
  const std::size_t dot = text.substr(0, equals).find('.');
  const Text id = dot == Text::npos ? "" : faults::catalogue_id(text.substr(0, dot));
  const Text name = dot == Text::npos ? text.substr(0, equals) : text.substr(dot + 1, equals - dot - 1);
  bool taken = false;
  for (Chosen& behaviour : chosen) {
    if ((!id.empty() && id != behaviour.entry->id) || !behaviour.values.has(name)) continue;
    if (const Expected<void> set = behaviour.values.set(name, text.substr(equals + 1)); !set)
      return wrong("--set " + Text(behaviour.entry->id), set.error());
    behaviour.set[name] = text.substr(equals + 1);
    taken = true;
  }
  if (!taken)
    return wrong("--set", "none of the chosen behaviours has a parameter '" + name + "'; see viaduct faults list");
  return {};
}

Expected<void> set_behaviours(const RunOptions& o, Setup& setup) {
  Expected<std::vector<Chosen>> chosen = choose_behaviours(o, setup);
  if (!chosen) return std::unexpected(chosen.error());
  for (const Text& text : o.sets)
    if (const Expected<void> set = apply_set(text, *chosen); !set) return set;
  for (const Chosen& behaviour : *chosen) {
    setup.behaviours.push_back(behaviour.entry->make(behaviour.values));
    Text name(behaviour.entry->id);
    for (const auto& [parameter, value] : behaviour.set) name.append(" ").append(parameter).append("=").append(value);
    setup.names.push_back(std::move(name));
  }
  return {};
}

/// A family or a behaviour sets some of what can be typed too. Neither must win unseen.
Expected<void> check_typed(const RunOptions& o, const faults::BoxSettings& typed, const Setup& setup) {
  faults::BoxSettings made = setup.settings;
  for (const std::unique_ptr<faults::Behaviour>& behaviour : setup.behaviours) behaviour->configure(made);
  const faults::NatSettings& wanted = typed.nat;
  const std::pair<const char*, bool> all[] = {
      {"--mapping", wanted.mapping == made.nat.mapping},
      {"--filtering", wanted.filtering == made.nat.filtering},
      {"--ports", wanted.ports == made.nat.ports},
      {"--pooling", wanted.pooling == made.nat.pooling},
      {"--port-range", wanted.first_port == made.nat.first_port && wanted.last_port == made.nat.last_port},
      {"--no-parity", wanted.parity == made.nat.parity},
      {"--no-hairpin", wanted.hairpin == made.nat.hairpin},
      {"--inbound-refresh", wanted.inbound_refresh == made.nat.inbound_refresh},
      {"--udp-timeout", wanted.timers.udp == made.nat.timers.udp},
      {"--sip-timeout", wanted.timers.sip == made.nat.timers.sip},
      {"--media-timeout", wanted.timers.media == made.nat.timers.media},
      {"--tcp-timeout", wanted.timers.tcp_established == made.nat.timers.tcp_established},
      {"--tcp", typed.reads_tcp == made.reads_tcp}};
  for (const auto& [option, is_kept] : all)
    if (!is_kept && o.typed.contains(option))
      return wrong(option, "the chosen family or behaviours set this themselves; leave it or them out");
  return {};
}

}  // namespace

Expected<faults::LinkSettings> parse_link(base::Bytes text) {
  faults::LinkSettings link;
  for (const base::Bytes part : parts_of(text, ',')) {
    const std::size_t equals = part.find('=');
    if (equals == base::Bytes::npos) return std::unexpected("'" + Text(part) + "' has no '='");
    const Expected<void> set = set_link(link, part.substr(0, equals), part.substr(equals + 1));
    if (!set) return std::unexpected(set.error());
  }
  if (link.reorder > 0 && link.delay.count() == 0 && link.jitter.count() == 0)
    return std::unexpected("reorder needs a delay or jitter: packets overtake those that wait");
  return link;
}

Expected<Setup> make_setup(const RunOptions& options) {
  Setup setup;
  setup.settings.mtu = options.mtu;
  setup.settings.sip_ports = options.sip_ports;
  setup.settings.reads_tcp = options.tcp;
  for (const auto& [option, text, link] : {std::tuple("--up", &options.up, &setup.settings.up),
                                           std::tuple("--down", &options.down, &setup.settings.down)}) {
    const Expected<faults::LinkSettings> line = parse_link(*text);
    if (!line) return wrong(option, line.error());
    *link = *line;
  }
  if (!options.duration.empty()) {
    const Expected<base::Duration> duration = faults::parse_duration(options.duration);
    if (!duration) return wrong("--duration", duration.error());
    setup.duration = *duration;
  }
  for (const Expected<void>& done :
       {set_addresses(options, setup), set_nat(options, setup.settings.nat),
        set_timers(options, setup.settings.nat.timers), set_port_range(options, setup.settings.nat)})
    if (!done) return std::unexpected(done.error());
  const faults::BoxSettings typed = setup.settings;
  if (const Expected<void> done = set_behaviours(options, setup); !done) return std::unexpected(done.error());
  if (const Expected<void> done = check_typed(options, typed, setup); !done) return std::unexpected(done.error());
  return setup;
}

}  // namespace viaduct::app::box
