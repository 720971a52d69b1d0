// SPDX-License-Identifier: GPL-2.0-or-later
// What must hold for any input: nothing outside the buffer is read, nothing is allocated, every range lies inside.
#include "sip/read_all_test.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <new>
#include <random>
#include <string>

namespace {
std::atomic<std::size_t> allocations{0};

void* counted(std::size_t size) {
  ++allocations;
  void* const memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) std::abort();
  return memory;
}
}  // namespace

// Replaced for the whole test binary; the counter is looked at by one test only.
void* operator new(std::size_t size) {
  return counted(size);
}
void* operator new[](std::size_t size) {
  return counted(size);
}
void operator delete(void* memory) noexcept {
  std::free(memory);  // NOLINT(clang-analyzer-cplusplus.NewDelete): what our own operator new gave
}
void operator delete[](void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);  // NOLINT(clang-analyzer-cplusplus.NewDelete): the same
}
void operator delete[](void* memory, std::size_t) noexcept {
  std::free(memory);
}

namespace viaduct::sip {
namespace {

/// Readable memory between two unreadable pages.
class GuardedPages {
 public:
  explicit GuardedPages(std::size_t room)
      : page_(static_cast<std::size_t>(sysconf(_SC_PAGESIZE))), room_((room + page_ - 1) / page_ * page_) {
    void* const all = mmap(nullptr, room_ + 2 * page_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (all == MAP_FAILED) std::abort();
    first_ = static_cast<char*>(all) + page_;
    if (mprotect(first_, room_, PROT_READ | PROT_WRITE) != 0) std::abort();
  }
  GuardedPages(const GuardedPages&) = delete;
  GuardedPages& operator=(const GuardedPages&) = delete;
  ~GuardedPages() { munmap(first_ - page_, room_ + 2 * page_); }

  /// A copy whose first octet follows the unreadable page before.
  [[nodiscard]] Bytes at_start(Bytes text) {
    return {static_cast<char*>(std::memcpy(first_, text.data(), text.size())), text.size()};
  }
  /// A copy whose last octet touches the unreadable page behind.
  [[nodiscard]] Bytes at_end(Bytes text) {
    char* const to = first_ + room_ - text.size();
    return {static_cast<char*>(std::memcpy(to, text.data(), text.size())), text.size()};
  }

 private:
  std::size_t page_;
  std::size_t room_;
  char* first_;
};

TEST(Safety, NothingOutsideTheBufferIsRead) {
  GuardedPages pages(8192);
  for (const Bytes message : sample_messages()) {
    // Every prefix, so that every parser meets the end of the buffer at every place.
    for (std::size_t length = 0; length <= message.size(); ++length) {
      const std::string plain(message.substr(0, length));
      const std::uint64_t expected = ReadAll(plain).sum();
      EXPECT_EQ(ReadAll(pages.at_end(plain)).sum(), expected) << "last octet at the guard page, length " << length;
      EXPECT_EQ(ReadAll(pages.at_start(plain)).sum(), expected) << "first octet at the guard page, length " << length;
    }
  }
}

TEST(Safety, NothingIsAllocated) {
  for (const Bytes message : sample_messages()) {
    const std::size_t before = allocations;
    const ReadAll all(message);
    EXPECT_EQ(allocations, before);
    EXPECT_TRUE(all.inside());
  }
  const std::size_t before = allocations;
  delete new int(1);
  EXPECT_EQ(allocations, before + 1) << "the counter does not count";
}

TEST(Safety, SamplesAreReadWhole) {
  EXPECT_TRUE(ReadAll(sample_messages()[0]).parsed());
  EXPECT_GT(ReadAll(sample_messages()[0]).ranges(), 300U);
  EXPECT_TRUE(ReadAll(sample_messages()[1]).parsed());
  EXPECT_FALSE(ReadAll(sample_messages()[2]).parsed());
  EXPECT_EQ(next_frame(sample_messages()[3]).consumed, sample_messages()[3].size());
}

/// A sample with some octets replaced, removed or repeated; octets that mean something are preferred.
std::string mutated(std::mt19937& random) {
  static constexpr Bytes kTelling = "\r\n \t:;,<>\"\\@[]()=?%*/.0a\xff";
  const auto below = [&random](std::size_t limit) { return static_cast<std::size_t>(random() % limit); };
  std::string text(sample_messages()[below(sample_messages().size())]);
  for (std::size_t changes = 1 + below(12); changes > 0 && !text.empty(); --changes) {
    const std::size_t at = below(text.size());
    switch (below(4)) {
      case 0:
        text[at] = kTelling[below(kTelling.size())];
        break;
      case 1:
        text[at] = static_cast<char>(random());
        break;
      case 2:
        text.erase(at, below(8));
        break;
      default:
        text.insert(at, text.substr(at, below(8)));
        break;
    }
  }
  return text;
}

TEST(Safety, AnyMutationStaysInside) {
  std::mt19937 random(4475);
  GuardedPages pages(8192);
  std::size_t parsed = 0;
  for (int i = 0; i < 20000; ++i) {
    const std::string text = mutated(random);
    const ReadAll all(pages.at_end(text));
    ASSERT_TRUE(all.inside()) << text;
    ASSERT_EQ(all.sum(), ReadAll(text).sum()) << text;
    parsed += all.parsed() ? 1 : 0;
  }
  EXPECT_GT(parsed, 5000U) << "the mutations leave too little to read";
}

RC_GTEST_PROP(SafetyProperty, AnyOctetsStayInside, (const std::string& text)) {
  RC_ASSERT(ReadAll(text).inside());
  const std::string headed = "INVITE sip:a SIP/2.0\r\nVia: " + text;
  RC_ASSERT(ReadAll(headed).inside());
}

}  // namespace
}  // namespace viaduct::sip
