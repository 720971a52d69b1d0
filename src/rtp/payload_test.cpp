// SPDX-License-Identifier: GPL-2.0-or-later
// What payload types stand for, and the payloads that are told apart.
#include "rtp/g711.hpp"
#include "rtp/payload_type.hpp"
#include "rtp/telephone_event.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <string>

namespace viaduct::rtp {
namespace {

using std::chrono::milliseconds;

std::string text_of(const Format& format) {
  return format.name + "/" + std::to_string(format.clock_rate) + " " + std::to_string(static_cast<int>(format.content));
}

TEST(PayloadType, IsAsRfc3551SaysWithoutSdp) {
  EXPECT_EQ(text_of(static_format(0)), "PCMU/8000 2");
  EXPECT_EQ(text_of(static_format(8)), "PCMA/8000 3");
  EXPECT_EQ(text_of(static_format(9)), "G722/8000 1");
  EXPECT_EQ(text_of(static_format(13)), "CN/8000 4");
  EXPECT_EQ(text_of(static_format(34)), "H263/90000 6");
  EXPECT_EQ(text_of(static_format(2)), "/0 0");
  EXPECT_EQ(text_of(static_format(101)), "/0 0");
  EXPECT_EQ(text_of(static_format(255)), "/0 0");
}

TEST(PayloadType, IsAsSdpSays) {
  Formats formats;
  formats.set(101, "Telephone-Event", 8000, {});
  formats.set(96, "opus", 48000, milliseconds(20));
  formats.set(96, "PCMA", 8000, milliseconds(30));
  formats.set(0, "PCMU", 8000, milliseconds(10));
  formats.set(200, "PCMU", 8000, {});
  formats.set(98, "PCMU", 16000, {});
  EXPECT_EQ(text_of(formats.of(101)), "Telephone-Event/8000 5");
  EXPECT_EQ(text_of(formats.of(96)), "PCMA/8000 3");
  EXPECT_EQ(formats.of(96).ptime, milliseconds(30));
  EXPECT_EQ(formats.of(0).ptime, milliseconds(10));
  EXPECT_EQ(text_of(formats.of(98)), "PCMU/16000 1");
  EXPECT_EQ(text_of(formats.of(8)), "PCMA/8000 3");
}

TEST(TelephoneEvent, IsAKeyItsEndAndItsLength) {
  const auto event = parse_event(std::string("\x0b\x8a\x03\x20", 4));
  ASSERT_TRUE(event);
  EXPECT_EQ(event->key(), '#');
  EXPECT_TRUE(event->end);
  EXPECT_EQ(event->volume, 10);
  EXPECT_EQ(event->duration, 800);
  EXPECT_EQ(parse_event("abc"), std::nullopt);
  EXPECT_EQ(TelephoneEvent{.event = 15}.key(), 'D');
  EXPECT_EQ(TelephoneEvent{.event = 17}.key(), 0);
}

TEST(ComfortNoise, HasALevel) {
  EXPECT_EQ(noise_level("\x40reflection"), 64);
  EXPECT_EQ(noise_level(""), std::nullopt);
}

TEST(G711, DecodesTheEndsOfBothLaws) {
  EXPECT_EQ(mu_law_sample(0xff), 0);
  EXPECT_EQ(mu_law_sample(0x80), 32124);
  EXPECT_EQ(mu_law_sample(0x00), -32124);
  EXPECT_EQ(a_law_sample(0xd5), 8);
  EXPECT_EQ(a_law_sample(0x55), -8);
  EXPECT_EQ(a_law_sample(0xaa), 32256);
  EXPECT_EQ(a_law_sample(0x2a), -32256);
}

TEST(G711, GrowsWithItsCode) {
  for (unsigned code = 1; code < 128; ++code) {
    EXPECT_GT(mu_law_sample(static_cast<std::uint8_t>(~code | 0x80U)),
              mu_law_sample(static_cast<std::uint8_t>(~(code - 1) | 0x80U)));
    EXPECT_GT(a_law_sample(static_cast<std::uint8_t>((code | 0x80U) ^ 0x55U)),
              a_law_sample(static_cast<std::uint8_t>(((code - 1) | 0x80U) ^ 0x55U)));
  }
}

/// The code of a law that is nearest to a sample.
char nearest(std::int16_t (*law)(std::uint8_t), double sample) {
  int best = 0;
  for (int code = 1; code < 256; ++code)
    if (std::abs(law(static_cast<std::uint8_t>(code)) - sample) <
        std::abs(law(static_cast<std::uint8_t>(best)) - sample))
      best = code;
  return static_cast<char>(best);
}

TEST(G711, MeasuresTheLevelOfATone) {
  std::string mu;
  std::string a;
  for (int i = 0; i < 160; ++i) {
    const double sample = 3276.8 * std::sin(2 * std::numbers::pi * 425 * i / 8000);
    mu += nearest(mu_law_sample, sample);
    a += nearest(a_law_sample, sample);
  }
  // A tenth of full scale: -20 dB, and a sine has 3 dB less than its peak.
  EXPECT_NEAR(level(energy(Law::mu, mu)), -23, 0.2);
  EXPECT_NEAR(level(energy(Law::a, a)), -23, 0.2);
}

/// Whatever octets are taken together on the way: the sum is of the squares of all samples.
TEST(G711, MeasuresEachSample) {
  for (const auto& [law, sample_of] : {std::pair(Law::mu, &mu_law_sample), std::pair(Law::a, &a_law_sample)}) {
    std::string samples;
    double sum = 0;
    for (unsigned i = 0; i < 600; ++i) {
      const auto octet = static_cast<std::uint8_t>(i * 167 + 11);  // each of them in the first 256
      samples += static_cast<char>(octet);
      sum += std::pow(sample_of(octet), 2);
      EXPECT_EQ(energy(law, samples), sum / static_cast<double>(samples.size())) << samples.size();
      EXPECT_EQ(energy(law, std::string(64, static_cast<char>(octet))), std::pow(sample_of(octet), 2)) << +octet;
    }
    const std::string loudest(65536, law == Law::mu ? '\x80' : '\xaa');
    EXPECT_EQ(energy(law, loudest), std::pow(law == Law::mu ? 32124 : 32256, 2));
  }
}

TEST(G711, KnowsSilence) {
  EXPECT_LT(energy(Law::a, std::string(160, '\xd5')), kSilence);
  EXPECT_LT(energy(Law::mu, std::string(160, '\xff')), kSilence);
  EXPECT_GT(energy(Law::mu, std::string(160, '\xd5')), kSilence);
  EXPECT_EQ(level(energy(Law::mu, std::string(160, '\xff'))), -100);
  EXPECT_EQ(energy(Law::a, ""), 0);
}

}  // namespace
}  // namespace viaduct::rtp
