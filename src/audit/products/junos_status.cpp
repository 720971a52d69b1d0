// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/products/junos_status.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>

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

/// Whether a command may switch the ALG on again. In a level of `edit` the path is short.
[[nodiscard]] bool undoes(Bytes command) {
  constexpr std::array<Bytes, 3> kVerbs{"delete", "activate", "deactivate"};
  const Bytes verb = command.substr(0, command.find(' '));
  if (verb == "rollback" || verb == "load") return true;
  const Bytes path = base::trim(command.substr(verb.size()));
  return std::ranges::find(kVerbs, verb) != kVerbs.end() &&
         (path.find("alg") != Bytes::npos || path.find(' ') == Bytes::npos);
}

/// Goes through the text line by line.
class Listener {
 public:
  void line(Bytes line, std::uint32_t number) {
    const std::size_t prompt = prompt_in(line);
    const Bytes typed = base::trim(line.substr(prompt));
    if (const std::size_t at = line.find(kCommand); at != Bytes::npos)
      return asked(line.substr(0, prompt), line.substr(at));
    if (prompt != 0 || line.find("> ") != Bytes::npos || line.find("# ") != Bytes::npos) answering_ = false;
    // What has no prompt before it may be a configuration; `delete` never is.
    if (prompt != 0 ? line[prompt - 1] == '#' && undoes(typed) : line.starts_with("delete ") && undoes(line))
      changed_ = number;
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
