// SPDX-License-Identifier: GPL-2.0-or-later
#include "analyze/progress.hpp"

#include "os/clock.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>

namespace viaduct::app::analyze {
namespace {

constexpr base::Duration kPatience = std::chrono::seconds(1);
constexpr base::Duration kBetween = std::chrono::milliseconds(200);

/// A path may hold what a terminal obeys.
[[nodiscard]] std::string printable(std::string name) {
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c >= 0 && (c < ' ' || c == '\x7f'); }, '?');
  constexpr std::size_t kMost = 40;
  return name.size() <= kMost ? name : "..." + name.substr(name.size() - kMost + 3);
}

[[nodiscard]] double megabytes(std::uint64_t octets) {
  return static_cast<double>(octets) / 1e6;
}

}  // namespace

Progress::Progress() : wanted_(isatty(STDERR_FILENO) == 1), next_(os::monotonic_now() + kPatience) {}

void Progress::begin(const std::string& name, std::uint64_t size) {
  name_ = printable(name);
  size_ = size;
}

bool Progress::due() {
  if (!wanted_) return false;
  const base::Instant now = os::monotonic_now();
  if (now < next_) return false;
  next_ = now + kBetween;
  shown_ = true;
  return true;
}

void Progress::at(std::uint64_t octets, std::uint64_t frames) {
  if (!due()) return;
  if (size_ > 0 && octets <= size_)
    std::fprintf(stderr, "\r\33[K%s: %.0f of %.0f MB, %.0f %%", name_.c_str(), megabytes(octets), megabytes(size_),
                 100.0 * static_cast<double>(octets) / static_cast<double>(size_));
  else
    std::fprintf(stderr, "\r\33[K%s: %llu frames, %.0f MB", name_.c_str(), static_cast<unsigned long long>(frames),
                 megabytes(octets));
  (void)std::fflush(stderr);
}

void Progress::files(std::uint64_t octets, std::uint64_t count) {
  if (!due()) return;
  std::fprintf(stderr, "\r\33[K%s: %llu files, %.0f MB", name_.c_str(), static_cast<unsigned long long>(count),
               megabytes(octets));
  (void)std::fflush(stderr);
}

void Progress::clear() {
  if (!shown_) return;
  shown_ = false;
  std::fputs("\r\33[K", stderr);
}

}  // namespace viaduct::app::analyze
