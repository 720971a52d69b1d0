// SPDX-License-Identifier: GPL-2.0-or-later
#include "faults/sack.hpp"

#include "base/octets.hpp"

#include <string>

namespace viaduct::faults {
namespace {

constexpr std::uint8_t kEnd = 0;
constexpr std::uint8_t kNop = 1;
constexpr std::uint8_t kSack = 5;
constexpr std::size_t kHead = 2;
constexpr std::size_t kBlock = 8;

void store_number(std::string& octets, std::size_t at, std::uint32_t number) {
  base::store_word(octets.data() + at, number >> 16);
  base::store_word(octets.data() + at + 2, number & 0xffffU);
}

/// One option of kind SACK at `at`.
void renumber_option(std::string& options, std::size_t at, std::size_t length,
                     const std::function<SackBlock(const SackBlock&)>& renumber) {
  std::size_t kept = at + kHead;
  for (std::size_t from = kept; from + kBlock <= at + length; from += kBlock) {
    const SackBlock block = renumber({base::long_at(options, from), base::long_at(options, from + 4)});
    if (static_cast<std::int32_t>(block.end - block.begin) <= 0) continue;
    store_number(options, kept, block.begin);
    store_number(options, kept + 4, block.end);
    kept += kBlock;
  }
  const bool none = kept == at + kHead;
  if (none) kept = at;
  if (!none) options[at + 1] = static_cast<char>(kept - at);
  options.replace(kept, at + length - kept, at + length - kept, static_cast<char>(kNop));
}

}  // namespace

void renumber_sack(Packet& segment, const std::function<SackBlock(const SackBlock&)>& renumber) {
  if (segment.tcp_options().empty()) return;
  std::string options(segment.tcp_options());
  std::size_t length = 1;
  for (std::size_t at = 0; at < options.size(); at += length) {
    const std::uint8_t kind = base::octet_at(options, at);
    if (kind == kEnd) break;
    length = 1;
    if (kind == kNop) continue;
    if (at + 1 == options.size()) break;
    length = base::octet_at(options, at + 1);
    if (length < kHead || at + length > options.size()) break;
    if (kind == kSack && length > kHead && length % kBlock == kHead) renumber_option(options, at, length, renumber);
  }
  segment.set_tcp_options(options);
}

}  // namespace viaduct::faults
