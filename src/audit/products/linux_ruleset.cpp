// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/products/linux_ruleset.hpp"

#include <algorithm>

namespace viaduct::audit::products {

Name joined(const Name& a, Bytes b) {
  return a + " " + std::string(b);
}

const std::vector<Node>& Ruleset::map(const Name& table, Bytes name) {
  static const std::vector<Node> none;
  const auto known = name.starts_with('@') ? maps.find(joined(table, name.substr(1))) : maps.end();
  const bool here =
      known != maps.end() && std::ranges::any_of(known->second, [](Node elements) { return bool(elements.first()); });
  // Elements come and go while it runs; what a file does not list may be put in later.
  open |= !here;
  return here ? known->second : none;
}

void Ruleset::add(Use use, Bytes helper) {
  open |= of_rule_ == kMostOfRule;
  if (of_rule_ == kMostOfRule) return;
  ++of_rule_;
  use.helper = helper;
  uses.push_back(std::move(use));
}

void Ruleset::add(Use use, Bytes protocol, const PortsOf& map) {
  use.mapped = true;
  use.protocol = protocol;
  for (const Bytes helper : map.helpers()) {
    use.ports = map.ports(helper);
    add(use, helper);
  }
}

void Ruleset::finish_rule(std::size_t first, const std::string& handle, bool alone, Chain& chain) {
  of_rule_ = 0;
  if (first == uses.size()) chain.last = handle;
  const std::uint32_t hidden = first == uses.size() ? 0 : hidden_by(chain.endings, *uses[first].match);
  for (std::size_t i = first; i < uses.size(); ++i) {
    uses[i].alone = alone;
    uses[i].hidden = hidden;
  }
}

}  // namespace viaduct::audit::products
