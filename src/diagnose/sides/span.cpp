// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/sides/span.hpp"

#include <algorithm>

namespace viaduct::diagnose::sides {

std::vector<Span> merged(std::vector<Span>&& spans) {
  std::ranges::sort(spans, {}, &Span::begin);
  std::vector<Span> apart;
  for (const Span& one : spans)
    if (apart.empty() || one.begin > apart.back().end)
      apart.push_back(one);
    else
      apart.back().end = std::max(apart.back().end, one.end);
  return apart;
}

std::vector<Span> without(const std::vector<Span>& spans, const std::vector<Span>& others) {
  constexpr Duration kShortest = std::chrono::milliseconds(60);
  std::vector<Span> left;
  auto next = others.begin();
  for (Span span : spans) {
    while (next != others.end() && next->end < span.begin) ++next;
    for (auto one = next; one != others.end() && one->begin <= span.end; ++one) {
      if (one->begin - span.begin >= kShortest) left.push_back({span.begin, one->begin});
      span.begin = std::max(span.begin, one->end);
    }
    if (span.end - span.begin >= kShortest) left.push_back(span);
  }
  return left;
}

bool holds(const std::vector<Span>& spans, Time time) {
  const auto next = std::ranges::upper_bound(spans, time, {}, &Span::begin);
  return next != spans.begin() && time <= (next - 1)->end;
}

void ArrivalTeller::take(Time time, bool noted, bool here) {
  constexpr Duration kPause = std::chrono::milliseconds(700);  // a time is noted each 16 packets at least
  if (!since_) since_ = time;
  missing_ = missing_ || !here;
  if (!here || !noted) return;
  if (missing_) told_.lossy.push_back({std::min(*since_, time), time});
  const bool goes_on = arrived_ && !missing_ && time >= *since_ && time - *since_ <= kPause;
  if (goes_on)
    told_.arriving.back().end = time;
  else
    told_.arriving.push_back({time, time});
  since_ = time;
  arrived_ = true;
  missing_ = false;
}

void ArrivalTeller::finish(Time end) {
  if (missing_) told_.lossy.push_back({std::min(*since_, end), std::max(*since_, end)});
}

}  // namespace viaduct::diagnose::sides
