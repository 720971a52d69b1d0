// SPDX-License-Identifier: GPL-2.0-or-later
// Behaviours that edit bodies and what describes them.
#include "sip/body.hpp"

#include "faults/behaviour/entry.hpp"
#include "sdp/attribute.hpp"
#include "sdp/session.hpp"
#include "sip/fields.hpp"

#include <optional>
#include <string>

namespace viaduct::faults {
namespace {

using Kind = ParameterKind;

/// Calls `edit` with each line of the SDP (without line end), offsets into the message.
template <class Edit>
void each_sdp_line(const sip::Message& message, const Edit& edit) {
  const std::optional<sip::BodyPart> part = sip::find_sdp(message);
  if (!part) return;
  const base::Bytes octets = message.bytes();
  for (std::size_t at = part->content.offset; at < part->content.end();) {
    std::size_t end = octets.find('\n', at);
    if (end >= part->content.end()) end = part->content.end();
    const std::size_t text_end = end > at && octets[end - 1] == '\r' ? end - 1 : end;
    edit(base::between(at, text_end), base::between(at, std::min<std::size_t>(end + 1, part->content.end())));
    at = end + 1;
  }
}

/// A22: the search for header fields does not stop at the empty line.
void edit_body_as_header(Crossing& crossing, const Values&) {
  sip::Message message;
  if (!crossing.outbound() || !crossing.read(message)) return;
  const std::string inner = crossing.flow().inner.address.to_text();
  const std::string outer = crossing.flow().outer.address.to_text();
  const base::Bytes octets = message.bytes();
  edit::EditList edits(octets.size());
  for (std::size_t at = octets.find(inner, message.body().offset); at != base::Bytes::npos;
       at = octets.find(inner, at + inner.size())) {
    const std::size_t line = octets.rfind('\n', at) + 1;
    const base::Bytes head = octets.substr(line, at - line);
    if (head.starts_with("Contact:") || head.starts_with("Via:") || head.starts_with("From:") ||
        head.starts_with("To:"))
      (void)edits.replace(base::between(at, at + inner.size()), outer);
  }
  crossing.apply_with_length(message, edits);
}

/// B06: blanks before the value of Content-Length, as a box leaves them that writes numbers of a fixed width.
void pad_length(Crossing& crossing, const Values&) {
  sip::Message message;
  if (!crossing.outbound() || !crossing.read(message)) return;
  const sip::Header* const length = message.find(sip::HeaderId::content_length);
  if (length == nullptr) return;
  edit::EditList edits(crossing.octets().size());
  (void)edits.replace({length->value_offset, 0}, "      ");
  crossing.apply(edits);
}

/// B07: bandwidth lines lose their type.
void damage_bandwidth(Crossing& crossing, const Values&) {
  sip::Message message;
  if (!crossing.outbound() || !crossing.read(message)) return;
  edit::EditList edits(crossing.octets().size());
  each_sdp_line(message, [&](base::Range text, base::Range) {
    const base::Bytes line = message.text(text);
    const std::size_t colon = line.find(':');
    if (line.starts_with("b=") && colon != base::Bytes::npos)
      (void)edits.replace({text.offset + 2, static_cast<std::uint32_t>(colon - 1)}, "");
  });
  crossing.apply_with_length(message, edits);
}

/// B08: an i= line that keeps the inner address, behind s= where RFC 8866 5 has it.
class OriginalAddressLine final : public Behaviour {
 public:
  explicit OriginalAddressLine(const Values&) {}
  void configure(BoxSettings& settings) const override { settings.alg.translate_sdp(); }
  void on_message(Crossing& crossing) override {
    sip::Message message;
    if (!crossing.outbound() || !crossing.read(message)) return;
    const std::string line = "i=(o=IN IP4 " + crossing.flow().inner.address.to_text() + ")\r\n";
    edit::EditList edits(crossing.octets().size());
    each_sdp_line(message, [&](base::Range text, base::Range whole) {
      if (message.text(text).starts_with("s=")) (void)edits.replace({whole.end(), 0}, line);
    });
    crossing.apply_with_length(message, edits);
  }
};

/// B10: candidates are taken off.
void strip_candidates(Crossing& crossing, const Values&) {
  sip::Message message;
  if (!crossing.read(message)) return;
  edit::EditList edits(crossing.octets().size());
  each_sdp_line(message, [&](base::Range text, base::Range whole) {
    if (message.text(text).starts_with("a=candidate:")) (void)edits.replace(whole, "");
  });
  crossing.apply_with_length(message, edits);
}

/// B18: the length of a multipart body is taken for that from its SDP part on.
class MultipartLength final : public Behaviour {
 public:
  explicit MultipartLength(const Values&) {}
  void configure(BoxSettings& settings) const override { settings.alg.translate_sdp(); }
  void on_message(Crossing& crossing) override {
    sip::Message message;
    if (!crossing.outbound() || !crossing.read(message)) return;
    const std::optional<sip::BodyPart> part = sip::find_sdp(message);
    const sip::Header* const length = message.find(sip::HeaderId::content_length);
    if (!part || part->depth == 0 || length == nullptr) return;
    edit::EditList edits(crossing.octets().size());
    (void)edits.replace(length->value(), std::to_string(message.bytes().size() - part->content.offset));
    crossing.apply(edits);
  }
};

/// D02: the box makes messages longer than they were, and tells nobody when they no longer fit.
void grow(Crossing& crossing, const Values& values) {
  sip::Message message;
  if (!crossing.outbound() || !crossing.read(message)) return;
  edit::EditList edits(crossing.octets().size());
  const std::size_t room = std::min<std::size_t>(values.number("octets"), edit::EditList::kMaxText - 8);
  (void)edits.replace({message.header_section().end(), 0}, "X-Box: " + std::string(room, 'x') + "\r\n");
  crossing.apply(edits);
}

class Grow final : public Behaviour {
 public:
  explicit Grow(const Values& values) : values_(values) {}
  void configure(BoxSettings& settings) const override { settings.reports_growth = false; }
  void on_message(Crossing& crossing) override { grow(crossing, values_); }

 private:
  Values values_;
};

constexpr Parameter kD02[] = {{"octets", Kind::number, "600", "", "how much longer, at most 4088"}};

constexpr BehaviourEntry kEntries[] = {
    {"A22", {}, make<OnMessage<edit_body_as_header>>},
    {"B06", {}, make<OnMessage<pad_length>>},
    {"B07", {}, make<OnMessage<damage_bandwidth>>},
    {"B08", {}, make<OriginalAddressLine>},
    {"B10", {}, make<OnMessage<strip_candidates>>},
    {"B18", {}, make<MultipartLength>},
    {"D02", kD02, make<Grow>},
};

}  // namespace

std::span<const BehaviourEntry> body_behaviours() {
  return kEntries;
}

}  // namespace viaduct::faults
