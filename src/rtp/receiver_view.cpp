// SPDX-License-Identifier: GPL-2.0-or-later
#include "rtp/receiver_view.hpp"

#include <algorithm>

namespace viaduct::rtp {
namespace {

/// What is more is no round trip, but a receiver whose clock or memory is wrong.
constexpr double kLongestTrip = 60;

}  // namespace

void ReceiverView::add(const SenderInfo& info, Time at, std::uint64_t frame) {
  passed_[sums_.sender_reports % passed_.size()] = {static_cast<std::uint32_t>(info.ntp_time >> 16), at};
  sums_.counted_last = {info.packets, at, frame};
  if (sums_.sender_reports == 0) sums_.counted_first = sums_.counted_last;
  ++sums_.sender_reports;
  sums_.sent = info;
}

void ReceiverView::add(const VoipMetrics& metrics) {
  ++sums_.extended_reports;
  sums_.voip = metrics;
}

void ReceiverView::add(const ReportBlock& block, Time at) {
  ++sums_.reports;
  const double fraction = block.fraction_lost / 256.0;
  sums_.fraction_lost_mean += fraction;
  sums_.fraction_lost_highest = std::max(sums_.fraction_lost_highest, fraction);
  sums_.lost = block.lost;
  sums_.jitter_mean += block.jitter;
  sums_.jitter_highest = std::max(sums_.jitter_highest, block.jitter);
  measure(block, at);
}

void ReceiverView::measure(const ReportBlock& block, Time at) {
  if (block.last_report == 0) return;
  const auto sent = std::find_if(passed_.begin(), passed_.end(),
                                 [&block](const Passed& passed) { return passed.ntp == block.last_report; });
  if (sent == passed_.end()) return;
  const double trip = seconds(at - sent->at) - block.delay / 65536.0;
  if (trip < 0 || trip > kLongestTrip) return;
  trips_.least = trips_.count == 0 ? trip : std::min(trips_.least, trip);
  trips_.highest = std::max(trips_.highest, trip);
  trips_.mean += trip;
  ++trips_.count;
}

ReceiverReport ReceiverView::report() const {
  ReceiverReport report = sums_;
  if (report.reports > 0) {
    report.fraction_lost_mean /= report.reports;
    report.jitter_mean /= report.reports;
  }
  if (trips_.count > 0) {
    report.round_trip = trips_;
    report.round_trip->mean /= trips_.count;
  }
  return report;
}

}  // namespace viaduct::rtp
