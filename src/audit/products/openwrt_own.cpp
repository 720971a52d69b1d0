// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/products/openwrt_own.hpp"

#include "audit/products/linux.hpp"
#include "audit/products/linux_ruleset.hpp"
#include "audit/products/openwrt_run.hpp"
#include "audit/syntax/syntax.hpp"
#include "audit/syntax/words.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace viaduct::audit::products {
namespace {

using Words = std::vector<Bytes>;
using Does = OwnLine::Does;

constexpr Bytes kAssigns = "nf_conntrack_helper";

/// "/etc/firewall.user" of a title.
[[nodiscard]] Bytes file_of(const Section& section) {
  return section.title.substr(std::min(section.title.find('/'), section.title.size()));
}

[[nodiscard]] bool has(const Words& words, std::initializer_list<Bytes> wanted) {
  return std::ranges::any_of(words, [&](Bytes word) { return std::ranges::find(wanted, word) != wanted.end(); });
}

class Reading {
 public:
  Reading(const Text& text, const std::vector<Section>& sections) : text_(text), files_(files_of(sections)) {
    const std::vector<Runs> runs = runs_of(text, sections);
    for (std::size_t i = 0; i < sections.size(); ++i) {
      const Section& section = sections[i];
      const bool file = (section.of("/etc/") || section.of("/root/") || section.of(".sh")) && !section.of("etc/config");
      if (!file && runs[i] == Runs::no && !section.of("firewall.user") && !section.of("sysctl") &&
          !section.of(kAssigns))
        continue;
      runs_ = runs[i];
      file_ = std::string(file ? file_of(section) : section.title);
      if (section.of("nftables.d/") || section.title.ends_with(".nft"))
        take_nft(section);
      else
        take_script(section);
    }
    read_nft();
    std::ranges::stable_sort(lines_, {}, &OwnLine::line);
  }
  [[nodiscard]] std::vector<OwnLine> lines() && { return std::move(lines_); }

 private:
  void say(std::uint32_t line, Does does, std::string ports = {}, std::string note = {}) {
    lines_.push_back({.file = file_, .line = line, .does = does, .ports = std::move(ports), .note = std::move(note)});
  }
  /// One line of what nft reads, which stands at `line` of the text.
  void add_nft(Bytes said, std::uint32_t line) {
    nft_.append(said).append("\n");
    places_.push_back({.line = line, .file = file_});
  }

  /// fw4 reads what stands in /etc/nftables.d inside its own table; a file that opens one is for nft itself.
  void take_nft(const Section& section) {
    bool own = false;
    for (std::uint32_t number = section.first; number <= section.last; ++number) {
      const Bytes line = base::trim(text_.line(number));
      own |= line.starts_with("table ") || line.starts_with("add ");
    }
    if (!own) add_nft("table inet fw4 {", section.first);
    for (std::uint32_t number = section.first; number <= section.last; ++number) add_nft(text_.line(number), number);
    if (!own) add_nft("}", section.last);
  }
  void take_script(const Section& section) {
    // `cat /proc/sys/net/netfilter/nf_conntrack_helper`
    if (section.of(kAssigns) && !section.of("sysctl") && base::trim(text_.line(section.first)) == "1")
      say(section.first, Does::assigns);
    Tree tree;
    syntax::shell(text_, section.first, section.last, tree);
    std::vector<Command> commands;
    for (const Node node : tree.root().children()) {
      const Command& command = commands.emplace_back(command_of(node));
      if (!command.words.empty()) take_command(command.words, node.line());
      for (const Node line : node["<<"].children()) {
        Words said;
        syntax::split(line.word(), line.line(), tree, said);
        take_iptables(said, line.line());
        if (std::ranges::any_of(command.words, is_nft)) add_nft(line.word(), line.line());
      }
    }
    if (runs_ != Runs::no) take_files(std::move(commands));
  }
  [[nodiscard]] static Command command_of(Node node) {
    Command command{.words = {}, .line = node.line()};
    for (const Node word : node.children())
      if (word.word() != "<<" || !word.first()) command.words.push_back(word.word());
    return command;
  }

