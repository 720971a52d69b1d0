// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/products/junos_status.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace viaduct::audit::products {
namespace {

constexpr Bytes kCommand = "show security alg status";

/// The word behind `key` in a command.
[[nodiscard]] Bytes word_behind(Bytes command, Bytes key) {
  const std::size_t at = command.find(key);
  if (at == Bytes::npos) return {};
  const Bytes rest = command.substr(at + key.size());
  return rest.substr(0, rest.find(' '));
}

/// How long `admin@srx>`, `admin@srx:LS1>`, `admin@srx#` or `srx>` is at the beginning of a line; 0: there is none.
[[nodiscard]] std::size_t prompt_in(Bytes line) {
  const std::size_t end = line.find_first_of(">#%");
  const Bytes before = line.substr(0, std::min(end, line.size()));
  return end == Bytes::npos || before.empty() || before.find(' ') != Bytes::npos ? 0 : end + 1;
}

/// The first word of `rest`, which is taken off.
[[nodiscard]] Bytes next_word(Bytes& rest) {
  const Bytes word = rest.substr(0, rest.find(' '));
  rest = base::trim(rest.substr(word.size()));
  return word;
}

/// Whether a word of a command, which may be cut short or hold an asterisk, may stand for `whole`.
[[nodiscard]] bool may_be(Bytes word, Bytes whole) {
  const std::size_t star = word.find_first_of("*?[");
  return !word.empty() && whole.starts_with(word.substr(0, star));
}

/// Where `edit` went: a level, and the words that lead there.
class Level {
 public:
  /// `edit PATH`, `up`, `up 2`, `top`, `top edit PATH`. What `exit` goes back to is not followed: no level is known.
  void go(Bytes command) {
    Bytes verb = next_word(command);
    const bool top = verb == "top";
    if (top && !command.empty()) verb = next_word(command);
    const bool leaves = verb == "commit" && command.find("and-quit") != Bytes::npos;
    if (leaves || verb == "exit" || verb == "quit" || (top && (verb == "top" || verb == "edit"))) leave();
    if (verb == "up") path_.resize(path_.size() - std::min(path_.size(), steps(command)));
    if (verb == "edit") put(command);
  }
  /// Who comes back to the configuration is at its top: where no level is known, what follows may be at any.
  void leave() { path_.clear(); }
  void show(Bytes rest) {
    leave();
    put(rest);
  }
  /// Whether `rest`, typed here, may name something that holds the statement that switches the ALG off, or is it.
  [[nodiscard]] bool reaches(Bytes rest, bool from_top) const {
    std::vector<Bytes> words;
    if (!from_top) words.assign(path_.begin(), path_.end());
    while (!rest.empty()) words.push_back(next_word(rest));
    const Bytes first = words.empty() ? Bytes() : words.front();
    if (first == "logical-systems" || first == "tenants" || first == "groups" || first == "apply-groups") {
      if (words.size() < 3) return true;
      words.erase(words.begin(), words.begin() + 2);
    }
    // Where no level is known it may be any.
    const std::size_t last = path_.empty() && !from_top ? kStatement.size() : 1;
    for (std::size_t from = 0; from < last; ++from)
      if (leads_on(words, from)) return true;
    return false;
  }

 private:
  static constexpr std::array<Bytes, 4> kStatement{"security", "alg", "sip", "disable"};

