// SPDX-License-Identifier: GPL-2.0-or-later
#include "faults/alg_sdp.hpp"

#include "sdp/attribute.hpp"
#include "sdp/candidate.hpp"
#include "sdp/rewrite.hpp"
#include "sdp/session.hpp"
#include "sip/body.hpp"

#include <optional>

namespace viaduct::faults {
namespace {

class SdpRewriter {
 public:
  SdpRewriter(const AlgProfile& profile, Crossing& crossing, Call* call, const sdp::Session& session,
              edit::EditList& edits)
      : profile_(profile), crossing_(crossing), call_(call), session_(session), edits_(edits) {}

  void run() {
    std::size_t number = 0;
    bool session_level = false;
    for (const sdp::Media& media : session_.media()) {
      if (number++ >= profile_.max_media) break;
      if (!profile_.image && session_.text(media.type) == "image") continue;
      const sdp::Connection& connection = session_.connection_of(media);
      if (!is_ours(connection.where.literal)) continue;
      if (media.port != 0) ports(media, connection.where.literal);
      if (!profile_.connection) continue;
      if (media.connection.present())
        address(media.connection.where);
      else
        session_level = true;
    }
    if (session_level) address(session_.connection.where);
    origin();
  }

 private:
  [[nodiscard]] const net::Address& outer() const { return crossing_.flow().outer.address; }
  [[nodiscard]] bool is_ours(const net::Address& address) const {
    if (address == crossing_.flow().inner.address) return true;
    return profile_.any_connection && address.present() && address.scope() != net::Scope::unspecified;
  }
  void address(const sdp::AddressField& field) { (void)sdp::replace_address(edits_, session_, field, outer()); }

  /// A port that is not the one this inner endpoint had before.
  [[nodiscard]] std::uint16_t another_port(const net::Endpoint& inner) const {
    if (call_ == nullptr) return 0;
    const auto before = call_->outer_ports.find(inner);
    return before == call_->outer_ports.end() ? 0 : static_cast<std::uint16_t>(before->second + 2);
  }

  [[nodiscard]] bool moves() const {
    if (call_ == nullptr) return false;
    // Not for what is sent again, or said again in a response to the same request.
    if (profile_.media_port == MediaPortRule::fresh) return call_->renewed;
    return profile_.reopen_on_hold && call_->resumed;
  }

  void ports(const sdp::Media& media, const net::Address& literal) {
    if (profile_.media_port == MediaPortRule::keep) return;
    const auto even = static_cast<std::uint16_t>(media.port & 0xfffeU);
    const net::Endpoint rtp{literal, profile_.even_ports ? even : media.port};
    const std::optional<std::uint16_t> port = reserve(rtp, moves() ? another_port(rtp) : 0);
    if (!port) return;
    (void)sdp::replace_port(edits_, media, *port);
    const bool reads_rtcp = profile_.rtcp && media.rtcp.present();
    const net::Endpoint rtcp{literal, reads_rtcp ? media.rtcp.port : static_cast<std::uint16_t>(rtp.port + 1)};
    const std::optional<std::uint16_t> rtcp_port = reserve(rtcp, static_cast<std::uint16_t>(*port + 1));
    if (reads_rtcp && rtcp_port) (void)sdp::replace_rtcp_port(edits_, media.rtcp, *rtcp_port);
    if (reads_rtcp && is_ours(media.rtcp.where.literal)) address(media.rtcp.where);
    if (profile_.candidates) candidates(media, *port);
  }

  [[nodiscard]] std::optional<std::uint16_t> reserve(const net::Endpoint& inner, std::uint16_t wanted) {
    const NatMapping* const mapping =
        crossing_.nat().reserve(Protocol::udp, inner, wanted, FlowKind::media, crossing_.now());
    if (mapping == nullptr) return std::nullopt;
    if (call_ != nullptr && (call_->outer_ports.size() < Call::kMaxOuterPorts || call_->outer_ports.contains(inner)))
      call_->outer_ports[inner] = mapping->outer.port;
    return mapping->outer.port;
  }

  /// Connection addresses of host candidates alone: related addresses and foundations stay (B11).
  void candidates(const sdp::Media& media, std::uint16_t port) {
    sdp::Attributes attributes(session_, media);
    for (auto attribute = attributes.next(); attribute; attribute = attributes.next()) {
      if (session_.text(attribute->name) != "candidate") continue;
      const sdp::Result<sdp::Candidate> candidate = sdp::parse_candidate(session_.buffer, attribute->value);
      if (!candidate || candidate->literal != crossing_.flow().inner.address) continue;
      (void)edits_.replace(candidate->address, outer().to_text());
      if (candidate->port == media.port) (void)edits_.replace(candidate->port_text, std::to_string(port));
    }
  }

  void origin() {
    const sdp::Origin& origin = session_.origin;
    if (!origin.present()) return;
    const bool inner = origin.where.literal == crossing_.flow().inner.address;
    const bool overwritten = profile_.origin == OriginRule::media && !session_.media().empty();
    if (overwritten || (profile_.origin == OriginRule::own && inner)) address(origin.where);
    if (profile_.origin == OriginRule::connection) follow_connection();
    if (profile_.keep_origin_version && call_ != nullptr && !call_->origin_version.empty() &&
        session_.text(origin.version) != call_->origin_version)
      (void)edits_.replace(origin.version, call_->origin_version);
  }

  void follow_connection() {
    if (session_.media().empty()) return;
    const net::Address& named = session_.connection_of(session_.media().front()).where.literal;
    if (named.present())
      (void)sdp::replace_address(edits_, session_, session_.origin.where, is_ours(named) ? outer() : named);
  }

  const AlgProfile& profile_;
  Crossing& crossing_;
  Call* call_;
  const sdp::Session& session_;
  edit::EditList& edits_;
};

/// B20: while a call is on hold its media has no mapping.
void free_media(Crossing& crossing, const Call& call) {
  for (const auto& [inner, port] : call.outer_ports)
    crossing.nat().forget(Protocol::udp, {crossing.flow().outer.address, port});
}

}  // namespace

void rewrite_sdp(const AlgProfile& profile, Crossing& crossing, const sip::Message& message, edit::EditList& edits) {
  const std::optional<sdp::Session> session = session_of(message);
  if (!session) return;
  Call* const call = crossing.calls().find(message, crossing.now());
  SdpRewriter(profile, crossing, call, *session, edits).run();
  if (call == nullptr) return;
  if (profile.reopen_on_hold && call->held) free_media(crossing, *call);
  call->resumed = false;
}

}  // namespace viaduct::faults
