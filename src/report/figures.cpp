// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/figures.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>

namespace viaduct::report {
namespace {

struct Clock {
  int year;
  unsigned month;
  unsigned day;
  unsigned hour;
  unsigned minute;
  unsigned second;
  unsigned micro;
};

[[nodiscard]] Clock clock_of(finding::Time time) {
  using namespace std::chrono;  // NOLINT(google-build-using-namespace): the names of the calendar
  const auto whole = floor<microseconds>(time);
  const auto midnight = floor<days>(whole);
  const year_month_day date(midnight);
  const std::uint64_t micro = static_cast<std::uint64_t>((whole - midnight).count());
  const unsigned of_day = static_cast<unsigned>(micro / 1000000);
  return {static_cast<int>(date.year()),
          static_cast<unsigned>(date.month()),
          static_cast<unsigned>(date.day()),
          of_day / 3600,
          of_day / 60 % 60,
          of_day % 60,
          static_cast<unsigned>(micro % 1000000)};
}

template <class... Args>
[[nodiscard]] std::string formatted(const char* format, Args... args) {
  std::array<char, 96> text;
  const int size = std::snprintf(text.data(), text.size(), format, args...);
  return {text.data(), static_cast<std::size_t>(size)};
}

}  // namespace

std::string timestamp(finding::Time time) {
  const Clock c = clock_of(time);
  return formatted("%04d-%02u-%02uT%02u:%02u:%02u.%06uZ", c.year, c.month, c.day, c.hour, c.minute, c.second, c.micro);
}

std::string time_of_day(finding::Time time) {
  const Clock c = clock_of(time);
  return formatted("%02u:%02u:%02u.%03u", c.hour, c.minute, c.second, c.micro / 1000);
}

std::string date_and_time(finding::Time time) {
  const Clock c = clock_of(time);
  return formatted("%04d-%02u-%02u ", c.year, c.month, c.day) + time_of_day(time);
}

double seconds(finding::Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

std::string fixed(double value, int decimals) {
  std::array<char, 400> text;  // the largest double has 309 digits
  const std::to_chars_result end =
      std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed, decimals);
  return {text.data(), end.ptr};
}

std::string length_text(finding::Duration duration) {
  if (duration < std::chrono::minutes(1)) return fixed(seconds(duration), 3) + " s";
  const std::int64_t whole = std::chrono::duration_cast<std::chrono::seconds>(duration).count();
  return formatted("%lld min %02lld s", static_cast<long long>(whole / 60), static_cast<long long>(whole % 60));
}

std::string minutes_text(finding::Duration duration) {
  const std::int64_t whole = std::chrono::duration_cast<std::chrono::seconds>(duration).count();
  return formatted("%lld:%02lld", static_cast<long long>(whole / 60), static_cast<long long>(whole % 60));
}

std::string nearby_text(const finding::GapSummary& gap) {
  std::string text;
  for (const finding::Nearby& nearby : gap.nearby) {
    const double after = seconds(nearby.after);
    text += (text.empty() ? "" : "; ") + nearby.what + " " + fixed(std::abs(after), 3) +
            (after < 0 ? " s after" : " s before");
  }
  return text;
}

std::string share_of_calls(const finding::Result& result) {
  const finding::Cause cause = result.attribution.cause;
  const auto has = static_cast<std::size_t>(
      std::count_if(result.calls.begin(), result.calls.end(),
                    [cause](const finding::CallSummary& call) { return call.attribution.cause == cause; }));
  const std::uint64_t all = result.calls.size() + result.calls_left_out;
  if (!proven(cause) || has == 0 || has == all) return "";
  return std::to_string(has) + " of " + counted(all, "call", "calls");
}

std::string percent(double share) {
  return fixed(share * 100, 0) + " %";
}

std::string counted(std::uint64_t count, const char* one, const char* many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

std::string party_text(const std::string& uri) {
  const std::size_t at = uri.find('@');
  const std::size_t scheme = uri.find(':');
  if (at == std::string::npos || scheme == std::string::npos || scheme > at) return uri;
  return uri.substr(scheme + 1, at - scheme - 1);
}

std::string ssrc_text(std::uint32_t ssrc) {
  return formatted("0x%08x", ssrc);
}

std::vector<std::string> rtcp_heading() {
  return {"<SSRC",          ">reports", ">lost",      ">fraction %", ">highest %", ">jitter ms",
          ">round trip ms", ">sent",    ">XR lost %", ">discard %",  ">R",         ">MOS-LQ"};
}

std::vector<std::string> rtcp_cells(const finding::StreamSummary& stream) {
  if (!stream.rtcp) return {ssrc_text(stream.ssrc)};
  const finding::RtcpSummary& rtcp = *stream.rtcp;
  const auto told = [](bool known, const std::string& text) { return known ? text : std::string("-"); };
  const auto figure = [](const std::optional<double>& value, int decimals) {
    return value ? fixed(*value, decimals) : std::string("-");
  };
  const finding::VoipSummary voip = rtcp.voip.value_or(finding::VoipSummary{});
  const bool reports = rtcp.reports > 0;
  return {ssrc_text(stream.ssrc),
          std::to_string(rtcp.reports),
          told(reports, std::to_string(rtcp.lost)),
          told(reports, fixed(rtcp.fraction_lost_mean * 100, 1)),
          told(reports, fixed(rtcp.fraction_lost_highest * 100, 1)),
          rtcp.jitter ? fixed(rtcp.jitter->mean, 1) : "-",
          rtcp.round_trip ? fixed(rtcp.round_trip->mean, 1) : "-",
          rtcp.sent ? std::to_string(*rtcp.sent) : "-",
          told(rtcp.voip.has_value(), fixed(voip.loss * 100, 1)),
          told(rtcp.voip.has_value(), fixed(voip.discard * 100, 1)),
          figure(voip.rating, 0),
          figure(voip.mos_listening, 1)};
}

std::uint64_t outages(const finding::StreamSummary& stream) {
  const auto count = std::count_if(stream.gaps.begin(), stream.gaps.end(),
                                   [](const finding::GapSummary& gap) { return gap.outage(); });
  return static_cast<std::uint64_t>(count) + stream.outages_left_out;
}

double loss_share(const finding::StreamSummary& stream) {
  return stream.expected == 0 ? 0 : static_cast<double>(stream.lost) / static_cast<double>(stream.expected);
}

std::string path_of(const finding::Result& result, std::uint32_t input) {
  return input < result.inputs.size() ? result.inputs[input].path : "-";
}

std::string file_of(const finding::Result& result, std::uint32_t input) {
  const auto file = [](const std::string& path) { return std::string_view(path).substr(path.find_last_of('/') + 1); };
  const std::string path = path_of(result, input);
  const auto same = std::count_if(result.inputs.begin(), result.inputs.end(), [&](const finding::InputSummary& other) {
    return other.path != path && file(other.path) == file(path);
  });
  return same == 0 ? std::string(file(path)) : path;
}

}  // namespace viaduct::report
