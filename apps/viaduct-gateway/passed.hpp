// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "net/address.hpp"
#include "sip/message.hpp"
#include "sip/problem.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace viaduct::gateway {

/// Why a packet went on without belonging to anything that is followed; id and sentence in text_of() and explain().
enum class PassedRule : std::uint8_t {
  dialogs,
  dialogs_from_outside,
  dialogs_per_source,
  registrations_per_source,
  transactions,
  transactions_per_source,
  register_from_outside,
  not_followed,
  association_gone,
  long_name,
  no_name,
  mode_off,
  echo_of_edit,
  not_sip,
  no_wan,
  not_udp,
  over_mtu,
  proof_failed,
  kernel_refused,
  last
};

/// The beginning of a text that came in a message, with the length of the whole; no memory of its own.
class ShortText {
 public:
  static constexpr std::size_t kKept = 128;
  ShortText() = default;
  explicit ShortText(base::Bytes whole);
  [[nodiscard]] base::Bytes kept() const VIADUCT_LIFETIME_BOUND;
  [[nodiscard]] bool cut() const { return length_ > kKept; }
  [[nodiscard]] bool empty() const { return length_ == 0; }
  /// Equal as far as it was kept, and of the same length.
  [[nodiscard]] bool is(base::Bytes whole) const;
  friend bool operator==(const ShortText&, const ShortText&) = default;

 private:
  std::uint32_t length_ = 0;
  std::array<char, kKept> octets_{};
};

/// A message, or a packet where there is no message, that nothing we follow explains.
struct Passed {
  base::Instant at;            ///< the newest time
  std::uint64_t sequence = 0;  ///< grows with every new row
  std::uint64_t times = 1;     ///< alike, one after the other
  net::Endpoint source;        ///< absent: not even UDP
  net::Endpoint destination;
  ShortText call_id;            ///< empty: none can be read
  ShortText address_of_record;  ///< of a REGISTER
  PassedRule rule = PassedRule::not_followed;
  sip::Problem problem = sip::Problem::empty;  ///< for not_sip
  sip::Method method = sip::Method::none;
  std::uint16_t status = 0;
  enum class Way : std::uint8_t { unknown, out, in } way = Way::unknown;

  /// The same but for time and number.
  [[nodiscard]] bool alike(const Passed& other) const;
};

/// The newest of them, in memory that never grows: `why` looks here for what no association tells. Repetitions are
/// counted in one row, so a phone that tries again does not push out the others; a flood of different ones does.
class PassedRing {
 public:
  static constexpr std::size_t kCapacity = 256;
  PassedRing();
  void note(const Passed& passed);
  [[nodiscard]] std::size_t size() const { return used_; }
  /// In the order of their sequence.
  [[nodiscard]] const Passed& at(std::size_t index) const { return rows_[(first_ + index) % kCapacity]; }

 private:
  std::vector<Passed> rows_;
  std::array<std::uint64_t, kCapacity> hashes_{};  ///< so that a flood does not walk through all rows
  std::size_t first_ = 0;
  std::size_t used_ = 0;
  std::uint64_t sequence_ = 0;
};

/// Kebab-case id, stable: part of the JSON output. Where alg::Reason has the same meaning it is the same word.
[[nodiscard]] base::Bytes text_of(PassedRule rule);
/// The key of the configuration that decided, "limits.dialogs"; empty where none did.
[[nodiscard]] base::Bytes setting_of(PassedRule rule);
/// One sentence for people.
[[nodiscard]] base::Bytes explain(PassedRule rule);

/// The Call-ID of octets that do not read as SIP as a whole: the value of the first line that begins like that header.
[[nodiscard]] base::Bytes find_call_id(base::Bytes payload);

}  // namespace viaduct::gateway
