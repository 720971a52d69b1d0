// SPDX-License-Identifier: GPL-2.0-or-later
#include "faults/broadcom_alg.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <cctype>
#include <optional>
#include <string>
#include <utility>

namespace viaduct::faults {
namespace {

using base::Bytes;
using base::Range;

constexpr std::size_t kShortest = Bytes("SIP/2.0 200").size();
constexpr std::uint16_t kLowestPort = 1024;
constexpr std::size_t kLongestAddress = 15;
// The helper has no such limits; without them one datagram of thousands of fields would cost seconds here.
constexpr int kMaxVias = 64;
constexpr int kMaxAlternatives = 16;
constexpr int kMaxTries = 1024;

/// What is searched, octet by octet, and what has to stand behind it in the same line.
struct Field {
  Bytes name;
  Bytes compact;  ///< no longer than the name
  Bytes needle;
  bool any_case = true;  ///< of the needle
};
constexpr Field kVia{"Via:", "\r\nv:", "UDP "};
constexpr Field kContact{"Contact:", "\r\nm:", "sip:"};
constexpr Field kLength{"Content-Length:", "\r\nl:", ""};
constexpr Field kOrigin{"\no=", "\ro=", "IN IP4 ", false};
constexpr Field kConnection{"\nc=", "\rc=", "IN IP4 ", false};
constexpr Field kAlternative{"\na=", "\ra=", "alt:", false};
constexpr Field kMedia[] = {{"\nm=audio ", "\rm=audio ", ""}, {"\nm=video ", "\rm=video ", ""}};
constexpr Bytes kWithSdp[] = {"INVITE", "UPDATE", "SIP/2.0 180", "SIP/2.0 183", "SIP/2.0 200"};

bool is_digit(char c) {
  return std::isdigit(static_cast<unsigned char>(c)) != 0;
}

/// One message as it is searched and changed in place.
class Rewriter {
 public:
  explicit Rewriter(Crossing& crossing) : crossing_(crossing), text_(crossing.octets()) {}

  /// false: the helper drops the message.
  [[nodiscard]] bool run() {
    if (text_.size() < kShortest) return true;
    if (!via() || !contact()) return false;
    if (std::ranges::none_of(kWithSdp, [this](Bytes start) { return text_.starts_with(start); })) return true;
    net::Address media;
    return address_line(kOrigin, media) && address_line(kConnection, media) && media_line(kMedia[0], media) &&
           media_line(kMedia[1], media) && alternatives() && content_length();
  }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  /// Host and port as they stand in the text; port 0: none.
  struct Place {
    Range range;
    net::Endpoint endpoint;
  };

  [[nodiscard]] bool outbound() const { return crossing_.outbound(); }
  [[nodiscard]] const Flow& flow() const { return crossing_.flow(); }
  void put(Range range, Bytes value) { text_.replace(range.offset, range.length, value); }

  /// Behind a field's needle, from `from` on; npos if the first field of that name has none in its line.
  [[nodiscard]] std::size_t find(const Field& field, std::size_t from) const {
    const std::size_t named = text_.find(field.name, from);
    const std::size_t compact = text_.find(field.compact, from);
    const std::size_t at = std::min(named, compact);
    if (at == std::string::npos || at + field.name.size() > text_.size()) return std::string::npos;
    const std::size_t value = at + (at == named ? field.name.size() : field.compact.size());
    const std::size_t end = std::min(text_.find_first_of("\r\n", value), text_.size());
    const Bytes line = Bytes(text_).substr(value, end - value);
    const auto found = std::ranges::search(line, field.needle, [&field](char a, char b) {
      return a == b || (field.any_case && base::to_lower(a) == base::to_lower(b));
    });
    if (found.empty() && !field.needle.empty()) return std::string::npos;
    return value + static_cast<std::size_t>(found.begin() - line.begin()) + field.needle.size();
  }

