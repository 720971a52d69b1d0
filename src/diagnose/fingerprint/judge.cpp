// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnose/fingerprint/judge.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <cmath>

namespace viaduct::diagnose::fingerprint {
namespace {

constexpr std::size_t kGroups = static_cast<std::size_t>(Group::last);

[[nodiscard]] constexpr std::size_t at(Item item) {
  return static_cast<std::size_t>(item);
}

/// "Yealink" of "Yealink SIP-T46G 28.80": what makes differ in.
[[nodiscard]] Bytes maker(const Device& device) {
  const Bytes product = device.product.view();
  return product.substr(0, product.find_first_of(" /-_0123456789"));
}

/// How many octets the text of an address has.
[[nodiscard]] std::int32_t width(const net::Address& address) {
  return static_cast<std::int32_t>(address.to_text().size());
}

/// Whether a body has grown by just what it takes to write the outside for the inside one to six times, which a
/// Content-Length that was left as it was does not tell.
[[nodiscard]] bool excess_fits(const Source& source, std::int32_t excess) {
  return std::any_of(source.inners.begin(), source.inners.end(), [&](const net::Address& inner) {
    const std::int32_t step = width(source.address) - width(inner);
    return step != 0 && excess % step == 0 && excess / step >= 1 && excess / step <= 6;
  });
}

/// The judgement of one device among the others behind its address.
class Weighing {
 public:
  Weighing(const Source& source, const Device& device, const Fleet& fleet)
      : source_(source), device_(device), make_(fleet.find(device)), counts_(device.counts) {
    add_comparisons();
    exclude();
    for (const ItemEntry& entry : items())
      if (counts_[at(entry.item)] > 0) weigh(entry);
  }

  [[nodiscard]] DeviceEvidence evidence() const;
  [[nodiscard]] const std::vector<ItemEvidence>& items_found() const { return found_; }
  [[nodiscard]] double sum() const;
  [[nodiscard]] std::uint8_t groups() const;
  [[nodiscard]] bool conclusive() const {
    return std::any_of(found_.begin(), found_.end(), [](const ItemEvidence& i) { return i.weight >= kConclusive; });
  }
  [[nodiscard]] bool accuses() const { return conclusive() || (groups() >= 2 && sum() >= kEnough); }

 private:
  void add_comparisons();
  void compare_channels();
  void exclude();
  void weigh(const ItemEntry& entry);
  [[nodiscard]] bool excluded(Item item, Benign benign) const;
  [[nodiscard]] bool neighbour_untouched() const;
  [[nodiscard]] bool public_headers() const { return device_.headers_own() || counts_[at(Item::contact_ahead)] > 0; }
  [[nodiscard]] std::optional<Benign> found_benign() const;

