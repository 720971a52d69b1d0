// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/catalogue.hpp"

#include "audit/pattern.hpp"
#include "audit/vendors.hpp"
#include "base/check.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <optional>
#include <set>

namespace viaduct::audit {
namespace {

/// What is wrong, with the place: thrown by nothing, handed up by everything.
struct Wrong {
  std::string what;
  toml::source_position at{};
};

/// Reads members of one table, and remembers which: what nobody asked for is a mistake of whoever wrote it.
class Members {
 public:
  Members(const toml::table& table, std::optional<Wrong>& wrong) : table_(table), wrong_(wrong) {}

  [[nodiscard]] std::string text(Bytes key, bool needed = true) {
    const toml::node* const node = take(key, needed);
    if (node == nullptr) return {};
    if (!node->is_string()) fail(*node, key, "must be a string");
    return node->value_or(std::string());
  }
  [[nodiscard]] std::int64_t number(Bytes key, std::int64_t otherwise) {
    const toml::node* const node = take(key, false);
    if (node == nullptr) return otherwise;
    if (!node->is_integer()) fail(*node, key, "must be a whole number");
    return node->value_or(otherwise);
  }
  [[nodiscard]] double share(Bytes key) {
    const toml::node* const node = take(key, true);
    if (node == nullptr) return 0;
    const double value = node->value_or(-1.0);
    if (!(value > 0 && value <= 1)) fail(*node, key, "must be above 0 and at most 1");
    return value;
  }
  [[nodiscard]] bool flag(Bytes key) {
    const toml::node* const node = take(key, false);
    if (node != nullptr && !node->is_boolean()) fail(*node, key, "must be true or false");
    return node != nullptr && node->value_or(false);
  }
  [[nodiscard]] std::vector<std::string> texts(Bytes key, bool needed = false) {
    std::vector<std::string> texts;
    for (const toml::node& value : list(key, needed)) {
      if (!value.is_string()) fail(value, key, "must be a list of strings");
      texts.push_back(value.value_or(std::string()));
    }
    return texts;
  }
  /// Index of the text among `names`.
  template <std::size_t N>
  [[nodiscard]] std::size_t one_of(Bytes key, const std::array<Bytes, N>& names) {
    const std::string said = text(key);
    const auto at = std::ranges::find(names, Bytes(said));
    if (at != names.end()) return static_cast<std::size_t>(at - names.begin());
    if (const toml::node* const node = table_.get(key); node != nullptr) fail(*node, key, "has no such value: " + said);
    return 0;
  }
  /// Members that no document backs.
  [[nodiscard]] std::vector<Member> members(Bytes key) {
    std::vector<Member> members;
    for (const toml::node& value : list(key, true)) {
      std::size_t index = 0;
      const std::string said = value.value_or(std::string());
      while (index < static_cast<std::size_t>(Member::last) && name(static_cast<Member>(index)) != said) ++index;
      if (index == static_cast<std::size_t>(Member::last))
        return fail(value, key, "has no such member: " + said), members;
      members.push_back(static_cast<Member>(index));
    }
    return members;
  }
  /// Texts each of which is one of `known`.
  [[nodiscard]] std::vector<std::string> texts_among(Bytes key, const std::set<std::string>& known) {
    std::vector<std::string> texts;
    for (const toml::node& value : list(key, false)) {
      texts.push_back(value.value_or(std::string()));
      if (!known.contains(texts.back())) fail(value, key, "has no such command: " + texts.back());
    }
    return texts;
  }
  /// A pattern that RE2 takes.
  [[nodiscard]] std::string pattern(Bytes key, bool needed = true) {
    std::string said = text(key, needed);
    const std::string bad = pattern_error(said);
    if (!bad.empty()) fail(*table_.get(key), key, bad);
    return said;
  }
  template <class T, class Read>
  [[nodiscard]] std::vector<T> tables(Bytes key, const Read& read) {
    std::vector<T> all;
    for (const toml::node& value : list(key, false)) {
      if (const toml::table* const table = value.as_table(); table != nullptr)
        all.push_back(inner(*table, read));
      else
        fail(value, key, "must be a list of tables");
    }
    return all;
  }
  template <class Read>
  void table(Bytes key, const Read& read) {
    const toml::node* const node = take(key, true);
    if (node == nullptr) return;
    if (const toml::table* const table = node->as_table(); table != nullptr)
      inner(*table, read);
    else
      fail(*node, key, "must be a table");
  }
  /// To be called last.
  void no_others() {
    for (const auto& [key, node] : table_)
      if (!seen_.contains(std::string(key.str()))) fail(node, key.str(), "is not known here");
  }

