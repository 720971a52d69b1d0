// SPDX-License-Identifier: GPL-2.0-or-later
#include "parse_c_strings.hpp"

#include <arpa/inet.h>

#include <cstdlib>
#include <osipparser2/osip_parser.h>
#include <osipparser2/sdp_message.h>

namespace viaduct::bench {
namespace {

void fold_number(Fold& fold, const char* number) {
  fold.number(number == nullptr ? 0 : std::strtoull(number, nullptr, 10));
}

void fold_uri(Fold& fold, const osip_uri_t* uri) {
  fold.c_text(uri->username);
  fold_host(fold, uri->host);
  fold_port(fold, uri->port);
}

void fold_address(Fold& fold, const char* type, const char* text) {
  unsigned char octets[16];
  const bool ipv6 = type != nullptr && std::strcmp(type, "IP6") == 0;
  const bool literal = text != nullptr && inet_pton(ipv6 ? AF_INET6 : AF_INET, text, octets) == 1;
  fold.address(octets, literal ? (ipv6 ? 16 : 4) : 0);
}

void fold_connection(Fold& fold, const sdp_connection_t* c) {
  fold_address(fold, c == nullptr ? nullptr : c->c_addrtype, c == nullptr ? nullptr : c->c_addr);
}

void fold_party(Fold& fold, osip_from_t* party) {
  fold.c_text(party->url->username);
  fold.c_text(party->url->host);
  osip_generic_param_t* tag = nullptr;
  osip_from_get_tag(party, &tag);
  fold.c_text(tag == nullptr ? nullptr : tag->gvalue);
}

void fold_top_via(Fold& fold, osip_message_t* sip) {
  osip_via_t* via = nullptr;
  osip_message_get_via(sip, 0, &via);
  osip_generic_param_t* branch = nullptr;
  osip_via_param_get_byname(via, const_cast<char*>("branch"), &branch);
  fold_host(fold, via->host);
  fold_port(fold, via->port);
  fold.c_text(branch == nullptr ? nullptr : branch->gvalue);
}

/// osip keeps a Call-ID in two pieces, without the '@'.
void fold_call_id(Fold& fold, const osip_call_id_t* id) {
  char whole[256];
  const std::size_t size = std::strlen(id->number);
  const std::size_t host = id->host == nullptr ? 0 : std::strlen(id->host);
  if (size + host + 1 > sizeof(whole)) return;
  std::memcpy(whole, id->number, size);
  whole[size] = '@';
  if (host > 0) std::memcpy(whole + size + 1, id->host, host);
  fold.text({whole, host > 0 ? size + 1 + host : size});
}

/// A header that osip does not take apart.
void fold_other(Fold& fold, const osip_message_t* sip, const char* name) {
  osip_header_t* header = nullptr;
  osip_message_header_get_byname(sip, name, 0, &header);
  fold_number(fold, header == nullptr ? nullptr : header->hvalue);
}

void fold_headers(Fold& fold, osip_message_t* sip) {
  fold.c_text(sip->sip_method);
  fold_uri(fold, sip->req_uri);
  fold_top_via(fold, sip);
  fold_party(fold, sip->from);
  fold_party(fold, sip->to);
  for (int i = 0; i < osip_list_size(&sip->contacts); ++i)
    fold_uri(fold, static_cast<const osip_contact_t*>(osip_list_get(&sip->contacts, i))->url);
  fold_call_id(fold, sip->call_id);
  fold_number(fold, sip->cseq->number);
  fold.c_text(sip->cseq->method);
  fold_other(fold, sip, "expires");
  fold_number(fold, sip->content_length->value);
}

[[nodiscard]] bool fold_sdp(Fold& fold, const osip_content_type_t* type, const osip_body_t* body) {
  if (type == nullptr) return false;
  sdp_message_t* sdp = nullptr;
  sdp_message_init(&sdp);
  if (sdp_message_parse(sdp, body->body) != 0) {
    sdp_message_free(sdp);
    return false;
  }
  fold_address(fold, sdp->o_addrtype, sdp->o_addr);
  fold_connection(fold, sdp->c_connection);
  for (int i = 0; i < osip_list_size(&sdp->m_medias); ++i) {
    const sdp_media_t* media = static_cast<const sdp_media_t*>(osip_list_get(&sdp->m_medias, i));
    fold_port(fold, media->m_port);
    fold.c_text(media->m_proto);
    fold_connection(fold, static_cast<const sdp_connection_t*>(osip_list_get(&media->c_connections, 0)));
  }
  sdp_message_free(sdp);
  return true;
}

}  // namespace

std::uint64_t parse_osip(base::Bytes message) {
  static const bool ready = [] { return parser_init() == 0; }();
  osip_message_t* sip = nullptr;
  osip_message_init(&sip);
  bool understood = ready && osip_message_parse(sip, message.data(), message.size()) == 0;
  Fold fold;
  if (understood) {
    fold_headers(fold, sip);
    const osip_body_t* body = static_cast<const osip_body_t*>(osip_list_get(&sip->bodies, 0));
    understood = body == nullptr || fold_sdp(fold, sip->content_type, body);
  }
  osip_message_free(sip);
  return understood ? fold.sum() : 0;
}

}  // namespace viaduct::bench
