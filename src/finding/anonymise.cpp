// SPDX-License-Identifier: GPL-2.0-or-later
#include "finding/anonymise.hpp"

#include "base/text.hpp"
#include "finding/sensitive.hpp"

#include <algorithm>
#include <utility>
#include <variant>
#include <vector>

namespace viaduct::finding {
namespace {

/// Shorter names are taken for names only where syntax says so: else "100 Trying" would be masked for extension 100.
constexpr std::size_t kLeastWord = 3;
constexpr std::size_t kLeastNumber = 5;
constexpr base::CharSet kWordChars = base::kAlphanum | base::CharSet("+-_.");

/// How names are compared: in lower case, numbers without the plus.
[[nodiscard]] std::string plain_name(Bytes text) {
  std::string out(text.starts_with('+') ? text.substr(1) : text);
  std::transform(out.begin(), out.end(), out.begin(), base::to_lower);
  return out;
}

[[nodiscard]] bool letter(char c) {
  return base::kAlpha.contains(c) || static_cast<unsigned char>(c) >= 0x80;
}

/// Calls `one` for each text of a result that came from an input. `octets` of evidence and both sides of a difference
/// come with the ranges into them.
template <class One>
void for_each_text(Evidence& evidence, One& one) {
  one(evidence.text, {});
  base::Range* const ranges[] = {&evidence.marked};
  one(evidence.octets, ranges);
}

template <class One>
void for_each_text(Ladder& ladder, One& one) {
  one(ladder.title, {});
  for (std::string& participant : ladder.participants) one(participant, {});
  for (Arrow& arrow : ladder.arrows) one(arrow.text, {});
}

template <class One>
void for_each_text(Table& table, One& one) {
  one(table.title, {});
  for (std::string& head : table.heading) one(head, {});
  for (std::vector<std::string>& row : table.rows)
    for (std::string& cell : row) one(cell, {});
}

template <class One>
void for_each_text(ByteDiff& diff, One& one) {
  one(diff.title, {});
  std::vector<base::Range*> before;
  std::vector<base::Range*> after;
  for (Change& change : diff.changes) {
    for (std::string* text : {&change.field, &change.behaviour}) one(*text, {});
    before.push_back(&change.before);
    after.push_back(&change.after);
  }
  one(diff.before, before);
  one(diff.after, after);
  for_each_text(diff.before_at, one);
  for_each_text(diff.after_at, one);
}

template <class One>
void for_each_text(Timeline& timeline, One& one) {
  one(timeline.title, {});
  for (Lane& lane : timeline.lanes) {
    one(lane.name, {});
    for (Interval& interval : lane.intervals) one(interval.text, {});
  }
}

template <class One>
void for_each_text(Finding& finding, One& one) {
  for (std::string* text : {&finding.statement, &finding.remedy, &finding.family}) one(*text, {});
  for (std::string& behaviour : finding.behaviours) one(behaviour, {});
  for (Evidence& evidence : finding.evidence) for_each_text(evidence, one);
  for (Exhibit& exhibit : finding.exhibits) std::visit([&one](auto& shown) { for_each_text(shown, one); }, exhibit);
}

template <class One>
void for_each_text(CallSummary& call, One& one) {
  for (std::string* text : {&call.call_id, &call.from, &call.to, &call.ending}) one(*text, {});
  for (LegSummary& leg : call.legs)
    for (std::string* text : {&leg.caller.address, &leg.callee.address, &leg.transport}) one(*text, {});
  if (call.ladder) for_each_text(*call.ladder, one);
  if (call.timeline) for_each_text(*call.timeline, one);
}

template <class One>
void for_each_text(RegistrationSummary& registration, One& one) {
  for (std::string* text :
       {&registration.aor, &registration.contact, &registration.client.address, &registration.registrar.address})
    one(*text, {});
  if (registration.seen_as) one(registration.seen_as->address, {});
}

template <class One>
void for_each_text(SubscriptionSummary& subscription, One& one) {
  for (std::string* text : {&subscription.call_id, &subscription.subscriber.address, &subscription.notifier.address})
    one(*text, {});
}

template <class One>
void for_each_text(Result& result, One& one) {
  one(result.sentence, {});
  for (InputSummary& input : result.inputs)
    for (std::string& problem : input.problems) one(problem, {});
  for (Finding& finding : result.findings) for_each_text(finding, one);
  for (CallSummary& call : result.calls) for_each_text(call, one);
  for (RegistrationSummary& registration : result.registrations) for_each_text(registration, one);
  for (SubscriptionSummary& subscription : result.subscriptions) for_each_text(subscription, one);
  for (StreamSummary& stream : result.streams) {
    if (stream.seen_again)
      for (std::string* text : {&stream.seen_again->source.address, &stream.seen_again->destination.address})
        one(*text, {});
    for (std::string* text : {&stream.source.address, &stream.destination.address, &stream.codec}) one(*text, {});
    for (GapSummary& gap : stream.gaps)
      for (Nearby& nearby : gap.nearby) one(nearby.what, {});
  }
}

[[nodiscard]] bool is_one_of(Bytes text, std::span<const Bytes> known) {
  return std::ranges::any_of(known, [text](Bytes one) { return base::iequals(text, one); });
}

/// Event packages (IANA, SIP event types) and reasons of terminated subscriptions (RFC 6665 4.1.3) that name nobody.
[[nodiscard]] bool is_package(Bytes text) {
  static constexpr Bytes kPackages[] = {"certificate",
                                        "conference",
                                        "consent-pending-additions",
                                        "credential",
                                        "dialog",
                                        "http-monitor",
                                        "kpml",
                                        "load-control",
                                        "message-summary",
                                        "poc-settings",
                                        "presence",
                                        "reg",
                                        "refer",
                                        "Siemens-RTP-Stats",
                                        "spirits-INDPs",
                                        "spirits-user-prof",
                                        "ua-profile",
                                        "vq-rtcpxr",
                                        "winfo",
                                        "xcap-diff"};
  const Bytes watched = text.ends_with(".winfo") ? text.substr(0, text.size() - 6) : text;
  return is_one_of(watched, kPackages);
}
[[nodiscard]] bool is_reason(Bytes text) {
  static constexpr Bytes kReasons[] = {"deactivated", "giveup",   "invariant", "noresource",
                                       "probation",   "rejected", "timeout"};
  return is_one_of(text, kReasons);
}

/// The characters of words from `at` on, as masked() takes them for one.
[[nodiscard]] Bytes part_at(Bytes text, std::size_t at) {
  std::size_t length = 0;
  while (at + length < text.size() && kWordChars.contains(text[at + length])) ++length;
  while (length > 1 && text[at + length - 1] == '.') --length;
  return text.substr(at, length);
}

/// A part of a Call-ID, but for counters and words.
[[nodiscard]] bool names_somebody(Bytes part) {
  return part.size() >= kLeastNumber && part.find_first_of("0123456789-_") != Bytes::npos;
}

/// What a tool itself calls a side of a router is nobody's name.
[[nodiscard]] std::string masked_site(const std::string& site, const Anonymiser& anonymiser) {
  return site == kOuterSide || site == kOtherSide ? site : anonymiser.word(site);
}

/// "input-3.pcap.gz" keeps of a path only what kind of file it is.
[[nodiscard]] std::string masked_path(const std::string& path, std::size_t number) {
  std::string out = "input-" + std::to_string(number);
  const Bytes name = Bytes(path).substr(path.find_last_of('/') + 1);
  for (const Bytes suffix : {".pcapng.gz", ".pcapng.zst", ".pcap.gz", ".pcap.zst", ".pcapng", ".pcap", ".cap", ".hep"})
    if (name.ends_with(suffix)) return out.append(suffix);
  return out;
}

}  // namespace

Anonymiser::Anonymiser(const base::HashKey& key, MaskAddress mask_address)
    : key_(key), mask_address_(std::move(mask_address)) {}

std::string Anonymiser::word(Bytes text) const {
  std::string out(text);
  base::KeyedHash prefix(key_);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = base::to_lower(text[i]);
    const std::uint64_t turn = prefix.value();
    const auto turned = [turn](int index, int size) {
      return static_cast<char>((static_cast<std::uint64_t>(index) + turn) % static_cast<std::uint64_t>(size));
    };
    // An octet of an escaped character (RFC 3986 2.1) stays one.
    const bool hex = (i > 0 && text[i - 1] == '%') || (i > 1 && text[i - 2] == '%');
    if (base::kDigits.contains(c))
      out[i] = static_cast<char>('0' + turned(c - '0', 10));
    else if (letter(c))
      out[i] = static_cast<char>((text[i] == c ? 'a' : 'A') + turned(static_cast<unsigned char>(c), hex ? 6 : 26));
    // Punctuation has no part in it: +49 30 1 and 49301 are the same number.
    if (base::kDigits.contains(c) || letter(c)) prefix.add(static_cast<unsigned char>(c));
  }
  return out;
}

