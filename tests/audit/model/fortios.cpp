// SPDX-License-Identifier: GPL-2.0-or-later
#include "model.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <list>

namespace viaduct::audit::model {
namespace {

/// `config` or `edit` with what stands in it. A line is a block without an end; a value in quotes may go over lines.
struct Block {
  std::string head;
  std::list<Block> inside{};
  std::string tail{};  ///< as it is printed: "end"; empty where the end of what is around ends it
  bool block = false;
};

[[nodiscard]] bool opens(const Lines& words) {
  return !words.empty() && (words[0] == "config" || words[0] == "edit");
}

class Device {
 public:
  explicit Device(const Lines& lines) {
    std::vector<Block*> open{&root_};
    std::string held;
    for (const std::string& line : lines) {
      if (!held.empty()) held += '\n';
      held += line;
      if (std::ranges::count(held, '"') % 2 != 0 && !trimmed(held).starts_with('#')) continue;
      read(held, open);
      held.clear();
    }
    EXPECT_TRUE(held.empty()) << "a quote that nothing ends";
  }

  void type(const std::string& command) {
    const Lines words = words_of(command);
    if (opens(words)) {
      enter(words);
    } else if (words[0] == "next" || words[0] == "end") {
      leave(words[0] == "end");
    } else if (words[0] == "set") {
      set(words, command);
    } else if (words[0] == "unset") {
      erase({"set", words.at(1)});
    } else if (words[0] == "delete") {
      erase({"edit", words.at(1)});
    } else {
      ADD_FAILURE() << "no such command: " << command;
    }
  }
  [[nodiscard]] Lines take() const {
    Lines lines;
    for (const Block& block : root_.inside) print(block, lines);
    return lines;
  }

 private:
  static void read(const std::string& line, std::vector<Block*>& open) {
    const Lines words = words_of(line);
    if (!words.empty() && words[0] == "end" && open.back()->head.find("edit ") != std::string::npos && open.size() > 1)
      open.pop_back();
    if (!words.empty() && (words[0] == "end" || words[0] == "next") && open.size() > 1) {
      open.back()->tail = line;
      open.pop_back();
      return;
    }
    open.back()->inside.push_back({.head = line, .block = opens(words)});
    if (opens(words)) open.push_back(&open.back()->inside.back());
  }
  static void print(const Block& block, Lines& lines) {
    for (std::size_t at = 0; at != std::string::npos;) {
      const std::size_t end = block.head.find('\n', at);
      lines.push_back(block.head.substr(at, end - at));
      at = end == std::string::npos ? end : end + 1;
    }
    for (const Block& inner : block.inside) print(inner, lines);
    if (!block.tail.empty()) lines.push_back(block.tail);
  }

  /// All blocks that are entered: a dump has several `config vdom`.
  [[nodiscard]] std::vector<Block*> here() {
    std::vector<Block*> at{&root_};
    for (const Lines& head : path_) {
      std::vector<Block*> found;
      for (Block* const block : at)
        for (Block& inner : block->inside)
          if (inner.block && words_of(inner.head) == head) found.push_back(&inner);
      at = std::move(found);
    }
    return at;
  }
  void enter(const Lines& head) {
    const std::vector<Block*> around = here();
    ASSERT_FALSE(around.empty());
    path_.push_back(head);
    if (!here().empty()) return;
    const std::string indent((path_.size() - 1) * 4, ' ');
    around.back()->inside.push_back(
        {.head = indent + joined(head), .tail = indent + (head[0] == "edit" ? "next" : "end"), .block = true});
  }
  void leave(bool config) {
    if (config && !path_.empty() && path_.back()[0] == "edit") path_.pop_back();
    ASSERT_FALSE(path_.empty()) << "an end too many";
    path_.pop_back();
  }
  void set(const Lines& words, const std::string& command) {
    const std::vector<Block*> blocks = here();
    ASSERT_FALSE(blocks.empty());
    for (Block* const block : blocks)
      for (Block& line : block->inside) {
        const Lines there = words_of(line.head);
        if (there.size() < 2 || there[0] != "set" || there[1] != words.at(1)) continue;
        if (there != words) line.head = line.head.substr(0, line.head.find("set ")) + command;
        return;
      }
    blocks.back()->inside.push_back({.head = std::string(path_.size() * 4, ' ') + command});
  }
  void erase(const Lines& begin) {
    for (Block* const block : here())
      std::erase_if(block->inside, [&](const Block& inner) {
        const Lines words = words_of(inner.head);
        return words.size() > 1 && words[0] == begin[0] && words[1] == begin[1];
      });
  }

  Block root_{.head = "", .block = true};
  std::vector<Lines> path_;
};

}  // namespace

Lines fortios(const Lines& configuration, const Lines& commands) {
  Device device(configuration);
  EXPECT_EQ(device.take(), configuration) << "the model does not print what it read";
  for (const std::string& command : commands) device.type(command);
  return device.take();
}

}  // namespace viaduct::audit::model
