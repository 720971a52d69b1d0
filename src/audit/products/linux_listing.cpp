// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/products/linux.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <utility>

namespace viaduct::audit::products {
namespace {

[[nodiscard]] std::vector<Bytes> split(Bytes line) {
  std::vector<Bytes> words;
  while (!line.empty()) {
    const std::size_t end = std::min(line.find_first_of(" \t"), line.size());
    if (end > 0) words.push_back(line.substr(0, end));
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  return words;
}

/// Which columns `iptables -L` prints, by their heads; where one is missing, no word stands in a line for it.
struct Columns {
  std::size_t target = 0;
  bool interfaces = false;
};

/// "raw" of `iptables -t raw -vnL`.
[[nodiscard]] Bytes table_of(Bytes title) {
  const std::size_t at = title.find("-t ");
  const Bytes rest = at == Bytes::npos ? Bytes("filter") : title.substr(at + 3);
  return rest.substr(0, rest.find(' '));
}

class Listing {
 public:
  /// A line of a listing as iptables-save would print it; one that is in that form already stays as it is.
  [[nodiscard]] std::string line(Bytes line) {
    const std::vector<Bytes> words = split(line);
    if (words.size() > 2 && words[0] == "Chain" && words[2].starts_with('(')) {
      chain_ = words[1];
      const bool policy = words[2] == "(policy" && words.size() > 3;
      const Bytes named = policy ? words[3].substr(0, words[3].find(')')) : Bytes("-");
      return ":" + chain_ + " " + std::string(named) + " [0:0]";
    }
    if (words.size() > 2 && words[0] == "-P")
      return ":" + std::string(words[1]) + " " + std::string(words[2]) + " [0:0]";
    if (words.size() == 2 && words[0] == "-N") return ":" + std::string(words[1]) + " - [0:0]";
    const auto head = std::ranges::find(words, Bytes("target"));
    if (head != words.end() && std::ranges::find(words, Bytes("prot")) != words.end()) {
      columns_ = {.target = static_cast<std::size_t>(head - words.begin()),
                  .interfaces = std::ranges::find(words, Bytes("in")) != words.end()};
      return {};
    }
    return chain_.empty() ? std::string(line) : rule(words);
  }

 private:
  [[nodiscard]] std::string rule(const std::vector<Bytes>& words) const {
    const std::size_t fixed = columns_.target + (columns_.interfaces ? 7 : 5);
    if (words.size() < fixed) return {};
    std::size_t at = columns_.target;
    const Bytes target = words[at++];
    std::string match = "-A " + chain_;
    const auto add = [&match](const char* option, Bytes value, Bytes any) {
      if (value != any && value != "--" && value != "anywhere" && value != "::/0")
        match += " " + std::string(option) + " " + std::string(value);
    };
    const Bytes protocol = words[at++];
    if (protocol != "0") add("-p", protocol == "17" ? "udp" : protocol == "6" ? "tcp" : protocol, "all");
    ++at;  // opt
    if (columns_.interfaces) add("-i", words[at++], "*");
    if (columns_.interfaces) add("-o", words[at++], "*");
    add("-s", words[at++], "0.0.0.0/0");
    add("-d", words[at++], "0.0.0.0/0");
    std::string action = " -j " + std::string(target);
    for (; at < words.size(); ++at) rest(words, at, match, action);
    return match + action;
  }
  /// What an extension prints: the match "udp dpt:5060", the target "CT helper sip".
  static void rest(const std::vector<Bytes>& words, std::size_t& at, std::string& match, std::string& action) {
    const Bytes word = words[at];
    const Bytes next = at + 1 < words.size() ? words[at + 1] : Bytes();
    if (word == "/*") {
      while (at < words.size() && words[at] != "*/") ++at;
    } else if (word.starts_with("dpt:") || word.starts_with("dpts:")) {
      match += " --dport " + std::string(word.substr(word.find(':') + 1));
    } else if (word == "dports") {
      match += " --dports " + std::string(next);
      ++at;
    } else if (word == "[goto]") {
      action.replace(0, 3, " -g");
    } else if (word == "helper" && action.starts_with(" -j CT")) {
      action += " --helper " + std::string(next);
      ++at;
    } else if (word == "notrack") {
      action += " --notrack";
    } else if (word != "udp" && word != "tcp" && word != "multiport" && word != "CT") {
      match += " -m " + std::string(word) + " --as-listed";  // it asks for more than is read here
    }
  }

  std::string chain_;
  Columns columns_;
};

}  // namespace

Text iptables_text(const Text& part, Bytes title) {
  const bool lists = title.find("tables ") != Bytes::npos && title.find("-save") == Bytes::npos;
  const bool chains = std::ranges::any_of(
      part.numbers(), [&](std::uint32_t number) { return part.line(number).starts_with("Chain "); });
  if (!lists && !chains) return part;
  std::string lines;
  Listing listing;
  bool begun = false;
  for (const std::uint32_t number : part.numbers()) {
    const bool blank = part.line(number).find_first_not_of(" \t") == Bytes::npos;
    // The table is told by the command, a line before the first one.
    const bool next = number < part.last() && part.line(number + 1).find_first_not_of(" \t") != Bytes::npos;
    if (!begun && blank && next) {
      begun = true;
      lines += "*" + std::string(table_of(title));
    } else {
      lines += listing.line(part.line(number));
    }
    lines += '\n';
  }
  if (begun) lines += "COMMIT\n";
  return Text::read(part.name(), std::move(lines));
}

}  // namespace viaduct::audit::products
