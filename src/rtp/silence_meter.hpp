// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "rtp/g711.hpp"
#include "rtp/report.hpp"

#include <cstdint>
#include <optional>

namespace viaduct::rtp {

/// How loud a stream of G.711 is, packet by packet.
class SilenceMeter {
 public:
  void add(Law law, base::Bytes samples, Time at);
  /// nullopt if nothing was judged. A silence that still lasts ends with the last packet judged.
  [[nodiscard]] std::optional<SilenceReport> report() const;

 private:
  std::uint32_t judged_ = 0;
  std::uint32_t silent_ = 0;
  double energy_ = 0;  ///< sum over packets
  bool in_silence_ = false;
  Time since_{};
  Time longest_at_{};
  base::Duration longest_{};
};

}  // namespace viaduct::rtp