  void take_command(const Words& words, std::uint32_t line) {
    take_iptables(words, line);
    take_sysctl(words, line);
    take_uci(words, line);
    const auto nft = std::ranges::find_if(words, is_nft);
    std::string said;
    if (nft != words.end())
      for (const Bytes word : Words(nft + 1, words.end())) said += std::string(word) + " ";
    if (!said.empty()) add_nft(without_breaks(said), line);
    const std::array<Bytes, 3> set{"ct", "helper", "set"};
    if (nft == words.end() && !std::ranges::search(words, set).empty())
      say(line, Does::unknown, {}, "what reads this line decides");
    // What another shell is to run, or a variable.
    for (const Bytes word : words)
      if (nft == words.end() && word.find(' ') != Bytes::npos &&
          (word.find("--helper ") != Bytes::npos || word.find("ct helper set ") != Bytes::npos))
        say(line, Does::unknown, {}, "what runs these words decides");
  }
  /// A quoted statement may go over lines, and has one number then.
  [[nodiscard]] static std::string without_breaks(std::string said) {
    std::ranges::replace(said, '\n', ';');
    return said;
  }
  void take_iptables(const Words& words, std::uint32_t line) {
    Words apart;
    for (const Bytes word : words) {
      const std::size_t equals = word.starts_with("--") ? word.find('=') : Bytes::npos;
      apart.push_back(word.substr(0, equals));
      if (equals != Bytes::npos) apart.push_back(word.substr(equals + 1));
    }
    if (has(apart, {"-D", "--delete", "-C", "--check"})) return;
    const auto helper = std::ranges::find(apart, Bytes("--helper"));
    const bool variable = helper != apart.end() && has(apart, {"-j", "--jump"}) &&
                          std::any_of(helper, apart.end(), [](Bytes word) { return word.starts_with('$'); });
    if (sets_helper(apart))
      say(line, Does::sets, ports_of(apart));
    else if (variable)
      say(line, Does::unknown, {}, "a variable says which helper it is");
  }
  /// `sysctl -w net.netfilter.nf_conntrack_helper=1`, the same in sysctl.conf and behind the name of the module, and
  /// `echo 1 > /proc/sys/net/netfilter/nf_conntrack_helper`.
  void take_sysctl(const Words& words, std::uint32_t line) {
    for (std::size_t i = 0; i < words.size(); ++i) {
      const std::size_t at = words[i].find(kAssigns);
      if (at == Bytes::npos) continue;
      Bytes value = words[i].substr(at + kAssigns.size());
      if (value.empty() && i + 1 < words.size() && words[i + 1] == "=" && i + 2 < words.size()) value = words[i + 2];
      if (words[i].find("/proc/") != Bytes::npos) value = words[0] == "echo" && words.size() > 1 ? words[1] : Bytes();
      if (value.starts_with('=')) value.remove_prefix(1);
      if (!value.empty() && value != "0" && value != "N") say(line, Does::assigns);
    }
  }
  /// What a script sets in /etc/config whenever it runs is not what stands there now.
  void take_uci(const Words& words, std::uint32_t line) {
    if (runs_ == Runs::no || words[0] != "uci" || !has(words, {"set", "add_list"})) return;
    for (const Bytes word : words) {
      const std::size_t at = word.find("helper=");
      if (at == Bytes::npos || word.find("firewall.") == Bytes::npos) continue;
      const Bytes value = word.substr(at + Bytes("helper=").size());
      if (value != "0" && value != "'0'") say(line, Does::unknown, {}, "it changes the settings whenever it runs");
    }
  }
  /// `. /etc/sip.sh`, `nft -f /etc/sip.nft`, `cat /etc/sip.rules | iptables-restore`: what is in it is not known where
  /// it is not shown.
  void take_files(std::vector<Command>&& commands) {
    std::set<std::uint32_t> fed;
    std::uint32_t last = 0;
    for (Command& command : commands) {
      if (runs_ == Runs::table && command.line != last) drop_times(command.words);
      if (runs_what_it_reads(command)) fed.insert(command.line);
      last = command.line;
    }
    const std::deque<std::string> kept = put_values(commands, runs_);
    Files named;  // once each: a script of one megabyte may name a long path in each of its lines
    for (const Command& command : commands)
      for (const Bytes path : files_run_by(command, runs_, fed.contains(command.line)))
        if (!files_.contains(path) && named.insert(path).second)
          say(command.line, Does::unknown, {}, "what is in " + std::string(path) + " is not in this text");
  }
  /// The five fields of cron.
  static void drop_times(Words& words) {
    constexpr std::size_t kFields = 5;
    const bool timed = words.size() > kFields && std::all_of(words.begin(), words.begin() + kFields,
                                                             [](Bytes field) { return field.find('/') != 0; });
    if (timed) words.erase(words.begin(), words.begin() + kFields);
  }

  void read_nft() {
    const Text text = Text::read({}, nft_);
    Tree tree;
    syntax::nft(text, tree);
    const Ruleset rules = ruleset_of_nft(tree.root(), text);
    for (const Node file : rules.included) {
      place(file.line());
      if (!files_.contains(file.word()))
        say(line_, Does::unknown, {}, "what is in " + std::string(file.word()) + " is not in this text");
    }
    std::set<std::uint32_t> known;
    for (const Use& use : rules.uses) {
      const auto helper = rules.helpers.find(joined(use.table, use.helper));
      known.insert(use.line);
      place(use.line);
      if (helper == rules.helpers.end())
        say(line_, Does::unknown, {}, "which helper it sets is declared elsewhere");
      else if (helper->second.type == "sip")
        lines_.push_back(
            {.file = file_, .line = line_, .does = Does::sets, .ports = use.ports, .of_fw4 = use.table == "inet fw4"});
    }
    for (const std::uint32_t number : text.numbers()) {
      const Bytes line = base::trim(text.line(number));
      if (line.starts_with('#') || line.find("ct helper set") == Bytes::npos || known.contains(number)) continue;
      place(number);
      say(line_, Does::unknown, {}, "where this rule stands is not known");
    }
  }
  /// Where a line of what nft reads came from.
  void place(std::uint32_t number) {
    const Place& place = places_[std::min<std::size_t>(number, places_.size()) - 1];
    line_ = place.line;
    file_ = place.file;
  }

  struct Place {
    std::uint32_t line = 0;
    std::string file;
  };

  const Text& text_;
  Files files_;
  std::string file_;
  Runs runs_ = Runs::no;  ///< the section that is read now
  std::uint32_t line_ = 0;
  std::string nft_;
  std::vector<Place> places_;
  std::vector<OwnLine> lines_;
};

}  // namespace

std::vector<OwnLine> own_lines_of(const Text& text, const std::vector<Section>& sections) {
  return Reading(text, sections).lines();
}

}  // namespace viaduct::audit::products
