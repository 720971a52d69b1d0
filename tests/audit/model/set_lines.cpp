// SPDX-License-Identifier: GPL-2.0-or-later
#include "model.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace viaduct::audit::model {
namespace {

[[nodiscard]] bool below(const Lines& words, const Lines& path) {
  return words.size() > path.size() && std::equal(path.begin(), path.end(), words.begin() + 1);
}

class Device {
 public:
  explicit Device(Lines lines) : lines_(std::move(lines)) {}

  void type(const std::string& command) {
    const Lines words = words_of(command);
    const Lines path(words.begin() + 1, words.end());
    if (words[0] == "set" || words[0] == "deactivate")
      put(words, command);
    else if (words[0] == "delete" || words[0] == "activate")
      erase(path, words[0] == "delete");
    else
      EXPECT_TRUE(words[0] == "configure" || words[0] == "commit" || words[0] == "save" || words[0] == "exit")
          << command;
  }
  [[nodiscard]] Lines take() { return std::move(lines_); }

 private:
  /// `activate` takes a line of `deactivate` away, `delete` each line below the path.
  void erase(const Lines& path, bool all) {
    std::erase_if(lines_, [&](const std::string& line) {
      const Lines words = words_of(line);
      return !words.empty() && (words[0] == "deactivate" || (all && words[0] == "set")) && below(words, path) &&
             (all || words.size() == path.size() + 1);
    });
  }
  void put(const Lines& words, const std::string& command) {
    std::size_t behind = 0;
    for (std::size_t at = 0; at < lines_.size(); ++at) {
      const Lines there = words_of(lines_[at]);
      if (there == words) return;
      if (same_timer(there, words)) {
        lines_[at] = command;
        return;
      }
      // A path of which more is said is there already.
      if (!there.empty() && there[0] == "set" && words[0] == "set" && below(there, {words.begin() + 1, words.end()}))
        return;
      if (!there.empty() && (there[0] == "set" || there[0] == "deactivate")) behind = at + 1;
    }
    lines_.insert(lines_.begin() + static_cast<std::ptrdiff_t>(behind), command);
  }

  Lines lines_;
};

}  // namespace

Lines set_lines(const Lines& configuration, const Lines& commands) {
  Device device(configuration);
  for (const std::string& command : commands) device.type(command);
  return device.take();
}

}  // namespace viaduct::audit::model
