// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "finding/call_summary.hpp"
#include "finding/device_summary.hpp"
#include "finding/finding.hpp"
#include "finding/input_summary.hpp"
#include "finding/registration_summary.hpp"
#include "finding/stream_summary.hpp"
#include "finding/subscription_summary.hpp"

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

namespace viaduct::finding {

/// Of the whole input.
enum class Overall : std::uint8_t {
  clean,         ///< no rule failed, and none that mattered had too little to judge
  findings,      ///< a rule failed
  inconclusive,  ///< none failed, but something could not be judged
  last
};
[[nodiscard]] Bytes name(Overall overall);

/// What a tool found, whole. Reports are functions of it alone. All text in it that came from an input is hostile.
struct Result {
  std::string tool;  ///< "viaduct analyze"
  std::string version;
  Overall verdict = Overall::inconclusive;
  std::string sentence;  ///< the verdict for a person, one or two sentences
  Attribution attribution{};
  std::vector<InputSummary> inputs{};
  std::vector<Finding> findings{};
  // Tens of thousands of them are collected one by one: a vector would have them twice whenever it grows.
  std::deque<CallSummary> calls{};
  std::deque<StreamSummary> streams{};
  std::vector<RegistrationSummary> registrations{};  ///< those that were lost or refused first, then by their begin
  std::vector<SubscriptionSummary> subscriptions{};  ///< by their begin
  std::vector<DeviceSummary> devices{};              ///< of `viaduct audit`
  std::uint64_t findings_left_out = 0;               ///< beyond the limits
  std::uint64_t calls_left_out = 0;
  std::uint64_t streams_left_out = 0;
  std::uint64_t registrations_left_out = 0;
  std::uint64_t subscriptions_left_out = 0;
  std::uint64_t devices_left_out = 0;

  static constexpr std::size_t kMaxInputs = 65536;
  static constexpr std::size_t kMaxFindings = 4096;
  static constexpr std::size_t kMaxRegistrations = 65536;
  static constexpr std::size_t kMaxSubscriptions = 65536;
  static constexpr std::size_t kMaxDevices = 16384;
  static constexpr std::size_t kMaxCalls = 1U << 20;
  static constexpr std::size_t kMaxStreams = 1U << 21;
};

/// Indices of findings: failures that name the cause of the whole, other failures, then what is inconclusive, passes,
/// the rest; each by severity and confidence.
[[nodiscard]] std::vector<std::uint32_t> worst_findings(const Result& result);
/// Indices of calls: those with the worst failure first, then by the time their streams spent in gaps, then by start.
[[nodiscard]] std::vector<std::uint32_t> worst_calls(const Result& result);

/// Cuts texts and lists to the limits of their types and counts what was left out; drops indices and ranges that
/// point nowhere. What a report gets has gone through it.
void limit(Result& result);

}  // namespace viaduct::finding
