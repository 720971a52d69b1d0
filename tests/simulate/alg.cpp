// SPDX-License-Identifier: GPL-2.0-or-later
#include "simulate/alg.hpp"

#include <algorithm>
#include <array>
#include <bit>

namespace viaduct::simulate {
namespace {

constexpr std::array<std::string_view, 5> kFamilyNames{"linux", "broadcom", "quicksec", "fortinet", "proxy-type"};
constexpr std::array<std::string_view, 12> kMarkNames{
    "inner-call-id", "inner-attribute", "original-line",      "second-via",   "inner-contact",     "foreign-port",
    "same-version",  "all-public",      "other-contact-port", "inner-origin", "restored-received", "lower-via"};

void edit(Message& message, std::string_view name, std::string_view before, std::string_view now) {
  if (Header* header = message.find(name)) replace_word(header->value, before, now);
}

/// "192.168.1.20:5060" where that stands, else "192.168.1.20".
void edit_socket(Message& message, std::string_view name, Socket before, Socket now) {
  Header* header = message.find(name);
  if (header == nullptr || replace_word(header->value, before.text(), now.text())) return;
  replace_word(header->value, before.host(), now.host());
}

/// m=audio PORT ...
std::uint16_t audio_port(const std::string& line) {
  return static_cast<std::uint16_t>(std::stoi(line.substr(8)));
}

}  // namespace

std::string_view name(AlgFamily family) {
  return kFamilyNames[static_cast<std::size_t>(family)];
}

std::optional<AlgFamily> find_family(std::string_view name) {
  const auto* const found = std::ranges::find(kFamilyNames, name);
  if (found == kFamilyNames.end()) return std::nullopt;
  return static_cast<AlgFamily>(found - kFamilyNames.begin());
}

std::vector<std::string_view> mark::names(unsigned marks) {
  std::vector<std::string_view> found;
  for (std::size_t i = 0; i < kMarkNames.size(); ++i)
    if ((marks >> i & 1U) != 0) found.push_back(kMarkNames[i]);
  return found;
}

bool mark::prove(unsigned marks) {
  return (marks & kPlain) != 0 || (std::popcount(marks) >= 2 && (marks & ~kAsStun) != 0);
}

void Alg::up(Message& message, const Inner& inner, Socket outer) {
  if (rules_.family == AlgFamily::proxy)
    up_proxy(message, outer);
  else
    up_headers(message, inner, outer);
  if (!message.sdp.empty()) up_sdp(message, inner, outer);
  note(message, inner);
}

void Alg::up_headers(Message& message, const Inner& inner, Socket outer) {
  if (!message.is_response()) edit_socket(message, "Via", inner.sip, outer);
  Socket contact = outer;
  if (rules_.family == AlgFamily::broadcom) {
    auto [place, fresh] = contact_ports_.try_emplace(inner.sip, std::uint16_t{0});
    if (fresh) place->second = random_.chance(0.4) ? nat_.free_port() : outer.port;
    contact.port = place->second;
  }
  edit_socket(message, "Contact", inner.sip, contact);
  const bool hides_call = rules_.family == AlgFamily::quicksec || rules_.family == AlgFamily::fortinet;
  if (hides_call) edit(message, "Call-ID", inner.sip.host(), outer.host());
  if (rules_.family == AlgFamily::broadcom) return;
  edit_socket(message, "From", inner.sip, outer);
  edit_socket(message, "To", inner.sip, outer);
}

/// A proxy adds itself in front, spells some headers its own way, and leaves those of the phone.
void Alg::up_proxy(Message& message, Socket outer) {
  if (message.is_response()) {
    if (const auto via = std::ranges::find(message.headers, "Via", &Header::name); via != message.headers.end())
      message.headers.erase(via);
    return;
  }
  const std::string own = "SIP/2.0/UDP " + outer.text() + ";branch=z9hG4bK-" + random_.text(12);
  message.headers.insert(message.headers.begin(), {"Via", own});
  if (Header* hops = message.find("Max-Forwards")) *hops = {"max-forwards", "69"};
  message.add("content-length", "      ");
  const auto from = std::ranges::find(message.headers, "From", &Header::name);
  const auto to = std::ranges::find(message.headers, "To", &Header::name);
  if (from < to) std::iter_swap(from, to);
}

std::uint16_t Alg::outer_port(Socket media, const std::string& origin, const Inner& inner) {
  const auto known = media_.find(media);
  const bool keep = known != media_.end() && !rules_.remaps;
  if (keep) return known->second.port;
  std::uint16_t port = media.port;
  const bool own_port = rules_.family != AlgFamily::linux_kernel || rules_.remaps;
  if (own_port || nat_.taken(port)) port = static_cast<std::uint16_t>(nat_.free_port() & ~1);
  if (known != media_.end() && known->second.version == origin) *inner.up_marks |= mark::kSameVersion;
  media_[media] = {port, origin};
  nat_.pin(media, port);
  nat_.pin({media.address, static_cast<std::uint16_t>(media.port + 1)}, static_cast<std::uint16_t>(port + 1));
  return port;
}

void Alg::up_sdp(Message& message, const Inner& inner, Socket outer) {
  std::string* origin = message.line("o=");
  std::string* connection = message.line("c=");
  std::string* audio = message.line("m=audio ");
  const std::string host = inner.sip.host();
  if (connection->find(host) == std::string::npos) return;  // it says nothing this box would translate
  const std::string version = *origin;
  const std::uint16_t inner_port = audio_port(*audio);
  std::uint16_t port = outer_port({inner.sip.address, inner_port}, version, inner);
  if (rules_.skips_port) port = static_cast<std::uint16_t>(port + 2 * random_.whole(3, 40));
  replace_word(*connection, host, outer.host());
  replace_word(*origin, host, outer.host());
  replace_word(*audio, std::to_string(inner_port), std::to_string(port));
  if (rules_.family == AlgFamily::fortinet) message.sdp.insert(message.sdp.begin() + 3, "i=(o=IN IP4 " + host + ")");
}

void Alg::down(Message& message, const Inner& inner, Socket outer) {
  if (rules_.family == AlgFamily::proxy) {
    if (message.is_response()) {
      message.headers.erase(std::ranges::find(message.headers, "Via", &Header::name));
      return;
    }
    const std::string own = "SIP/2.0/UDP " + outer.text() + ";branch=z9hG4bK-" + random_.text(12);
    message.headers.insert(message.headers.begin(), {"Via", own});
    if (Header* hops = message.find("Max-Forwards")) *hops = {"max-forwards", "69"};
    *inner.down_marks |= mark::kLowerVia;
    return;
  }
  if (message.is_response()) {
    edit_socket(message, "Via", outer, inner.sip);
    if (Header* via = message.find("Via"); via != nullptr && rules_.family == AlgFamily::linux_kernel) {
      if (replace_word(via->value, "received=" + outer.host(), "received=" + inner.sip.host()))
        *inner.down_marks |= mark::kRestored;
      replace_word(via->value, "rport=" + std::to_string(outer.port), "rport=" + std::to_string(inner.sip.port));
    }
    if (message.method() == "REGISTER") edit(message, "Contact", outer.host(), inner.sip.host());
  } else {
    replace_word(message.first, outer.text(), inner.sip.text());
  }
  edit(message, "Call-ID", outer.host(), inner.sip.host());
}

void Alg::note(const Message& message, const Inner& inner) const {
  unsigned& marks = *inner.up_marks;
  const std::string host = inner.sip.host();
  const auto holds = [&](std::string_view text) { return text.find(host) != std::string_view::npos; };
  if (holds(message.value("Call-ID"))) marks |= mark::kInnerCallId;
  if (rules_.family == AlgFamily::proxy && !message.is_response()) marks |= mark::kSecondVia;
  if (holds(message.value("Contact"))) marks |= mark::kInnerContact;
  const auto contact = contact_ports_.find(inner.sip);
  if (contact != contact_ports_.end() &&
      message.value("Via").find(std::to_string(contact->second)) == std::string_view::npos)
    marks |= mark::kOtherContactPort;
  if (message.sdp.empty()) return;
  if (!holds(message.value("Contact"))) marks |= mark::kAllPublic;
  if (const std::string* line = message.line("i=")) marks |= holds(*line) ? mark::kOriginalLine : 0;
  for (const std::string_view attribute : {"a=rtcp:", "a=candidate:"})
    if (const std::string* line = message.line(attribute)) marks |= holds(*line) ? mark::kInnerAttribute : 0;
  const std::uint16_t port = audio_port(*message.line("m=audio "));
  if (port < inner.make->rtp_low || port > inner.make->rtp_high + 1) marks |= mark::kForeignPort;
}

}  // namespace viaduct::simulate
