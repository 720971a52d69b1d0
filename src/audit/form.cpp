// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/form.hpp"

#include "audit/pattern.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace viaduct::audit {
namespace {

/// How the text of one whole device looks to a reader. Expressions of lines.
struct Form {
  Bytes reader;
  Pattern whole{};    ///< what stands in each whole configuration, at its end if possible
  Bytes missing{};    ///< said where it does not
  bool ends = false;  ///< `whole` is its last line: another configuration may follow
  Pattern begins{};   ///< its first line
  Pattern once{};     ///< what stands in one configuration once, each by its group 1
  Pattern joined{};   ///< what stands where one ends and another begins
  Pattern named{};    ///< where its name stands: group 1
};

constexpr Bytes kNoEnd =
    "the line with which this product ends a whole configuration is not there: the text is a part of one, or was cut";

[[nodiscard]] Form with_end(Bytes reader, const char* end, const char* once, const char* named) {
  return {.reader = reader,
          .whole = Pattern(end),
          .missing = kNoEnd,
          .ends = true,
          .once = Pattern(once),
          .named = Pattern(named)};
}

[[nodiscard]] const std::vector<Form>& forms() {
  static const std::vector<Form> known{
#include "audit/forms.def"
  };
  return known;
}

[[nodiscard]] const Form* form_of(const Product& product) {
  const auto form = std::ranges::find(forms(), Bytes(product.reader), &Form::reader);
  return form == forms().end() ? nullptr : &*form;
}

/// Each place where `pattern` fits, at most one a line: the line's offset, and the group.
[[nodiscard]] std::vector<Pattern::Match> all_of(const Pattern& pattern, Bytes octets, std::size_t most) {
  std::vector<Pattern::Match> found;
  for (std::size_t start = 0; start < octets.size() && found.size() < most;) {
    const std::optional<Pattern::Match> match = pattern.find(octets.substr(start));
    if (!match) break;
    found.push_back({.offset = start + match->offset, .group = match->group});
    const Bytes last = match->group.empty() ? octets.substr(start + match->offset, 0) : match->group;
    const std::size_t end = octets.find('\n', static_cast<std::size_t>(last.data() + last.size() - octets.data()));
    if (end == Bytes::npos) break;
    start = end + 1;
  }
  return found;
}

constexpr std::size_t kMostMatches = 4096;  ///< lines that are looked at
constexpr std::size_t kMostDevices = 64;    ///< of one text; more are no devices

/// Lines with which a device begins, behind the first one.
[[nodiscard]] std::vector<std::uint32_t> bounds(const Text& text, const Form& form) {
  std::vector<std::uint32_t> lines;
  const Bytes octets = text.octets();
  if (!form.ends) {
    for (const Pattern::Match& head : all_of(form.begins, octets, kMostDevices + 1))
      lines.push_back(text.line_of(head.offset));
    if (!lines.empty()) lines.erase(lines.begin());
    return lines;
  }
  const std::vector<Pattern::Match> marks = all_of(form.whole, octets, kMostDevices + 1);
  for (std::size_t i = 0; i < marks.size(); ++i) {
    const std::size_t begin = std::min(octets.find('\n', marks[i].offset), octets.size() - 1) + 1;
    const std::size_t end = i + 1 < marks.size() ? marks[i + 1].offset : octets.size();
    const Bytes between = octets.substr(begin, end - std::min(begin, end));
    if (form.named.find(between) || form.once.find(between)) lines.push_back(text.line_of(begin));
  }
  return lines;
}

/// What was asked behind a prompt, by a host of a name: `r1#show run`, `FGT (root) # show`, `root@gw:~# uci show`,
/// `[admin@mt] > /export`, `[admin@mt] /ip firewall> print`.
constexpr Bytes kPrompt = R"(^\[?(?:[\w.-]+@)?([A-Za-z][\w./-]*)(?:\][ ]?(?:/[\w/ -]*)?|:[\w~/.-]*|[ ]?\([\w -]+\))?)"
                          R"((?:[>#$%]|[ ][#$])[ ]?)"
                          R"((?:show?|display|get|cat|more|uci|nvram|nft|iptables|sysctl|export|print|/[a-z]+)\b)";
/// How devices are called that nobody named yet; a session in which they get a name is one of one device.
constexpr auto kFactory = std::to_array<Bytes>({"Router", "Switch", "ciscoasa", "pixfirewall", "Huawei", "HUAWEI",
                                                "USG", "H3C", "vyos", "ubnt", "OpenWrt", "console", "MikroTik"});

/// The different names in a text, those of the configuration and those of prompts each for themselves.
[[nodiscard]] std::set<Bytes> names_in(const Text& text, const Pattern& pattern) {
  std::set<Bytes> names;
  for (const Pattern::Match& match : all_of(pattern, text.octets(), kMostMatches))
    if (std::ranges::find(kFactory, match.group) == kFactory.end()) names.insert(match.group);
  return names;
}

[[nodiscard]] std::string joined(const std::set<Bytes>& names) {
  constexpr std::size_t kShown = 4;
  std::string list;
  std::size_t count = 0;
  for (const Bytes name : names)
    if (count++ < kShown) list += (list.empty() ? "" : ", ") + std::string(name.substr(0, 64));
  return list + (count > kShown ? " and " + std::to_string(count - kShown) + " more" : "");
}

constexpr Bytes kAdvice = "; put each into a file of its own";

/// Why it holds more than one device; empty if it does not, as far as can be seen.
[[nodiscard]] std::string several(const Text& text, const Form& form) {
  if (const std::set<Bytes> names = names_in(text, form.named); names.size() > 1)
    return "the text names more than one device (" + joined(names) + ")" + std::string(kAdvice);
  static const Pattern prompt{std::string(kPrompt)};
  if (const std::set<Bytes> prompts = names_in(text, prompt); prompts.size() > 1)
    return "the prompts in the text are of more than one device (" + joined(prompts) + ")" + std::string(kAdvice);
  std::uint32_t second = 0;
  if (const std::vector<std::uint32_t> lines = bounds(text, form); !lines.empty()) second = lines.front();
  std::set<Bytes> seen;
  for (const Pattern::Match& match : all_of(form.once, text.octets(), kMostMatches))
    if (!seen.insert(match.group).second && second == 0) second = text.line_of(match.offset);
  if (const std::optional<Pattern::Match> seam = form.joined.find(text.octets()); seam && second == 0)
    second = text.line_of(seam->offset) + 1;
  if (second != 0) return "a second configuration begins at line " + std::to_string(second) + std::string(kAdvice);
  return {};
}

/// Blocks whose lines all stand at the beginning: a mail, a wiki or a ticket took the blanks away.
[[nodiscard]] bool lost_blanks(const Text& text) {
  static const Pattern block{
      R"(^(?:interface \S+[ \t]*$|(?:policy-map|class-map|zone-pair|line vty|firewall zone|object network) \S))"};
  static const Pattern deeper{R"(^[ \t]+\S)"};
  return block.find(text.octets()) && !deeper.find(text.octets());
}

/// Nothing that is typed for one of several devices is right for another.
void disown(Device& device) {
  device.several = true;
  device.hostname.clear();
  for (Feature& feature : device.features) feature.edit = {};
  for (Timer& timer : device.timers) timer.edit = {};
  device.last = {};
}

}  // namespace

