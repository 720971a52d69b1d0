// SPDX-License-Identifier: GPL-2.0-or-later
#include "capture/window.hpp"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

namespace viaduct::capture {
namespace {

// Fits into the second level cache of anything that runs this, and is large enough that system calls do not count.
constexpr std::size_t kChunk = 262144;

}  // namespace

Window::Window(std::unique_ptr<Inflow> inflow)
    : inflow_(std::move(inflow)), buffer_(std::make_unique_for_overwrite<char[]>(kChunk + kAhead)), room_(kChunk) {
  static_cast<void>(has(kCompressionMagic));
  compression_ = compression_of({data(), left()});
  if (compression_ == Compression::none) return;
  inflow_ = unpacked(compression_, std::move(inflow_), std::string(data(), left()));
  at_ = end_ = 0;
}

bool Window::skip(std::uint64_t size) {
  while (size > left()) {
    size -= left();
    at_ = end_;
    if (!has(1)) return false;
  }
  at_ += static_cast<std::size_t>(size);
  return true;
}

bool Window::fill(std::size_t size) {
  const std::size_t kept = left();
  if (size > room_) {
    const std::size_t room = std::max(size, room_ * 2);
    std::unique_ptr<char[]> larger = std::make_unique_for_overwrite<char[]>(room + kAhead);
    std::memcpy(larger.get(), data(), kept);
    buffer_ = std::move(larger);
    room_ = room;
  } else {
    std::memmove(buffer_.get(), data(), kept);
  }
  before_ += at_;
  at_ = 0;
  end_ = kept;
  while (end_ < size) {
    const std::size_t got = inflow_->read(buffer_.get() + end_, room_ - end_);
    if (got == 0) return false;
    end_ += got;
  }
  return true;
}

}  // namespace viaduct::capture
