// SPDX-License-Identifier: GPL-2.0-or-later
#include "model.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

namespace viaduct::audit::model {
namespace {

[[nodiscard]] std::size_t indent_of(std::string_view line) {
  return std::min(line.find_first_not_of(' '), line.size());
}

/// What is on where nothing is printed, so that its `no` is.
[[nodiscard]] bool on_by_default(std::string_view command) {
  return (command.starts_with("ip nat service sip ") && command.ends_with(" port 5060")) ||
         command.starts_with("fixup protocol sip");
}

/// PIX prints its fixups whether they are the default or not, IOS does not.
[[nodiscard]] bool printed(std::string_view command) {
  return !on_by_default(command) || command.starts_with("fixup ");
}

/// First and one behind last of the lines that stand under a head; the whole for the level of the device.
struct Range {
  std::size_t first = 0;
  std::size_t last = 0;
  std::size_t indent = 0;
};

class Device {
 public:
  explicit Device(Lines lines) : lines_(std::move(lines)) { leave(); }

  void type(const std::string& command) {
    if (command == "configure terminal" || command == "end" || command == "exit" || command == "write memory")
      leave();
    else if (const bool opens = is_head(command); opens)
      enter(command);
    else if (command.starts_with("no "))
      remove(command.substr(3));
    else
      put(command);
  }
  [[nodiscard]] Lines take() { return std::move(lines_); }

 private:
  [[nodiscard]] static bool is_head(std::string_view command) {
    return std::ranges::any_of(std::array<std::string_view, 4>{"policy-map ", "class-map ", "class ", "parameter-map "},
                               [&](std::string_view head) { return command.starts_with(head); });
  }
  void leave() { path_.clear(); }
  /// A class belongs to a policy, all others to the device.
  void enter(const std::string& head) {
    if (!head.starts_with("class ")) path_.clear();
    if (head.starts_with("class ") && path_.size() > 1) path_.pop_back();
    path_.push_back(head);
  }
  [[nodiscard]] Range place() const {
    Range range{.first = 0, .last = lines_.size(), .indent = 0};
    for (const std::string& head : path_) {
      std::size_t at = range.first;
      while (at < range.last && (indent_of(lines_[at]) != range.indent || trimmed(lines_[at]) != head)) ++at;
      EXPECT_LT(at, range.last) << "there is no " << head;
      std::size_t behind = std::min(at + 1, range.last);
      const std::size_t indent = behind < range.last ? indent_of(lines_[behind]) : range.indent;
      while (behind < range.last && indent_of(lines_[behind]) > range.indent && !trimmed(lines_[behind]).empty())
        ++behind;
      range = {.first = std::min(at + 1, range.last), .last = behind, .indent = std::max(indent, range.indent + 1)};
    }
    return range;
  }
  /// Its line is the command, or begins with it.
  [[nodiscard]] std::size_t find(std::string_view command, bool begins) const {
    const Range range = place();
    for (std::size_t at = range.first; at < range.last; ++at) {
      const std::string_view line = trimmed(lines_[at]);
      if (indent_of(lines_[at]) == range.indent &&
          (line == command || (begins && line.starts_with(std::string(command) + " "))))
        return at;
    }
    return lines_.size();
  }
  bool erase(std::string_view command, bool begins) {
    const std::size_t before = lines_.size();
    for (std::size_t at = find(command, begins); at < lines_.size(); at = find(command, begins))
      lines_.erase(lines_.begin() + static_cast<std::ptrdiff_t>(at));
    return lines_.size() < before;
  }
  void insert(const std::string& command) {
    const Range range = place();
    std::size_t at = range.last;
    if (path_.empty()) {  // before the end that IOS prints, and what follows it
      at = 0;
      while (at < lines_.size() && lines_[at] != "end" && lines_[at] != ": end" &&
             !lines_[at].starts_with("Cryptochecksum"))
        ++at;
    }
    lines_.insert(lines_.begin() + static_cast<std::ptrdiff_t>(at), std::string(range.indent, ' ') + command);
  }
  void remove(const std::string& command) {
    erase(command, true);
    if (on_by_default(command) && find("no " + command, false) == lines_.size()) insert("no " + command);
  }
  void put(const std::string& command) {
    erase("no " + command, false);
    const Range range = place();
    for (std::size_t at = range.first; at < range.last; ++at)
      if (indent_of(lines_[at]) == range.indent && same_timer(words_of(lines_[at]), words_of(command))) {
        lines_[at] = std::string(range.indent, ' ') + command;
        return;
      }
    if (printed(command) && find(command, false) == lines_.size()) insert(command);
  }

  Lines lines_;
  Lines path_;
};

}  // namespace

Lines indented(const Lines& configuration, const Lines& commands) {
  Device device(configuration);
  for (const std::string& command : commands) device.type(command);
  return device.take();
}

}  // namespace viaduct::audit::model
