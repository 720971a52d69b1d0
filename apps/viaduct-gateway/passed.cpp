// SPDX-License-Identifier: GPL-2.0-or-later
#include "viaduct-gateway/passed.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace viaduct::gateway {
namespace {

struct RuleText {
  base::Bytes id;
  base::Bytes setting;
  base::Bytes sentence;
};

constexpr std::array<RuleText, static_cast<std::size_t>(PassedRule::last)> kRules = {{
    {"over-limit", "limits.dialogs", "as many dialogs and registrations as allowed are followed already"},
    {"over-limit", "limits.dialogs", "as many dialogs as allowed are open from outside, the rest is for the inside"},
    {"over-limit", "limits.dialogs_per_source", "as many dialogs of this source as allowed are followed already"},
    {"over-limit", "limits.registrations_per_source",
     "as many registrations of this source as allowed are followed already"},
    {"over-limit", "limits.dialogs", "as many transactions outside of dialogs as allowed are followed already"},
    {"over-limit", "limits.dialogs_per_source",
     "as many transactions outside of dialogs of this source as allowed are followed already"},
    {"register-from-outside", "", "it registers from outside, and only phones inside are followed"},
    {"not-followed", "", "it belongs to no call or registration that the gateway saw begin, and begins none"},
    {"association-gone", "",
     "it answers what is not followed, or not any more: its time was over, or a limit was reached"},
    {"long-name", "", "its Call-ID or address of record is longer than any that is followed"},
    {"no-name", "", "its Call-ID, or To of a REGISTER, cannot be read"},
    {"mode-off", "mode", "this party is in mode off"},
    {"echo-of-edit", "", "it belongs to nothing that is followed any more, but what it echoes of an edit was undone"},
    {"not-sip", "", "it does not read as SIP"},
    {"no-wan", "wan.interfaces", "it neither goes to nor comes from a WAN, so no address is translated"},
    {"not-udp", "", "it is a fragment or no UDP"},
    {"over-mtu", "", "the edited message would not fit the path MTU, so the original went out"},
    {"proof-failed", "", "the edited message did not read back as intended, so the original went out"},
    {"kernel-refused", "", "the kernel did not take the mapping, so the original went out"},
}};

const RuleText& row(PassedRule rule) {
  return kRules[static_cast<std::size_t>(rule)];
}

// FNV-1a: it only has to tell rows apart that are not alike; alike() has the last word.
class Hash {
 public:
  Hash& add(base::Bytes octets) {
    for (const char c : octets) value_ = (value_ ^ static_cast<unsigned char>(c)) * 1099511628211U;
    return *this;
  }
  Hash& add(std::uint64_t number) {
    value_ = (value_ ^ number) * 1099511628211U;
    return *this;
  }
  [[nodiscard]] std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_ = 14695981039346656037U;
};

std::uint64_t hash_of(const Passed& passed) {
  Hash hash;
  for (const net::Endpoint& end : {passed.source, passed.destination})
    hash.add({reinterpret_cast<const char*>(end.address.octets.data()), end.address.octets.size()}).add(end.port);
  hash.add(passed.call_id.kept()).add(passed.address_of_record.kept());
  return hash
      .add(static_cast<std::uint64_t>(passed.rule) << 32 | static_cast<std::uint64_t>(passed.method) << 16 |
           passed.status)
      .value();
}

}  // namespace

ShortText::ShortText(base::Bytes whole) : length_(static_cast<std::uint32_t>(whole.size())) {
  std::copy_n(whole.begin(), std::min(whole.size(), kKept), octets_.begin());
}

base::Bytes ShortText::kept() const {
  return {octets_.data(), std::min<std::size_t>(length_, kKept)};
}

bool ShortText::is(base::Bytes whole) const {
  return length_ != 0 && length_ == whole.size() && whole.starts_with(kept());
}

bool Passed::alike(const Passed& other) const {
  return source == other.source && destination == other.destination && call_id == other.call_id &&
         address_of_record == other.address_of_record && rule == other.rule && problem == other.problem &&
         method == other.method && status == other.status && way == other.way;
}

PassedRing::PassedRing() : rows_(kCapacity) {}

void PassedRing::note(const Passed& passed) {
  const std::uint64_t hash = hash_of(passed);
  for (std::size_t i = 0; i < used_; ++i) {
    if (hashes_[i] != hash || !rows_[i].alike(passed)) continue;
    rows_[i].at = passed.at;
    ++rows_[i].times;
    return;
  }
  const std::size_t place = (first_ + used_) % kCapacity;
  if (used_ == kCapacity)
    first_ = (first_ + 1) % kCapacity;
  else
    ++used_;
  rows_[place] = passed;
  rows_[place].sequence = ++sequence_;
  hashes_[place] = hash;
}

base::Bytes text_of(PassedRule rule) {
  return row(rule).id;
}

base::Bytes setting_of(PassedRule rule) {
  return row(rule).setting;
}

base::Bytes explain(PassedRule rule) {
  return row(rule).sentence;
}

base::Bytes find_call_id(base::Bytes payload) {
  while (!payload.empty()) {
    const std::size_t end = std::min(payload.find('\n'), payload.size());
    const base::Bytes line = payload.substr(0, end);
    payload.remove_prefix(std::min(end + 1, payload.size()));
    const std::size_t colon = line.find(':');
    if (colon == base::Bytes::npos) continue;
    const base::Bytes name = base::trim(line.substr(0, colon));
    if (base::iequals(name, "Call-ID") || base::iequals(name, "i")) return base::trim(line.substr(colon + 1));
  }
  return {};
}

}  // namespace viaduct::gateway
