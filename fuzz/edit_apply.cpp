// SPDX-License-Identifier: GPL-2.0-or-later
// Edits: an empty list changes nothing, a list does what a naive program does, and an edited SIP message reads back
// with the intended values and nothing else changed.
//   octets 0 to 3: address, 4 and 5: port, 6: IPv6 if odd, 7: number of raw edits modulo 16, 4 octets for each of them
//   (two of offset, one of length, one of the new length), then the message
#include "edit/edit_list.hpp"
#include "sdp/rewrite.hpp"
#include "sdp/session.hpp"
#include "sip/address_spec.hpp"
#include "sip/body.hpp"
#include "sip/message.hpp"
#include "sip/rewrite.hpp"
#include "sip/via.hpp"
#include "target.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace {

using namespace viaduct;

std::string applied(base::Bytes buffer, const edit::EditList& list) {
  std::string out(list.length_after(), '?');
  const base::Result<std::size_t, edit::EditProblem> size = edit::apply(buffer, list, out);
  VIADUCT_CHECK(size.has_value() && *size == out.size());
  return out;
}

// --- raw edits against a naive program --------------------------------------------------------------------------

struct Raw {
  base::Range range;
  base::Bytes text;
};

bool conflict(const Raw& a, const Raw& b) {
  if (a.range.offset == b.range.offset) return true;
  const Raw& first = a.range.offset < b.range.offset ? a : b;
  const Raw& second = a.range.offset < b.range.offset ? b : a;
  return first.range.end() > second.range.offset;
}

std::string naive(base::Bytes buffer, std::vector<Raw> edits) {
  std::sort(edits.begin(), edits.end(), [](const Raw& a, const Raw& b) { return a.range.offset > b.range.offset; });
  std::string out(buffer);
  for (const Raw& edit : edits) out.replace(edit.range.offset, edit.range.length, edit.text);
  return out;
}

void check_raw(fuzz::Input& input, std::size_t count) {
  std::vector<Raw> wanted;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t offset = input.word();
    const std::uint32_t length = input.octet();
    wanted.push_back({{offset, length}, base::Bytes(nullptr, input.octet())});
  }
  const base::Bytes buffer = input.rest();
  edit::EditList list(buffer.size());
  VIADUCT_CHECK(applied(buffer, list) == buffer);
  std::vector<Raw> accepted;
  for (Raw raw : wanted) {
    raw.range.offset %= static_cast<std::uint32_t>(buffer.size()) + 2;
    raw.text = buffer.substr(buffer.size() / 2, raw.text.size());
    const bool inside = raw.range.end() <= buffer.size();
    const bool free = std::none_of(accepted.begin(), accepted.end(), [&](const Raw& a) { return conflict(a, raw); });
    VIADUCT_CHECK(list.replace(raw.range, raw.text).has_value() == (inside && free));
    if (inside && free) accepted.push_back(raw);
  }
  VIADUCT_CHECK(list.edits().size() == accepted.size());
  VIADUCT_CHECK(applied(buffer, list) == naive(buffer, accepted));
}

// --- edits of a message ------------------------------------------------------------------------------------------

/// Lists the edits that the gateway makes, all to one endpoint; false if the list ran out of room.
class Editor {
 public:
  Editor(const sip::Message& message, const net::Endpoint& to)
      : message_(message), to_(to), list_(message.bytes().size()) {}

  bool list_all() {
    if (const sip::Result<sip::Via> via = sip::top_via(message_)) note(sip::replace_sent_by(list_, *via, to_));
    for (sip::NameAddrs all(message_, sip::HeaderId::contact);
         std::optional<sip::Result<sip::NameAddr>> one = all.next();)
      if (*one && !(*one)->star && (*one)->uri.is_sip()) note(sip::replace_host_port(list_, (*one)->uri, to_));
    const std::optional<sip::BodyPart> part = sip::find_sdp(message_);
    if (part && part->bar == sip::BodyBar::none) list_sdp(part->content);
    if (full_) return false;
    return sip::replace_content_length(list_, message_).has_value();
  }

  [[nodiscard]] const edit::EditList& list() const { return list_; }

 private:
  void list_sdp(base::Range content) {
    const sdp::Result<sdp::Session> s = sdp::parse(message_.bytes(), content);
    if (!s) return;
    address(*s, s->origin.where);
    address(*s, s->connection.where);
    for (const sdp::Media& m : s->media()) {
      address(*s, m.connection.where);
      note(sdp::replace_port(list_, m, to_.port));
    }
  }
  void address(const sdp::Session& session, const sdp::AddressField& field) {
    if (field.is_literal()) note(sdp::replace_address(list_, session, field, to_.address));
  }
  void note(const base::Result<void, edit::EditProblem>& done) {
    if (done) return;
    VIADUCT_CHECK(done.error().code != edit::EditProblem::overlap);
    VIADUCT_CHECK(done.error().code != edit::EditProblem::out_of_buffer);
    full_ = true;
  }