std::string Anonymiser::host(Bytes text) const {
  if (const std::optional<std::string> address = mask_address_(text)) return *address;
  return word(text);
}

std::string Anonymiser::product(Bytes text) const {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t stop = std::min(text.find_first_of(" \t\r\n()/;,", at), text.size());
    const Bytes word_here = text.substr(at, stop - at);
    const auto count = [word_here](base::CharSet set) {
      return std::count_if(word_here.begin(), word_here.end(), [set](char c) { return set.contains(c); });
    };
    const bool serial = count(base::kDigits) >= 8 || count(base::CharSet("0123456789abcdefABCDEF")) >= 12;
    out += serial ? word(word_here) : masked(word_here);
    out += text.substr(stop, 1);
    at = stop + 1;
  }
  return out;
}

std::string Anonymiser::call_id(Bytes text) const {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const Bytes part = part_at(text, at);
    out += names_somebody(part) ? word(part) : masked(part);
    at += part.size();
    if (at < text.size() && text[at] == '@') {
      const Bytes rest = text.substr(at + 1);
      const Bytes end = rest.substr(std::min(rest.find_first_of(" \t\r\n"), rest.size()));
      return out + "@" + host(rest.substr(0, rest.size() - end.size())) + std::string(end);
    }
    if (at < text.size()) out += text[at++];
  }
  return out;
}

