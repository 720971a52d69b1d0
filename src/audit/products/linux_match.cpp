// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/products/linux_match.hpp"

#include "base/join.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <iterator>

namespace viaduct::audit::products {
namespace {

[[nodiscard]] std::string number_of(Bytes port) {
  return port == "sip" ? "5060" : std::string(port);
}

/// An option of iptables with one value that says which packets.
struct Option {
  Bytes name;
  Bytes key;
};
constexpr std::array kOptions{
    Option{"-p", "protocol"},
    Option{"--protocol", "protocol"},
    Option{"-i", "iif"},
    Option{"--in-interface", "iif"},
    Option{"-o", "oif"},
    Option{"-s", "saddr"},
    Option{"--source", "saddr"},
    Option{"-d", "daddr"},
    Option{"--destination", "daddr"},
    Option{"--dport", "ports"},
    Option{"--destination-port", "ports"},
    Option{"--dports", "ports"},
    Option{"--destination-ports", "ports"},
    Option{"-m", ""},
    Option{"--match", ""},
    Option{"--comment", ""},
};
/// From here on it is said what becomes of them.
[[nodiscard]] bool decides(Bytes word) {
  return word == "-j" || word == "--jump" || word == "-g" || word == "--goto";
}

void say(PacketMatch& match, Bytes key, std::string value) {
  if (key == "ports")
    match.ports = PortSet(value);
  else
    match.is[std::string(key)] = std::move(value);
}

/// Words of nft that take nothing away from a match, with how many behind them belong to them.
struct Plain {
  Bytes word;
  std::size_t more;
};
constexpr std::array kPlain{Plain{"counter", 0}, Plain{"packets", 1}, Plain{"bytes", 1},
                            Plain{"comment", 1}, Plain{"accept", 0},  Plain{"drop", 0},
                            Plain{"return", 0},  Plain{"reject", 0},  Plain{"notrack", 0}};

[[nodiscard]] std::string values_of(Node node) {
  if (node.word() != "{}") return number_of(node.word());
  std::string values;
  for (const Node value : node.children()) values += (values.empty() ? "" : ", ") + number_of(value.word());
  return values;
}

/// How many words from `at` on are one condition that is understood; 0: none.
[[nodiscard]] std::size_t condition(const std::vector<Node>& words, std::size_t at, PacketMatch& match) {
  const auto word = [&](std::size_t i) { return i < words.size() ? words[i].word() : Bytes(); };
  const Bytes first = word(at);
  const Bytes second = word(at + 1);
  const auto known = [&](std::size_t i) {
    return i < words.size() && word(i) != "!=" && word(i) != "map" && word(i) != "vmap" && !word(i).starts_with('@');
  };
  if (second == "dport" && (first == "udp" || first == "tcp" || first == "th") && known(at + 2)) {
    if (first != "th") say(match, "protocol", std::string(first));
    say(match, "ports", values_of(words[at + 2]));
    return 3;
  }
  const bool interface = first == "iifname" || first == "iif" || first == "oifname" || first == "oif";
  if (interface && known(at + 1)) {
    say(match, first.substr(0, 3), values_of(words[at + 1]));
    return 2;
  }
  if ((first == "ip" || first == "ip6") && (second == "saddr" || second == "daddr") && known(at + 2)) {
    say(match, second, values_of(words[at + 2]));
    return 3;
  }
  const bool protocol = (first == "meta" && second == "l4proto") || (first == "ip" && second == "protocol");
  if (protocol && known(at + 2)) {
    const std::string values = values_of(words[at + 2]);
    if (values != "tcp, udp" && values != "udp, tcp") say(match, "protocol", values);
    return 3;
  }
  return 0;
}

/// What nft asks of a packet by two words or one, and a value behind them.
struct Question {
  Bytes first;
  Bytes second{};
};
constexpr std::array kQuestions{
    Question{"udp", "dport"},    Question{"udp", "sport"},    Question{"tcp", "dport"}, Question{"tcp", "sport"},
    Question{"th", "dport"},     Question{"th", "sport"},     Question{"ip", "saddr"},  Question{"ip", "daddr"},
    Question{"ip", "protocol"},  Question{"ip", "dscp"},      Question{"ip6", "saddr"}, Question{"ip6", "daddr"},
    Question{"ip6", "nexthdr"},  Question{"ip6", "dscp"},     Question{"meta", "iif"},  Question{"meta", "oif"},
    Question{"meta", "iifname"}, Question{"meta", "oifname"}, Question{"meta", "mark"}, Question{"meta", "l4proto"},
    Question{"meta", "nfproto"}, Question{"ct", "state"},     Question{"ct", "mark"},   Question{"ct", "zone"},
    Question{"ct", "status"},    Question{"ct", "direction"}, Question{"iif"},          Question{"oif"},
    Question{"iifname"},         Question{"oifname"},         Question{"packets"},      Question{"bytes"},
    Question{"comment"}};

/// How many words from `at` on ask or count; 0: they do something, or it is not known what.
[[nodiscard]] std::size_t asked(const std::vector<Bytes>& words, std::size_t at) {
  static constexpr std::array<Bytes, 4> kNoValue{"set", "map", "vmap", "&"};
  static constexpr std::array<Bytes, 5> kStates{"new", "established", "related", "invalid", "untracked"};
  const auto word = [&](std::size_t i) { return i < words.size() ? words[i] : Bytes(); };
  if (word(at) == "counter") return 1;
  const auto question = std::ranges::find_if(kQuestions, [&](const Question& known) {
    return known.first == word(at) && (known.second.empty() || known.second == word(at + 1));
  });
  if (question == kQuestions.end()) return 0;
  std::size_t value = at + (question->second.empty() ? 1 : 2);
  if (word(value) == "!=" || word(value) == "==") ++value;
  if (word(value).empty() || std::ranges::find(kNoValue, word(value)) != kNoValue.end()) return 0;
  // `ct state new,established`
  while (question->second == "state" && std::ranges::find(kStates, word(value + 1)) != kStates.end()) ++value;
  return value + 1 - at;
}

/// Options of iptables beside kOptions that only ask, or say what is set or where.
constexpr auto kAsking = std::to_array<Bytes>(
    {"--sport",      "--source-port", "--sports",   "--source-ports", "--ports",     "--ctstate",
     "--state",      "--ctdir",       "--src-type", "--dst-type",     "--src-range", "--dst-range",
     "--match-set",  "--mark",        "--pkt-type", "--mac-source",   "--dscp",      "--dscp-class",
     "--physdev-in", "--physdev-out", "-j",         "--jump",         "--helper",    "--out-interface",
     "-t",           "--table"});

}  // namespace

bool only_helps_of_nft(const std::vector<Bytes>& words) {
  std::size_t helpers = 0;
  for (std::size_t i = 0; i < words.size();) {
    const auto word = [&](std::size_t more) { return i + more < words.size() ? words[i + more] : Bytes(); };
    std::size_t taken = asked(words, i);
    if (word(0) == "ct" && word(1) == "helper" && word(2) == "set") {
      ++helpers;
      taken = word(5) == "map" ? 7 : 4;  // `ct helper set udp dport map { ... }`
    }
    if (taken == 0) return false;
    i += taken;
  }
  return helpers == 1;
}

bool only_helps_of_nft_json(Node expressions) {
  std::size_t helpers = 0;
  for (const Node expression : expressions.children()) {
    // One with a name counts for others, too.
    const bool counts = expression["counter"]["packets"] || expression["counter"].value() == "null";
    if (expression["ct helper"])
      ++helpers;
    else if (!expression["match"] && !counts)
      return false;
  }
  return helpers == 1;
}

bool only_helps_of_iptables(const std::vector<Bytes>& words) {
  const auto value = [&](Bytes option) {
    const auto at = std::ranges::find(words, option);
    return at == words.end() || at + 1 == words.end() ? Bytes() : *(at + 1);
  };
  if (value("-j") != "CT" && value("--jump") != "CT") return false;
  return std::ranges::all_of(words, [](Bytes word) {
    return !word.starts_with('-') || std::ranges::find(kOptions, word, &Option::name) != kOptions.end() ||
           std::ranges::find(kAsking, word) != kAsking.end();
  });
}

PortSet::PortSet(Bytes ports) : kind_(ports.empty() ? Kind::any : Kind::some) {
  std::vector<Range> said;
  for (; !ports.empty(); ports.remove_prefix(std::min(ports.find_first_not_of(", "), ports.size()))) {
    const Bytes part = ports.substr(0, ports.find_first_of(", "));
    ports.remove_prefix(part.size());
    const std::size_t dash = part.find('-');
    const auto low = base::parse_decimal(part.substr(0, dash));
    const auto high = dash == Bytes::npos ? low : base::parse_decimal(part.substr(dash + 1));
    if (!part.empty() && (!low || !high || *low > *high)) kind_ = Kind::unread;
    if (low && high) said.emplace_back(*low, *high);
  }
  if (said.empty() && kind_ == Kind::some) kind_ = Kind::unread;
  std::ranges::sort(said);
  for (const Range& range : said) {
    if (ranges_.empty() || range.first > std::uint64_t{ranges_.back().second} + 1)
      ranges_.push_back(range);
    else
      ranges_.back().second = std::max(ranges_.back().second, range.second);
  }
}

bool PortSet::holds_all_of(const PortSet& other) const {
  if (kind_ == Kind::any) return true;
  if (kind_ == Kind::unread || other.kind_ != Kind::some) return false;
  return std::ranges::all_of(other.ranges_, [&](const Range& wanted) {
    const auto behind = std::ranges::upper_bound(ranges_, wanted.first, {}, &Range::first);
    return behind != ranges_.begin() && std::prev(behind)->second >= wanted.second;
  });
}

bool PortSet::names(std::uint32_t port) const {
  return kind_ == Kind::some && holds_all_of(PortSet(std::to_string(port)));
}

bool PacketMatch::takes_all_of(const PacketMatch& other) const {
  if (!whole || !ports.holds_all_of(other.ports)) return false;
  return std::ranges::all_of(is, [&](const auto& condition) {
    const auto same = other.is.find(condition.first);
    return same != other.is.end() && same->second == condition.second;
  });
}

std::string PacketMatch::comes_from(const std::set<std::string>& callers) const {
  if (const auto own = is.find("iif"); own != is.end()) return own->second;
  if (callers.contains("") || callers.size() > kMostCallers) return {};
  return base::joined({callers.begin(), callers.end()}, ", ");
}

std::uint32_t hidden_by(const std::vector<Ending>& endings, const PacketMatch& match) {
  const auto found =
      std::ranges::find_if(endings, [&](const Ending& ending) { return ending.match.takes_all_of(match); });
  return found == endings.end() ? 0 : found->line;
}

void Sides::add(Bytes interfaces, std::set<std::string>& into) {
  while (!interfaces.empty()) {
    const std::size_t end = std::min(interfaces.find_first_of(", "), interfaces.size());
    if (const Bytes one = interfaces.substr(0, end); !one.empty() && one != "lo") into.emplace(one);
    interfaces.remove_prefix(std::min(end + 1, interfaces.size()));
  }
}

void Sides::helped(Bytes interfaces) {
  all_ |= interfaces.empty();
  add(interfaces, helped_);
}

bool Sides::leave_some() const {
  if (all_ || helped_.empty()) return false;
  // "eth1+" of iptables and "eth1*" of nft are all whose names begin so.
  const auto takes = [](Bytes pattern, Bytes name) {
    return pattern == name || ((pattern.ends_with('+') || pattern.ends_with('*')) &&
                               name.starts_with(pattern.substr(0, pattern.size() - 1)));
  };
  return std::ranges::any_of(inside_, [&](const std::string& name) {
    return !outside_.contains(name) &&
           std::ranges::none_of(helped_, [&](const std::string& pattern) { return takes(pattern, name); });
  });
}

PacketMatch match_of_iptables(const std::vector<Bytes>& words) {
  PacketMatch match;
  for (std::size_t i = 0; i < words.size() && !decides(words[i]); ++i) {
    if (words[i] == "!") {
      match.whole = false;
      i += 2;  // what it does not take
      continue;
    }
    const auto option = std::ranges::find(kOptions, words[i], &Option::name);
    if (option == kOptions.end() || i + 1 == words.size()) {
      match.whole = false;
      continue;
    }
    std::string value = number_of(words[++i]);
    if (option->key == "protocol" && value == "all") continue;
    if (option->key == "ports") std::ranges::replace(value, ':', '-');
    if (!option->key.empty()) say(match, option->key, std::move(value));
  }
  return match;
}

PacketMatch match_of_nft(const std::vector<Node>& words) {
  PacketMatch match;
  for (std::size_t i = 0; i < words.size();) {
    if (const std::size_t taken = condition(words, i, match); taken > 0) {
      i += taken;
      continue;
    }
    const auto plain = std::ranges::find(kPlain, words[i].word(), &Plain::word);
    if (plain == kPlain.end()) match.whole = false;
    i += plain == kPlain.end() ? 1 : 1 + plain->more;
  }
  return match;
}

std::string ports_of_json(Node right) {
  const Node set = right["set"] ? right["set"] : right;
  std::string ports;
  for (const Node port : set.children()) {
    const Node range = port.word() == "range" ? port : port["range"];
    std::string one(port.word());
    if (range) {
      one.clear();
      for (const Node end : range.children()) one += (one.empty() ? "" : "-") + std::string(end.word());
    }
    ports += (ports.empty() ? "" : ", ") + one;
  }
  return ports;
}

PacketMatch match_of_nft_json(Node expressions) {
  PacketMatch match;
  for (const Node expression : expressions.children()) {
    const Node said = expression["match"];
    if (!said) {
      match.whole &= expression["counter"] ||
                     std::ranges::any_of(kPlain, [&](const Plain& plain) { return bool(expression[plain.word]); });
      continue;
    }
    const Node payload = said.at({"left", "payload"});
    const Bytes field = payload["field"].value();
    const Bytes key = said.at({"left", "meta", "key"}).value();
    const std::string value = ports_of_json(said["right"]);
    const bool equal = said["op"].value() == "==" && !value.empty() && !value.starts_with('@');
    if (equal && field == "dport") {
      if (payload["protocol"].value() != "th") say(match, "protocol", std::string(payload["protocol"].value()));
      say(match, "ports", value);
    } else if (equal && (field == "saddr" || field == "daddr")) {
      say(match, field, value);
    } else if (equal && (key == "iifname" || key == "iif" || key == "oifname" || key == "oif")) {
      say(match, key.substr(0, 3), value);
    } else if (equal && key == "l4proto") {
      if (value != "tcp, udp" && value != "udp, tcp") say(match, "protocol", value);
    } else {
      match.whole = false;
    }
  }
  return match;
}

}  // namespace viaduct::audit::products