void doubt(const Text& text, const Product& product, const std::vector<const Product*>& others, Device& device) {
  std::vector<std::string>& problems = device.problems;
  problems.insert(problems.end(), text.doubts().begin(), text.doubts().end());
  if (!others.empty()) {
    std::string titles = product.title();
    for (const Product* const other : others) titles += ", " + other->title();
    problems.push_back("the text is of more than one product (" + titles + ")" + std::string(kAdvice));
    disown(device);
  }
  if (const Form* const form = form_of(product); form != nullptr) {
    if (std::string why = several(text, *form); !why.empty()) {
      problems.push_back(std::move(why));
      disown(device);
    }
    if (!form->whole.empty() && !form->whole.find(text.octets())) problems.emplace_back(form->missing);
    if (form->ends && lost_blanks(text))
      problems.emplace_back(
          "no line stands in: the blanks at the beginning of lines are lost, and with them what belongs to what");
  }
  if (problems.empty() || device.sip != State::off) return;
  device.sip = State::unknown;
  for (Feature& feature : device.features) {
    if (feature.state != State::off) continue;
    feature.state = State::unknown;
    feature.note = feature.name + " is off by this text, which may not be all of one device" +
                   (feature.note.empty() ? "" : "; " + feature.note);
  }
}

std::vector<std::uint32_t> devices_in(const Text& text, const Product& product) {
  const Form* const form = form_of(product);
  std::vector<std::uint32_t> lines = form == nullptr ? std::vector<std::uint32_t>() : bounds(text, *form);
  if (lines.size() >= kMostDevices) lines.clear();
  lines.insert(lines.begin(), text.first());
  return lines;
}

}  // namespace viaduct::audit
