// SPDX-License-Identifier: GPL-2.0-or-later
#include "faults/kernel_alg.hpp"

#include "base/text.hpp"
#include "faults/kernel_text.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

namespace viaduct::faults {
namespace {

using base::Bytes;
using base::Range;
using kernel_text::Field;
using kernel_text::Found;

constexpr std::size_t kShortest = Bytes("SIP/2.0 200").size();
constexpr std::size_t kMaxMedia = 3;
constexpr std::uint32_t kLowestPort = 1024;
constexpr Bytes kMediaTypes[] = {"audio ", "video ", "image "};
constexpr Bytes kReads[] = {"INVITE", "UPDATE", "ACK", "PRACK", "BYE", "REGISTER"};

bool starts_with(Bytes text, Bytes head) {
  return base::iequals(text.substr(0, head.size()), head);
}

/// One message as it is searched and changed in place.
class Rewriter {
 public:
  Rewriter(Crossing& crossing, std::uint16_t reply_port)
      : crossing_(crossing), text_(crossing.octets()), reply_port_(reply_port) {}

  /// false: the helper drops the message.
  [[nodiscard]] bool run() {
    const bool request = !starts_with(text_, "SIP/2.0 ");
    if (!(request ? conntrack_request() : conntrack_response())) return false;
    return headers(request);
  }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  [[nodiscard]] const Flow& flow() const { return crossing_.flow(); }
  /// The sender's endpoint as it came, and what stands for it behind the router.
  [[nodiscard]] net::Endpoint source() const { return crossing_.outbound() ? flow().inner : flow().remote; }
  [[nodiscard]] net::Endpoint source_after() const { return crossing_.outbound() ? flow().outer : flow().remote; }
  [[nodiscard]] net::Endpoint target() const { return crossing_.outbound() ? flow().remote : flow().outer; }
  [[nodiscard]] net::Endpoint target_after() const { return crossing_.outbound() ? flow().remote : flow().inner; }

  void put(Range range, Bytes value) { text_.replace(range.offset, range.length, value); }

  /// Writes what stands for an endpoint of this flow; always with its port.
  void map(Range range) {
    const std::optional<net::Endpoint> endpoint = kernel_text::endpoint_in(text_, range);
    if (!endpoint) return;
    net::Endpoint name;
    if (*endpoint == source()) {
      name = source_after();
    } else if (*endpoint == target()) {
      name = target_after();
      if (!crossing_.outbound() && reply_port_ != 0) name.port = reply_port_;
    } else {
      return;
    }
    if (name != *endpoint) put(range, name.to_text());
  }

  [[nodiscard]] bool conntrack_request() {
    const auto method = std::ranges::find_if(kReads, [this](Bytes name) { return starts_with(text_, name); });
    if (method == std::end(kReads)) return true;
    if (kernel_text::find_field(text_, Field::cseq).state != Found::State::usable) return false;
    if (*method == "REGISTER") {
      registration();
      return true;
    }
    return *method == "BYE" || session();
  }

  [[nodiscard]] bool conntrack_response() {
    const std::uint32_t status = kernel_text::number_in(text_, {8, 3});
    const Found cseq = kernel_text::find_field(text_, Field::cseq);
    if (status == 0 || cseq.state != Found::State::usable) return false;
    const Bytes method = Bytes(text_).substr(std::min<std::size_t>(cseq.value.end() + 1, text_.size()));
    const bool carries_sdp =
        starts_with(method, "INVITE") || starts_with(method, "UPDATE") || starts_with(method, "PRACK");
    return !carries_sdp || status < 100 || status > 299 || session();
  }

  /// A REGISTER's first Contact gets a signalling pinhole, and the port of that.
  void registration() {
    const Found expires = kernel_text::find_field(text_, Field::expires);
    const bool ends = expires.state == Found::State::usable && kernel_text::number_in(text_, expires.value) == 0;
    const Found contact = kernel_text::find_field(text_, Field::contact);
    if (ends || contact.state != Found::State::usable) return;
    const std::optional<net::Endpoint> inner = kernel_text::endpoint_in(text_, contact.value);
    if (!inner || inner->address != source().address || !crossing_.outbound() || *inner == source()) return;
    const NatMapping* const mapping =
        crossing_.nat().reserve(flow().protocol, *inner, 0, FlowKind::sip, crossing_.now());
    if (mapping != nullptr) put(contact.value, mapping->outer.to_text());
  }

  /// Every audio, video and image line up to the third, then c= and o= of the session.
  [[nodiscard]] bool session() {
    const Range version = kernel_text::find_sdp_digits(text_, 'v', 0);
    if (!version.present()) return true;
    const Range connection = kernel_text::find_sdp_address(text_, 'c', version.offset, 'm');
    const std::string common(connection.of(text_));
    std::string address;
    std::size_t at = version.offset;
    for (std::size_t count = 0; count < kMaxMedia;) {
      const Range media = kernel_text::find_media(text_, at);
      if (!media.present()) break;
      at = media.end();
      const auto type =
          std::ranges::find_if(kMediaTypes, [&](Bytes name) { return media.of(text_).starts_with(name); });
      if (type == std::end(kMediaTypes)) continue;
      const Range port = base::between(media.offset + type->size(), media.end());
      const std::uint32_t number = kernel_text::number_in(text_, port);
      if (number == 0) continue;
      if (number < kLowestPort || number > 65535) return false;
      const Range own = kernel_text::find_sdp_address(text_, 'c', port.offset, 'm');
      if (!own.present() && common.empty()) return false;
      address = own.present() ? std::string(own.of(text_)) : common;
      at = static_cast<std::size_t>(media_line(port, static_cast<std::uint16_t>(number), address));
      if (own.present()) put(kernel_text::find_sdp_address(text_, 'c', at, 'm'), address);
      ++count;
    }
    return address.empty() || session_level(version.offset, address);
  }