  /// A dotted quad at `at`; absent if there is none.
  [[nodiscard]] Range address_at(std::size_t at) const {
    const Bytes here = Bytes(text_).substr(std::min(at, text_.size()), kLongestAddress + 1);
    const std::size_t length = std::min(here.find_first_not_of("0123456789."), here.size());
    return net::parse_ipv4(here.substr(0, length)) ? base::between(at, at + length) : Range{};
  }

  /// A number behind any blanks; absent if there is none.
  [[nodiscard]] Range digits_at(std::size_t at) const {
    while (at < text_.size() && text_[at] == ' ') ++at;
    std::size_t end = at;
    while (end < text_.size() && is_digit(text_[end])) ++end;
    return end == at ? Range{} : base::between(at, end);
  }

  /// Digits that are more than a number has room for make one that is no port.
  [[nodiscard]] std::uint32_t number(Range digits) const {
    return base::parse_decimal<std::uint32_t>(digits.of(text_)).value_or(~0U);
  }

  /// Host and port behind the '@' that is in the line before any ';', or else right at `at`.
  [[nodiscard]] std::optional<Place> place_at(std::size_t at) const {
    const std::size_t stop = text_.find_first_of("@;\r\n", at);
    const std::size_t host = stop != std::string::npos && text_[stop] == '@' ? stop + 1 : at;
    const Range address = address_at(host);
    if (!address.present()) return std::nullopt;
    const net::Address literal = *net::parse_ipv4(address.of(text_));
    if (address.end() >= text_.size() || text_[address.end()] != ':') return Place{address, {literal, 0}};
    const Range digits = digits_at(address.end() + 1);
    const std::uint32_t port = digits.present() ? number(digits) : 0;
    if (port == 0 || port > 65535) return std::nullopt;
    return Place{base::between(host, digits.end()), {literal, static_cast<std::uint16_t>(port)}};
  }

  /// The first Via that names an end of this flow, however many are above it.
  [[nodiscard]] bool via() {
    std::size_t at = 0;
    for (int i = 0; i < kMaxVias; ++i) {
      at = find(kVia, at);
      if (at == std::string::npos) return true;
      const std::optional<Place> place = place_at(at);
      if (!place) continue;
      const net::Endpoint& named = place->endpoint;
      if (outbound() && is_own(named)) return translate(*place);
      if (!outbound() && named == flow().outer) {
        put(place->range, flow().inner.to_text());
        return true;
      }
      // One of the sender's own at another port ends the search too.
      if (!outbound() && named.address == flow().remote.address && named.port != 0 && named.port != flow().remote.port)
        return true;
      at = place->range.end();
    }
    return true;
  }

  [[nodiscard]] bool contact() {
    const std::size_t at = find(kContact, 0);
    if (at == std::string::npos) return true;
    const std::optional<Place> place = place_at(at);
    if (!place) return false;
    return !outbound() || !is_own(place->endpoint) || translate(*place);
  }

  /// Without a port only the outer address is known for an own one.
  [[nodiscard]] bool is_own(const net::Endpoint& named) const {
    return named.address == flow().outer.address || (named.address == flow().inner.address && named.port != 0);
  }

  /// The outer address gets the flow's port whatever it had; another port of the inner host gets a mapping.
  [[nodiscard]] bool translate(const Place& place) {
    net::Endpoint name = flow().outer;
    if (place.endpoint.address == flow().inner.address && place.endpoint.port != flow().inner.port) {
      const NatMapping* const mapping = open(place.endpoint, place.endpoint.port, 1, FlowKind::sip);
      if (mapping == nullptr) return false;
      name = mapping->outer;
    }
    put(place.range, name.to_text());
    return true;
  }

