// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "base/check.hpp"

#include <cstddef>
#include <cstdint>

/// What libFuzzer and replay.cpp call. A target returns 0, or ends in VIADUCT_CHECK when a property is broken.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace viaduct::fuzz {

/// The octets of one input, taken off from the front; zeros once they have run out.
class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : rest_(reinterpret_cast<const char*>(data), size) {}

  std::uint8_t octet() {
    if (rest_.empty()) return 0;
    const char first = rest_.front();
    rest_.remove_prefix(1);
    return static_cast<std::uint8_t>(first);
  }
  std::uint16_t word() {
    const unsigned high = octet();
    return static_cast<std::uint16_t>(high << 8 | octet());
  }
  base::Bytes take(std::size_t size) {
    const base::Bytes taken = rest_.substr(0, size);
    rest_.remove_prefix(taken.size());
    return taken;
  }
  /// Everything that is left.
  [[nodiscard]] base::Bytes rest() const { return rest_; }

 private:
  base::Bytes rest_;
};

/// An absent range, or one that lies inside `outer`.
inline bool inside(base::Range outer, base::Range inner) {
  return !inner.present() || (inner.offset >= outer.offset && inner.end() <= outer.end());
}

}  // namespace viaduct::fuzz
