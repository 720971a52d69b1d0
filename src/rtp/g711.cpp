// SPDX-License-Identifier: GPL-2.0-or-later
#include "rtp/g711.hpp"

#include <array>
#include <cmath>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

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

[[nodiscard]] std::uint64_t sum_one_by_one(Law law, base::Bytes samples) {
  const std::array<std::uint32_t, 256>& squares = law == Law::mu ? kMu.squares : kA.squares;
  std::uint64_t sum = 0;
  for (const char octet : samples) sum += squares[static_cast<unsigned char>(octet)];
  return sum;
}

#if defined(__x86_64__)

/// Both laws are floating point: but for its sign a sample is (scale[high] * base[low] + offset[high]) * unit, where
/// high and low are the halves of its octet.
struct Halves {
  std::array<std::uint8_t, 32> scale{};  ///< each table twice: a shuffle does not leave its half of a vector
  std::array<std::int8_t, 32> base{};
  std::array<std::int8_t, 32> offset{};
  unsigned unit = 0;

  constexpr explicit Halves(Law law) : unit(law == Law::mu ? 4 : 8) {
    for (unsigned i = 0; i < scale.size(); ++i) {
      const unsigned code = law == Law::mu ? ~i : i ^ 5U;
      const unsigned segment = code & 7U;
      base[i] = static_cast<std::int8_t>(2 * (code & 15U) + 33);
      if (law == Law::mu) {
        scale[i] = static_cast<std::uint8_t>(1U << segment);
        offset[i] = -33;
      } else {
        scale[i] = static_cast<std::uint8_t>(segment == 0 ? 1U : 1U << (segment - 1));
        offset[i] = segment == 0 ? -32 : 0;
      }
    }
  }
};

constexpr std::size_t kVector = 32;

/// Of as many samples as fill vectors.
[[gnu::target("avx2")]] [[nodiscard]] std::uint64_t sum_of_vectors(Law law, base::Bytes samples) {
  static constexpr Halves kHalvesMu(Law::mu);
  static constexpr Halves kHalvesA(Law::a);
  const Halves& halves = law == Law::mu ? kHalvesMu : kHalvesA;
  const __m256i scales = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(halves.scale.data()));
  const __m256i bases = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(halves.base.data()));
  const __m256i offsets = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(halves.offset.data()));
  const __m256i low_half = _mm256_set1_epi8(0x0f);
  const __m256i ones = _mm256_set1_epi8(1);
  const __m256i zeros = _mm256_setzero_si256();
  __m256i sums = zeros;
  for (; samples.size() >= kVector; samples.remove_prefix(kVector)) {
    const __m256i octets = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(samples.data()));
    const __m256i high = _mm256_and_si256(_mm256_srli_epi16(octets, 4), low_half);
    const __m256i scale = _mm256_shuffle_epi8(scales, high);
    const __m256i base = _mm256_shuffle_epi8(bases, _mm256_and_si256(octets, low_half));
    const __m256i offset = _mm256_shuffle_epi8(offsets, high);
    // Two products of neighbours are one sample (13 bits), the squares of two of these one sum (27 bits).
    const __m256i even = _mm256_maddubs_epi16(_mm256_unpacklo_epi8(scale, ones), _mm256_unpacklo_epi8(base, offset));
    const __m256i odd = _mm256_maddubs_epi16(_mm256_unpackhi_epi8(scale, ones), _mm256_unpackhi_epi8(base, offset));
    const __m256i squares = _mm256_add_epi32(_mm256_madd_epi16(even, even), _mm256_madd_epi16(odd, odd));
    sums = _mm256_add_epi64(sums, _mm256_unpacklo_epi32(squares, zeros));
    sums = _mm256_add_epi64(sums, _mm256_unpackhi_epi32(squares, zeros));
  }
  std::array<std::uint64_t, 4> parts;
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(parts.data()), sums);
  return (parts[0] + parts[1] + parts[2] + parts[3]) * halves.unit * halves.unit;
}

[[nodiscard]] std::uint64_t sum_of_squares(Law law, base::Bytes samples) {
  const std::size_t vectors = __builtin_cpu_supports("avx2") ? samples.size() / kVector * kVector : 0;
  return (vectors == 0 ? 0 : sum_of_vectors(law, samples.substr(0, vectors))) +
         sum_one_by_one(law, samples.substr(vectors));
}

#else

[[nodiscard]] std::uint64_t sum_of_squares(Law law, base::Bytes samples) {
  return sum_one_by_one(law, samples);
}

#endif

}  // namespace

std::int16_t mu_law_sample(std::uint8_t octet) {
  return kMu.samples[octet];
}
std::int16_t a_law_sample(std::uint8_t octet) {
  return kA.samples[octet];
}

double energy(Law law, base::Bytes samples) {
  if (samples.empty()) return 0;
  return static_cast<double>(sum_of_squares(law, samples)) / static_cast<double>(samples.size());
}

double level(double energy) {
  constexpr double kLeast = -100;
  constexpr double kFullScale = 32768.0 * 32768.0;
  return energy <= 0 ? kLeast : std::fmax(kLeast, 10 * std::log10(energy / kFullScale));
}

}  // namespace viaduct::rtp