  const Source& source_;
  const Device& device_;
  const Make* make_;
  std::array<std::uint16_t, kItems> counts_;
  BenignSet excluded_ = 0;
  std::vector<ItemEvidence> found_;
};

void Weighing::add_comparisons() {
  compare_channels();
  if (device_.media_untrue > 0 && device_.media_true == 0) counts_[at(Item::media_port_untrue)] = device_.media_untrue;
  // Only these two say something about a phone that registers: an AOR is a domain's, not a host's.
  if (!device_.registers && !device_.account_domain) counts_[at(Item::from_rewritten)] = 0;
  if (make_ == nullptr || device_.relayed > 0) return;
  if (make_->differs(0, device_.order[0]) || make_->differs(1, device_.order[1])) counts_[at(Item::header_order)] = 1;
  if (device_.with_rport == 0 && device_.without_rport > 1 && make_->with_rport >= Make::kQuorum &&
      make_->without_rport == 1)
    counts_[at(Item::rport_missing)] = device_.without_rport;
}

void Weighing::compare_channels() {
  std::uint16_t own = 0;
  std::uint16_t inner = 0;
  for (const ChannelHistory& channel : device_.channels) {
    if (channel.sdp_own > 0 && channel.sdp_inner == 0) own = std::max(own, channel.sdp_own);
    if (channel.sdp_inner > 0 && channel.sdp_own == 0) inner = std::max(inner, channel.sdp_inner);
  }
  if (own > 0 && inner > 0) counts_[at(Item::transport_differs)] = std::min(own, inner);
  const ChannelHistory& stream = device_.channels[static_cast<std::size_t>(Channel::stream)];
  if (stream.alternations > 1) counts_[at(Item::sdp_alternates)] = stream.alternations;
}

void Weighing::exclude() {
  if (!source_.inners.empty()) excluded_ |= bit(Benign::public_address);
  if (counts_[at(Item::transport_differs)] > 0 && !source_.stun) excluded_ |= bit(Benign::phone_translates);
  // One socket has one mapping: STUN tells one port for it.
  const bool apart =
      counts_[at(Item::ports_disagree)] > 0 && !device_.ports_agree && make_ != nullptr && make_->one_port > 1;
  // A NAT that maps each destination anew tells STUN a new port again and again, but none of those before.
  if ((device_.contact_returns || apart) && !source_.stun && !device_.exchange)
    excluded_ |= bit(Benign::phone_translates);
  // A phone that writes into SDP what it learnt (PJSIP may, MicroSIP does) writes it into Contact, too, and learns one
  // address and port for its socket.
  if (device_.sdp_own() && (counts_[at(Item::contact_left)] > 0 || (excluded_ & bit(Benign::phone_translates)) != 0))
    excluded_ |= bit(Benign::learnt);
  if (!device_.exchange && device_.relayed == 0 && source_.is_client()) excluded_ |= bit(Benign::proxy);
  const bool both = std::any_of(source_.echoes.begin(), source_.echoes.end(),
                                [](const EchoHistory& echo) { return echo.inner > 0 && echo.outside > 0; });
  if (both) excluded_ |= bit(Benign::no_nat_inside);
}

bool Weighing::excluded(Item item, Benign benign) const {
  if ((excluded_ & bit(benign)) != 0) return true;
  if (item == Item::second_via) return !device_.exchange;
  if (benign != Benign::phone_fault) return false;
  if (item == Item::version_stale) return counts_[at(item)] >= 3 && !source_.inners.empty();
  if (item == Item::content_length)
    return excess_fits(source_, device_.excess) ||
           (make_ != nullptr && make_->counts_right >= Make::kQuorum && make_->counts_wrong == 1);
  // The headers that a box has to write into are those that look like it.
  return device_.two_hands || (device_.changes & bit(Change::box_via)) != 0 ||
         (make_ != nullptr && make_->even >= Make::kQuorum);
}

void Weighing::weigh(const ItemEntry& entry) {
  ItemEvidence found{.item = entry.item, .count = counts_[at(entry.item)], .weight = entry.weight};
  for (std::size_t i = 0; i < static_cast<std::size_t>(Benign::last) && !found.explained; ++i) {
    const Benign benign = static_cast<Benign>(i);
    if ((entry.benign & bit(benign)) != 0 && !excluded(entry.item, benign)) found.explained = benign;
  }
  if (found.explained) {
    const bool unlike = entry.item == Item::via_public && make_ != nullptr && make_->is_private() && !source_.stun;
    const bool client_unproven = found.explained == Benign::proxy && !device_.exchange && device_.relayed == 0;
    const bool stale = entry.item == Item::version_stale && !device_.exchange && device_.relayed == 0;
    found.weight = unlike ? 0.5 : stale ? 1 : client_unproven ? entry.weight / 2 : 0;
  } else if (entry.item == Item::transport_differs && found.count < 2) {
    found.weight /= 2;
  }
  found_.push_back(found);
}

double Weighing::sum() const {
  std::array<double, kGroups> sums{};
  for (const ItemEvidence& item : found_) sums[static_cast<std::size_t>(entry_of(item.item).group)] += item.weight;
  double sum = 0;
  for (const double group : sums) sum += std::min(group, kGroupCap);
  // A phone that passes untouched speaks against a box, whatever one message of it shows.
  return device_.untouched() ? sum - 2 : sum;
}

std::uint8_t Weighing::groups() const {
  std::array<bool, kGroups> seen{};
  for (const ItemEvidence& item : found_)
    if (item.weight > 0) seen[static_cast<std::size_t>(entry_of(item.item).group)] = true;
  return static_cast<std::uint8_t>(std::count(seen.begin(), seen.end(), true));
}

/// Another phone on the same channel that is private in headers and SDP: no box there translates.
bool Weighing::neighbour_untouched() const {
  return std::any_of(source_.devices.begin(), source_.devices.end(), [this](const Device& other) {
    if (&other == &device_ || !other.untouched() || !other.sdp_inner()) return false;
    for (std::size_t i = 0; i < kChannels; ++i)
      if (device_.channels[i].headers_own > 0 && other.channels[i].sdp_inner > 0) return true;
    return false;
  });
}

/// What explains a device that is not accused; nullopt where nothing has to be explained, or nothing is found.
std::optional<Benign> Weighing::found_benign() const {
  if (source_.stun) return Benign::phone_translates;
  // Seen to change from private to public, or of a make that does so by default.
  if (public_headers() && !device_.sdp_own() &&
      (device_.outbound_contact || (device_.headers_own() && device_.headers_inner())))
    return Benign::learnt;
  if (device_.relayed > 0 && !device_.sdp_own()) return Benign::proxy;
  if (neighbour_untouched()) return Benign::phone_translates;
  return std::nullopt;
}

DeviceEvidence Weighing::evidence() const {
  DeviceEvidence evidence{.product = std::string(device_.product.view()), .user = std::string(device_.user.view())};
  evidence.log_likelihood = sum();
  if (accuses()) {
    evidence.verdict = Verdict::alg;
  } else if (device_.untouched() && groups() == 0) {
    evidence.verdict = Verdict::clean;
  } else if (const std::optional<Benign> benign = found_benign()) {
    evidence.verdict = Verdict::clean;
    evidence.benign = benign;
  } else if (!public_headers() && !device_.sdp_own()) {
    // Neither public nor private: names, or a sign that is too weak.
  } else if (source_.inners.empty()) {
    evidence.benign = Benign::public_address;
  } else {
    evidence.benign = device_.relayed > 0                         ? Benign::proxy
                      : device_.sdp_inner() && !device_.sdp_own() ? Benign::learnt
                                                                  : Benign::phone_translates;
  }
  return evidence;
}

/// Adds the items of a device to those of its address: each with what it weighs most.
void merge(std::vector<ItemEvidence>& all, const std::vector<ItemEvidence>& more) {
  for (const ItemEvidence& item : more) {
    const auto known =
        std::find_if(all.begin(), all.end(), [&](const ItemEvidence& other) { return other.item == item.item; });
    if (known == all.end()) {
      all.push_back(item);
      continue;
    }
    known->count += item.count;
    if (item.weight > known->weight) {
      known->weight = item.weight;
      known->explained = item.explained;
    }
  }
}

/// Phones of at least three makes that are all public, where two private addresses prove them to be behind a NAT.
void judge_mixture(const Source& source, SourceEvidence& evidence) {
  std::vector<Bytes> makers;
  for (const Device& device : source.devices) {
    if (device.untouched() || device.exchange || device.relayed > 0) return;
    const Bytes name = maker(device);
    if (device.is_public() && device.sdp_own() && !name.empty() &&
        std::find(makers.begin(), makers.end(), name) == makers.end())
      makers.push_back(name);
  }
  if (makers.size() < 3 || source.inners.size() < 2 || source.stun) return;
  const bool others = std::any_of(evidence.items.begin(), evidence.items.end(),
                                  [](const ItemEvidence& item) { return item.weight >= 1 && !item.explained; });
  ItemEvidence mixed{.item = Item::mixed_phones, .count = static_cast<std::uint32_t>(makers.size()), .weight = 1};
  if (others)
    mixed.weight = 2;
  else
    mixed.explained = Benign::phone_translates;
  evidence.items.push_back(mixed);
}

/// Phones of different makes at different ports that name one Contact.
void judge_contacts(const Source& source, SourceEvidence& evidence) {
  for (std::size_t i = 0; i < source.devices.size(); ++i)
    for (std::size_t k = i + 1; k < source.devices.size(); ++k) {
      const Device& a = source.devices[i];
      const Device& b = source.devices[k];
      const bool together = a.contact.address.present() && a.contact == b.contact && a.source_port != b.source_port;
      if (!together || maker(a) == maker(b) || maker(a).empty() || maker(b).empty() || a.exchange || b.exchange)
        continue;
      evidence.items.push_back(
          {.item = Item::shared_contact, .count = 2, .weight = entry_of(Item::shared_contact).weight});
      return;
    }
}

void judge_inside(const Source& source, SourceEvidence& evidence) {
  ItemEvidence back{.item = Item::answer_turned_back, .explained = Benign::no_nat_inside};
  bool outside = false;
  for (const EchoHistory& echo : source.echoes) {
    back.count += echo.inner;
    outside |= echo.outside > 0;
    if (echo.inner > 0 && echo.outside > 0) {
      back.weight = entry_of(Item::answer_turned_back).weight;
      back.explained.reset();
    }
  }
  evidence.nat_proven = outside;
  if (back.count == 0) return;
  evidence.items.push_back(back);
  if (back.explained)
    evidence.benign = back.explained;
  else
    evidence.verdict = Verdict::alg;
}

/// Sum, groups, order and proofs of the items of an address.
void conclude(const Source& source, SourceEvidence& evidence) {
  std::array<double, kGroups> sums{};
  for (ItemEvidence& item : evidence.items) {
    sums[static_cast<std::size_t>(entry_of(item.item).group)] += item.weight;
    evidence.conclusive |= item.weight >= kConclusive;
    const auto proof = std::find_if(source.proofs.begin(), source.proofs.end(),
                                    [&](const Proof& one) { return one.item == item.item; });
    if (proof != source.proofs.end()) item.proof = proof->evidence;
  }
  for (const double sum : sums) {
    evidence.log_likelihood += std::min(sum, kGroupCap);
    evidence.groups = static_cast<std::uint8_t>(evidence.groups + (sum > 0 ? 1 : 0));
  }
  std::stable_sort(evidence.items.begin(), evidence.items.end(),
                   [](const ItemEvidence& a, const ItemEvidence& b) { return a.weight > b.weight; });
}

/// What all devices together make of their address.
void combine(const Source& source, SourceEvidence& evidence) {
  const auto has = [&](Verdict verdict) {
    return std::any_of(evidence.devices.begin(), evidence.devices.end(),
                       [verdict](const DeviceEvidence& device) { return device.verdict == verdict; });
  };
  const bool together = evidence.conclusive || (evidence.groups >= 2 && evidence.log_likelihood >= kEnough);
  const bool site = together && std::none_of(source.devices.begin(), source.devices.end(),
                                             [](const Device& device) { return device.untouched(); });
  if (has(Verdict::alg) || site)
    evidence.verdict = Verdict::alg;
  else
    evidence.verdict = has(Verdict::undecided) || !has(Verdict::clean) ? Verdict::undecided : Verdict::clean;
  for (const DeviceEvidence& device : evidence.devices)
    if (device.verdict == evidence.verdict && device.benign) evidence.benign = device.benign;
  if (evidence.verdict == Verdict::alg) evidence.benign.reset();
}

}  // namespace

bool is_customer(const Source& source) {
  if (!source.echoes.empty()) return true;
  if (source.registrar || source.devices.empty()) return false;
  return source.asks || source.is_client();
}

SourceEvidence judge(const Source& source, const Fleet& fleet) {
  SourceEvidence evidence{.point = source.point, .address = source.address};
  evidence.first = source.first;
  evidence.last = source.last;
  evidence.inside = !source.outside;
  for (const Device& device : source.devices) {
    evidence.candidates_fit |= device.candidates_fit;
    evidence.lengths_fit |= device.counts_right;
  }
  Changes changes = 0;
  if (evidence.inside) {
    judge_inside(source, evidence);
    if (evidence.verdict == Verdict::alg) changes |= bit(Change::answer_turned_back);
  } else {
    evidence.nat_proven = !source.inners.empty();
    for (const Device& device : source.devices) {
      const Weighing weighing(source, device, fleet);
      evidence.devices.push_back(weighing.evidence());
      merge(evidence.items, weighing.items_found());
      if (!weighing.accuses()) continue;
      changes |= device.changes;
      for (std::size_t channel = 0; channel < kChannels; ++channel)
        evidence.channels[channel] |= device.channels[channel].headers_own > 0 || device.channels[channel].sdp_own > 0;
    }
    judge_mixture(source, evidence);
    judge_contacts(source, evidence);
  }
  conclude(source, evidence);
  if (!evidence.inside) combine(source, evidence);
  if (evidence.verdict == Verdict::alg) {
    if (changes == 0)
      for (const Device& device : source.devices) changes |= device.changes;
    evidence.family = guess_family(changes);
  }
  return evidence;
}

Bytes name(Verdict verdict) {
  constexpr std::array<Bytes, 3> kNames = {"alg", "clean", "undecided"};
  return kNames[static_cast<std::size_t>(verdict)];
}

double SourceEvidence::confidence() const {
  // One site in five has a SIP ALG that acts: four to one against it before anything was seen.
  constexpr double kOddsAgainst = 4;
  const double probability = 1 / (1 + kOddsAgainst * std::exp(-log_likelihood));
  return std::clamp(conclusive ? std::max(probability, 0.95) : probability, 0.0, 0.99);
}

const ItemEvidence* SourceEvidence::find(Item item) const {
  const auto found =
      std::find_if(items.begin(), items.end(), [item](const ItemEvidence& other) { return other.item == item; });
  return found == items.end() ? nullptr : &*found;
}

const SourceEvidence* evidence_of(std::span<const SourceEvidence> sources, call::Point point,
                                  const net::Address& address) {
  const auto found = std::lower_bound(
      sources.begin(), sources.end(), std::tie(point, address),
      [](const SourceEvidence& source, const auto& key) { return std::tie(source.point, source.address) < key; });
  return found != sources.end() && found->point == point && found->address == address ? &*found : nullptr;
}

}  // namespace viaduct::diagnose::fingerprint
