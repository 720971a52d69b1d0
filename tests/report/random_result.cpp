// SPDX-License-Identifier: GPL-2.0-or-later
#include "report/random_result.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <random>
#include <utility>

namespace viaduct::report {
namespace {

constexpr finding::Rule kRule{"some-rule", "Some \"title\" <b>", finding::Cause::endpoint, "needs", "why", "remedy"};

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}

  std::uint64_t below(std::uint64_t end) { return engine_() % end; }
  bool coin() { return below(2) == 0; }
  std::uint64_t count() { return coin() ? below(1000) : engine_(); }
  std::uint32_t small() { return static_cast<std::uint32_t>(below(6)); }
  template <class Enum>
  Enum one_of(std::uint64_t values) {
    return static_cast<Enum>(below(values));
  }
  double figure() {
    static constexpr std::array<double, 8> kOdd{0,
                                                -1,
                                                1,
                                                1e300,
                                                -1e300,
                                                1e-300,
                                                std::numeric_limits<double>::infinity(),
                                                std::numeric_limits<double>::quiet_NaN()};
    return coin() ? kOdd[below(kOdd.size())] : static_cast<double>(below(100000)) / 1000;
  }
  finding::Duration length() {
    static constexpr std::array<finding::Duration, 3> kOdd{finding::Duration::min(), finding::Duration::max(), {}};
    return coin() ? kOdd[below(kOdd.size())] : finding::Duration(below(100000000000));
  }
  finding::Time time() { return finding::Time(finding::Duration(static_cast<std::int64_t>(engine_()))); }
  std::string text() {
    static constexpr std::array<const char*, 9> kPieces{"\x1b[2J",
                                                        "\r\n",
                                                        "<script>",
                                                        "\"",
                                                        "=1+1",
                                                        "\xe2\x80\xae",
                                                        "\xed\xa0\x80",
                                                        "192.168.1.20:5060",
                                                        "sip:alice@example.net"};
    std::string out;
    for (std::uint64_t pieces = below(4); pieces > 0; --pieces)
      if (coin())
        out += kPieces[below(kPieces.size())];
      else
        out.append(below(40), static_cast<char>(engine_()));
    if (below(50) == 0) out.append(20000, 'x');
    return out;
  }
  base::Range range() { return coin() ? base::Range{} : base::Range{small() * 3, static_cast<std::uint32_t>(count())}; }
  template <class One>
  auto list(One one, std::uint64_t most = 4) {
    std::vector<decltype(one())> out;
    for (std::uint64_t size = below(most); size > 0; --size) out.push_back(one());
    return out;
  }
  std::vector<std::string> texts() {
    return list([this] { return text(); });
  }
  std::vector<std::uint32_t> indices() {
    return list([this] { return small(); });
  }

 private:
  std::mt19937_64 engine_;
};

finding::Evidence evidence(Dice& dice) {
  finding::Evidence one{dice.small(), dice.count(), {}, dice.text(), dice.text(), dice.small(), dice.range()};
  if (dice.coin()) one.time = dice.time();
  return one;
}

finding::Endpoint endpoint(Dice& dice) {
  return {dice.text(), static_cast<std::uint16_t>(dice.below(65536))};
}

finding::Attribution attribution(Dice& dice) {
  constexpr std::uint64_t kCauses = static_cast<std::uint64_t>(finding::Cause::last);
  return {dice.one_of<finding::Cause>(kCauses), dice.figure(), dice.one_of<finding::Cause>(kCauses), dice.figure()};
}

finding::Ladder ladder(Dice& dice) {
  return {dice.text(), dice.texts(),
          dice.list(
              [&] {
                return finding::Arrow{dice.time(), dice.small(), dice.small(), dice.one_of<finding::ArrowKind>(6),
                                      dice.text(), dice.coin(),  dice.small(), dice.count()};
              },
              dice.below(100) == 0 ? 2000 : 6),
          dice.small()};
}

