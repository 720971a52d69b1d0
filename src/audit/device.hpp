// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.hpp"

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

namespace viaduct::audit {

using base::Bytes;

/// Whether something looks into, rewrites or holds SIP.
enum class State : std::uint8_t {
  off,
  on,
  partly,   ///< off for some ports, transports, zones or policies, on for others
  unknown,  ///< the configuration does not decide it, or we cannot tell
  last
};
/// off, on, partly, unknown.
[[nodiscard]] Bytes name(State state);
/// On, wherever that is.
[[nodiscard]] constexpr bool acts(State state) {
  return state == State::on || state == State::partly;
}

/// Why something is believed: a line of the configuration, or a default.
struct Origin {
  std::uint32_t line = 0;  ///< counted from 1; 0: no line says so
  std::string standard{};  ///< without a line: which default of which version, or why it is not known
};

/// What to type on the very device that was read, and what brings back what it had. The lines of one edit belong
/// together.
struct Edit {
  std::vector<std::string> fix{};   ///< none: the reader knows nothing exact, and the catalogue's commands stand in
  std::vector<std::string> undo{};  ///< what is not known is a blank in angles, in both
  /// Ends what keeps the old state, and so calls; without `fix` that is all there is to do.
  std::vector<std::string> clear{};
  bool verified = true;  ///< a document backs it, as far as one backs the catalogue's commands
  /// In place of `fix`: what a person has to do, and why no command can be given. Then the catalogue's do not stand in,
  /// either.
  std::string by_hand{};

  friend auto operator<=>(const Edit&, const Edit&) = default;
};

/// A feature of the product that touches SIP, as the vendor names it, once for each place where it can be set.
struct Feature {
  std::string name;              ///< "inspect sip", "session-helper sip"
  std::string scope = "global";  ///< "vdom root", "policy-map global_policy class inspection_default", "policy 5"
  std::string mechanism{};       ///< what it is a part of, where several names are (UDP and TCP); empty: `name`
  State state = State::unknown;
  Origin origin{};
  std::string note{};  ///< what a reader has to know of this one, a sentence
  Edit edit{};         ///< switches it off
};

/// A timer after which a UDP flow is forgotten.
struct Timer {
  enum class Applies : std::uint8_t {
    udp,            ///< all UDP
    udp_unreplied,  ///< UDP that nobody answered yet
    udp_stream,     ///< UDP with packets both ways
    sip,
    rtp,
    policy,  ///< what one rule or service object matches
    last
  };
  static constexpr std::int64_t kUnknown = -1;
  static constexpr std::int64_t kLeast = 120;    ///< RFC 4787 REQ-5
  static constexpr std::int64_t kAdvised = 300;  ///< likewise

  std::string name;
  std::string scope = "global";
  Applies applies = Applies::udp;
  std::int64_t seconds = kUnknown;  ///< 0: never
  Origin origin{};
  Edit edit{};  ///< makes it kAdvised
};
/// "inspect sip (global)": how a feature or a timer is told.
[[nodiscard]] std::string told(const Feature& feature);
[[nodiscard]] std::string told(const Timer& timer);
/// Whether it ends what somebody needs before `seconds`. Before an answer came nothing is lost by a short one.
[[nodiscard]] bool ends_before(const Timer& timer, std::int64_t seconds);
/// udp, udp-unreplied, udp-stream, sip, rtp, policy.
[[nodiscard]] Bytes name(Timer::Applies applies);

/// Whether RTP leaves through a queue that others do not fill.
enum class Priority : std::uint8_t { no, yes, unknown, last };
/// no, yes, unknown.
[[nodiscard]] Bytes name(Priority priority);

/// Behaviour of the NAT that VoIP notices: static ports, endpoint-independent mapping, "Consistent NAT".
struct NatTrait {
  std::string name;
  std::string scope = "global";
  std::string value;
  Origin origin{};
};

/// What a configuration says of SIP, in words that are the same for all vendors. Rules judge this and nothing else.
struct Device {
  std::string product;         ///< id of the catalogue; empty: not recognised
  std::string version;         ///< as the configuration says it; empty: it does not
  std::string hostname;        ///< likewise
  double sure = 0;             ///< 0 to 1, that it is this product
  bool several = false;        ///< the text is of more than one device, and which of them says what cannot be told
  bool deep = false;           ///< read by a reader for this product, not by the catalogue's patterns
  State sip = State::unknown;  ///< all features together
  std::vector<Feature> features;
  std::vector<Timer> timers;
  Priority rtp_priority = Priority::unknown;
  Origin rtp_origin{};
  std::vector<NatTrait> nat;
  std::vector<std::string> enter;     ///< what comes before edits: "configure terminal"
  Edit last;                          ///< what is to be typed once behind the fixes of features, whatever their number
  std::vector<std::string> leave;     ///< and what behind them, so that they act and stay: "end", "write memory"
  std::vector<std::string> problems;  ///< what of the text could not be read
};

/// Of features whose mechanisms each act alone: on where one mechanism is on wherever it can be set, else partly where
/// one is on here and off there, else unknown where one is, else off.
[[nodiscard]] State together(const std::vector<Feature>& features);

}  // namespace viaduct::audit
