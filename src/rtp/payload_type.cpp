// SPDX-License-Identifier: GPL-2.0-or-later
#include "rtp/payload_type.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace viaduct::rtp {
namespace {

using enum Content;

struct Assigned {
  std::uint8_t payload_type;
  Format format;
};

/// RFC 3551 6, tables 4 and 5. G722 samples at 16 kHz, and its clock is 8 kHz by an old mistake (4.5.2). 19 was comfort
/// noise before RFC 3389, and is still sent as that.
const std::array kAssigned{Assigned{0, {"PCMU", 8000, pcmu, {}}},    Assigned{3, {"GSM", 8000, audio, {}}},
                           Assigned{4, {"G723", 8000, audio, {}}},   Assigned{5, {"DVI4", 8000, audio, {}}},
                           Assigned{6, {"DVI4", 16000, audio, {}}},  Assigned{7, {"LPC", 8000, audio, {}}},
                           Assigned{8, {"PCMA", 8000, pcma, {}}},    Assigned{9, {"G722", 8000, audio, {}}},
                           Assigned{10, {"L16", 44100, audio, {}}},  Assigned{11, {"L16", 44100, audio, {}}},
                           Assigned{12, {"QCELP", 8000, audio, {}}}, Assigned{13, {"CN", 8000, comfort_noise, {}}},
                           Assigned{14, {"MPA", 90000, audio, {}}},  Assigned{15, {"G728", 8000, audio, {}}},
                           Assigned{16, {"DVI4", 11025, audio, {}}}, Assigned{17, {"DVI4", 22050, audio, {}}},
                           Assigned{18, {"G729", 8000, audio, {}}},  Assigned{19, {"CN", 8000, comfort_noise, {}}},
                           Assigned{25, {"CelB", 90000, video, {}}}, Assigned{26, {"JPEG", 90000, video, {}}},
                           Assigned{28, {"nv", 90000, video, {}}},   Assigned{31, {"H261", 90000, video, {}}},
                           Assigned{32, {"MPV", 90000, video, {}}},  Assigned{33, {"MP2T", 90000, video, {}}},
                           Assigned{34, {"H263", 90000, video, {}}}};

std::array<Format, 128> all_assigned() {
  std::array<Format, 128> table;
  for (const Assigned& assigned : kAssigned) table[assigned.payload_type] = assigned.format;
  return table;
}

Content content_of(base::Bytes encoding, std::uint32_t clock_rate) {
  // G.711 at another rate than its own is no telephone's, and its silence is no finding.
  if (base::iequals(encoding, "PCMU") && clock_rate == 8000) return pcmu;
  if (base::iequals(encoding, "PCMA") && clock_rate == 8000) return pcma;
  if (base::iequals(encoding, "CN")) return comfort_noise;
  if (base::iequals(encoding, "telephone-event")) return telephone_event;
  for (const base::Bytes name : {"H261", "H263", "H263-1998", "H263-2000", "H264", "H265", "VP8", "VP9", "AV1", "JPEG"})
    if (base::iequals(encoding, name)) return video;
  return audio;
}

}  // namespace

const Format& static_format(std::uint8_t payload_type) {
  static const std::array<Format, 128> table = all_assigned();
  return table[payload_type & 0x7fU];
}

void Formats::set(std::uint8_t payload_type, base::Bytes encoding, std::uint32_t clock_rate, base::Duration ptime) {
  if (payload_type >= index_.size()) return;
  if (index_[payload_type] == kStatic) {
    index_[payload_type] = static_cast<std::uint8_t>(told_.size());
    told_.emplace_back();
  }
  told_[index_[payload_type]] = {std::string(encoding), clock_rate, content_of(encoding, clock_rate), ptime};
}

const Format& Formats::of(std::uint8_t payload_type) const {
  const std::uint8_t told = index_[payload_type & 0x7fU];
  return told == kStatic ? static_format(payload_type) : told_[told];
}

}  // namespace viaduct::rtp
