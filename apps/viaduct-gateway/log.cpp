// SPDX-License-Identifier: GPL-2.0-or-later
#include "viaduct-gateway/log.hpp"

#include "viaduct-gateway/mask.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

namespace viaduct::gateway {
namespace {

LogLevel g_level = LogLevel::info;

// A file, a pipe or a terminal inherits JOURNAL_STREAM as well: only the numbers of the stream tell (sd-daemon(3)).
bool is_journal(int fd) {
  const char* stream = std::getenv("JOURNAL_STREAM");
  struct stat status {};
  return stream != nullptr && ::fstat(fd, &status) == 0 &&
         std::to_string(status.st_dev) + ":" + std::to_string(status.st_ino) == stream;
}

}  // namespace

void set_log_level(LogLevel level) {
  g_level = level;
}

void log(LogLevel level, const std::string& text) {
  if (level > g_level) return;
  static constexpr const char* prefixes[] = {"<3>", "<4>", "<6>", "<7>"};
  static constexpr const char* words[] = {"error: ", "warning: ", "", ""};
  static const bool journal = is_journal(STDERR_FILENO);
  const std::size_t index = static_cast<std::size_t>(level);
  const std::string line =
      std::string(journal ? prefixes[index] : "") + "viaduct-gateway: " + words[index] + mask_credentials(text) + "\n";
  std::fwrite(line.data(), 1, line.size(), stderr);
}

}  // namespace viaduct::gateway
