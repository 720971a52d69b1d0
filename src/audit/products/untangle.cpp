// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/products/products.hpp"
#include "audit/syntax/syntax.hpp"
#include "audit/tree.hpp"

#include <string>

namespace viaduct::audit::products {

void read_untangle(const Text& text, const Product&, Device& device) {
  Tree tree;
  syntax::json(text, tree);
  const Node root = tree.root();
  device.hostname = root["hostName"].value();
  const Node helper = root["enableSipNatHelper"];
  Feature feature{.name = "enableSipNatHelper",
                  .state = helper.value() == "true" ? State::on : State::off,
                  .origin = {.line = helper.line()}};
  if (!helper) feature.origin.standard = "false by default";
  device.features.push_back(std::move(feature));
  const Node queues = root["qosSettings"]["qosEnabled"];
  if (queues.value() == "false") device.rtp_priority = Priority::no;
  device.rtp_origin.line = queues.line();
  device.problems = tree.problems();
  device.sip = device.problems.empty() || helper.value() == "true" ? device.features.back().state : State::unknown;
}

}  // namespace viaduct::audit::products
