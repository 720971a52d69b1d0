// SPDX-License-Identifier: GPL-2.0-or-later
#include "rtp/g711.hpp"

#include <array>
#include <cmath>
#include <cstring>

namespace viaduct::rtp {
namespace {

constexpr std::int16_t decode_mu(std::uint8_t octet) {
  constexpr int kBias = 0x84;
  const unsigned code = ~octet & 0xffU;
  const int magnitude = static_cast<int>((((code & 0x0fU) << 3) + kBias) << ((code & 0x70U) >> 4)) - kBias;
  return static_cast<std::int16_t>((code & 0x80U) != 0 ? -magnitude : magnitude);
}

constexpr std::int16_t decode_a(std::uint8_t octet) {
  const unsigned code = octet ^ 0x55U;
  const unsigned segment = (code & 0x70U) >> 4;
  const unsigned step = ((code & 0x0fU) << 4) + 8;
  const int magnitude = static_cast<int>(segment == 0 ? step : (step + 0x100U) << (segment - 1));
  return static_cast<std::int16_t>((code & 0x80U) != 0 ? magnitude : -magnitude);
}

struct Table {
  std::array<std::int16_t, 256> samples{};
  std::array<std::uint32_t, 256> squares{};

  constexpr explicit Table(std::int16_t (*decode)(std::uint8_t)) {
    for (unsigned octet = 0; octet < samples.size(); ++octet) {
      samples[octet] = decode(static_cast<std::uint8_t>(octet));
      squares[octet] = static_cast<std::uint32_t>(samples[octet] * samples[octet]);
    }
  }
};

constexpr Table kMu{decode_mu};
constexpr Table kA{decode_a};

}  // namespace

std::int16_t mu_law_sample(std::uint8_t octet) {
  return kMu.samples[octet];
}
std::int16_t a_law_sample(std::uint8_t octet) {
  return kA.samples[octet];
}

double energy(Law law, base::Bytes samples) {
  if (samples.empty()) return 0;
  const std::array<std::uint32_t, 256>& squares = law == Law::mu ? kMu.squares : kA.squares;
  const auto square = [&squares](std::uint64_t octet) -> std::uint64_t { return squares[octet & 0xffU]; };
  // Eight look-ups out of one word: octet by octet the compiler makes vectors of what has to be looked up one by one,
  // which takes three times as long (bench/analyze.cpp).
  std::uint64_t sum = 0;
  std::uint64_t other = 0;
  std::size_t at = 0;
  for (; at + sizeof(std::uint64_t) <= samples.size(); at += sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, samples.data() + at, sizeof word);
    sum += square(word) + square(word >> 8) + square(word >> 16) + square(word >> 24);
    other += square(word >> 32) + square(word >> 40) + square(word >> 48) + square(word >> 56);
  }
  sum += other;
  for (const char octet : samples.substr(at)) sum += square(static_cast<unsigned char>(octet));
  return static_cast<double>(sum) / static_cast<double>(samples.size());
}

double level(double energy) {
  constexpr double kLeast = -100;
  constexpr double kFullScale = 32768.0 * 32768.0;
  return energy <= 0 ? kLeast : std::fmax(kLeast, 10 * std::log10(energy / kFullScale));
}

}  // namespace viaduct::rtp