  /// Opens the pair of an m= line, and writes its port if it is another one. Returns where the line's port begins.
  std::uint32_t media_line(Range port, std::uint16_t number, std::string& address) {
    const std::optional<net::Address> literal = net::parse_ipv4(address);
    // Media that does not come from where the signalling comes from has no pinhole (sip_direct_media).
    if (!literal || *literal != source().address) return port.offset;
    address = source_after().address.to_text();
    if (!crossing_.outbound()) return port.offset;
    const auto even = static_cast<std::uint16_t>(number & 0xfffeU);
    const NatMapping* const rtp =
        crossing_.nat().reserve(Protocol::udp, {*literal, even}, 0, FlowKind::media, crossing_.now());
    if (rtp == nullptr) return port.offset;
    const std::uint16_t outer = rtp->outer.port;
    (void)crossing_.nat().reserve(Protocol::udp, {*literal, static_cast<std::uint16_t>(even + 1)},
                                  static_cast<std::uint16_t>(outer + 1), FlowKind::media, crossing_.now());
    if (outer != even) put(port, std::to_string(outer));
    return port.offset;
  }

  /// o= gets the address of the last media line, whatever it said before, and so does c= if there is one.
  [[nodiscard]] bool session_level(std::size_t version, const std::string& address) {
    const Range origin = kernel_text::find_sdp_address(text_, 'o', version, 'm');
    if (!origin.present()) return false;
    put(origin, address);
    if (const Range connection = kernel_text::find_sdp_address(text_, 'c', version, 'm'); connection.present())
      put(connection, address);
    const Found length = kernel_text::find_field(text_, Field::content_length);
    if (length.state != Found::State::usable) return false;
    // Counted from v= to the packet's end, as if SDP were all of the body; the version's own line end is in it.
    const Range again = kernel_text::find_sdp_digits(text_, 'v', 0);
    put(length.value, std::to_string(text_.size() - again.offset + 2));
    return true;
  }

  [[nodiscard]] bool headers(bool request) {
    if (request) map(kernel_text::request_host(text_));
    via(request);
    kernel_text::Ahead ahead;
    Found contact = kernel_text::find_field(text_, Field::contact);
    while (contact.state != Found::State::missing) {
      if (contact.state == Found::State::usable) {
        const std::size_t before = text_.size();
        map(contact.value);
        contact.next += text_.size() - before;
      }
      const Found more = kernel_text::next_value(text_, Field::contact, contact.next, ahead);
      contact =
          more.state != Found::State::missing ? more : kernel_text::find_field(text_, Field::contact, contact.next);
    }
    for (const Field field : {Field::from, Field::to}) {
      const Found party = kernel_text::find_field(text_, field);
      if (party.state == Found::State::usable) map(party.value);
    }
    return true;
  }

  void via(bool request) {
    const Field field = flow().protocol == Protocol::tcp ? Field::via_tcp : Field::via_udp;
    const Found top = kernel_text::find_field(text_, field);
    if (top.state != Found::State::usable) return;
    const std::optional<net::Endpoint> endpoint = kernel_text::endpoint_in(text_, top.value);
    if (!endpoint || *endpoint != (request ? source() : target())) return;
    const std::size_t before = text_.size();
    map(top.value);
    const std::size_t end = top.value.end() + text_.size() - before;
    via_address(end, "maddr=", source().address, source_after().address);
    via_address(end, "received=", target().address, target_after().address);
    const Range rport = kernel_text::find_parameter(text_, end, "rport=", false);
    if (rport.present() && kernel_text::number_in(text_, rport) == target().port &&
        target().port != target_after().port)
      put(rport, std::to_string(target_after().port));
  }

  void via_address(std::size_t from, Bytes name, const net::Address& before, const net::Address& after) {
    const Range value = kernel_text::find_parameter(text_, from, name, true);
    if (value.present() && net::parse_ipv4(value.of(text_)) == before && before != after) put(value, after.to_text());
  }

  Crossing& crossing_;
  std::string text_;
  std::uint16_t reply_port_;
};

}  // namespace

void KernelAlg::on_message(Crossing& crossing) {
  if (crossing.octets().size() < kShortest) return;
  const net::Endpoint& inner = crossing.flow().inner;
  if (crossing.outbound() && !starts_with(crossing.octets(), "SIP/2.0 ")) {
    const Found via = kernel_text::find_field(crossing.octets(), Field::via_udp);
    const auto endpoint =
        via.state == Found::State::usable ? kernel_text::endpoint_in(crossing.octets(), via.value) : std::nullopt;
    if (reply_ports_.size() >= Calls::kMaxCalls) reply_ports_.clear();
    if (endpoint && endpoint->address == inner.address && endpoint->port != inner.port)
      reply_ports_[inner] = endpoint->port;
  }
  const auto reply = reply_ports_.find(inner);
  const std::uint16_t reply_port = reply == reply_ports_.end() ? 0 : reply->second;
  Rewriter rewriter(crossing, reply_port);
  if (!rewriter.run()) return crossing.drop();
  crossing.replace(rewriter.take());
  if (!crossing.outbound() && reply_port != 0) crossing.redirect(reply_port);
}

std::unique_ptr<Behaviour> make_kernel_alg() {
  return std::make_unique<KernelAlg>();
}

}  // namespace viaduct::faults
