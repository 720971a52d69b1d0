// SPDX-License-Identifier: GPL-2.0-or-later
#include "parse_c_strings.hpp"

#include <arpa/inet.h>

#include <cstdlib>
#include <sofia-sip/msg_addr.h>
#include <sofia-sip/sdp.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_parser.h>

namespace viaduct::bench {
namespace {

void fold_uri(Fold& fold, const url_t* uri) {
  fold.c_text(uri->url_user);
  fold_host(fold, uri->url_host);
  fold_port(fold, uri->url_port);
}

void fold_connection(Fold& fold, const sdp_connection_t* c) {
  unsigned char octets[16];
  const bool ipv6 = c != nullptr && c->c_addrtype == sdp_addr_ip6;
  const bool literal = c != nullptr && inet_pton(ipv6 ? AF_INET6 : AF_INET, c->c_address, octets) == 1;
  fold.address(octets, literal ? (ipv6 ? 16 : 4) : 0);
}

void fold_party(Fold& fold, const sip_addr_t* party) {
  fold.c_text(party->a_url->url_user);
  fold.c_text(party->a_url->url_host);
  fold.c_text(party->a_tag);
}

/// sofia keeps "SIP/2.0/UDP" in one piece.
void fold_via(Fold& fold, const sip_via_t* top) {
  fold_host(fold, top->v_host);
  fold_port(fold, top->v_port);
  fold.c_text(top->v_branch);
}

void fold_headers(Fold& fold, const sip_t* sip) {
  fold.c_text(sip->sip_request->rq_method_name);
  fold_uri(fold, sip->sip_request->rq_url);
  fold_via(fold, sip->sip_via);
  fold_party(fold, sip->sip_from);
  fold_party(fold, sip->sip_to);
  for (const sip_contact_t* contact = sip->sip_contact; contact != nullptr; contact = contact->m_next)
    fold_uri(fold, contact->m_url);
  fold.c_text(sip->sip_call_id->i_id);
  fold.number(sip->sip_cseq->cs_seq);
  fold.c_text(sip->sip_cseq->cs_method_name);
  fold.number(sip->sip_expires == nullptr ? 0 : sip->sip_expires->ex_delta);
  fold.number(sip->sip_content_length->l_length);
}

[[nodiscard]] bool fold_sdp(Fold& fold, msg_t* owner, const sip_t* sip) {
  if (sip->sip_content_type == nullptr) return false;
  const sip_payload_t* const payload = sip->sip_payload;
  sdp_parser_t* parser =
      sdp_parse(msg_home(owner), payload->pl_data, static_cast<issize_t>(payload->pl_len), sdp_f_insane);
  const sdp_session_t* sdp = sdp_session(parser);
  if (sdp != nullptr) {
    fold_connection(fold, sdp->sdp_origin->o_address);
    fold_connection(fold, sdp->sdp_connection);
    for (const sdp_media_t* media = sdp->sdp_media; media != nullptr; media = media->m_next) {
      fold.number(media->m_port);
      fold.c_text(media->m_proto_name);
      fold_connection(fold, media->m_connections);
    }
  }
  sdp_parser_free(parser);
  return sdp != nullptr;
}

}  // namespace

std::uint64_t parse_sofia(base::Bytes message) {
  static const msg_mclass_t* const mclass = sip_default_mclass();
  // msg_make copies the octets into its own buffer, as receiving them from a socket would.
  msg_t* msg = msg_make(mclass, 0, message.data(), static_cast<ssize_t>(message.size()));
  const sip_t* sip = msg == nullptr ? nullptr : sip_object(msg);
  bool understood = sip != nullptr && sip->sip_error == nullptr && sip->sip_request != nullptr;
  Fold fold;
  if (understood) {
    fold_headers(fold, sip);
    understood = sip->sip_payload == nullptr || sip->sip_payload->pl_len == 0 || fold_sdp(fold, msg, sip);
  }
  msg_destroy(msg);
  return understood ? fold.sum() : 0;
}

}  // namespace viaduct::bench
