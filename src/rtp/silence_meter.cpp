// SPDX-License-Identifier: GPL-2.0-or-later
#include "rtp/silence_meter.hpp"

namespace viaduct::rtp {

void SilenceMeter::add(Law law, base::Bytes samples, Time at) {
  if (samples.empty()) return;
  const double loudness = energy(law, samples);
  const bool silent = loudness < kSilence;
  energy_ += loudness;
  ++judged_;
  silent_ += silent ? 1 : 0;
  if (silent && !in_silence_) since_ = at;
  // The packet that ends a silence still belongs to its length.
  if ((silent || in_silence_) && at - since_ > longest_) {
    longest_ = at - since_;
    longest_at_ = since_;
  }
  in_silence_ = silent;
}

std::optional<SilenceReport> SilenceMeter::report() const {
  if (judged_ == 0) return std::nullopt;
  return SilenceReport{judged_, silent_, level(energy_ / judged_), longest_at_, longest_};
}

}  // namespace viaduct::rtp