  /// The mapping that an inner endpoint has, or one made at the first free port of wanted, wanted + step ...
  [[nodiscard]] const NatMapping* open(const net::Endpoint& inner, std::uint16_t wanted, std::uint16_t step,
                                       FlowKind kind) {
    Nat& nat = crossing_.nat();
    if (nat.find_inner(Protocol::udp, inner, crossing_.now()) != nullptr)
      return nat.reserve(Protocol::udp, inner, 0, kind, crossing_.now());
    wanted = std::max(wanted, kLowestPort);
    for (int i = 0; i < kMaxTries && nat.find_outer(Protocol::udp, {flow().outer.address, wanted}) != nullptr; ++i)
      wanted = std::max(static_cast<std::uint16_t>(wanted + step), kLowestPort);
    return nat.reserve(Protocol::udp, inner, wanted, kind, crossing_.now());
  }

  /// o= or c=, each by itself. Media is at its address, or inside if that is the outer one already.
  [[nodiscard]] bool address_line(const Field& field, net::Address& media) {
    const std::size_t at = find(field, 0);
    if (at == std::string::npos) return true;
    const Range range = address_at(at);
    if (!range.present()) return false;
    media = *net::parse_ipv4(range.of(text_));
    if (!outbound()) return true;
    if (media == flow().inner.address) put(range, flow().outer.address.to_text());
    if (media == flow().outer.address) media = flow().inner.address;
    return true;
  }

  /// RTP gets an even port; nothing is opened for RTCP.
  [[nodiscard]] bool media_port(Range digits, const net::Address& media) {
    if (!digits.present()) return false;
    if (!outbound() || !media.present()) return true;
    const auto port = static_cast<std::uint16_t>(number(digits));
    const NatMapping* const mapping =
        open({media, port}, static_cast<std::uint16_t>(port & 0xfffeU), 2, FlowKind::media);
    if (mapping == nullptr) return false;
    put(digits, std::to_string(mapping->outer.port));
    return true;
  }

  [[nodiscard]] bool media_line(const Field& field, const net::Address& media) {
    const std::size_t at = find(field, 0);
    return at == std::string::npos || media_port(digits_at(at), media);
  }

  /// a=alt:1 1.0 : user password 192.168.1.10 4000 (an old draft), as long as no other attribute stands between.
  [[nodiscard]] bool alternatives() {
    std::size_t at = 0;
    for (int i = 0; i < kMaxAlternatives; ++i) {
      at = find(kAlternative, at);
      if (at == std::string::npos) return true;
      for (int blanks = 0; blanks < 5 && at < text_.size() && text_[at] != '\r' && text_[at] != '\n'; ++at)
        blanks += text_[at] == ' ' ? 1 : 0;
      const Range address = address_at(at);
      if (!address.present() || !outbound() || net::parse_ipv4(address.of(text_)) != flow().inner.address) continue;
      const std::string outer = flow().outer.address.to_text();
      put(address, outer);
      at = address.offset + outer.size() + 1;
      if (!media_port(digits_at(at), flow().inner.address)) return false;
    }
    return true;
  }

  /// Whatever it said: it becomes what follows the first empty line.
  [[nodiscard]] bool content_length() {
    const std::size_t at = find(kLength, 0);
    if (at == std::string::npos) return true;
    const Range digits = digits_at(at);
    if (!digits.present()) return false;
    std::size_t body = text_.size();
    for (const Bytes end : {Bytes("\r\n\r\n"), Bytes("\r\r"), Bytes("\n\n")})
      if (const std::size_t found = text_.find(end, digits.end()); found != std::string::npos)
        body = std::min(body, found + end.size());
    if (number(digits) != text_.size() - body) put(digits, std::to_string(text_.size() - body));
    return true;
  }

  Crossing& crossing_;
  std::string text_;
};

}  // namespace

void BroadcomAlg::on_message(Crossing& crossing) {
  if (crossing.flow().protocol != Protocol::udp) return;
  Rewriter rewriter(crossing);
  if (!rewriter.run()) return crossing.drop();
  crossing.replace(rewriter.take());
}

std::unique_ptr<Behaviour> make_broadcom_alg() {
  return std::make_unique<BroadcomAlg>();
}

}  // namespace viaduct::faults
