// SPDX-License-Identifier: GPL-2.0-or-later
#include "rtp/transit_trace.hpp"

#include <algorithm>

namespace viaduct::rtp {

void TransitTrace::add(std::uint32_t tick, std::int32_t transit) {
  recent_[count_ % kRecent] = {tick, transit, false};
  if (count_ % stride_ == 0) samples_.push_back({tick, transit, false});
  ++count_;
  if (samples_.size() >= kMost) thin();
}

void TransitTrace::thin() {
  stride_ *= 2;
  std::size_t even = 0;
  std::erase_if(samples_, [&even](const Sample& sample) { return !sample.extra() && even++ % 2 != 0; });
}

void TransitTrace::keep_recent() {
  if (stride_ == 1 || extras_ + kRecent > kMost / 2) return;
  const std::uint32_t newest = recent_[(count_ - 1) % kRecent].tick();
  std::size_t from = count_ - kRecent;  // the stride is 1 as long as there are fewer
  while (recent_[from % kRecent].tick() + kHalfSecond < newest) ++from;
  const std::uint32_t oldest = recent_[from % kRecent].tick();
  for (; !samples_.empty() && samples_.back().tick() >= oldest; samples_.pop_back())
    extras_ -= samples_.back().extra() ? 1 : 0;
  for (; from < count_; ++from) {
    const bool beside = from % stride_ != 0;
    extras_ += beside ? 1 : 0;
    const Sample& sample = recent_[from % kRecent];
    samples_.push_back({sample.tick(), sample.transit, beside});
  }
}

std::optional<std::int32_t> TransitTrace::recent_median() const {
  constexpr std::size_t kFewest = 3;
  std::array<std::int32_t, kRecent> values{};
  std::size_t size = 0;
  if (count_ < kFewest) return std::nullopt;
  const std::uint32_t newest = recent_[(count_ - 1) % kRecent].tick();
  for (std::size_t i = 0; i < std::min(count_, kRecent); ++i)
    if (recent_[i].tick() + kHalfSecond >= newest) values[size++] = recent_[i].transit;
  if (size < kFewest) return std::nullopt;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(size / 2);
  std::nth_element(values.begin(), middle, values.begin() + static_cast<std::ptrdiff_t>(size));
  return *middle;
}

}  // namespace viaduct::rtp