finding::Timeline timeline(Dice& dice) {
  const auto interval = [&] {
    return finding::Interval{dice.time(), dice.length(), dice.one_of<finding::Tone>(5), dice.text()};
  };
  const auto lane = [&] {
    finding::Lane one{dice.text(), dice.list(interval, 30), dice.small(), {}, dice.length()};
    if (dice.coin()) one.stream = dice.small();
    return one;
  };
  return {dice.text(), dice.time(), dice.length(), dice.list(lane), dice.length(), dice.small()};
}

finding::Exhibit exhibit(Dice& dice) {
  switch (dice.below(4)) {
    case 0:
      return ladder(dice);
    case 1:
      return finding::Table{dice.text(), dice.texts(), dice.list([&] { return dice.texts(); }), dice.small()};
    case 2:
      return finding::ByteDiff{
          dice.text(),
          dice.text(),
          dice.text(),
          evidence(dice),
          evidence(dice),
          dice.list([&] {
            return finding::Change{dice.text(), dice.range(), dice.range(), dice.text(), dice.coin()};
          }),
          dice.small()};
    default:
      return timeline(dice);
  }
}

finding::Finding finding_of(Dice& dice) {
  finding::Finding one =
      finding::Finding::fail(kRule, dice.one_of<finding::Severity>(4), dice.figure(), dice.text(), evidence(dice));
  one.verdict = dice.one_of<finding::Verdict>(4);
  one.cause = dice.one_of<finding::Cause>(static_cast<std::uint64_t>(finding::Cause::last));
  one.behaviours = dice.texts();
  one.family = dice.text();
  one.remedy = dice.text();
  for (std::uint64_t more = dice.below(50); more > 0; --more) one.evidence.push_back(evidence(dice));
  one.exhibits = dice.list([&] { return exhibit(dice); });
  one.calls = dice.indices();
  one.streams = dice.indices();
  return one;
}

finding::CallSummary call(Dice& dice) {
  finding::CallSummary one;
  one.input = dice.small();
  for (std::string* text : {&one.call_id, &one.from, &one.to, &one.site, &one.ending}) *text = dice.text();
  one.start = dice.time();
  one.duration = dice.length();
  one.answered = dice.coin();
  one.attribution = attribution(dice);
  one.findings = dice.indices();
  one.streams = dice.indices();
  one.legs = dice.list([&] { return finding::LegSummary{endpoint(dice), endpoint(dice), dice.text()}; }, 30);
  if (dice.coin()) one.ladder = ladder(dice);
  if (dice.coin()) one.timeline = timeline(dice);
  return one;
}

finding::Series series(Dice& dice) {
  const auto point = [&] {
    finding::SeriesPoint one{static_cast<std::uint32_t>(dice.count()), static_cast<std::uint32_t>(dice.count()), {}};
    if (dice.coin()) one.delay = {dice.figure(), dice.figure()};
    return one;
  };
  return {dice.time(), dice.length(), dice.list(point, dice.below(100) == 0 ? 2000 : 8)};
}

finding::RtcpSummary rtcp(Dice& dice) {
  finding::RtcpSummary one;
  one.reports = dice.small();
  one.fraction_lost_mean = dice.figure();
  one.fraction_lost_highest = dice.figure();
  one.lost = static_cast<std::int32_t>(dice.count());
  if (dice.coin()) one.jitter = {dice.figure(), dice.figure()};
  if (dice.coin()) one.round_trip = {dice.figure(), dice.figure(), dice.figure()};
  if (dice.coin()) one.sent = dice.small();
  if (dice.coin()) return one;
  finding::VoipSummary& voip = one.voip.emplace();
  for (double* figure : {&voip.loss, &voip.discard, &voip.burst_density, &voip.gap_density, &voip.burst_ms,
                         &voip.gap_ms, &voip.end_system_delay_ms, &voip.buffer_ms})
    *figure = dice.figure();
  for (std::optional<double>* figure : {&voip.round_trip_ms, &voip.rating, &voip.mos_listening, &voip.mos_conversing})
    if (dice.coin()) *figure = dice.figure();
  return one;
}

