// SPDX-License-Identifier: GPL-2.0-or-later
#include "sdp/candidate.hpp"

#include "base/text.hpp"
#include "sdp/attribute.hpp"

#include <array>

namespace viaduct::sdp {
namespace {

constexpr std::uint16_t kDiscard = 9;  // the port of trickle ICE and of active TCP (RFC 8840, RFC 6544)

CandidateTransport transport_of(base::Bytes text) {
  if (base::iequals(text, "UDP")) return CandidateTransport::udp;
  return base::iequals(text, "TCP") ? CandidateTransport::tcp : CandidateTransport::other;
}

CandidateType type_of(base::Bytes text) {
  if (base::iequals(text, "host")) return CandidateType::host;
  if (base::iequals(text, "srflx")) return CandidateType::srflx;
  if (base::iequals(text, "prflx")) return CandidateType::prflx;
  return base::iequals(text, "relay") ? CandidateType::relay : CandidateType::other;
}

/// Reads one candidate; every step leaves the words behind what it read.
class CandidateReader {
 public:
  CandidateReader(base::Bytes buffer, base::Range value) : buffer_(buffer), value_(value), words_(buffer, value) {}

  Result<Candidate> read() {
    c_.foundation = words_.next();
    if (!number(words_.next(), c_.component) || c_.component == 0 || c_.component > 256) return bad();
    c_.transport_text = words_.next();
    c_.transport = transport_of(c_.transport_text.of(buffer_));
    if (!number(words_.next(), c_.priority)) return bad();
    c_.address = words_.next();
    c_.kind = classify_address(c_.address.of(buffer_), c_.literal);
    c_.port_text = words_.next();
    if (c_.kind == AddressKind::other || !number(c_.port_text, c_.port)) return bad();
    if (words_.next().of(buffer_) != "typ") return bad();
    c_.type_text = words_.next();
    if (!c_.type_text.present()) return bad();
    c_.type = type_of(c_.type_text.of(buffer_));
    return extensions() ? Result<Candidate>(c_) : bad();
  }

 private:
  template <class T>
  bool number(base::Range word, T& into) {
    const std::optional<T> value = base::parse_decimal<T>(word.of(buffer_));
    if (value) into = *value;
    return value.has_value();
  }

  /// [rel-addr] [rel-port] *(SP extension-att-name SP extension-att-value); tcptype is such an extension.
  bool extensions() {
    for (base::Range word = words_.next(); word.present(); word = words_.next()) {
      const base::Bytes name = word.of(buffer_);
      const base::Range value = words_.next();
      if (!value.present()) return false;
      if (name == "raddr") {
        c_.raddr = value;
        if (classify_address(value.of(buffer_), c_.raddr_literal) == AddressKind::other) return false;
      } else if (name == "rport") {
        c_.rport_text = value;
        if (!number(value, c_.rport)) return false;
      } else if (name == "tcptype") {
        c_.tcptype = value;
      }
    }
    return true;
  }

  [[nodiscard]] Result<Candidate> bad() const {
    return base::fail(Problem::bad_attribute_value, value_.present() ? words_.at() : 0);
  }

  base::Bytes buffer_;
  base::Range value_;
  Words words_;
  Candidate c_;
};

/// Which of the two default destinations have been met by a candidate, and which are there at all.
struct Met {
  bool rtp = false;
  bool rtcp = false;
  bool rtcp_offered = false;  ///< there is a candidate for component 2
};

bool same_address(base::Bytes buffer, const Candidate& candidate, const AddressField& field) {
  if (candidate.literal.present() || field.is_literal()) return candidate.literal == field.literal;
  return base::iequals(candidate.address.of(buffer), field.address.of(buffer));  // two host names
}

Met meet(const Session& session, const Media& media) {
  const AddressField& rtp = session.connection_of(media).where;
  const AddressField& rtcp = session.rtcp_address_of(media);
  Met met;
  for (Attributes all(session, media); std::optional<Attribute> a = all.next(AttributeId::candidate);) {
    const Result<Candidate> c = parse_candidate(session.buffer, a->value);
    if (!c) continue;
    met.rtcp_offered = met.rtcp_offered || c->component == 2;
    met.rtp = met.rtp || (c->component == 1 && c->port == media.port && same_address(session.buffer, *c, rtp));
    met.rtcp =
        met.rtcp || (c->component == 2 && c->port == media.rtcp_port() && same_address(session.buffer, *c, rtcp));
  }
  return met;
}

}  // namespace

Result<Candidate> parse_candidate(base::Bytes buffer, base::Range value) {
  return CandidateReader(buffer, value).read();
}

std::optional<RemoteCandidate> RemoteCandidates::next() {
  const base::Range component = words_.next();
  if (!component.present()) return std::nullopt;
  RemoteCandidate candidate;
  candidate.address = words_.next();
  candidate.port_text = words_.next();
  candidate.kind = classify_address(candidate.address.of(buffer_), candidate.literal);
  const std::optional<std::uint16_t> number = base::parse_decimal<std::uint16_t>(component.of(buffer_));
  const std::optional<std::uint16_t> port = base::parse_decimal<std::uint16_t>(candidate.port_text.of(buffer_));
  bad_ = bad_ || !number || !port || candidate.kind == AddressKind::other;
  if (bad_) return std::nullopt;
  candidate.component = *number;
  candidate.port = *port;
  return candidate;
}

IceDefault ice_default(const Session& session, const Media& media) {
  const bool candidates = media.traits.has(Trait::candidate);
  if (!candidates && !session.traits_of(media).ice()) return IceDefault::no_ice;
  if (media.port == 0) return IceDefault::closed;
  if (session.connection_of(media).is_unspecified() && media.port == kDiscard) return IceDefault::trickle;
  if (!candidates) return IceDefault::no_ice;
  const Met met = meet(session, media);
  const bool rtcp_needed = met.rtcp_offered && !media.traits.has(Trait::rtcp_mux);
  return met.rtp && (met.rtcp || !rtcp_needed) ? IceDefault::matches : IceDefault::mismatch;
}

}  // namespace viaduct::sdp
