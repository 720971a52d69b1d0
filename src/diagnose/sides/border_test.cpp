// SPDX-License-Identifier: GPL-2.0-or-later
// Which addresses a capture of both sides of a router shows to stand for each other.
#include "diagnose/sides/border.hpp"

#include "diagnose/sides/router_test.hpp"

namespace viaduct::diagnose::sides {
namespace {

/// Messages in one capture, a millisecond apart.
class Capture {
 public:
  void sees(const std::string& from, const std::string& to, const std::string& start, const std::string& cseq,
            const std::string& tags = "", std::chrono::milliseconds later = std::chrono::milliseconds(1)) {
    const std::string octets = start + "\r\nVia: SIP/2.0/UDP " + from + ";branch=z9hG4bK" + from +
                               "\r\nFrom: <sip:" + user + "@example.com>;tag=a\r\nTo: <sip:bob@example.com>" + tags +
                               "\r\nCall-ID: c1@" + from + "\r\nCSeq: " + cseq + "\r\nContent-Length: 0\r\n\r\n";
    const sip::Result<sip::Message> message = sip::parse(octets);
    ASSERT_TRUE(message);
    call::Sighting seen;
    seen.octets = octets;
    seen.length = static_cast<std::uint32_t>(octets.size());
    seen.time = now_ += later;
    seen.source = at(from);
    seen.destination = at(to);
    const sip::Result<call::Reading> reading = call::read(seen, *message);
    ASSERT_TRUE(reading);
    finder.hear(*reading);
  }
  /// "inner > outer", each sorted; what a box writes into Via and Call-ID is no hindrance.
  [[nodiscard]] std::string told() const {
    const std::optional<Border> border = finder.border();
    if (!border) return "one side";
    std::string text;
    for (const net::Address& one : border->inner) text += one.to_text() + " ";
    text += ">";
    for (const net::Address& one : border->outer) text += " " + one.to_text();
    return text;
  }

  BorderFinder finder;
  std::string user = "alice";