  /// Whether the words are those of the statement from `from` on, as far as they go.
  [[nodiscard]] static bool leads_on(const std::vector<Bytes>& words, std::size_t from) {
    for (std::size_t i = 0; i < words.size(); ++i)
      if (from + i >= kStatement.size() || !may_be(words[i], kStatement[from + i])) return false;
    return true;
  }
  [[nodiscard]] static std::size_t steps(Bytes rest) {
    return rest.empty() ? 1 : base::parse_decimal(rest).value_or(1);
  }
  /// No statement is that deep: what goes on without end is not kept.
  void put(Bytes rest) {
    constexpr std::size_t kDeepest = 32;
    while (!rest.empty() && path_.size() < kDeepest) path_.emplace_back(next_word(rest));
  }
  std::vector<std::string> path_;
};

/// Whether a command may switch the ALG on again.
[[nodiscard]] bool undoes(Bytes command, const Level& level) {
  bool top = false;
  Bytes verb = next_word(command);
  for (; verb == "top" || verb == "wildcard"; verb = next_word(command)) top |= verb == "top";
  if (verb == "rollback" || verb == "load") return true;
  return (verb == "delete" || verb == "activate" || verb == "deactivate") && level.reaches(command, top);
}

/// Goes through the text line by line.
class Listener {
 public:
  void line(Bytes line, std::uint32_t number) {
    const std::size_t prompt = prompt_in(line);
    const Bytes typed = base::trim(line.substr(prompt));
    // Outside of the configuration, where `edit` starts at its top again.
    if (prompt != 0 && line[prompt - 1] != '#') level_.leave();
    if (const std::size_t at = line.find(kCommand); at != Bytes::npos)
      return asked(line.substr(0, prompt), line.substr(at));
    if (prompt != 0 || line.find("> ") != Bytes::npos || line.find("# ") != Bytes::npos) answering_ = false;
    // What has no prompt before it may be a configuration; `delete` never is.
    const bool command = prompt != 0 ? line[prompt - 1] == '#' : line.starts_with("delete ");
    if (command && undoes(typed, level_)) changed_ = number;
    if (command) level_.go(typed);
    if (line.starts_with("[edit") && line.ends_with(']')) level_.show(base::trim(line.substr(5, line.size() - 6)));
    if (line.starts_with("node") && line.ends_with(':')) node_ = line.substr(0, line.size() - 1);
    answering_ |= line.starts_with("ALG Status");
    if (!answering_ || !line.starts_with("SIP ")) return;
    const Bytes said = base::trim(line.substr(line.find(':') + 1));
    if (said == "Enabled" || said == "Disabled") systems_[system_][node_] = {.on = said == "Enabled", .line = number};
  }
  [[nodiscard]] JunosAnswers finish() const {
    JunosAnswers answers{.systems = {}, .changed = changed_};
    for (const auto& [system, nodes] : systems_) answers.systems.emplace(system, together(nodes));
    return answers;
  }

 private:
  struct Answer {
    bool on = false;
    std::uint32_t line = 0;
  };
  using Nodes = std::map<std::string, Answer, std::less<>>;

  /// A new question makes the answers to the one before it old ones.
  void asked(Bytes prompt, Bytes command) {
    answering_ = true;
    node_.clear();
    const std::size_t colon = prompt.find(':');
    system_ = colon == Bytes::npos ? Bytes() : prompt.substr(colon + 1, prompt.size() - colon - 2);
    for (const Bytes kind : {Bytes(" logical-system "), Bytes(" tenant ")})
      if (const Bytes name = word_behind(command, kind); !name.empty()) system_ = name;
    const Bytes node = word_behind(command, " node ");
    if (node.empty()) systems_[system_].clear();
    if (!node.empty()) node_ = "node" + std::string(node);
  }

  [[nodiscard]] JunosStatus together(const Nodes& nodes) const {
    JunosStatus status;
    std::size_t on = 0;
    for (const auto& [node, answer] : nodes) {
      if (answer.line < changed_) return {};
      on += answer.on;
      if (answer.on || on == 0) status.line = answer.line;
    }
    if (nodes.empty()) return status;
    status.state = on == 0 ? State::off : on == nodes.size() ? State::on : State::partly;
    if (status.state == State::partly) status.note = "the nodes of the cluster answer differently";
    const std::string& first = nodes.begin()->first;
    if (status.state == State::off && nodes.size() == 1 && !first.empty()) {
      status.state = State::unknown;
      status.note = first + " alone says Disabled, and the other node of the cluster was not asked";
    }
    return status;
  }

  std::map<std::string, Nodes, std::less<>> systems_;
  std::string system_;
  std::string node_;
  bool answering_ = false;
  Level level_;
  std::uint32_t changed_ = 0;
};

}  // namespace

JunosStatus JunosAnswers::of(Bytes system) const {
  const auto at = systems.find(system);
  return at == systems.end() ? JunosStatus{} : at->second;
}

JunosAnswers junos_answers(const Text& text) {
  Listener listener;
  for (const std::uint32_t number : text.numbers()) listener.line(base::trim(text.line(number)), number);
  return listener.finish();
}

}  // namespace viaduct::audit::products
