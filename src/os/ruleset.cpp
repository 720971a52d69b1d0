// SPDX-License-Identifier: GPL-2.0-or-later
#include "os/ruleset.hpp"

#include "base/text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

namespace viaduct::os {
namespace {

using Json = nlohmann::json;
/// Named maps by (family, table, name): the array of their elements.
using Maps = std::map<std::tuple<std::string, std::string, std::string>, const Json*>;

std::string text_at(const Json& object, const char* key) {
  if (!object.is_object()) return {};
  Json::const_iterator found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// nft prints the number where /etc/protocols is missing.
std::string protocol_at(const Json& object) {
  const Json::const_iterator found = object.find("protocol");
  if (found == object.end() || !found->is_number_unsigned()) return text_at(object, "protocol");
  const auto number = found->get<std::uint64_t>();
  return number == 17 ? "udp" : number == 6 ? "tcp" : std::to_string(number);
}

std::uint64_t number_at(const Json& object, const char* key) {
  if (!object.is_object()) return 0;
  Json::const_iterator found = object.find(key);
  return found != object.end() && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
}

const Json* child(const Json& object, const char* key) {
  if (!object.is_object()) return nullptr;
  Json::const_iterator found = object.find(key);
  return found == object.end() ? nullptr : &*found;
}

/// A string or an array of strings.
std::vector<std::string> texts_at(const Json& object, const char* key) {
  std::vector<std::string> texts;
  const Json* found = child(object, key);
  if (found == nullptr) return texts;
  if (found->is_string()) texts.push_back(found->get<std::string>());
  if (found->is_array())
    for (const Json& entry : *found)
      if (entry.is_string()) texts.push_back(entry.get<std::string>());
  return texts;
}

bool has_flag(const Json& object, std::string_view flag) {
  std::vector<std::string> flags = texts_at(object, "flags");
  return std::find(flags.begin(), flags.end(), flag) != flags.end();
}

template <class T>
void add_once(std::vector<T>& list, T value) {
  if (std::find(list.begin(), list.end(), value) == list.end()) list.push_back(std::move(value));
}

/// The plain value of a map element: keys may be wrapped as {"elem": {"val": ...}} when they carry a comment.
const Json& plain_key(const Json& key) {
  const Json* elem = child(key, "elem");
  const Json* value = elem == nullptr ? nullptr : child(*elem, "val");
  return value == nullptr ? key : *value;
}

/// Walks one rule's statements and notes what they can do.
class RuleReader {
 public:
  RuleReader(RulesetRule& rule, const Maps& maps) : rule_(rule), maps_(maps) {}

  void read(const Json& expressions) {
    for (const Json& statement : expressions) read_statement(statement);
  }

 private:
  void read_statement(const Json& statement) {
    if (!statement.is_object()) return;
    for (const auto& [name, value] : statement.items()) {
      if (name == "match") {
        read_match(value);
      } else if (name == "ct helper") {
        read_helper(value);
      } else if (name == "vmap") {
        read_elements(child(value, "data"), [this](const Json& verdict) { read_statement(verdict); });
      } else if (name == "flow") {
        std::string table = text_at(value, "flowtable");
        if (!table.empty()) add_once(rule_.flowtables, table.front() == '@' ? table.substr(1) : table);
      } else if (name == "xt") {
        add_once(rule_.xtables, text_at(value, "type") + " " + text_at(value, "name"));
      } else {
        read_verdict(name, value);
      }
    }
  }

  void read_verdict(const std::string& name, const Json& value) {
    if (name == "drop" || name == "reject") rule_.drops = true;
    if (name == "accept") rule_.accepts = true;
    if (name == "jump" || name == "goto") add_once(rule_.targets, text_at(value, "target"));
  }

  /// `data` is {"set": [[key, value], ...]}, or "@name" of a named map.
  template <class Visit>
  void read_elements(const Json* data, const Visit& visit) {
    if (data == nullptr) return;
    const Json* list = child(*data, "set");
    if (data->is_string()) {
      std::string name = data->get<std::string>();
      if (!name.empty() && name.front() == '@') name.erase(0, 1);
      Maps::const_iterator found = maps_.find({rule_.family, rule_.table, name});
      if (found == maps_.end()) return;
      list = found->second;
    }
    if (list == nullptr || !list->is_array()) return;
    for (const Json& element : *list)
      if (element.is_array() && element.size() == 2) visit(element[1]);
  }

  void read_helper(const Json& value) {
    if (value.is_string()) {
      add_once(rule_.helpers, value.get<std::string>());
      return;
    }
    const Json* map = child(value, "map");
    if (map == nullptr) return;
    read_elements(child(*map, "data"), [this](const Json& helper) {
      if (helper.is_string()) add_once(rule_.helpers, helper.get<std::string>());
    });
  }

  void read_match(const Json& match) {
    const Json* left = child(match, "left");
    const Json* right = child(match, "right");
    if (left == nullptr || right == nullptr || text_at(match, "op") == "!=") return;
    if (const Json* meta = child(*left, "meta"); meta != nullptr) {
      std::string key = text_at(*meta, "key");
      if (key == "iif" || key == "iifname") read_values(*right, true);
    }
    if (const Json* payload = child(*left, "payload"); payload != nullptr && text_at(*payload, "field") == "dport")
      read_values(*right, false);
  }

  void read_values(const Json& right, bool interfaces) {
    const Json* list = child(right, "set");
    if (list == nullptr) {
      read_value(right, interfaces);
    } else if (list->is_array()) {
      for (const Json& entry : *list) read_value(plain_key(entry), interfaces);
    }
  }

  void read_value(const Json& value, bool interface) {
    if (interface && value.is_string()) add_once(rule_.interfaces, value.get<std::string>());
    if (!interface && value.is_number_unsigned() && value.get<std::uint64_t>() <= 0xffff)
      add_once(rule_.ports, value.get<std::uint16_t>());
  }

  RulesetRule& rule_;
  const Maps& maps_;
};

void read_rule(Ruleset& ruleset, const Json& object, const Maps& maps) {
  RulesetRule rule;
  rule.family = text_at(object, "family");
  rule.table = text_at(object, "table");
  rule.chain = text_at(object, "chain");
  rule.comment = text_at(object, "comment");
  rule.handle = number_at(object, "handle");
  const Json* expressions = child(object, "expr");
  if (expressions != nullptr && expressions->is_array()) {
    rule.expressions = expressions->dump(-1, ' ', false, Json::error_handler_t::replace);
    RuleReader(rule, maps).read(*expressions);
  }
  ruleset.rules.push_back(std::move(rule));
}

void read_chain(Ruleset& ruleset, const Json& object) {
  RulesetChain chain;
  chain.family = text_at(object, "family");
  chain.table = text_at(object, "table");
  chain.name = text_at(object, "name");
  chain.type = text_at(object, "type");
  chain.hook = text_at(object, "hook");
  chain.policy = text_at(object, "policy");
  const Json* priority = child(object, "prio");
  if (priority != nullptr && priority->is_number_integer()) chain.priority = priority->get<std::int64_t>();
  ruleset.chains.push_back(std::move(chain));
}

void read_flowtable(Ruleset& ruleset, const Json& object) {
  RulesetFlowtable flowtable;
  flowtable.family = text_at(object, "family");
  flowtable.table = text_at(object, "table");
  flowtable.name = text_at(object, "name");
  flowtable.devices = texts_at(object, "dev");
  flowtable.hardware = has_flag(object, "offload");
  ruleset.flowtables.push_back(std::move(flowtable));
}

void read_map(Ruleset& ruleset, const Json& object, Maps& maps) {
  const Json* elements = child(object, "elem");
  if (elements == nullptr || !elements->is_array()) return;
  std::string family = text_at(object, "family");
  std::string table = text_at(object, "table");
  std::string name = text_at(object, "name");
  maps[{family, table, name}] = elements;
  for (const Json& element : *elements) {
    if (!element.is_array() || element.size() != 2 || !element[1].is_string()) continue;
    ruleset.helper_elements.push_back({family, table, name,
                                       element.dump(-1, ' ', false, Json::error_handler_t::replace),
                                       element[1].get<std::string>()});
  }
}

// Lists of addresses can be long, and nobody asks for them.
void read_ports(Ruleset& ruleset, const Json& object) {
  const Json* type = child(object, "type");
  const Json* elements = child(object, "elem");
  if (type == nullptr || elements == nullptr) return;
  const std::string types = type->dump(-1, ' ', false, Json::error_handler_t::replace);
  if (types.find("inet_service") == std::string::npos && types.find("dport") == std::string::npos) return;
  ruleset.port_elements.push_back({text_at(object, "family"), text_at(object, "table"), text_at(object, "name"),
                                   elements->dump(-1, ' ', false, Json::error_handler_t::replace)});
}

void read_object(Ruleset& ruleset, const std::string& kind, const Json& object, Maps& maps) {
  if (kind == "table") {
    ruleset.tables.push_back({text_at(object, "family"), text_at(object, "name"), has_flag(object, "owner")});
  } else if (kind == "chain") {
    read_chain(ruleset, object);
  } else if (kind == "set") {
    read_ports(ruleset, object);
  } else if (kind == "map") {
    read_map(ruleset, object, maps);
    read_ports(ruleset, object);
  } else if (kind == "flowtable") {
    read_flowtable(ruleset, object);
  } else if (kind == "ct helper") {
    ruleset.helpers.push_back({text_at(object, "family"), text_at(object, "table"), text_at(object, "name"),
                               text_at(object, "type"), protocol_at(object), number_at(object, "handle")});
  }
}

/// Map values that name no helper object are something else (a string-typed map).
void keep_helper_elements(Ruleset& ruleset) {
  std::erase_if(ruleset.helper_elements, [&ruleset](const RulesetHelperElement& element) {
    return std::none_of(ruleset.helpers.begin(), ruleset.helpers.end(), [&element](const RulesetHelper& helper) {
      return helper.family == element.family && helper.table == element.table && helper.name == element.helper;
    });
  });
}

bool xtables_drops(const RulesetRule& rule) {
  return std::any_of(rule.xtables.begin(), rule.xtables.end(),
                     [](const std::string& part) { return part == "target REJECT" || part == "target DROP"; });
}

/// {"match": ...} on exactly the bits of `mark` in the ct mark, in any of the ways nft writes it.
bool matches_mark(const Json& match, std::uint32_t mark) {
  const Json* left = child(match, "left");
  const Json* right = child(match, "right");
  if (left == nullptr || right == nullptr) return false;
  const Json* both = child(*left, "&");
  const Json* ct = both != nullptr && both->is_array() && both->size() == 2 ? child((*both)[0], "ct") : nullptr;
  if (ct == nullptr || text_at(*ct, "key") != "mark") return false;
  if (!(*both)[1].is_number_unsigned() || (*both)[1].get<std::uint64_t>() != mark) return false;
  if (!right->is_number_unsigned()) return false;
  std::uint64_t value = right->get<std::uint64_t>();
  return text_at(match, "op") == "!=" ? value == 0 : value == mark;
}

}  // namespace

Result<Ruleset> parse_ruleset(std::string_view json) {
  Json document = Json::parse(json.begin(), json.end(), nullptr, false);
  const Json* list = document.is_discarded() ? nullptr : child(document, "nftables");
  if (list == nullptr || !list->is_array())
    return fail(Problem::malformed_answer, "read the nftables rules", "expected the JSON of `nft -j list ruleset`");
  Ruleset ruleset;
  Maps maps;
  for (const Json& entry : *list) {
    if (!entry.is_object()) continue;
    for (const auto& [kind, object] : entry.items()) read_object(ruleset, kind, object, maps);
  }
  // Second pass: rules refer to maps that may stand behind them.
  for (const Json& entry : *list)
    if (const Json* rule = child(entry, "rule"); rule != nullptr) read_rule(ruleset, *rule, maps);
  keep_helper_elements(ruleset);
  return ruleset;
}

const RulesetTable* Ruleset::table(std::string_view family, std::string_view name) const {
  for (const RulesetTable& entry : tables)
    if (entry.family == family && entry.name == name) return &entry;
  return nullptr;
}

const RulesetChain* Ruleset::chain(std::string_view family, std::string_view table, std::string_view name) const {
  for (const RulesetChain& entry : chains)
    if (entry.family == family && entry.table == table && entry.name == name) return &entry;
  return nullptr;
}

const std::string* Ruleset::elements(std::string_view family, std::string_view table, std::string_view name) const {
  for (const RulesetElements& entry : port_elements)
    if (entry.family == family && entry.table == table && entry.name == name) return &entry.elements;
  return nullptr;
}

bool Ruleset::has_xtables() const {
  return std::any_of(rules.begin(), rules.end(), [](const RulesetRule& rule) { return !rule.xtables.empty(); });
}

std::vector<const RulesetRule*> Ruleset::rules_of(const RulesetChain& chain) const {
  std::vector<const RulesetRule*> found;
  for (const RulesetRule& rule : rules)
    if (rule.family == chain.family && rule.table == chain.table && rule.chain == chain.name) found.push_back(&rule);
  return found;
}

std::vector<const RulesetRule*> Ruleset::reachable(const RulesetChain& chain) const {
  std::vector<const RulesetRule*> found;
  std::set<std::string> seen = {chain.name};
  std::vector<const RulesetChain*> open = {&chain};
  while (!open.empty()) {
    const RulesetChain* next = open.back();
    open.pop_back();
    for (const RulesetRule* rule : rules_of(*next)) {
      found.push_back(rule);
      for (const std::string& target : rule->targets) {
        const RulesetChain* other = this->chain(chain.family, chain.table, target);
        if (other != nullptr && seen.insert(target).second) open.push_back(other);
      }
    }
  }
  return found;
}

bool Ruleset::can_drop(const RulesetChain& chain) const {
  if (chain.policy == "drop") return true;
  std::vector<const RulesetRule*> all = reachable(chain);
  return std::any_of(all.begin(), all.end(),
                     [](const RulesetRule* rule) { return rule->drops || xtables_drops(*rule); });
}

bool is_mark_accept(const RulesetRule& rule, std::uint32_t mark) {
  Json expressions = Json::parse(rule.expressions, nullptr, false);
  if (!expressions.is_array()) return false;
  bool marked = false;
  bool accepted = false;
  for (const Json& statement : expressions) {
    if (!statement.is_object() || statement.size() != 1) return false;
    std::string name = statement.begin().key();
    if (name == "match") {
      if (marked || !matches_mark(statement.begin().value(), mark)) return false;
      marked = true;
    } else if (name == "accept") {
      accepted = true;
    } else if (name != "counter") {
      return false;
    }
  }
  return marked && accepted;
}

std::string text_of(Host& host, const RulesetRule& rule) {
  std::string handle = std::to_string(rule.handle);
  std::string fallback = "rule handle " + handle;
  Result<ProcessOutcome> listed = host.run({"nft", "-a", "list", "chain", rule.family, rule.table, rule.chain});
  if (!listed || !listed->ok()) return fallback;
  std::string mark = " # handle " + handle + "\n";
  std::size_t end = listed->output.find(mark);
  // The table and the chain have handles too, on lines that open a block.
  while (end != std::string::npos && end > 0 && listed->output[end - 1] == '{')
    end = listed->output.find(mark, end + mark.size());
  if (end == std::string::npos) return fallback;
  std::size_t begin = listed->output.rfind('\n', end) + 1;
  return std::string(base::trim(std::string_view(listed->output).substr(begin, end - begin)));
}

std::string place_of(const RulesetRule& rule) {
  return rule.family + " " + rule.table + " " + rule.chain;
}

}  // namespace viaduct::os
