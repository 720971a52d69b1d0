// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "audit/sections.hpp"
#include "audit/text.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace viaduct::audit::products {

/// What a script, a file for nft or one of sysctl does about the helper, beside what UCI says.
struct OwnLine {
  enum class Does : std::uint8_t {
    sets,     ///< a rule that gives flows the helper
    assigns,  ///< nf_conntrack_helper: the kernel gives it by itself
    unknown,  ///< one of them perhaps
  };

  std::string file;
  std::uint32_t line = 0;
  Does does = Does::sets;
  std::string ports{};  ///< empty: all
  bool of_fw4 = false;  ///< a rule in the table that fw4 writes
  std::string note{};   ///< why it is unknown
};

/// Of all files in the text: rules may name what another file declares. fw3 and fw4 run them behind their own rules.
[[nodiscard]] std::vector<OwnLine> own_lines_of(const Text& text, const std::vector<Section>& sections);

}  // namespace viaduct::audit::products
