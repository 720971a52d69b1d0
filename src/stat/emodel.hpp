// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

namespace viaduct::stat {

/// What a codec contributes to the E-model: impairment without loss, and robustness against random loss.
struct CodecImpairment {
  double ie = 0;
  double bpl = 0;
};
inline constexpr CodecImpairment kG711Concealed{0, 25.1};
inline constexpr CodecImpairment kG711Plain{0, 4.3};
inline constexpr CodecImpairment kG729a{11, 19};

/// Losses of one stream as the E-model wants them.
struct StreamLoss {
  double share = 0;     ///< lost / expected, 0 to 1
  double mean_run = 0;  ///< mean number of consecutive losses; 0 without losses
};

/// R of ITU-T G.107 with defaults for all but loss and delay: 93.2 - Id - Ie,eff, one-way mouth-to-ear delay in
/// seconds. Limits: a mean over the call. Two seconds of silence every 30 s still score 3.5, so this figure decides
/// nothing about drop-outs.
[[nodiscard]] double transmission_rating(CodecImpairment codec, StreamLoss loss, double delay);

/// The mean opinion score that belongs to R: 1 to 4.5.
[[nodiscard]] double mean_opinion_score(double rating);

}  // namespace viaduct::stat
