// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "faults/box_settings.hpp"
#include "faults/crossing.hpp"
#include "faults/parameters.hpp"

#include <memory>
#include <span>

namespace viaduct::faults {

/// One harmful behaviour of the failure catalogue (data/behaviours.toml), switched on in one box. What it remembers
/// is its own; all of it is bounded.
class Behaviour {
 public:
  Behaviour() = default;
  Behaviour(const Behaviour&) = delete;
  Behaviour& operator=(const Behaviour&) = delete;
  virtual ~Behaviour() = default;

  /// Once, before the first packet: properties of the NAT, of the ALG and of the lines.
  virtual void configure(BoxSettings& settings) const;
  /// A whole SIP message that the ALG, if there is one, has already rewritten.
  virtual void on_message(Crossing& crossing);
  /// A packet that is about to leave, already translated, with its endpoints as seen inside and outside. false: it
  /// is dropped.
  [[nodiscard]] virtual bool passes(const Transit& transit);
};

/// What `viaduct faults list` shows of a behaviour, and how it is made. Texts come from data/behaviours.toml.
struct BehaviourEntry {
  base::Bytes id;  ///< "B21"
  std::span<const Parameter> parameters;
  std::unique_ptr<Behaviour> (*make)(const Values& values);
};

/// All that the box can do, by id.
[[nodiscard]] std::span<const BehaviourEntry> behaviours();
/// nullptr if there is none with this id (upper case).
[[nodiscard]] const BehaviourEntry* find_behaviour(base::Bytes id);

}  // namespace viaduct::faults
