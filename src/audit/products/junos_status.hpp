// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "audit/device.hpp"
#include "audit/text.hpp"

#include <map>
#include <string>

namespace viaduct::audit::products {

/// What a device of Junos itself answers to `show security alg status`, with or without `| match SIP`.
struct JunosStatus {
  State state = State::unknown;  ///< partly: the nodes of a cluster differ
  std::uint32_t line = 0;        ///< 0: nobody asked it, or a change was typed behind the answer
  std::string note{};            ///< what was not asked, or how answers differ
};

struct JunosAnswers {
  /// By logical system or tenant; the root system has no name.
  std::map<std::string, JunosStatus, std::less<>> systems;
  std::uint32_t changed = 0;  ///< line at which something was typed that may switch the ALG on again; 0: none

  /// Of the system with this name.
  [[nodiscard]] JunosStatus of(Bytes system) const;
};

[[nodiscard]] JunosAnswers junos_answers(const Text& text);

}  // namespace viaduct::audit::products
