// SPDX-License-Identifier: GPL-2.0-or-later
#include "finding/cause.hpp"
#include "finding/result.hpp"

#include <array>

namespace viaduct::finding {
namespace {

/// The words of an enumeration whose last member is no member.
template <class Enum>
using Words = std::array<Bytes, static_cast<std::size_t>(Enum::last)>;

template <class Enum>
[[nodiscard]] Bytes word_of(const Words<Enum>& words, Enum value) {
  const std::size_t index = static_cast<std::size_t>(value);
  return index < words.size() ? words[index] : Bytes("?");
}

}  // namespace

Bytes name(Cause cause) {
  static constexpr Words<Cause> kWords{"none",   "unknown",  "sip-alg",    "nat-timeout",  "bandwidth",
                                       "jitter", "endpoint", "signalling", "configuration"};
  return word_of(kWords, cause);
}

Bytes spoken(Cause cause) {
  static constexpr Words<Cause> kWords{"nothing",
                                       "not proven",
                                       "a SIP ALG",
                                       "a NAT mapping that expires",
                                       "too little bandwidth",
                                       "jitter, as of Wi-Fi",
                                       "an endpoint",
                                       "signalling",
                                       "configuration"};
  return word_of(kWords, cause);
}

Bytes name(Verdict verdict) {
  static constexpr Words<Verdict> kWords{"fail", "pass", "not_applicable", "inconclusive"};
  return word_of(kWords, verdict);
}

Bytes name(Severity severity) {
  static constexpr Words<Severity> kWords{"note", "minor", "major", "critical"};
  return word_of(kWords, severity);
}

Bytes name(Overall overall) {
  static constexpr Words<Overall> kWords{"clean", "findings", "inconclusive"};
  return word_of(kWords, overall);
}

}  // namespace viaduct::finding
