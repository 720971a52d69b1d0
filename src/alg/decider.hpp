// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "alg/decide.hpp"
#include "sdp/session.hpp"
#include "sip/address_spec.hpp"
#include "sip/body.hpp"
#include "sip/message.hpp"
#include "sip/uri.hpp"
#include "sip/via.hpp"

namespace viaduct::alg {

/// The work behind decide(), one object per message. Split by what is decided: association.* and phase in
/// decide.cpp, headers in decide_headers.cpp, bodies in decide_sdp.cpp, mappings in decide_mapping.cpp.
class Decider {
 public:
  Decider(const sip::Message& message, const Arrival& arrival, const Policy& policy, const State& state,
          Decision& decision);
  void run();

 private:
  void finish();
  // decide.cpp: which association, in which phase
  void outbound();
  void inbound();
  void restore();
  [[nodiscard]] bool locate();
  [[nodiscard]] bool may_replace(AssociationKind kind) const;
  void open(AssociationKind kind, base::Bytes name);
  [[nodiscard]] Decided decide_once(base::Bytes domain);
  void follow_request();
  void follow_response();
  void follow_invite_response(std::uint16_t status);
  void follow_bye_response(std::uint16_t status);
  void follow_registration();
  void renew(Phase phase, base::Duration life);
  [[nodiscard]] bool is_stranger() const;
  void learn_contact();
  [[nodiscard]] Witness contact_witness() const;
  [[nodiscard]] std::uint32_t remote_tag() const;
  [[nodiscard]] bool has_local_tag() const;
  void note(Field field, Action action, Reason reason);
  void intend(Field field, std::size_t place, const net::Endpoint& value);

  // decide_headers.cpp
  void edit_via();
  void edit_contacts();
  /// What other headers say about all Contacts: read once, a message may have thousands of each.
  struct HeaderBars {
    bool path = false;
    bool signed_contact = false;
  };
  [[nodiscard]] HeaderBars header_bars() const;
  void edit_contact(const sip::NameAddr& contact, std::size_t place, const HeaderBars& bars);
  [[nodiscard]] Reason contact_bar(const sip::NameAddr& contact, const HeaderBars& bars) const;
  void restore_request_uri();
  void restore_via();
  void restore_contacts();
  struct Original {
    base::Bytes text;     ///< what the inner side wrote
    net::Endpoint inner;  ///< what it means
  };
  /// Of the mapping behind `outer`; none if that is no edit of ours for this host.
  [[nodiscard]] std::optional<Original> original_of(Field field, const net::Endpoint& outer) const;
  void restore(Field field, std::size_t place, base::Range where, const std::optional<Original>& original);
  void enter(Field field, base::Bytes inner, const net::Endpoint& outer);
  void enter(Field field, base::Bytes inner, base::Bytes outer);

  // decide_sdp.cpp
  struct OuterMedia {
    net::Endpoint rtp;
    net::Endpoint rtcp;
  };
  void outbound_sdp();
  void inbound_sdp();
  [[nodiscard]] Reason body_bar(const sip::BodyPart& part, const sdp::Session& session) const;
  [[nodiscard]] Reason media_bar(const sdp::Session& session, const sdp::Media& media) const;
  void translate(const sdp::Session& session);
  [[nodiscard]] std::optional<OuterMedia> map_media(const sdp::Media& media, bool only_same);
  void edit_media(const sdp::Session& session, std::size_t index, const OuterMedia& outer);
  void edit_address(Field field, std::size_t place, const sdp::Session& session, const net::Address& outer);
  /// `outer`: where the media of this SDP went; absent if nothing of it is translated.
  void edit_origin(const sdp::Session& session, const net::Address& outer);
  void permit(const sdp::Session& session);
  void permit(const sdp::Media& media);
  void open_ipv6(const sdp::Media& media);
  void watch(std::uint16_t port);
  void admit(const net::Address& source);

  // decide_mapping.cpp
  /// Whether the router gives this flow our WAN address. Asks the kernel once per message (Decision::asks_flow).
  [[nodiscard]] bool is_translated();
  [[nodiscard]] std::optional<net::Endpoint> signalling_outer(const net::Endpoint& inner, base::Bytes spelling);
  [[nodiscard]] bool map_run(std::uint16_t inner, std::uint16_t run, bool only_same, net::Endpoint& outer);
  void use(const MappingKey& key, const Mapping* known, const net::Endpoint& outer, MappingKind kind,
           base::Bytes spelling);
  [[nodiscard]] const UseMapping* pending(const MappingKey& key) const;
  [[nodiscard]] bool uses(const MappingKey& key) const;
  /// This host's port has an outer one already.
  [[nodiscard]] bool is_mapped(std::uint16_t port) const;
  [[nodiscard]] std::optional<net::Endpoint> choose_signalling(const net::Endpoint& inner);
  /// A flow of this host that kept its port does not count: it may have the port again.
  [[nodiscard]] bool port_is_free(std::uint16_t port) const;
  [[nodiscard]] bool room_for(std::size_t mappings) const;

  [[nodiscard]] const Wan& wan() const { return state_.wans()[arrival_.wan]; }
  [[nodiscard]] base::Bytes bytes(base::Range range) const { return message_.text(range); }
  [[nodiscard]] bool edits_allowed() const {
    return association_ != nullptr && association_->decided.mode == Mode::assist;
  }

  /// Takes the result of listing an edit; one failure withdraws the whole decision.
  void attempt(const base::Result<void, edit::EditProblem>& listed);

  const sip::Message& message_;
  const Arrival& arrival_;
  const Policy& policy_;
  const State& state_;
  Decision& decision_;
  sip::Method method_ = sip::Method::none;  ///< of the request, also for its response
  const Association* association_ = nullptr;
  Association fresh_;                ///< what association_ points to while it is not in the state yet
  Reason failed_ = Reason::none;     ///< why the whole decision is withdrawn
  std::vector<UseMapping> pending_;  ///< mappings of this decision
};

}  // namespace viaduct::alg
