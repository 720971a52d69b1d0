// SPDX-License-Identifier: GPL-2.0-or-later
#include "model.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace viaduct::audit::model {
namespace {

/// "firewall.@zone[0].helper": what stands between the dots.
struct Place {
  std::string package;
  std::string section;
  std::string option;
};

[[nodiscard]] Place place_of(const std::string& path) {
  const std::size_t first = path.find('.');
  const std::size_t second = path.find('.', first + 1);
  return {.package = path.substr(0, first),
          .section = path.substr(first + 1, second - first - 1),
          .option = path.substr(second + 1)};
}

/// Both ways to print it, which differ in how a section begins and how an option is written.
class Device {
 public:
  explicit Device(Lines lines) : lines_(std::move(lines)) {
    shown_ =
        std::ranges::any_of(lines_, [](const std::string& line) { return trimmed(line).starts_with("firewall."); });
  }

  void type(const std::string& command) {
    const Lines words = words_of(command);
    if (words[0] == "opkg") return package(words.at(2), words.at(1) == "install");
    if (words[0] == "rmmod" || words[0] == "modprobe")
      return modules({words.begin() + 1, words.end()}, words[0] == "modprobe");
    if (words[0] != "uci" || words[1] == "commit") {
      EXPECT_TRUE(words[0] == "uci" || words[0] == "/etc/init.d/firewall") << command;
      return;
    }
    const std::size_t equals = words[2].find('=');
    place_ = place_of(words[2].substr(0, equals));
    ASSERT_EQ(place_.package, "firewall");
    const std::string value = equals == std::string::npos ? std::string() : words[2].substr(equals + 1);
    find();
    if (words[1] == "set")
      put({value}, false);
    else if (words[1] == "delete")
      put({}, false);
    else
      list(words[1] == "add_list", value);
  }
  [[nodiscard]] Lines take() { return std::move(lines_); }

 private:
  /// Behind the line that asked for what holds the word.
  void answer(std::string_view question, std::string line) {
    const auto at =
        std::ranges::find_if(lines_, [&](const std::string& said) { return said.find(question) != std::string::npos; });
    if (at != lines_.end()) lines_.insert(at + 1, std::move(line));
  }
  void package(const std::string& name, bool install) {
    std::erase_if(lines_, [&](const std::string& line) { return line.starts_with(name + " - "); });
    if (install) answer("opkg list-installed", name + " - 1");
  }
  void modules(const Lines& names, bool load) {
    for (const std::string& name : names) {
      std::erase_if(lines_, [&](const std::string& line) { return line.starts_with(name + " "); });
      if (load) answer("# lsmod", name + " 1 0");
    }
  }
  /// Sets `first_` and `last_`, the lines of the section.
  void find() {
    if (shown_) {
      const std::string begin = "firewall." + place_.section;
      first_ = 0;
      while (first_ < lines_.size() && !trimmed(lines_[first_]).starts_with(begin + "=")) ++first_;
      ASSERT_LT(first_, lines_.size()) << "there is no " << begin;
      last_ = ++first_;
      while (last_ < lines_.size() && trimmed(lines_[last_]).starts_with(begin + ".")) ++last_;
      return;
    }
    const std::size_t bracket = place_.section.find('[');
    const bool named = place_.section[0] != '@';
    std::size_t left = named ? 0 : std::stoul(place_.section.substr(bracket + 1));
    const auto begins = [&](const std::string& line) {
      const Lines words = words_of(line);
      if (words.size() < 2 || words[0] != "config") return false;
      if (named) return words.size() > 2 && words[2] == place_.section;
      return words[1] == place_.section.substr(1, bracket - 1) && left-- == 0;
    };
    first_ = static_cast<std::size_t>(std::ranges::find_if(lines_, begins) - lines_.begin());
    ASSERT_LT(first_, lines_.size()) << "there is no " << place_.section;
    last_ = ++first_;
    while (last_ < lines_.size() && of_section(lines_[last_])) ++last_;
  }
  [[nodiscard]] static bool of_section(const std::string& line) {
    const Lines words = words_of(line);
    return !words.empty() && (words[0] == "option" || words[0] == "list" || words[0][0] == '#');
  }

  /// The values of a line, if it is one of the option.
  [[nodiscard]] bool of_option(const std::string& line, Lines& values) const {
    if (shown_) {
      const std::string begin = "firewall." + place_.section + "." + place_.option + "=";
      const std::string_view said = trimmed(line);
      if (!said.starts_with(begin)) return false;
      const Lines more = words_of(said.substr(begin.size()));
      values.insert(values.end(), more.begin(), more.end());
      return true;
    }
    const Lines words = words_of(line);
    if (words.size() < 3 || words[1] != place_.option) return false;
    values.push_back(words[2]);
    return true;
  }
  [[nodiscard]] Lines printed(const Lines& values, bool list) const {
    Lines lines;
    if (shown_ && !values.empty()) {
      lines.push_back("firewall." + place_.section + "." + place_.option + "=");
      for (const std::string& value : values) lines.back() += (&value == values.data() ? "'" : " '") + value + "'";
    }
    if (!shown_)
      for (const std::string& value : values)
        lines.push_back(std::string(list ? "\tlist " : "\toption ") + place_.option + " '" + value + "'");
    return lines;
  }
  [[nodiscard]] Lines values() const {
    Lines values;
    for (std::size_t at = first_; at < last_; ++at) static_cast<void>(of_option(lines_[at], values));
    return values;
  }
  /// Where the option stood, else at the end of the section.
  void put(const Lines& wanted, bool list) {
    if (values() == wanted) return;
    std::size_t where = last_;
    for (std::size_t at = last_; at-- > first_;) {
      Lines ignored;
      if (!of_option(lines_[at], ignored)) continue;
      lines_.erase(lines_.begin() + static_cast<std::ptrdiff_t>(at));
      where = at;
    }
    const Lines lines = printed(wanted, list);
    lines_.insert(lines_.begin() + static_cast<std::ptrdiff_t>(std::min(where, lines_.size())), lines.begin(),
                  lines.end());
  }
  void list(bool add, const std::string& value) {
    Lines wanted = values();
    const bool there = std::ranges::find(wanted, value) != wanted.end();
    if (add) {
      wanted.push_back(value);  // uci adds it a second time, too
    } else if (there) {
      std::erase(wanted, value);
    }
    put(wanted, true);
  }

  Lines lines_;
  bool shown_ = false;
  Place place_;
  std::size_t first_ = 0;
  std::size_t last_ = 0;
};

}  // namespace

Lines uci(const Lines& configuration, const Lines& commands) {
  Device device(configuration);
  for (const std::string& command : commands) device.type(command);
  return device.take();
}

}  // namespace viaduct::audit::model
