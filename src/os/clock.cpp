// SPDX-License-Identifier: GPL-2.0-or-later
#include "os/clock.hpp"

#include "base/text.hpp"
#include "os/file.hpp"

#include <cstdio>
#include <ctime>

namespace viaduct::os {
namespace {

std::chrono::nanoseconds read_clock(clockid_t id) {
  timespec t{};
  clock_gettime(id, &t);
  return std::chrono::seconds(t.tv_sec) + std::chrono::nanoseconds(t.tv_nsec);
}

}  // namespace

base::Instant monotonic_now() {
  return {read_clock(CLOCK_MONOTONIC)};
}

WallTime wall_now() {
  return WallTime(read_clock(CLOCK_REALTIME));
}

std::string to_text(WallTime at) {
  const std::chrono::nanoseconds since = at.time_since_epoch();
  const std::chrono::seconds whole = std::chrono::floor<std::chrono::seconds>(since);
  const std::time_t seconds = whole.count();
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[64];
  const std::size_t length = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
  const int milliseconds = static_cast<int>(std::chrono::floor<std::chrono::milliseconds>(since - whole).count());
  std::snprintf(text + length, sizeof text - length, ".%03dZ", milliseconds);
  return text;
}

Result<std::string> boot_id() {
  Result<std::string> id = read_file("/proc/sys/kernel/random/boot_id", 256);
  if (id) *id = std::string(base::trim(*id));
  return id;
}

}  // namespace viaduct::os