 private:
  template <class Read>
  auto inner(const toml::table& table, const Read& read) {
    Members members(table, wrong_);
    if constexpr (std::is_void_v<decltype(read(members))>) {
      read(members);
      members.no_others();
    } else {
      auto value = read(members);
      members.no_others();
      return value;
    }
  }
  [[nodiscard]] const toml::node* take(Bytes key, bool needed) {
    seen_.emplace(key);
    const toml::node* const node = table_.get(key);
    if (node == nullptr && needed) fail(table_, key, "is missing");
    return node;
  }
  [[nodiscard]] const toml::array& list(Bytes key, bool needed) {
    static const toml::array none;
    const toml::node* const node = take(key, needed);
    if (node == nullptr) return none;
    if (const toml::array* const array = node->as_array(); array != nullptr) return *array;
    fail(*node, key, "must be a list");
    return none;
  }
  void fail(const toml::node& node, Bytes key, Bytes why) {
    if (!wrong_) wrong_ = Wrong{.what = "'" + std::string(key) + "' " + std::string(why), .at = node.source().begin};
  }

  const toml::table& table_;
  std::optional<Wrong>& wrong_;
  std::set<std::string> seen_;
};

constexpr std::array<Bytes, 4> kDetectionKinds{"regex", "absence", "runtime", "none"};
constexpr std::array<Bytes, 3> kMeanings{"disabled", "enabled", "unknown"};
constexpr std::array<State, 3> kMeant{State::off, State::on, State::unknown};
constexpr std::array<Bytes, 5> kUnits{"s", "min", "h:mm:ss", "routeros-time", "profile"};
constexpr std::array<Bytes, 4> kStates{"on", "off", "varies", "unknown"};
constexpr std::array<Bytes, 8> kKinds{"cli", "xml", "json", "uci", "nvram", "shell", "text", "gui-only"};
constexpr std::array<Bytes, 3> kConfidences{"high", "medium", "low"};

Detection read_detection(Members& members) {
  Detection detection;
  detection.kind = static_cast<Detection::Kind>(members.one_of("kind", kDetectionKinds));
  detection.pattern = Pattern(members.pattern("pattern", detection.kind != Detection::Kind::none));
  detection.when = Pattern(members.pattern("when", false));
  detection.means = kMeant[members.one_of("means", kMeanings)];
  detection.notes = members.text("notes", false);
  return detection;
}

void read_udp_timeout(Members& members, Product::UdpTimeout& timeout) {
  timeout.standard = members.number("default_s", Timer::kUnknown);
  timeout.unreplied = members.number("unreplied_s", Timer::kUnknown);
  timeout.assured = members.number("assured_s", Timer::kUnknown);
  timeout.sip = members.number("sip_default_s", Timer::kUnknown);
  timeout.sip_media = members.number("sip_media_default_s", Timer::kUnknown);
  timeout.most = members.number("max_s", Timer::kUnknown);
  timeout.fixed = members.flag("fixed");
  timeout.parse = members.tables<TimerPattern>("parse", [](Members& pattern) {
    return TimerPattern{.pattern = Pattern(pattern.pattern("pattern")),
                        .unit = static_cast<TimerPattern::Unit>(pattern.one_of("unit", kUnits))};
  });
  timeout.show = members.texts("show");
  timeout.set = members.texts("set");
  timeout.related_set = members.texts("related_set");
  timeout.revert = members.texts("revert");
  timeout.notes = members.text("notes", false);
}

void read_commands(Members& members, Product& product) {
  if (std::string comment = members.text("comment", false); !comment.empty()) product.comment = std::move(comment);
  product.backup_commands = members.texts("backup_commands");
  product.disable_commands = members.texts("disable_commands", true);
  product.disable_else = members.tables<Product::DisableElse>("disable_else", [](Members& entry) {
    return Product::DisableElse{.when = entry.text("when"), .commands = entry.texts("commands", true)};
  });
  product.enable_commands = members.texts("enable_commands", true);
  product.related_disable = members.texts("related_disable");
  product.show_commands = members.texts("show_commands", true);
  product.verify = members.texts("verify", true);
  product.gui_path = members.text("gui_path");
  product.caveats = members.texts("caveats");
  members.table("qos", [&](Members& qos) {
    product.qos_notes = qos.text("notes");
    product.qos_commands = qos.texts("commands", true);
  });
  members.table("apply", [&](Members& apply) {
    product.restart_needed = apply.flag("restart_needed");
    product.clear_sessions = apply.texts("clear_sessions", true);
    product.apply_notes = apply.text("notes", false);
  });
}

[[nodiscard]] std::set<std::string> commands_of(const Product& product) {
  std::set<std::string> all;
  for (const std::vector<std::string>* commands :
       {&product.backup_commands, &product.disable_commands, &product.enable_commands, &product.show_commands,
        &product.verify, &product.clear_sessions, &product.udp_timeout.show, &product.udp_timeout.set,
        &product.udp_timeout.related_set})
    all.insert(commands->begin(), commands->end());
  return all;
}

Product read_product(Members& members) {
  Product product;
  product.id = members.text("id");
  product.vendor = members.text("vendor");
  product.family = members.text("family");
  product.versions = members.text("versions");
  product.aliases = members.texts("aliases", true);
  product.alg_families = members.texts("alg_families");
  product.feature_names = members.texts("feature_names", true);
  product.default_state = kStates[members.one_of("default_state", kStates)];
  product.default_ports = members.texts("default_ports", true);
  product.config_kind = kKinds[members.one_of("config_kind", kKinds)];
  product.reader = members.text("reader", false);
  product.recognise = members.tables<Recognition>("recognise", [](Members& entry) {
    return Recognition{.pattern = entry.pattern("pattern"), .weight = entry.share("weight")};
  });
  product.detect = members.tables<Detection>("detect", read_detection);
  product.unverified = members.members("unverified");
  product.unverified_notes = members.texts("unverified_notes");
  product.sources = members.texts("sources", true);
  product.confidence = kConfidences[members.one_of("confidence", kConfidences)];
  members.table("udp_timeout", [&](Members& timeout) { read_udp_timeout(timeout, product.udp_timeout); });
  read_commands(members, product);
  product.by_hand = members.texts_among("by_hand", commands_of(product));
  product.unverified_commands = members.texts_among("unverified_commands", commands_of(product));
  return product;
}

[[nodiscard]] std::unexpected<std::string> at(Bytes file, const toml::source_position& place, Bytes what) {
  return std::unexpected(std::string(file) + ":" + std::to_string(place.line) + ": " + std::string(what));
}

}  // namespace

std::expected<void, std::string> Catalogue::add(Bytes toml, Bytes file) {
  toml::table document;
  try {
    document = toml::parse(toml);
  } catch (const toml::parse_error& error) {
    return at(file, error.source().begin, error.description());
  }
  std::optional<Wrong> wrong;
  Members members(document, wrong);
  std::vector<Product> read = members.tables<Product>("product", read_product);
  members.no_others();
  if (wrong) return at(file, wrong->at, wrong->what);
  for (Product& product : read) {
    const auto known = std::ranges::find(products_, product.id, &Product::id);
    if (known == products_.end())
      products_.push_back(std::move(product));
    else
      *known = std::move(product);
  }
  return {};
}

Catalogue Catalogue::built_in() {
  Catalogue catalogue;
  for (const VendorFile& file : vendor_files()) {
    const std::expected<void, std::string> added = catalogue.add(file.toml, file.name);
    VIADUCT_CHECK(added.has_value());  // a test reads each file, so that this cannot be met by a user
  }
  return catalogue;
}

const Product* Catalogue::find(Bytes id) const {
  const auto at = std::ranges::find(products_, id, &Product::id);
  return at == products_.end() ? nullptr : &*at;
}

}  // namespace viaduct::audit
