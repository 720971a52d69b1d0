// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "simulate/make.hpp"
#include "simulate/message.hpp"
#include "simulate/nat.hpp"

#include <map>
#include <string>
#include <vector>

namespace viaduct::simulate {

/// Whose way of editing it is.
enum class AlgFamily : std::uint8_t { linux_kernel, broadcom, quicksec, fortinet, proxy };
[[nodiscard]] std::string_view name(AlgFamily family);
[[nodiscard]] std::optional<AlgFamily> find_family(std::string_view name);

/// What of an edit can be seen on the platform's side, as bits.
namespace mark {
constexpr unsigned kInnerCallId = 1, kInnerAttribute = 2, kOriginalLine = 4, kSecondVia = 8, kInnerContact = 16,
                   kForeignPort = 32, kSameVersion = 64, kAllPublic = 128, kOtherContactPort = 256, kInnerOrigin = 512,
                   kRestored = 1024, kLowerVia = 2048;
/// Marks that nothing but such a box leaves.
constexpr unsigned kPlain = kInnerAttribute | kOriginalLine | kSecondVia | kSameVersion | kInnerOrigin;
[[nodiscard]] std::vector<std::string_view> names(unsigned marks);
/// What a phone leaves, too, that asks a STUN server which the capture does not see.
constexpr unsigned kAsStun = kInnerCallId | kForeignPort | kAllPublic;
/// Whether they prove a box that edits: one that has no other explanation, or two of different kinds that have none in
/// common.
[[nodiscard]] bool prove(unsigned marks);
}  // namespace mark

/// What an ALG knows of the phone whose message it edits.
struct Inner {
  Socket sip;  ///< of the phone
  const Make* make = nullptr;
  unsigned* up_marks = nullptr;    ///< what it leaves in messages to the platform
  unsigned* down_marks = nullptr;  ///< and in those to the phone
};

struct AlgRules {
  AlgFamily family = AlgFamily::linux_kernel;
  bool remaps = false;      ///< each offer and answer of the phone gets a new outer port
  bool skips_port = false;  ///< c= is translated, and the m= port is that of no mapping
};

/// An ALG on a router: edits the SIP that passes and makes mappings for the media it reads about.
class Alg {
 public:
  Alg(AlgRules rules, Nat& nat, Random random) : rules_(rules), nat_(nat), random_(random) {}

  [[nodiscard]] const AlgRules& rules() const { return rules_; }
  /// Edits a message from a phone whose packet leaves from `outer`.
  void up(Message& message, const Inner& inner, Socket outer);
  /// Edits a message to a phone.
  void down(Message& message, const Inner& inner, Socket outer);

 private:
  void up_headers(Message& message, const Inner& inner, Socket outer);
  void up_proxy(Message& message, Socket outer);
  void up_sdp(Message& message, const Inner& inner, Socket outer);
  std::uint16_t outer_port(Socket media, const std::string& origin, const Inner& inner);
  void note(const Message& message, const Inner& inner) const;

  struct Media {
    std::uint16_t port = 0;
    std::string version;  ///< of the o= line the port was first told with
  };
  AlgRules rules_;
  Nat& nat_;
  Random random_;
  std::map<Socket, Media> media_;
  std::map<Socket, std::uint16_t> contact_ports_;
};

}  // namespace viaduct::simulate
