// SPDX-License-Identifier: GPL-2.0-or-later
#include "os/forwarded_ports.hpp"

#include "base/text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <optional>

namespace viaduct::os {
namespace {

using Json = nlohmann::json;
constexpr int kDeepest = 16;           // jumps; the kernel's own limit
constexpr std::size_t kMost = 100000;  // rules looked at, so that chains which jump much end

/// Ports that a match lets through; absent: all of them.
using Matched = std::optional<PortSet>;

void add_range(PortSet& ports, std::uint64_t first, std::uint64_t last) {
  for (std::uint64_t port = first; port <= std::min<std::uint64_t>(last, 65535); ++port) ports.set(port);
}

Matched both(const Matched& a, const Matched& b) {
  return !a ? b : !b ? a : Matched(*a & *b);
}

const Json* child(const Json& object, const char* key) {
  if (!object.is_object()) return nullptr;
  const Json::const_iterator found = object.find(key);
  return found == object.end() ? nullptr : &*found;
}

std::string text_at(const Json& object, const char* key) {
  const Json* found = child(object, key);
  return found != nullptr && found->is_string() ? found->get<std::string>() : std::string();
}

/// Keys may be wrapped as {"elem": {"val": ...}} when they carry a comment or a counter.
const Json& plain(const Json& key) {
  const Json* elem = child(key, "elem");
  const Json* value = elem == nullptr ? nullptr : child(*elem, "val");
  return value == nullptr ? key : *value;
}

void add_value(PortSet& ports, const Json& value) {
  if (value.is_number_unsigned()) add_range(ports, value.get<std::uint64_t>(), value.get<std::uint64_t>());
  const Json* range = child(value, "range");
  if (range == nullptr || !range->is_array() || range->size() != 2) return;
  if ((*range)[0].is_number_unsigned() && (*range)[1].is_number_unsigned())
    add_range(ports, (*range)[0].get<std::uint64_t>(), (*range)[1].get<std::uint64_t>());
}

/// Where the destination port of UDP stands in a key: alone, or as one part of a concatenation.
struct PortKey {
  bool found = false;
  std::optional<std::size_t> part;

  [[nodiscard]] const Json* of(const Json& key) const {
    const Json& value = plain(key);
    if (!part) return &value;
    const Json* parts = child(value, "concat");
    return parts != nullptr && parts->is_array() && *part < parts->size() ? &plain((*parts)[*part]) : nullptr;
  }
};

bool is_port(const Json& field) {
  const Json* payload = child(field, "payload");
  if (payload == nullptr || text_at(*payload, "field") != "dport") return false;
  const std::string protocol = text_at(*payload, "protocol");
  return protocol == "udp" || protocol == "th";
}

PortKey port_key(const Json& key) {
  if (is_port(key)) return {true, {}};
  const Json* parts = child(key, "concat");
  if (parts != nullptr && parts->is_array())
    for (std::size_t i = 0; i < parts->size(); ++i)
      if (is_port((*parts)[i])) return {true, i};
  return {};
}

/// One pass over the chains that packets meet on their way in.
class Walk {
 public:
  Walk(const Ruleset& ruleset, const std::string& own) : ruleset_(ruleset), own_(own) {}

  PortSet run() {
    for (const RulesetChain& chain : ruleset_.chains)
      if (chain.hook == "prerouting" && chain.table != own_) enter(chain, {}, 0);
    return found_;
  }

 private:
  void enter(const RulesetChain& chain, const Matched& before, int depth) {
    if (depth > kDeepest) return;
    for (const RulesetRule* rule : ruleset_.rules_of(chain))
      if (++seen_ <= kMost) read(chain, *rule, before, depth);
  }

