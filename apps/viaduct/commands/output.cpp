// SPDX-License-Identifier: GPL-2.0-or-later
#include "commands/output.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace viaduct::app {

int put(const char* command, const std::string& text, int exit) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0) return exit;
  std::fprintf(stderr, "viaduct %s: cannot write: %s\n", command, std::strerror(errno));
  return Exit::environment;
}

}  // namespace viaduct::app