void Anonymiser::learn_call_id(Bytes text) {
  for (std::size_t at = 0; at < text.size() && text[at] != '@'; ++at) {
    const Bytes part = part_at(text, at);
    if (names_somebody(part)) names_.insert(plain_name(part));
    at += part.size();
    if (at < text.size() && text[at] == '@') return;
  }
}

void Anonymiser::learn(Bytes text) {
  for (const Sensitive& place : sensitive_places(text)) {
    if (place.kind != SensitiveKind::name && place.kind != SensitiveKind::host) continue;
    const Bytes name = place.range.of(text);
    const bool number = std::none_of(name.begin(), name.end(), letter);
    if (name.size() < (number ? kLeastNumber : kLeastWord) || mask_address_(name)) continue;
    names_.insert(plain_name(name));
  }
}

std::string Anonymiser::masked(Bytes text, std::span<base::Range* const> ranges) const {
  std::vector<std::size_t> moved(text.size() + 1);  // where each octet goes
  std::string out;
  std::size_t at = 0;
  const auto take = [&](std::size_t length, Bytes instead) {
    for (std::size_t i = 0; i < length; ++i) moved[at + i] = out.size() + std::min(i, instead.size());
    out += instead;
    at += length;
  };
  // What no syntax shows: names that were learnt, as whole words or between punctuation.
  const auto run_of = [&text](std::size_t from, std::size_t end, base::CharSet set) {
    std::size_t length = 0;
    while (from + length < end && set.contains(text[from + length])) ++length;
    return length;
  };
  const auto known = [&](std::size_t from, std::size_t length) {
    return length > 0 && names_.contains(plain_name(text.substr(from, length)));
  };
  const auto plain = [&](std::size_t end) {
    while (at < end) {
      std::size_t length = 1;
      const bool begins = at == 0 || !kWordChars.contains(text[at - 1]);
      if (begins && kWordChars.contains(text[at])) {
        length = run_of(at, end, kWordChars);
        while (length > 1 && text[at + length - 1] == '.') --length;
      }
      if (!known(at, length)) length = std::max<std::size_t>(run_of(at, end, base::kAlphanum), 1);
      take(length, known(at, length) ? word(text.substr(at, length)) : std::string(text.substr(at, length)));
    }
  };
  for (const Sensitive& place : sensitive_places(text)) {
    const Bytes found = place.range.of(text);
    if (place.kind == SensitiveKind::address && !mask_address_(found)) continue;
    plain(place.range.offset);
    const bool maybe_address = place.kind == SensitiveKind::address || place.kind == SensitiveKind::host;
    take(found.size(), maybe_address ? host(found) : word(found));
  }
  plain(text.size());
  moved[text.size()] = out.size();
  for (base::Range* range : ranges)
    if (range->present() && range->end() <= text.size())
      *range = base::between(moved[range->offset], moved[range->end()]);
  return out;
}

void learn_names(Result& result, Anonymiser& anonymiser) {
  auto learn = [&](std::string& text, std::span<base::Range* const>) { anonymiser.learn(text); };
  for_each_text(result, learn);
  for (const CallSummary& call : result.calls) anonymiser.learn_call_id(call.call_id);
  for (const SubscriptionSummary& one : result.subscriptions) anonymiser.learn_call_id(one.call_id);
}

void anonymise(Result& result, Anonymiser& anonymiser) {
  learn_names(result, anonymiser);
  auto mask = [&](std::string& text, std::span<base::Range* const> ranges) { text = anonymiser.masked(text, ranges); };
  for_each_text(result, mask);
  for (CallSummary& call : result.calls) call.site = masked_site(call.site, anonymiser);
  for (RegistrationSummary& registration : result.registrations) {
    registration.site = masked_site(registration.site, anonymiser);
    registration.product = anonymiser.product(registration.product);
  }
  for (SubscriptionSummary& subscription : result.subscriptions) {
    subscription.site = masked_site(subscription.site, anonymiser);
    if (!is_package(subscription.package)) subscription.package = anonymiser.word(subscription.package);
    if (!is_reason(subscription.reason)) subscription.reason = anonymiser.word(subscription.reason);
  }
  for (std::size_t i = 0; i < result.inputs.size(); ++i) {
    result.inputs[i].path = masked_path(result.inputs[i].path, i + 1);
    result.inputs[i].site = masked_site(result.inputs[i].site, anonymiser);
  }
}

void anonymise(Result& result, const base::HashKey& key, Anonymiser::MaskAddress mask_address) {
  Anonymiser anonymiser(key, std::move(mask_address));
  anonymise(result, anonymiser);
}

}  // namespace viaduct::finding
