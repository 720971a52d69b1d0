// SPDX-License-Identifier: GPL-2.0-or-later
#include "call_case.hpp"

#include "call/facts.hpp"
#include "call/ladder.hpp"
#include "call/signalling.hpp"
#include "support/packet_text.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>

namespace viaduct::cases {
namespace {

using call::Time;

constexpr base::Bytes kReport = "report\n";

std::vector<std::string> words_of(const std::string& line) {
  std::istringstream stream(line);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

/// "1.5s" behind the begin of all cases.
Time time_of(const std::string& word) {
  return Time(base::Duration(std::llround(std::strtod(word.c_str(), nullptr) * 1e9)));
}

/// Everything before the line `report`.
std::string input_of(const std::string& text) {
  if (text.starts_with(kReport)) return "";
  const std::size_t at = text.find("\n" + std::string(kReport));
  return at == std::string::npos ? text : text.substr(0, at + 1);
}

bool read_hop(const std::vector<std::string>& words, std::size_t at, call::Sighting& sighting) {
  if (at + 2 >= words.size() || words[at + 1] != ">") return false;
  const auto source = net::parse_endpoint(words[at]);
  const auto destination = net::parse_endpoint(words[at + 2]);
  if (!source || !destination) return false;
  sighting.source = *source;
  sighting.destination = *destination;
  return true;
}

bool read_options(const std::vector<std::string>& words, std::size_t at, CaseSighting& seen, std::size_t& cut) {
  for (; at < words.size(); ++at) {
    if (words[at] == "tcp") {
      seen.sighting.transport = sip::Transport::tcp;
      continue;
    }
    if (at + 1 >= words.size()) return false;
    const unsigned long value = std::strtoul(words[at + 1].c_str(), nullptr, 10);
    if (words[at] == "point")
      seen.sighting.point = static_cast<call::Point>(value);
    else if (words[at] == "file")
      seen.sighting.frame.file = value & 0xffff;
    else if (words[at] == "cut")
      cut = value;
    else
      return false;
    ++at;
  }
  return true;
}

class CaseReader {
 public:
  std::expected<std::vector<CaseSighting>, std::string> read(const std::string& text) {
    std::istringstream lines(input_of(text));
    for (std::string line; std::getline(lines, line);)
      if (!take(line)) return std::unexpected("cannot read: " + line);
    end_message();
    return std::move(seen_);
  }

 private:
  bool take(const std::string& line) {
    if (line.starts_with("| ") || line == "|") {
      if (seen_.empty()) return false;
      return decode_line(base::Bytes(line).substr(std::min<std::size_t>(2, line.size())), seen_.back().octets);
    }
    end_message();
    if (line.empty() || line[0] == '#' || line.starts_with("where ")) return true;
    const std::vector<std::string> words = words_of(line);
    if (words.size() < 4 || words[0] != "at") return false;
    return words[2] == "again" ? again(words) : begin(words);
  }
  bool begin(const std::vector<std::string>& words) {
    CaseSighting& fresh = seen_.emplace_back();
    fresh.sighting.time = time_of(words[1]);
    return read_hop(words, 2, fresh.sighting) && read_options(words, 5, fresh, cut_);
  }
  bool again(const std::vector<std::string>& words) {
    const std::size_t number = std::strtoul(words[3].c_str(), nullptr, 10);
    if (number == 0 || number > seen_.size()) return false;
    seen_.push_back(seen_[number - 1]);
    seen_.back().sighting.time = time_of(words[1]);
    if (words.size() == 4) return true;
    return read_hop(words, 4, seen_.back().sighting) && read_options(words, 7, seen_.back(), cut_);
  }
  void end_message() {
    if (seen_.empty() || finished_ == seen_.size()) return;
    CaseSighting& last = seen_.back();
    last.sighting.length = static_cast<std::uint32_t>(last.octets.size());
    last.octets.resize(last.octets.size() - std::min(cut_, last.octets.size()));
    last.sighting.frame.number = seen_.size() & 0xffffffffffff;
    finished_ = seen_.size();
    cut_ = 0;
  }

  std::vector<CaseSighting> seen_;
  std::size_t finished_ = 0;
  std::size_t cut_ = 0;
};

struct Calls final : call::CallReceiver {
  void finished(call::Call&& call) override { calls.push_back(std::move(call)); }
  std::vector<call::Call> calls;
};

std::string where_text(const std::string& line, const call::MediaIndex& index) {
  const std::vector<std::string> words = words_of(line);
  const auto endpoint = words.size() == 4 ? net::parse_endpoint(words[1]) : std::nullopt;
  if (!endpoint) return line + ": cannot be read\n";
  const call::MediaUse* const use = index.find(0, *endpoint, time_of(words[3]));
  if (use == nullptr) return line + ": nobody\n";
  return line + ": call " + std::to_string(use->call) + " leg " + std::to_string(use->leg) + " " +
         std::string(call::name(use->receiver)) + " m= " + std::to_string(use->line) + (use->rtcp ? " rtcp" : "") +
         (use->candidate ? " candidate" : "") + " " + std::string(call::name(use->agreement)) + "\n";
}

std::string counts_text(const call::Signalling& signalling) {
  const call::Signalling::Counts& counts = signalling.counts();
  std::string text = "counts: messages " + std::to_string(counts.messages);
  if (counts.keep_alives > 0) text += " keep-alives " + std::to_string(counts.keep_alives);
  if (counts.unreadable > 0) text += " unreadable " + std::to_string(counts.unreadable);
  if (counts.damaged > 0) text += " damaged " + std::to_string(counts.damaged);
  if (counts.unassigned > 0) text += " unassigned " + std::to_string(counts.unassigned);
  if (counts.cut > 0) text += " cut " + std::to_string(counts.cut);
  return text + "\n";
}

}  // namespace

std::expected<std::vector<CaseSighting>, std::string> read_sightings(const std::string& text) {
  return CaseReader().read(text);
}

std::expected<std::string, std::string> run_call_case(const std::string& text) {
  const auto seen = read_sightings(text);
  if (!seen) return std::unexpected(seen.error());
  Calls calls;
  call::Signalling signalling(calls);
  for (const CaseSighting& sighting : *seen) signalling.add(sighting.of());
  signalling.finish();
  std::ranges::sort(calls.calls, {}, &call::Call::number);
  std::string out = input_of(text) + std::string(kReport);
  for (const call::Call& call : calls.calls) out += "\n" + facts(call, Time{}) + ladder(call, Time{});
  for (const auto& [key, registration] : signalling.registrations()) out += "\n" + facts(registration, Time{});
  for (const auto& [key, subscription] : signalling.subscriptions()) out += "\n" + facts(subscription, Time{});
  out += "\n" + counts_text(signalling);
  std::istringstream lines(input_of(text));
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with("where ")) out += where_text(line, signalling.media());
  return out;
}

}  // namespace viaduct::cases