  void read(const RulesetChain& chain, const RulesetRule& rule, Matched ports, int depth) {
    const Json statements = Json::parse(rule.expressions, nullptr, false);
    if (!statements.is_array()) return;
    for (const Json& statement : statements) {
      if (!statement.is_object()) continue;
      for (const auto& [name, value] : statement.items()) {
        if (name == "match") {
          if (excludes_udp(value)) return;
          ports = both(ports, matched(chain, value));
        } else if (name == "dnat" || name == "redirect" || is_target(name, value)) {
          add(both(ports, mapped(chain, value)));
        } else if (name == "vmap") {
          branch(chain, value, ports, depth);
        } else {
          jump(chain, name, value, ports, depth);
        }
      }
    }
  }

  static bool is_target(const std::string& name, const Json& value) {
    const std::string target = name == "xt" ? text_at(value, "name") : std::string();
    return target == "DNAT" || target == "REDIRECT";
  }

  void jump(const RulesetChain& from, const std::string& verdict, const Json& value, const Matched& ports, int depth) {
    if (verdict != "jump" && verdict != "goto") return;
    const RulesetChain* chain = ruleset_.chain(from.family, from.table, text_at(value, "target"));
    if (chain != nullptr) enter(*chain, ports, depth + 1);
  }

  void branch(const RulesetChain& chain, const Json& vmap, const Matched& ports, int depth) {
    const Json* key = child(vmap, "key");
    const Json* data = child(vmap, "data");
    if (key == nullptr || data == nullptr) return;
    const PortKey port = port_key(*key);
    each(chain, *data, [&](const Json& element) {
      if (!element.is_array() || element.size() != 2 || !element[1].is_object()) return;
      Matched here = ports;
      if (port.found) here = both(ports, one(port, element[0]));
      for (const auto& [verdict, value] : element[1].items()) jump(chain, verdict, value, here, depth);
    });
  }

  static Matched one(const PortKey& port, const Json& key) {
    PortSet ports;
    if (const Json* value = port.of(key)) add_value(ports, *value);
    return ports;
  }

  /// A match on another protocol ends the rule for us.
  static bool excludes_udp(const Json& match) {
    const Json* left = child(match, "left");
    const Json* right = child(match, "right");
    if (left == nullptr || right == nullptr || text_at(match, "op") == "!=") return false;
    if (const Json* payload = child(*left, "payload"); payload != nullptr) {
      const std::string protocol = text_at(*payload, "protocol");
      return protocol == "tcp" || protocol == "sctp" || protocol == "dccp" || protocol == "icmp" ||
             protocol == "icmpv6";
    }
    const Json* meta = child(*left, "meta");
    if (meta == nullptr || text_at(*meta, "key") != "l4proto") return false;
    const auto is_udp = [](const Json& value) { return value == "udp" || value == 17; };
    const Json* set = child(*right, "set");
    if (set != nullptr && set->is_array()) return std::none_of(set->begin(), set->end(), is_udp);
    return (right->is_number() || right->is_string()) && !is_udp(*right);
  }

  Matched matched(const RulesetChain& chain, const Json& match) {
    const Json* left = child(match, "left");
    const Json* right = child(match, "right");
    if (left == nullptr || right == nullptr) return {};
    const PortKey port = port_key(*left);
    const std::string op = text_at(match, "op");
    if (!port.found || op == "!=") return {};
    PortSet ports;
    if (op == "<" || op == "<=" || op == ">" || op == ">=") {
      if (!right->is_number_unsigned()) return {};
      const std::uint64_t bound = right->get<std::uint64_t>();
      if (op.front() == '>') add_range(ports, bound + (op == ">" ? 1 : 0), 65535);
      if (op.front() == '<' && (bound > 0 || op == "<=")) add_range(ports, 0, bound - (op == "<" ? 1 : 0));
      return ports;
    }
    each(chain, *right, [&](const Json& element) {
      if (const Json* value = port.of(element)) add_value(ports, *value);
    });
    return ports;
  }