  const sip::Message& message_;
  net::Endpoint to_;
  edit::EditList list_;
  bool full_ = false;
};

bool may_change(sip::HeaderId id) {
  return id == sip::HeaderId::via || id == sip::HeaderId::contact || id == sip::HeaderId::content_length;
}

void check_headers(const sip::Message& before, const sip::Message& after) {
  VIADUCT_CHECK(before.text(before.start_line()) == after.text(after.start_line()));
  VIADUCT_CHECK(before.headers().size() == after.headers().size());
  for (std::size_t i = 0; i < before.headers().size(); ++i) {
    const sip::Header& old = before.headers()[i];
    const sip::Header& now = after.headers()[i];
    VIADUCT_CHECK(before.text(old.name()) == after.text(now.name()));
    VIADUCT_CHECK(may_change(old.id) || before.text(old.value()) == after.text(now.value()));
  }
}

bool reached(const net::Endpoint& now, const net::Endpoint& to) {
  return now.address == to.address && (now.port == to.port || (now.port == 0 && to.port == 5060));
}

void check_addresses(const sip::Message& before, const sip::Message& after, const net::Endpoint& to) {
  const sip::Result<sip::Via> via = sip::top_via(after);
  VIADUCT_CHECK(via.has_value() == sip::top_via(before).has_value());
  if (via) VIADUCT_CHECK(reached(via->endpoint(), to));
  sip::NameAddrs old_contacts(before, sip::HeaderId::contact);
  sip::NameAddrs new_contacts(after, sip::HeaderId::contact);
  for (;;) {
    const std::optional<sip::Result<sip::NameAddr>> old = old_contacts.next();
    const std::optional<sip::Result<sip::NameAddr>> now = new_contacts.next();
    VIADUCT_CHECK(old.has_value() == now.has_value());
    if (!old) return;
    VIADUCT_CHECK(old->has_value() == now->has_value());
    if (*now && !(*now)->star && (*now)->uri.is_sip()) VIADUCT_CHECK(reached((*now)->uri.endpoint(), to));
  }
}

void check_sdp(const sip::Message& before, const sip::Message& after, const net::Endpoint& to) {
  const std::optional<sip::BodyPart> old_part = sip::find_sdp(before);
  const std::optional<sip::BodyPart> new_part = sip::find_sdp(after);
  VIADUCT_CHECK(old_part.has_value() == new_part.has_value());
  if (!old_part || old_part->bar != sip::BodyBar::none) return;
  const sdp::Result<sdp::Session> old = sdp::parse(before.bytes(), old_part->content);
  const sdp::Result<sdp::Session> now = sdp::parse(after.bytes(), new_part->content);
  VIADUCT_CHECK(old.has_value() == now.has_value());
  if (!old) return;
  VIADUCT_CHECK(old->media().size() == now->media().size());
  VIADUCT_CHECK(!old->origin.where.is_literal() || now->origin.where.literal == to.address);
  VIADUCT_CHECK(!old->connection.where.is_literal() || now->connection.where.literal == to.address);
  for (std::size_t i = 0; i < old->media().size(); ++i) {
    const sdp::Media& media = now->media()[i];
    VIADUCT_CHECK(media.port == to.port && media.traits == old->media()[i].traits);
    VIADUCT_CHECK(!old->media()[i].connection.where.is_literal() || media.connection.where.literal == to.address);
  }
}

void check_message(base::Bytes buffer, const net::Endpoint& to) {
  const sip::Result<sip::Message> before = sip::parse(buffer);
  if (!before) return;
  Editor editor(*before, to);
  if (!editor.list_all()) return;
  const std::string out = applied(buffer, editor.list());
  const sip::Result<sip::Message> after = sip::parse(out);
  VIADUCT_CHECK(after.has_value());
  VIADUCT_CHECK(after->framing() == before->framing());
  check_headers(*before, *after);
  check_addresses(*before, *after, to);
  check_sdp(*before, *after, to);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const std::uint32_t address = static_cast<std::uint32_t>(input.word()) << 16 | input.word();
  const std::uint16_t port = std::max<std::uint16_t>(input.word(), 1);
  net::Endpoint to{net::Address::ipv4(address), port};
  if (input.octet() % 2 == 1) {
    std::array<std::uint8_t, 16> octets{0x20, 0x01, 0x0d, 0xb8};
    std::copy_n(to.address.octets.begin(), 4, octets.begin() + 12);
    to.address = net::Address::ipv6_from(octets.data());
  }
  check_raw(input, input.octet() % 16);
  check_message(input.rest(), to);
  return 0;
}
