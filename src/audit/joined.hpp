// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "audit/text.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace viaduct::audit {

/// A line where a person finds it.
struct Place {
  std::string file{};  ///< "/etc/config/firewall"; empty: of the text itself
  std::uint32_t line = 0;
};

/// Of a text that was put together from files of a device, as nobody has it: which line is which of which file.
class Joined {
 public:
  /// A text that stands for itself.
  Joined() = default;
  /// `files` in their order, each behind its head.
  Joined(const Text& text, const std::vector<std::string>& files);

  [[nodiscard]] Place of(std::uint32_t line) const;

  /// What stands before a file in such a text. UCI tells files by their package.
  [[nodiscard]] static std::string head(std::string_view file);

 private:
  struct Part {
    std::string file;
    std::uint32_t before = 0;  ///< the line of the text before its first one
  };
  std::vector<Part> parts_;
};

}  // namespace viaduct::audit
