// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"

#include <cstdint>

namespace viaduct::rtp {

/// One octet of G.711 as a linear 16 bit sample.
[[nodiscard]] std::int16_t mu_law_sample(std::uint8_t octet);
[[nodiscard]] std::int16_t a_law_sample(std::uint8_t octet);

enum class Law : std::uint8_t { mu, a };

/// Mean square of the samples, on the scale of 16 bits: 0 to 2^30. 0 for no samples.
[[nodiscard]] double energy(Law law, base::Bytes samples);

/// Nobody hears what is quieter than this (-60 dBov): A-law has no zero, and its smallest sample is -72 dBov.
inline constexpr double kSilence = 32768.0 * 32768.0 * 1e-6;

/// In dBov; -100 for digital silence.
[[nodiscard]] double level(double energy);

}  // namespace viaduct::rtp
