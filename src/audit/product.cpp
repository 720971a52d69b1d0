// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/product.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace viaduct::audit {

Bytes name(Member member) {
  static constexpr std::array<Bytes, static_cast<std::size_t>(Member::last)> kNames{"all",
                                                                                    "default_state",
                                                                                    "detect",
                                                                                    "backup_commands",
                                                                                    "disable_commands",
                                                                                    "disable_else",
                                                                                    "enable_commands",
                                                                                    "related_disable",
                                                                                    "show_commands",
                                                                                    "verify",
                                                                                    "gui_path",
                                                                                    "caveats",
                                                                                    "udp_timeout",
                                                                                    "udp_timeout.default_s",
                                                                                    "udp_timeout.parse",
                                                                                    "udp_timeout.show",
                                                                                    "udp_timeout.set",
                                                                                    "udp_timeout.related_set",
                                                                                    "udp_timeout.revert",
                                                                                    "qos",
                                                                                    "clear_sessions",
                                                                                    "restart_needed"};
  return kNames[static_cast<std::size_t>(member)];
}

std::string Product::title() const {
  const auto is = [](char a, char b) { return base::to_lower(a) == base::to_lower(b); };
  return std::ranges::search(family, vendor, is).empty() ? vendor + " " + family : family;
}

bool Product::backed(Member member) const {
  const bool of_timeout = member >= Member::udp_timeout && member <= Member::udp_timeout_revert;
  return std::ranges::none_of(unverified, [&](Member said) {
    return said == Member::all || said == member || (said == Member::udp_timeout && of_timeout);
  });
}

bool Product::backed(Member member, Bytes command) const {
  return backed(member) && std::ranges::find(unverified_commands, command) == unverified_commands.end();
}

}  // namespace viaduct::audit
