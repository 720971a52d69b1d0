// SPDX-License-Identifier: GPL-2.0-or-later
#include "simulate/tap.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace viaduct::simulate {
namespace {

constexpr std::size_t kBuffer = std::size_t{1} << 20;
constexpr std::size_t kRecord = 16;

}  // namespace

Tap::Tap(const std::filesystem::path& path, Seconds epoch, Intervals missed)
    : file_(std::fopen(path.c_str(), "wb")),
      epoch_(epoch),
      missed_(std::move(missed)),
      buffer_(kBuffer + kMaxRtpFrame) {
  const std::uint32_t header[] = {0xa1b2c3d4, 4U << 16 | 2, 0, 0, 65535, 1};
  failed_ = file_ == nullptr;
  std::memcpy(buffer_.data(), header, sizeof header);
  filled_ = sizeof header;
}

Tap::~Tap() = default;

void Tap::see(const Packet& packet, Seconds time) {
  if (missed_.at(time) != nullptr) return;
  Seen seen{time, ++order_, packet, 0};
  if (!packet.is_rtp) {
    if (free_texts_.empty()) {
      free_texts_.push_back(static_cast<std::uint32_t>(texts_.size()));
      texts_.emplace_back();
    }
    seen.text = free_texts_.back();
    free_texts_.pop_back();
    texts_[seen.text] = packet.octets;
  }
  heap_.push_back(seen);
  std::push_heap(heap_.begin(), heap_.end(), later);
}

void Tap::write_until(Seconds time) {
  while (!heap_.empty() && heap_.front().time <= time) {
    std::pop_heap(heap_.begin(), heap_.end(), later);
    write(heap_.back());
    heap_.pop_back();
  }
}

char* Tap::record(Seconds time, std::size_t size, char* at) const {
  const auto micros = static_cast<std::uint64_t>(std::llround((epoch_ + time) * 1e6));
  const std::uint32_t header[] = {static_cast<std::uint32_t>(micros / 1000000),
                                  static_cast<std::uint32_t>(micros % 1000000), static_cast<std::uint32_t>(size),
                                  static_cast<std::uint32_t>(size)};
  std::memcpy(at, header, sizeof header);
  return at + sizeof header;
}

void Tap::write(const Seen& seen) {
  const auto identification = static_cast<std::uint16_t>(seen.order);
  ++packets_;
  if (filled_ + kRecord + kMaxRtpFrame > kBuffer) flush();
  if (seen.packet.is_rtp) {
    const std::size_t size = frames_.rtp(seen.packet, identification, buffer_.data() + filled_ + kRecord);
    record(seen.time, size, buffer_.data() + filled_);
    filled_ += kRecord + size;
    return;
  }
  Packet packet = seen.packet;
  packet.octets = texts_[seen.text];
  for (const std::string& frame : FrameWriter::datagram(packet, identification)) {
    if (filled_ + kRecord + frame.size() > kBuffer) flush();
    std::memcpy(record(seen.time, frame.size(), buffer_.data() + filled_), frame.data(), frame.size());
    filled_ += kRecord + frame.size();
  }
  free_texts_.push_back(seen.text);
}

void Tap::flush() {
  if (!failed_) failed_ = std::fwrite(buffer_.data(), 1, filled_, file_.get()) != filled_;
  filled_ = 0;
}

bool Tap::close() {
  write_until(HUGE_VAL);
  flush();
  if (file_ != nullptr) failed_ = std::fclose(file_.release()) != 0 || failed_;
  return !failed_;
}

}  // namespace viaduct::simulate
