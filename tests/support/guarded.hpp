// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "base/check.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <string>

namespace viaduct::test {

/// Octets between two unreadable pages: a parser that reads one octet too many ends the test with SIGSEGV. A page has
/// two edges and a text two ends, hence two places: at_end() touches the page behind it, at_begin() the one before.
class Guarded {
 public:
  explicit Guarded(base::Bytes text) : size_(text.size()), text_(text) {
    const std::size_t page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    room_ = (size_ / page + 1) * page;
    whole_ = room_ + 2 * page;
    void* map = mmap(nullptr, whole_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    VIADUCT_CHECK(map != MAP_FAILED);
    map_ = static_cast<char*>(map);
    first_ = map_ + page;
    VIADUCT_CHECK(mprotect(map_, page, PROT_NONE) == 0);
    VIADUCT_CHECK(mprotect(first_ + room_, page, PROT_NONE) == 0);
  }
  Guarded(const Guarded&) = delete;
  Guarded& operator=(const Guarded&) = delete;
  ~Guarded() { munmap(map_, whole_); }

  /// The text, its last octet before the unreadable page. Invalidates at_begin().
  [[nodiscard]] base::Bytes at_end() { return put(first_ + room_ - size_); }
  /// The text, its first octet behind the unreadable page. Invalidates at_end().
  [[nodiscard]] base::Bytes at_begin() { return put(first_); }

 private:
  base::Bytes put(char* where) const {
    if (size_ > 0) std::memcpy(where, text_.data(), size_);
    return {where, size_};
  }

  std::size_t size_;
  std::string text_;
  std::size_t room_ = 0;
  std::size_t whole_ = 0;
  char* map_ = nullptr;
  char* first_ = nullptr;
};

}  // namespace viaduct::test
