// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/products/cisco_acl.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <optional>
#include <span>
#include <vector>

namespace viaduct::audit::products {
namespace {

constexpr std::uint32_t kSip = 5060;

struct Entry {
  std::uint32_t line = 0;
  std::vector<Bytes> words;
};

/// Each statement below `list`, in the order of the text.
[[nodiscard]] std::vector<Entry> entries_of(Node list) {
  std::vector<Entry> entries;
  std::vector<Node> open{list};
  while (!open.empty()) {
    const Node at = open.back();
    open.pop_back();
    for (const Node child : at.children()) open.push_back(child);
    if (at == list || at.ended() == 0) continue;
    Entry entry{.line = at.ended(), .words = {}};
    for (Node word = at; !(word == list); word = word.parent()) entry.words.push_back(word.word());
    std::ranges::reverse(entry.words);
    entries.push_back(std::move(entry));
  }
  std::ranges::sort(entries, {}, &Entry::line);
  return entries;
}

[[nodiscard]] std::optional<std::uint32_t> port_of(Bytes word) {
  return word == "sip" ? std::optional(kSip) : base::parse_decimal(word);
}

/// Takes the words of one entry from the left.
class Words {
 public:
  Words(std::span<const Bytes> words, Node services) : words_(words), services_(services) {}

  [[nodiscard]] Bytes peek() const { return words_.empty() ? Bytes() : words_.front(); }
  Bytes next() {
    const Bytes word = peek();
    words_ = words_.subspan(std::min<std::size_t>(1, words_.size()));
    return word;
  }
  /// Whether it is all addresses.
  bool address() {
    const Bytes word = next();
    if (word.starts_with("any")) return true;
    if (word.find('/') == Bytes::npos) next();  // a name, or a mask
    return false;
  }
  /// Whether the ports that stand here, if any do, hold 5060; nothing where none do.
  std::optional<bool> ports() {
    const Bytes how = peek();
    if (how != "eq" && how != "neq" && how != "lt" && how != "gt" && how != "range") return std::nullopt;
    next();
    const std::uint32_t first = port_of(next()).value_or(0);
    if (how == "range") return first <= kSip && port_of(next()).value_or(0) >= kSip;
    bool holds = first == kSip;
    for (; how == "eq" && port_of(peek()); next()) holds |= port_of(peek()) == kSip;  // IOS takes several
    return how == "eq" ? holds : how == "neq" ? !holds : how == "lt" ? kSip < first : kSip > first;
  }
  /// The same of a group of services behind the addresses; one that is not in this text may hold it.
  std::optional<bool> group() {
    if (peek() != "object-group" && peek() != "object") return std::nullopt;
    next();
    bool ports = false;
    std::vector<Node> open{services_[next()]};
    while (!open.empty()) {
      const Node at = open.back();
      open.pop_back();
      for (const Node child : at.children()) open.push_back(child);
      if (at.word() != "eq" && at.word() != "range") continue;
      ports = true;
      if (at["sip"] || at["5060"] || (at.word() == "range" && range_holds(at))) return true;
    }
    return !ports;
  }

 private:
  [[nodiscard]] static bool range_holds(Node range) {
    for (const Node first : range.children())
      for (const Node last : first.children())
        if (port_of(first.word()).value_or(kSip + 1) <= kSip && port_of(last.word()).value_or(0) >= kSip) return true;
    return false;
  }

  std::span<const Bytes> words_;
  Node services_;
};

struct Meaning {
  bool permit = false;
  bool udp = false;
  bool tcp = false;
  Share sip = Share::none;
};

[[nodiscard]] Share share(std::optional<bool> source, std::optional<bool> destination, bool whole) {
  if (source == false || destination == false) return Share::none;
  return whole && !source ? Share::all : Share::some;
}

/// `[NUMBER] [extended] permit PROTOCOL SOURCE [PORTS] DESTINATION [PORTS]`, or `permit SOURCE` in a standard list.
[[nodiscard]] std::optional<Meaning> meaning_of(const Entry& entry, Node services) {
  if (std::ranges::find(entry.words, Bytes("inactive")) != entry.words.end()) return std::nullopt;
  Words words(entry.words, services);
  if (base::parse_decimal(words.peek())) words.next();
  if (words.peek() == "extended" || words.peek() == "standard") words.next();
  const Bytes action = words.next();
  if (action != "permit" && action != "deny") return std::nullopt;
  Meaning meaning{.permit = action == "permit"};
  const Bytes protocol = words.peek();
  const bool group = protocol == "object-group" || protocol == "object";
  if (protocol.starts_with("any") || protocol == "host" || protocol.find('.') != Bytes::npos) {
    meaning.udp = meaning.tcp = true;
    meaning.sip = words.address() ? Share::all : Share::some;
    return meaning;
  }
  words.next();
  if (group) words.next();
  meaning.udp = group || protocol == "ip" || protocol == "udp" || protocol == "17";
  meaning.tcp = group || protocol == "ip" || protocol == "tcp" || protocol == "6";
  const bool from = words.address();
  const std::optional<bool> source = words.ports();
  const bool to = words.address();
  std::optional<bool> destination = words.ports();
  if (!destination) destination = words.group();
  meaning.sip = share(source, destination, from && to && !group);
  return meaning;
}

/// Of one transport.
class Taken {
 public:
  void entry(bool permit, Share share) {
    if (!open_ || share == Share::none) return;
    (permit ? in_ : out_) = true;
    open_ = share != Share::all;
  }
  [[nodiscard]] Share share() const { return !in_ ? Share::none : out_ || open_ ? Share::some : Share::all; }

 private:
  bool in_ = false;
  bool out_ = false;
  bool open_ = true;
};

}  // namespace

AclCover cover_of(Node list, Node services) {
  Taken udp;
  Taken tcp;
  AclCover cover;
  for (const Entry& entry : entries_of(list)) {
    const std::optional<Meaning> meaning = meaning_of(entry, services);
    if (!meaning) continue;
    if (meaning->udp) udp.entry(meaning->permit, meaning->sip);
    if (meaning->tcp) tcp.entry(meaning->permit, meaning->sip);
    cover.any_udp |= meaning->permit && meaning->udp;
  }
  cover.udp = udp.share();
  cover.tcp = tcp.share();
  return cover;
}

}  // namespace viaduct::audit::products
