// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "faults/behaviour.hpp"

#include <memory>
#include <span>

namespace viaduct::faults {

/// A behaviour that is nothing but settings of the box.
template <auto Configure>
class Configured final : public Behaviour {
 public:
  explicit Configured(const Values& values) : values_(values) {}
  void configure(BoxSettings& settings) const override { Configure(settings, values_); }

 private:
  Values values_;
};

/// A behaviour that looks at one message at a time and remembers nothing.
template <auto Act>
class OnMessage final : public Behaviour {
 public:
  explicit OnMessage(const Values& values) : values_(values) {}
  void on_message(Crossing& crossing) override { Act(crossing, values_); }

 private:
  Values values_;
};

template <class B>
std::unique_ptr<Behaviour> make(const Values& values) {
  return std::make_unique<B>(values);
}

// One table for each file of this folder.
[[nodiscard]] std::span<const BehaviourEntry> profile_behaviours();
[[nodiscard]] std::span<const BehaviourEntry> header_behaviours();
[[nodiscard]] std::span<const BehaviourEntry> body_behaviours();
[[nodiscard]] std::span<const BehaviourEntry> loss_behaviours();
[[nodiscard]] std::span<const BehaviourEntry> media_behaviours();

}  // namespace viaduct::faults
