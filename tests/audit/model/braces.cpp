// SPDX-License-Identifier: GPL-2.0-or-later
#include "model.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace viaduct::audit::model {
namespace {

constexpr std::size_t kNone = static_cast<std::size_t>(-1);

/// Lines `first` to one before `last` stand in a block whose own lines are one before and one behind them.
struct Block {
  std::size_t first = 0;
  std::size_t last = 0;
  std::size_t depth = 0;
};

class Device {
 public:
  /// `end`: of a statement, ";" in Junos, which keeps no empty blocks either.
  Device(Lines lines, std::string end) : lines_(std::move(lines)), end_(std::move(end)) {}

  void type(const std::string& command) {
    Lines path = words_of(command);
    const std::string verb = path[0];
    path.erase(path.begin());
    if (verb == "set")
      set(path);
    else if (verb == "delete")
      remove(path);
    else if (verb == "activate" || verb == "deactivate")
      mark(path, verb == "deactivate");
    else
      EXPECT_TRUE(verb == "configure" || verb == "commit" || verb == "save" || verb == "exit") << command;
  }
  [[nodiscard]] Lines take() { return std::move(lines_); }

 private:
  /// What stands in a line, without what opens or ends it.
  [[nodiscard]] Lines said(std::size_t at) const {
    std::string_view line = trimmed(lines_[at]);
    if (line.starts_with("inactive: ")) line.remove_prefix(10);
    if (!line.empty() && (line.back() == '{' || line.back() == ';')) line.remove_suffix(1);
    return words_of(line);
  }
  [[nodiscard]] bool opens(std::size_t at) const {
    const std::string_view line = trimmed(lines_[at]);
    return line.ends_with('{') && !line.starts_with("/*") && !line.starts_with("//") && !line.starts_with('#');
  }
  /// The line with the brace that closes what opens at `at`.
  [[nodiscard]] std::size_t closes(std::size_t at) const {
    std::size_t depth = 0;
    for (; at < lines_.size(); ++at) {
      depth += opens(at);
      if (trimmed(lines_[at]) == "}" && --depth == 0) return at;
    }
    ADD_FAILURE() << "a brace that nothing closes";
    return lines_.size() - 1;
  }
  /// The line in `block` whose words begin `path`, the rest of which is left in it; the longest of them.
  [[nodiscard]] std::size_t child(const Block& block, const Lines& path, bool blocks) const {
    for (std::size_t at = block.first; at < block.last; at = opens(at) ? closes(at) + 1 : at + 1) {
      const Lines words = said(at);
      if (words.empty() || opens(at) != blocks || words.size() > path.size()) continue;
      if (std::equal(words.begin(), words.end(), path.begin()) && (blocks || words.size() == path.size())) return at;
    }
    return kNone;
  }
  /// Goes down as far as there are blocks, and leaves the rest of the way in `path`.
  [[nodiscard]] Block down(Lines& path, bool whole) const {
    Block block{.first = 0, .last = lines_.size(), .depth = 0};
    while (!path.empty()) {
      const std::size_t at = child(block, path, true);
      if (at == kNone || (!whole && said(at).size() == path.size())) break;
      path.erase(path.begin(), path.begin() + static_cast<std::ptrdiff_t>(said(at).size()));
      block = {.first = at + 1, .last = closes(at), .depth = block.depth + 1};
    }
    return block;
  }
  void set(Lines path) {
    const Lines whole = path;
    const Block block = down(path, true);
    if (path.empty() || child(block, path, false) != kNone) return;
    for (std::size_t at = block.first; at < block.last; at = opens(at) ? closes(at) + 1 : at + 1)
      if (!opens(at) && same_timer(said(at), path, whole)) {
        lines_[at] = std::string(4 * block.depth, ' ') + joined(path) + end_;
        return;
      }
    Lines made;
    const auto indent = [&](std::size_t deeper) { return std::string(4 * (block.depth + deeper), ' '); };
    for (std::size_t level = 0; level + 1 < path.size(); ++level) made.push_back(indent(level) + path[level] + " {");
    made.push_back(indent(path.size() - 1) + path.back() + end_);
    for (std::size_t level = path.size() - 1; level > 0; --level) made.push_back(indent(level - 1) + "}");
    lines_.insert(lines_.begin() + static_cast<std::ptrdiff_t>(block.last), made.begin(), made.end());
  }
  /// A statement or a whole block.
  [[nodiscard]] std::size_t find(Lines path) const {
    const Block block = down(path, false);
    const std::size_t statement = child(block, path, false);
    return statement != kNone ? statement : child(block, path, true);
  }
  void remove(const Lines& path) {
    const std::size_t at = find(path);
    if (at == kNone) return;
    const std::size_t behind = opens(at) ? closes(at) + 1 : at + 1;
    lines_.erase(lines_.begin() + static_cast<std::ptrdiff_t>(at),
                 lines_.begin() + static_cast<std::ptrdiff_t>(behind));
    for (std::size_t head = at; !end_.empty() && head-- > 0 && opens(head) && trimmed(lines_[head + 1]) == "}";)
      lines_.erase(lines_.begin() + static_cast<std::ptrdiff_t>(head),
                   lines_.begin() + static_cast<std::ptrdiff_t>(head + 2));
  }
  void mark(const Lines& path, bool off) {
    const std::size_t at = find(path);
    ASSERT_NE(at, kNone) << "there is no " << joined(path);
    std::string& line = lines_[at];
    const std::size_t begin = line.find_first_not_of(' ');
    const bool marked = line.compare(begin, 10, "inactive: ") == 0;
    if (marked && !off) line.erase(begin, 10);
    if (!marked && off) line.insert(begin, "inactive: ");
  }

  Lines lines_;
  std::string end_;
};

[[nodiscard]] Lines typed(Device device, const Lines& commands) {
  for (const std::string& command : commands) device.type(command);
  return device.take();
}

}  // namespace

Lines vyos_braces(const Lines& configuration, const Lines& commands) {
  return typed(Device(configuration, ""), commands);
}

Lines junos_braces(const Lines& configuration, const Lines& commands) {
  return typed(Device(configuration, ";"), commands);
}

}  // namespace viaduct::audit::model
