// SPDX-License-Identifier: GPL-2.0-or-later
#include "viaduct-gateway/log.hpp"

#include "viaduct-gateway/mask.hpp"

#include <unistd.h>

#include <cstdio>

namespace viaduct::gateway {
namespace {

LogLevel g_level = LogLevel::info;

}  // namespace

void set_log_level(LogLevel level) {
  g_level = level;
}

void log(LogLevel level, const std::string& text) {
  if (level > g_level) return;
  static constexpr const char* prefixes[] = {"<3>", "<4>", "<6>", "<7>"};
  static constexpr const char* words[] = {"error: ", "warning: ", "", ""};
  const bool terminal = isatty(STDERR_FILENO) == 1;
  const std::size_t index = static_cast<std::size_t>(level);
  const std::string line =
      std::string(terminal ? "" : prefixes[index]) + "viaduct-gateway: " + words[index] + mask_credentials(text) + "\n";
  std::fwrite(line.data(), 1, line.size(), stderr);
}

}  // namespace viaduct::gateway
