// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/recognition.hpp"

#include <re2/re2.h>
#include <re2/set.h>

#include <algorithm>
#include <map>
#include <set>

namespace viaduct::audit {
namespace {

/// Signs stand at the beginning, and versions of VyOS at the end: the middle of a long file says nothing new.
constexpr std::size_t kHead = 256 * 1024;
constexpr std::size_t kTail = 8 * 1024;
constexpr double kLeast = 1.0 / 3;

}  // namespace

struct Recogniser::Automaton {
  struct Sign {
    const Product* product = nullptr;
    double weight = 0;
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
};

Recogniser::Recogniser(const Catalogue& catalogue) : automaton_(std::make_unique<Automaton>()) {
  for (const Product& product : catalogue.products())
    for (const Recognition& entry : product.recognise)
      if (automaton_->set.Add("(?m)" + entry.pattern, nullptr) >= 0)
        automaton_->signs.push_back({.product = &product, .weight = entry.weight});
  automaton_->set.Compile();
}

Recogniser::~Recogniser() = default;

std::vector<Recogniser::Guess> Recogniser::guess(const Text& text) const {
  const Bytes whole = text.octets();
  std::vector<int> found;
  std::set<int> seen;
  const auto look = [&](Bytes part) {
    found.clear();
    automaton_->set.Match({part.data(), part.size()}, &found);
    seen.insert(found.begin(), found.end());
  };
  look(whole.substr(0, kHead));
  if (whole.size() > kHead) look(whole.substr(std::max(kHead, whole.size() - std::min(kTail, whole.size()))));
  std::map<const Product*, double> doubt;
  for (const int index : seen) {
    const Automaton::Sign& sign = automaton_->signs[static_cast<std::size_t>(index)];
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

}  // namespace viaduct::audit