 private:
  Time now_{std::chrono::hours(1)};
};

const std::string kInvite = "INVITE sip:bob@example.com SIP/2.0";
const std::string kTrying = "SIP/2.0 100 Trying";
const std::string kPlatform = "198.51.100.10:5060";

void invite(Capture& capture, const std::string& inner, const std::string& outer) {
  capture.sees(inner, kPlatform, kInvite, "1 INVITE");
  capture.sees(outer, kPlatform, kInvite, "1 INVITE");
  capture.sees(kPlatform, outer, kTrying, "1 INVITE");
  capture.sees(kPlatform, inner, kTrying, "1 INVITE");
}

/// So many packets each way, each seen with these TTLs a millisecond apart.
Hops hops_of(const std::vector<std::uint8_t>& out, const std::vector<std::uint8_t>& in, int packets = 5,
             std::chrono::milliseconds apart = std::chrono::milliseconds(1)) {
  HopFinder finder;
  Time now(std::chrono::hours(1));
  const auto pass = [&](const std::string& octets, const char* from, const char* to,
                        const std::vector<std::uint8_t>& ttls) {
    for (const std::uint8_t ttl : ttls) finder.see(octets, at(from), at(to), ttl, now += apart);
  };
  for (int i = 0; i < packets; ++i) {
    pass("there " + std::to_string(i), "192.168.1.10:4000", "192.168.9.1:5000", out);
    pass("back " + std::to_string(i), "192.168.9.1:5000", "192.168.1.10:4000", in);
  }
  for (const std::uint8_t ttl : std::vector<std::uint8_t>{64, 63})
    finder.see("third", at("192.168.9.1:5000"), at("192.168.1.11:4000"), ttl, now);
  return finder.hops();
}

TEST(HopFinder, TellsTheSidesOfARouterThatTranslatesNothing) {
  const Hops hops = hops_of({64, 63}, {60, 59});
  ASSERT_EQ(hops.size(), 2U);
  const net::Address phone = at("192.168.1.10:1").address;
  const net::Address platform = at("192.168.9.1:1").address;
  Border border;
  border.hops = hops;
  using enum Border::Place;
  EXPECT_EQ(border.place_of(phone, platform, 64), inner);
  EXPECT_EQ(border.place_of(phone, platform, 63), outer);
  EXPECT_EQ(border.place_of(platform, phone, 59), inner);
  EXPECT_EQ(border.place_of(platform, phone, 60), outer);
  EXPECT_EQ(border.place_of(platform, phone, 64), elsewhere);
}

TEST(HopFinder, TellsMediaThatNeverPassedTheRouter) {
  HopFinder finder;
  Time now(std::chrono::hours(1));
  const auto pass = [&](const char* from, const char* to, const std::vector<std::uint8_t>& ttls, int packets) {
    for (int i = 0; i < packets; ++i)
      for (const std::uint8_t ttl : ttls)
        finder.see(std::to_string(i), at(from), at(to), ttl, now += std::chrono::milliseconds(1));
  };
  pass("192.168.1.10:5060", "192.168.9.1:5060", {64, 63}, 3);
  pass("192.168.9.1:5060", "192.168.1.10:5060", {60, 59}, 3);
  pass("192.168.9.1:5060", "192.168.1.11:5060", {60, 59}, 3);
  pass("192.168.1.10:4000", "192.168.9.2:5000", {64, 63}, 100);
  pass("192.168.9.2:5000", "192.168.1.10:4000", {61}, 100);
  Border border;
  border.hops = finder.hops();
  const net::Address phone = at("192.168.1.10:1").address;
  const net::Address relay = at("192.168.9.2:1").address;
  using enum Border::Place;
  EXPECT_EQ(border.place_of(phone, relay, 64), inner);
  EXPECT_EQ(border.place_of(phone, relay, 63), outer);
  EXPECT_EQ(border.place_of(relay, phone, 61), outer) << "seen where it came from";
}

TEST(HopFinder, TellsNothingWhereItMayBeSomethingElse) {
  EXPECT_TRUE(hops_of({64, 64}, {60, 60}).empty()) << "a bridge and its ports";
  EXPECT_FALSE(hops_of({64, 64, 63, 63}, {60, 59, 59}).empty()) << "and a router between";
  EXPECT_TRUE(hops_of({64, 63}, {60}).empty()) << "one way";
  EXPECT_TRUE(hops_of({64, 63, 62}, {60, 59, 58}).empty()) << "two routers";
  EXPECT_TRUE(hops_of({64, 63}, {60, 59}, 2).empty()) << "too few";
  EXPECT_TRUE(hops_of({64, 63}, {60, 59}, 5, std::chrono::milliseconds(500)).empty()) << "sent again on another way";
}

TEST(BorderFinder, RequestsFromTwoAddressesAndAnswersToBoth) {
  Capture capture;
  invite(capture, "192.168.1.10:5060", "203.0.113.2:40000");
  EXPECT_EQ(capture.told(), "one side") << "two of a kind are too few";
  capture.sees(kPlatform, "203.0.113.2:40000", "SIP/2.0 180 Ringing", "1 INVITE", ";tag=b");
  capture.sees(kPlatform, "192.168.1.10:5060", "SIP/2.0 180 Ringing", "1 INVITE", ";tag=b");
  EXPECT_EQ(capture.told(), "192.168.1.10 > 203.0.113.2");
}

/// As a load generator has them: what comes from each has a Call-ID, a branch and a user of its own.
TEST(BorderFinder, PhonesWithTheSameTagsAreNoTranslation) {
  for (const bool same_user : {false, true}) {
    Capture capture;
    for (int i = 1; i <= 3; ++i)
      for (const auto& [phone, user] : {std::pair("192.168.1.21:5060", "100"), std::pair("192.168.1.23:5060", "102")}) {
        capture.user = same_user ? "100" : user;
        capture.sees(phone, kPlatform, "REGISTER sip:example.com SIP/2.0", std::to_string(i) + " REGISTER");
        capture.sees(kPlatform, phone, "SIP/2.0 200 OK", std::to_string(i) + " REGISTER", ";tag=r");
      }
    EXPECT_EQ(capture.told(), same_user ? "192.168.1.21 > 192.168.1.23" : "one side");
  }
}

/// Twice is too little by itself, and enough behind an address that is known.
TEST(BorderFinder, APhoneThatRegistersOnceIsBehindTheSameAddress) {
  const std::string inner = "192.168.1.11:5060";
  const std::string outer = "203.0.113.2:40001";
  const std::string start = "REGISTER sip:example.com SIP/2.0";
  Capture capture;
  capture.sees(inner, kPlatform, start, "7 REGISTER");
  capture.sees(outer, kPlatform, start, "7 REGISTER");
  capture.sees(kPlatform, outer, "SIP/2.0 200 OK", "7 REGISTER", ";tag=r");
  capture.sees(kPlatform, inner, "SIP/2.0 200 OK", "7 REGISTER", ";tag=r");
  EXPECT_EQ(capture.told(), "one side");
  invite(capture, "192.168.1.10:5060", "203.0.113.2:40000");
  invite(capture, "192.168.1.10:5060", "203.0.113.2:40000");
  EXPECT_EQ(capture.told(), "192.168.1.10 192.168.1.11 > 203.0.113.2");
}

TEST(BorderFinder, TheOrderTellsTheSidesWhereAddressesDoNot) {
  for (const auto& [inner, outer] :
       {std::pair("10.0.0.1:5060", "10.9.9.9:5060"), std::pair("10.9.9.9:5060", "10.0.0.1:5060")}) {
    Capture capture;
    invite(capture, inner, outer);
    capture.sees(kPlatform, outer, "SIP/2.0 180 Ringing", "1 INVITE", ";tag=b");
    capture.sees(kPlatform, inner, "SIP/2.0 180 Ringing", "1 INVITE", ";tag=b");
    EXPECT_EQ(capture.told(), at(inner).address.to_text() + " > " + at(outer).address.to_text());
  }
}

TEST(BorderFinder, AForkIsNoTranslation) {
  Capture capture;
  for (int i = 1; i <= 3; ++i) {
    const std::string cseq = std::to_string(i) + " INVITE";
    for (const char* const phone : {"192.168.1.10:5060", "203.0.113.2:5060"})
      capture.sees(kPlatform, phone, kInvite, cseq);
    for (const char* const phone : {"192.168.1.10:5060", "203.0.113.2:5060"})
      capture.sees(phone, kPlatform, kTrying, cseq);
  }
  EXPECT_EQ(capture.told(), "one side");
}

TEST(BorderFinder, ACopyAProxyAndALaterRequestAreNoTranslation) {
  Capture capture;
  for (int i = 1; i <= 3; ++i) {
    const std::string cseq = std::to_string(i) + " INVITE";
    capture.sees("192.168.1.10:5060", kPlatform, kInvite, cseq);
    capture.sees("192.168.1.10:5060", kPlatform, kInvite, cseq);
    capture.sees(kPlatform, "203.0.113.2:5060", kInvite, cseq);
    capture.sees("203.0.113.2:5060", kPlatform, kTrying, cseq);
    capture.sees(kPlatform, "192.168.1.10:5060", kTrying, cseq);
    capture.sees("203.0.113.9:5060", kPlatform, kInvite, cseq, "", std::chrono::seconds(3));
    capture.sees(kPlatform, "203.0.113.9:5060", kTrying, cseq);
  }
  EXPECT_EQ(capture.told(), "one side");
}

/// Two captures that were merged, the second by a clock that is `apart` ahead; as mergecap does, by time.
std::string merged(std::chrono::milliseconds apart, std::chrono::milliseconds jitter) {
  using std::chrono::milliseconds;
  struct Seen {
    milliseconds at;
    std::string from;
    std::string to;
    std::string start;
    std::string cseq;
  };
  const std::string inner = "192.168.1.10:5060";
  const std::string outer = "203.0.113.2:40000";
  std::vector<Seen> all;
  for (int i = 1; i <= 4; ++i) {
    const std::string cseq = std::to_string(i) + " INVITE";
    const milliseconds at(i * 10'000);
    all.push_back({at, inner, kPlatform, kInvite, cseq});
    all.push_back({at + milliseconds(100), kPlatform, inner, kTrying, cseq});
    all.push_back({at + apart + i * jitter, outer, kPlatform, kInvite, cseq});
    all.push_back({at + apart + i * jitter + milliseconds(99), kPlatform, outer, kTrying, cseq});
  }
  std::stable_sort(all.begin(), all.end(), [](const Seen& a, const Seen& b) { return a.at < b.at; });
  Capture capture;
  milliseconds now(0);
  for (const Seen& one : all) {
    capture.sees(one.from, one.to, one.start, one.cseq, "", one.at - now);
    now = one.at;
  }
  const std::optional<Border> border = capture.finder.border();
  return capture.told() + (border ? ", " + std::to_string(border->apart / milliseconds(1)) + " ms" : "");
}

TEST(BorderFinder, ClocksOfMergedCapturesMayBeFarApart) {
  using std::chrono::milliseconds;
  for (const int apart : {2500, 30'000, 3'600'000})
    for (const int ahead : {apart, -apart}) {
      const std::string told = merged(milliseconds(ahead), milliseconds(0));
      EXPECT_TRUE(told.starts_with("192.168.1.10 > 203.0.113.2, ")) << told;
      EXPECT_NEAR(std::stoi(told.substr(told.find(',') + 2)), apart, 2);
    }
  EXPECT_EQ(merged(milliseconds(500), milliseconds(0)), "192.168.1.10 > 203.0.113.2, 0 ms");
  EXPECT_EQ(merged(milliseconds(2500), milliseconds(3000)), "one side") << "each time by another time: no clock";
}

TEST(Border, TellsByClocksThatAreApartWhereWhatIsNotTranslatedWas) {
  using std::chrono::seconds;
  Border border;
  border.within = {Time(seconds(100)), Time(seconds(200))};
  border.without = {Time(seconds(3700)), Time(seconds(3800))};
  EXPECT_FALSE(border.is_without(Time(seconds(3750)))) << "one clock";
  border.apart = seconds(3600);
  EXPECT_FALSE(border.is_without(Time(seconds(150))));
  EXPECT_FALSE(border.is_without(Time(seconds(210))));
  EXPECT_TRUE(border.is_without(Time(seconds(3690))));
  EXPECT_TRUE(border.is_without(Time(seconds(3810))));
  border.within.last = Time(seconds(4000));
  EXPECT_FALSE(border.is_without(Time(seconds(3750)))) << "both were captured then";
}

TEST(BorderFinder, MediaAloneTells) {
  BorderFinder finder;
  const net::Endpoint far = at("198.51.100.20:50000");
  const net::Endpoint inner = at("192.168.1.10:4000");
  const net::Endpoint outer = at("203.0.113.2:4000");
  finder.add_stream({inner, far}, {outer, far});
  finder.add_stream({inner, far}, {outer, far});
  finder.add_stream({inner, far}, {outer, far});
  EXPECT_FALSE(finder.border()) << "a recorder may be given the same media";
  finder.add_stream({far, outer}, {far, inner});
  ASSERT_TRUE(finder.border());
  EXPECT_EQ(finder.border()->inner, (std::set{inner.address}));
}

TEST(Border, TellsWhereAPacketWas) {
  const auto address = [](const char* text) { return at(std::string(text) + ":1").address; };
  const Border border{{address("192.168.1.10"), address("100.64.0.7")},
                      {address("203.0.113.2"), address("100.64.0.7")}};
  using Place = Border::Place;
  EXPECT_EQ(border.place_of(address("192.168.1.10"), address("198.51.100.10")), Place::inner);
  EXPECT_EQ(border.place_of(address("198.51.100.10"), address("203.0.113.2")), Place::outer);
  EXPECT_EQ(border.place_of(address("192.168.1.10"), address("203.0.113.2")), Place::inner) << "to its own router";
  EXPECT_EQ(border.place_of(address("100.64.0.7"), address("198.51.100.10")), Place::between);
  EXPECT_EQ(border.place_of(address("192.0.2.1"), address("198.51.100.10")), Place::elsewhere);
}

}  // namespace
}  // namespace viaduct::diagnose::sides
