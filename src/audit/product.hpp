// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "audit/device.hpp"
#include "audit/pattern.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace viaduct::audit {

/// A pattern that tells whose configuration a text is (RE2, `^` and `$` at lines).
struct Recognition {
  std::string pattern;
  double weight = 0;  ///< 0 to 1: how much it says alone
};

/// A pattern that tells the state where no reader does (RE2, `^` and `$` at lines, `.` does not match the end of a
/// line).
struct Detection {
  enum class Kind : std::uint8_t {
    regex,    ///< found: `means`
    absence,  ///< not found, and `when` is: `means`
    runtime,  ///< for the output of a command, not for a configuration
    none,     ///< no configuration tells; `notes` says what to do instead
    last
  };
  Kind kind = Kind::none;
  Pattern pattern;
  Pattern when;
  State means = State::unknown;
  std::string notes;
};

/// How a timer of UDP stands in a configuration: group 1 of `pattern`.
struct TimerPattern {
  enum class Unit : std::uint8_t { seconds, minutes, h_mm_ss, routeros, profile, last };
  Pattern pattern;
  Unit unit = Unit::seconds;
};

/// A member of a catalogue's entry that may rest on no document.
enum class Member : std::uint8_t {
  all,
  default_state,
  detect,
  backup_commands,
  disable_commands,
  disable_else,
  enable_commands,
  related_disable,
  show_commands,
  verify,
  gui_path,
  caveats,
  udp_timeout,  ///< each of those below, too
  udp_timeout_default,
  udp_timeout_parse,
  udp_timeout_show,
  udp_timeout_set,
  udp_timeout_related_set,
  udp_timeout_revert,
  qos,
  clear_sessions,
  restart_needed,
  last
};
/// As the catalogue spells it: "disable_commands", "udp_timeout.default_s".
[[nodiscard]] Bytes name(Member member);

/// What is known of a product: facts, with what they rest on. Commands hold <ANGLES> for what the device alone knows.
struct Product {
  std::string id;
  std::string vendor;
  std::string family;
  std::string versions;
  std::vector<std::string> aliases;  ///< what people call it: "fritzbox"
  std::vector<std::string>
      alg_families;  ///< whose ALG it has, as data/behaviours.toml names families; empty: not known
  std::vector<std::string> feature_names;
  std::string default_state;  ///< on, off, varies, unknown
  std::vector<std::string> default_ports;
  std::string config_kind;  ///< cli, xml, json, uci, nvram, shell, text, gui-only
  std::string reader;       ///< of src/audit/products; empty: patterns alone
  std::vector<Recognition> recognise;
  std::vector<Detection> detect;
  std::string comment = "#";  ///< how a line begins that its command line ignores
  std::vector<std::string> backup_commands;
  std::vector<std::string> disable_commands;
  /// Commands for versions or management where those above are wrong.
  struct DisableElse {
    std::string when;  ///< "below 6.2.2"
    std::vector<std::string> commands;
  };
  std::vector<DisableElse> disable_else;
  std::vector<std::string> enable_commands;
  std::vector<std::string> related_disable;
  std::vector<std::string> show_commands;
  std::vector<std::string> verify;
  std::string gui_path;
  std::vector<std::string> caveats;
  std::vector<std::string> by_hand;  ///< commands of any member that are words for a person, not for a command line
  std::vector<Member> unverified;    ///< what no document backs
  std::vector<std::string> unverified_commands;  ///< single commands of members that are backed otherwise
  std::vector<std::string> unverified_notes;     ///< what exactly nothing backs, in words
  std::vector<std::string> sources;
  std::string confidence;  ///< high, medium, low

  struct UdpTimeout {
    std::int64_t standard = Timer::kUnknown;   ///< seconds; of all UDP where there is no difference
    std::int64_t unreplied = Timer::kUnknown;  ///< until an answer comes
    std::int64_t assured = Timer::kUnknown;    ///< with packets both ways
    std::int64_t sip = Timer::kUnknown;        ///< of flows that the ALG knows for SIP
    std::int64_t sip_media = Timer::kUnknown;  ///< and their media
    std::int64_t most = Timer::kUnknown;       ///< what can be set
    bool fixed = false;                        ///< the operator cannot change it
    std::vector<TimerPattern> parse;
    std::vector<std::string> show;
    std::vector<std::string> set;
    std::vector<std::string> related_set;
    std::vector<std::string> revert;
    std::string notes;
  } udp_timeout;
  std::string qos_notes;
  std::vector<std::string> qos_commands;
  bool restart_needed = false;
  std::vector<std::string> clear_sessions;
  std::string apply_notes;

  /// Vendor and family, for a person; the vendor once.
  [[nodiscard]] std::string title() const;
  /// Whether a document backs this member.
  [[nodiscard]] bool backed(Member member) const;
  /// Whether a document backs this command of it.
  [[nodiscard]] bool backed(Member member, Bytes command) const;
};

}  // namespace viaduct::audit
