// SPDX-License-Identifier: GPL-2.0-or-later
#include "commands/output.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>

namespace viaduct::app {

int put(const char* command, const std::string& text, int exit) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0) return exit;
  std::fprintf(stderr, "viaduct %s: cannot write: %s\n", command, std::strerror(errno));
  return Exit::environment;
}

bool write_file(const char* command, const std::string& path, const std::string& text) {
  std::FILE* const file = std::fopen(path.c_str(), "wb");
  bool written = file != nullptr && std::fwrite(text.data(), 1, text.size(), file) == text.size();
  if (file != nullptr) written = std::fclose(file) == 0 && written;
  if (!written) std::fprintf(stderr, "viaduct %s: cannot write %s: %s\n", command, path.c_str(), std::strerror(errno));
  return written;
}

/// https://no-color.org: any value but the empty one.
bool is_same_file(const std::string& a, const std::string& b) {
  std::error_code none;
  return std::filesystem::equivalent(a, b, none);
}

bool wants_colours() {
  const char* no_color = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  return isatty(STDOUT_FILENO) == 1 && (no_color == nullptr || *no_color == '\0') &&
         (term == nullptr || std::strcmp(term, "dumb") != 0);
}

std::size_t terminal_width() {
  constexpr std::size_t kElsewhere = 160;  // a file has room, and tables need not cut addresses
  winsize size{};
  return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : kElsewhere;
}

}  // namespace viaduct::app
