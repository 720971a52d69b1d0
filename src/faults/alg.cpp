// SPDX-License-Identifier: GPL-2.0-or-later
#include "faults/alg.hpp"

#include "faults/alg_sdp.hpp"
#include "sip/address_spec.hpp"
#include "sip/fields.hpp"
#include "sip/rewrite.hpp"
#include "sip/values.hpp"
#include "sip/via.hpp"

#include <optional>

namespace viaduct::faults {
namespace {

constexpr std::uint16_t kSipPort = 5060;
constexpr std::size_t kMaxReserved = 16;  // mappings that one message may make: thousands of Contacts fit a datagram

/// The header fields of one message. What cannot be read, or does not fit the edit list, stays.
class HeaderRewriter {
 public:
  HeaderRewriter(const AlgProfile& profile, Crossing& crossing, const sip::Message& message, edit::EditList& edits)
      : profile_(profile), crossing_(crossing), message_(message), edits_(edits) {}

  void run() {
    if (profile_.via) via();
    if (profile_.request_uri || profile_.contact) request_uri();
    if (profile_.contact) contacts();
    if (profile_.from_to) {
      party(sip::HeaderId::from);
      party(sip::HeaderId::to);
    }
    if (profile_.call_id) call_id();
    if (profile_.routes) {
      routes(sip::HeaderId::route);
      routes(sip::HeaderId::record_route);
    }
  }

 private:
  [[nodiscard]] bool outbound() const { return crossing_.outbound(); }
  [[nodiscard]] const Flow& flow() const { return crossing_.flow(); }

  /// What an endpoint of this side of the box is called on the other one; nullopt: it is none.
  [[nodiscard]] std::optional<net::Endpoint> other_name(const net::Endpoint& endpoint) {
    const std::uint16_t port = endpoint.port != 0 ? endpoint.port : kSipPort;
    if (outbound()) {
      if (endpoint.address != flow().inner.address) return std::nullopt;
      if (port == flow().inner.port) return flow().outer;
      const net::Endpoint inner{endpoint.address, port};
      const bool is_new = crossing_.nat().find_inner(flow().protocol, inner, crossing_.now()) == nullptr;
      if (is_new && reserved_++ >= kMaxReserved) return std::nullopt;
      const NatMapping* const mapping =
          crossing_.nat().reserve(flow().protocol, inner, 0, FlowKind::sip, crossing_.now());
      return mapping == nullptr ? std::nullopt : std::optional(mapping->outer);
    }
    if (!crossing_.nat().is_outer(endpoint.address)) return std::nullopt;
    const NatMapping* const mapping = crossing_.nat().find_outer(flow().protocol, {endpoint.address, port});
    return mapping == nullptr ? std::nullopt : std::optional(mapping->inner);
  }

  void via() {
    const sip::Result<sip::Via> top = sip::top_via(message_);
    if (!top || message_.is_request() != outbound()) return;
    if (const std::optional<net::Endpoint> name = other_name(top->endpoint()))
      (void)sip::replace_sent_by(edits_, *top, *name);
    if (!profile_.received_rport || outbound()) return;
    if (top->received_address == flow().outer.address)
      (void)edits_.replace(top->received, flow().inner.address.to_text());
    if (top->rport_value == flow().outer.port) (void)edits_.replace(top->rport, std::to_string(flow().inner.port));
  }

  void uri(const sip::Uri& uri) {
    if (const std::optional<net::Endpoint> name = other_name(uri.endpoint()))
      (void)sip::replace_host_port(edits_, uri, *name);
  }

  void request_uri() {
    if (!message_.is_request() || (outbound() && !profile_.request_uri)) return;
    if (const sip::Result<sip::Uri> target = sip::parse_uri(message_.bytes(), message_.request_uri())) uri(*target);
  }

  void contacts() {
    sip::NameAddrs values(message_, sip::HeaderId::contact);
    for (auto value = values.next(); value; value = values.next()) {
      if (*value && !(*value)->star) contact((*value)->uri);
      if (profile_.first_contact_only) return;
    }
  }

  void contact(const sip::Uri& contact) {
    if (!outbound() || profile_.contact_port == ContactPortRule::flow) return uri(contact);
    if (contact.literal != flow().inner.address) return;
    net::Endpoint name{flow().outer.address, 0};
    // Far from the flow's own port, so that it is nobody's.
    if (profile_.contact_port == ContactPortRule::wrong)
      name.port = static_cast<std::uint16_t>(flow().outer.port ^ 0x2000U);
    (void)sip::replace_host_port(edits_, contact, name);
  }

  void party(sip::HeaderId id) {
    const sip::Result<sip::NameAddr> party = sip::name_addr(message_, id);
    if (!party) return;
    if (profile_.any_from_to && outbound() && !party->uri.literal.present() && party->uri.host.present()) {
      // The own domain becomes the own address in From, the server's in To, as with a box that knows no domains.
      const bool own = (id == sip::HeaderId::from) == message_.is_request();
      (void)sip::replace_host_port(edits_, party->uri, {own ? flow().outer.address : flow().remote.address, 0});
      return;
    }
    uri(party->uri);
  }

  void call_id() {
    const sip::Result<base::Range> id = sip::call_id(message_);
    if (!id) return;
    const std::size_t at = message_.text(*id).rfind('@');
    if (at == base::Bytes::npos) return;
    const base::Range host = base::between(id->offset + at + 1, id->end());
    const net::Address& ours = outbound() ? flow().inner.address : flow().outer.address;
    const net::Address& theirs = outbound() ? flow().outer.address : flow().inner.address;
    if (net::parse_ipv4(message_.text(host)) == ours) (void)edits_.replace(host, theirs.to_text());
  }

  void routes(sip::HeaderId id) {
    sip::NameAddrs values(message_, id);
    for (auto value = values.next(); value; value = values.next()) {
      if (!*value || !(*value)->uri.literal.present()) continue;
      if (profile_.any_routes && !outbound()) {
        (void)sip::replace_host_port(edits_, (*value)->uri, flow().outer);
      } else {
        uri((*value)->uri);
      }
    }
  }

  const AlgProfile& profile_;
  Crossing& crossing_;
  const sip::Message& message_;
  edit::EditList& edits_;
  std::size_t reserved_ = 0;
};

}  // namespace

void rewrite(const AlgProfile& profile, Crossing& crossing) {
  sip::Message message;
  if (!crossing.read(message)) return;
  edit::EditList edits(crossing.octets().size());
  HeaderRewriter(profile, crossing, message, edits).run();
  if (crossing.outbound() && profile.any_sdp()) rewrite_sdp(profile, crossing, message, edits);
  if (profile.content_length)
    crossing.apply_with_length(message, edits);
  else
    crossing.apply(edits);
}

}  // namespace viaduct::faults