  /// The keys of `dnat to udp dport map { 5060 : 192.0.2.1 }`; absent when the target is no map of ports.
  Matched mapped(const RulesetChain& chain, const Json& value) {
    const Json* address = child(value, "addr");
    const Json* map = address == nullptr ? nullptr : child(*address, "map");
    const Json* key = map == nullptr ? nullptr : child(*map, "key");
    const Json* data = map == nullptr ? nullptr : child(*map, "data");
    const PortKey port = key == nullptr ? PortKey() : port_key(*key);
    if (!port.found || data == nullptr) return {};
    PortSet ports;
    each(chain, *data, [&](const Json& element) {
      if (!element.is_array() || element.size() != 2) return;
      if (const Json* number = port.of(element[0])) add_value(ports, *number);
    });
    return ports;
  }

  /// The elements of {"set": [...]}, of "@name", or the one value.
  template <class Visit>
  void each(const RulesetChain& chain, const Json& data, const Visit& visit) {
    const Json* list = child(data, "set");
    Json named;
    if (data.is_string() && data.get<std::string>().starts_with('@')) {
      const std::string* text = ruleset_.elements(chain.family, chain.table, data.get<std::string>().substr(1));
      if (text == nullptr) return;
      named = Json::parse(*text, nullptr, false);
      list = &named;
    }
    if (list == nullptr) return visit(data);
    if (!list->is_array()) return;
    for (const Json& element : *list) visit(element);
  }

  void add(const Matched& ports) {
    if (ports) found_ |= *ports;
  }

  const Ruleset& ruleset_;
  const std::string& own_;
  PortSet found_;
  std::size_t seen_ = 0;
};

/// "5060", "10000:20000", and lists of them.
Matched xtables_ports(const std::string& text) {
  PortSet ports;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t comma = std::min(text.find(',', at), text.size());
    const std::string entry = text.substr(at, comma - at);
    const std::size_t colon = entry.find(':');
    const std::optional<std::uint16_t> first = base::parse_decimal<std::uint16_t>(base::Bytes(entry).substr(0, colon));
    const std::optional<std::uint16_t> last =
        colon == std::string::npos ? first : base::parse_decimal<std::uint16_t>(base::Bytes(entry).substr(colon + 1));
    if (first && last) add_range(ports, *first, *last);
    at = comma + 1;
  }
  return ports;
}

/// What the words of one rule match; nullopt of the outer one: no UDP.
std::optional<Matched> xtables_matched(const XtablesRule& rule) {
  Matched ports;
  const std::vector<std::string>& words = rule.arguments;
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    if (i > 0 && words[i - 1] == "!") continue;
    if (words[i] == "-p" && words[i + 1] != "udp" && words[i + 1] != "17" && words[i + 1] != "all") return std::nullopt;
    if (words[i] == "--dport" || words[i] == "--dports" || words[i] == "--ports")
      ports = both(ports, xtables_ports(words[i + 1]));
  }
  return ports;
}

void enter_xtables(const Xtables& set, const std::string& chain, const Matched& before, int depth, PortSet& found) {
  if (depth > kDeepest) return;
  for (const XtablesRule& rule : set.rules) {
    if (rule.table != "nat" || rule.chain != chain) continue;
    const std::optional<Matched> here = xtables_matched(rule);
    if (!here) continue;
    const Matched ports = both(before, *here);
    for (const char* option : {"-j", "-g"}) {
      const std::string target = rule.value_of(option);
      if (ports && (target == "DNAT" || target == "REDIRECT")) found |= *ports;
      if (set.chain("nat", target) != nullptr) enter_xtables(set, target, ports, depth + 1, found);
    }
  }
}

}  // namespace

PortSet forwarded_ports(const Ruleset& ruleset, const std::vector<Xtables>& xtables, const std::string& table) {
  PortSet found = Walk(ruleset, table).run();
  for (const Xtables& set : xtables) enter_xtables(set, "PREROUTING", {}, 0, found);
  return found;
}

}  // namespace viaduct::os
