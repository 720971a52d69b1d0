// SPDX-License-Identifier: GPL-2.0-or-later
#include "faults/behaviour.hpp"

namespace viaduct::faults {

void Behaviour::configure(BoxSettings& /*settings*/) const {}

void Behaviour::on_message(Crossing& /*crossing*/) {}

bool Behaviour::passes(const Transit& /*transit*/) {
  return true;
}

}  // namespace viaduct::faults
