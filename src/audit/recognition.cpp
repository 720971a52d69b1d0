// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/recognition.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <re2/re2.h>
#include <re2/set.h>
#include <set>

namespace viaduct::audit {
namespace {

/// Signs stand at the beginning, and versions of VyOS at the end: the middle of a long file says nothing new.
constexpr std::size_t kHead = 256 * 1024;
constexpr std::size_t kTail = 8 * 1024;
constexpr double kLeast = 1.0 / 3;
/// As much says that a second product is there: what two systems happen to write alike says less.
constexpr double kSurely = 0.62;

/// Readers of systems on which the commands of plain Linux run, or that have the look of one another.
[[nodiscard]] bool akin(Bytes a, Bytes b) {
  constexpr std::array<Bytes, 7> kOnLinux{"openwrt", "nvram", "vyos", "sfos", "untangle", "big-ip", ""};
  constexpr std::array<Bytes, 4> kCopied{"linux", "openwrt", "nvram", "vyos"};  // by products that have no reader
  const auto in = [](const auto& list, Bytes reader) { return std::ranges::find(list, reader) != list.end(); };
  if (a == b) return true;
  if (a == "linux" || b == "linux") return in(kOnLinux, a == "linux" ? b : a);
  if (a.empty() || b.empty()) return in(kCopied, a.empty() ? b : a);
  return (a == "huawei" && b == "comware5") || (a == "comware5" && b == "huawei");
}

/// What a line begins with, an element of XML, a key of JSON, or all that tells a product and tells it for certain: not
/// what a comment holds that names the product.
[[nodiscard]] bool sure_sign(const Product& product, const Recognition& sign) {
  constexpr double kCertain = 0.9;
  if (product.recognise.size() == 1 && sign.weight >= kCertain) return true;
  return std::ranges::any_of(std::array<Bytes, 4>{"^", "(?i)^", "<", "\""},
                             [&](Bytes begin) { return sign.pattern.starts_with(begin); });
}

}  // namespace

struct Recogniser::Automaton {
  struct Sign {
    const Product* product = nullptr;
    double weight = 0;
    bool sure = false;  ///< no comment holds it by chance: see sure_sign()
  };
  RE2::Set set;
  std::vector<Sign> signs;  ///< in the order of the set

  Automaton() : set(options(), RE2::UNANCHORED) {}
  static RE2::Options options() {
    RE2::Options options(RE2::Quiet);
    options.set_encoding(RE2::Options::EncodingLatin1);
    options.set_max_mem(64LL << 20);
    return options;
  }
  /// The signs in `part`, beside those that are known.
  void look(Bytes part, std::set<int>& seen) const {
    std::vector<int> found;
    set.Match({part.data(), part.size()}, &found);
    seen.insert(found.begin(), found.end());
  }
  [[nodiscard]] std::vector<Guess> weighed(const std::set<int>& seen) const;
  /// Whether more was seen of a product than its name, which a comment may hold: a sure sign, or two others.
  [[nodiscard]] bool more_than_named(const std::set<int>& seen, const Product* product) const {
    int count = 0;
    for (const int index : seen) {
      const Sign& sign = signs[static_cast<std::size_t>(index)];
      if (sign.product == product) count += sign.sure ? 2 : 1;
    }
    return count >= 2;
  }
};

std::vector<Recogniser::Guess> Recogniser::Automaton::weighed(const std::set<int>& seen) const {
  std::map<const Product*, double> doubt;
  for (const int index : seen) {
    const Sign& sign = signs[static_cast<std::size_t>(index)];
    doubt.try_emplace(sign.product, 1.0).first->second *= 1 - sign.weight;
  }
  std::vector<Guess> guesses;
  for (const auto& [product, left] : doubt)
    if (1 - left >= kLeast) guesses.push_back({.product = product, .sure = 1 - left});
  std::ranges::stable_sort(guesses, [](const Guess& a, const Guess& b) {
    return a.sure != b.sure ? a.sure > b.sure : a.product->id < b.product->id;
  });
  return guesses;
}

Recogniser::Recogniser(const Catalogue& catalogue) : automaton_(std::make_unique<Automaton>()) {
  for (const Product& product : catalogue.products())
    for (const Recognition& entry : product.recognise)
      if (automaton_->set.Add("(?m)" + entry.pattern, nullptr) >= 0)
        automaton_->signs.push_back({.product = &product, .weight = entry.weight, .sure = sure_sign(product, entry)});
  automaton_->set.Compile();
}

Recogniser::~Recogniser() = default;

std::vector<Recogniser::Guess> Recogniser::guess(const Text& text) const {
  const Bytes whole = text.octets();
  std::set<int> seen;
  automaton_->look(whole.substr(0, kHead), seen);
  if (whole.size() > kHead)
    automaton_->look(whole.substr(std::max(kHead, whole.size() - std::min(kTail, whole.size()))), seen);
  return automaton_->weighed(seen);
}

std::vector<const Product*> Recogniser::others(const Text& text, const Product& product) const {
  Bytes rest = text.octets();
  std::set<int> seen;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n', std::min(kHead, rest.size())), rest.size() - 1) + 1;
    automaton_->look(rest.substr(0, end), seen);
    rest.remove_prefix(end);
  }
  std::vector<const Product*> others;
  for (const Guess& guess : automaton_->weighed(seen)) {
    const auto alike = [&](const Product* other) { return akin(other->reader, guess.product->reader); };
    if (guess.sure < kSurely || guess.product->reader.empty() || alike(&product)) continue;
    if (!automaton_->more_than_named(seen, guess.product)) continue;
    if (std::ranges::none_of(others, alike)) others.push_back(guess.product);
  }
  return others;
}

}  // namespace viaduct::audit