finding::StreamSummary stream(Dice& dice) {
  finding::StreamSummary one;
  one.ssrc = static_cast<std::uint32_t>(dice.count());
  one.source = endpoint(dice);
  one.destination = endpoint(dice);
  one.codec = dice.text();
  one.first = dice.time();
  one.last = dice.time();
  for (std::uint64_t* count : {&one.expected, &one.packets, &one.lost, &one.duplicates, &one.reordered})
    *count = dice.count();
  if (dice.coin()) one.jitter = {dice.figure(), dice.figure()};
  if (dice.coin()) one.delay = {dice.figure(), dice.figure(), dice.figure(), dice.figure()};
  for (std::optional<double>* figure : {&one.ptime, &one.silent_share, &one.mos})
    if (dice.coin()) *figure = dice.figure();
  if (dice.coin()) one.series = series(dice);
  if (dice.coin()) one.rtcp = rtcp(dice);
  if (dice.coin()) one.seen_again = finding::OtherPlace{endpoint(dice), endpoint(dice)};
  one.dscp = dice.list([&] { return finding::DscpCount{static_cast<std::uint8_t>(dice.below(256)), dice.count()}; });
  for (std::uint32_t* count : {&one.resets, &one.ssrc_changes, &one.port_changes, &one.dscp_changes})
    *count = dice.small();
  one.clock_guessed = dice.coin();
  one.gaps = dice.list([&] {
    return finding::GapSummary{dice.time(),
                               dice.length(),
                               static_cast<char>(dice.below(256)),
                               dice.small(),
                               dice.count(),
                               dice.count(),
                               dice.list(
                                   [&] {
                                     return finding::Nearby{dice.text(), dice.length()};
                                   },
                                   12),
                               {},
                               dice.coin() ? std::optional(dice.length()) : std::nullopt};
  });
  return one;
}

finding::RegistrationSummary registration(Dice& dice) {
  finding::RegistrationSummary one;
  for (std::string* text : {&one.site, &one.aor, &one.contact, &one.product}) *text = dice.text();
  one.client = endpoint(dice);
  one.registrar = endpoint(dice);
  if (dice.coin()) one.seen_as = endpoint(dice);
  one.state = dice.coin() ? "registered" : "trying";
  one.first = dice.time();
  one.last = dice.time();
  if (dice.coin()) one.expires_given = dice.small();
  one.refreshed_every = dice.length();
  one.losses = dice.small();
  return one;
}

finding::SubscriptionSummary subscription(Dice& dice) {
  finding::SubscriptionSummary one;
  for (std::string* text : {&one.site, &one.call_id, &one.package, &one.reason}) *text = dice.text();
  one.subscriber = endpoint(dice);
  one.notifier = endpoint(dice);
  one.state = dice.coin() ? "active" : "refused";
  one.first = dice.time();
  one.last = dice.time();
  one.expires = dice.small();
  return one;
}

}  // namespace

finding::Result random_result(std::uint64_t seed) {
  Dice dice(seed);
  finding::Result result;
  result.tool = dice.text();
  result.version = dice.text();
  result.verdict = dice.one_of<finding::Overall>(3);
  result.sentence = dice.text();
  result.attribution = attribution(dice);
  result.inputs = dice.list([&] {
    finding::InputSummary one{dice.text(), dice.text(), dice.count(), dice.count(), {}, {}, dice.texts(), dice.small()};
    if (dice.coin()) one.first = dice.time();
    return one;
  });
  for (std::uint64_t size = dice.below(4); size > 0; --size) result.findings.push_back(finding_of(dice));
  const std::vector<finding::CallSummary> calls = dice.list([&] { return call(dice); });
  result.calls.assign(calls.begin(), calls.end());
  const std::vector<finding::StreamSummary> streams = dice.list([&] { return stream(dice); });
  result.streams.assign(streams.begin(), streams.end());
  result.registrations = dice.list([&] { return registration(dice); });
  result.subscriptions = dice.list([&] { return subscription(dice); });
  return result;
}

}  // namespace viaduct::report
