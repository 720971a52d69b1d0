// SPDX-License-Identifier: GPL-2.0-or-later
#include "outcome.hpp"

#include "message/reading.hpp"
#include "sdp/check.hpp"

#include <algorithm>
#include <fnmatch.h>

namespace viaduct::corpus {
namespace {

void add_once(std::vector<std::string>& codes, std::string_view code) {
  if (std::find(codes.begin(), codes.end(), code) == codes.end()) codes.emplace_back(code);
}

[[nodiscard]] std::string joined(const std::vector<std::string>& codes) {
  std::string text;
  for (const std::string& code : codes) text += (text.empty() ? "" : ", ") + code;
  return text.empty() ? "-" : text;
}

[[nodiscard]] std::string spoken(Asked asked) {
  switch (asked) {
    case Asked::nothing:
      return "-";
    case Asked::accept:
      return "accept";
    case Asked::refuse:
      return "refuse";
    case Asked::either:
      return "either";
    case Asked::parse_only:
      return "parse";
  }
  return "-";
}

[[nodiscard]] std::string verdict(const Outcome& outcome) {
  return outcome.valid ? "valid" : outcome.readable ? "invalid" : "unreadable";
}

struct Page {
  std::string text;
  std::string folder;
  Explanations explanations;

  void add(const Sample& sample, const Outcome& outcome) {
    if (folder != sample.folder) {
      folder = sample.folder;
      text += "\n## " + folder + "\n\n| file | outcome | why | tolerated | source asks | explanation |\n" +
              "|---|---|---|---|---|---|\n";
    }
    const std::string explained = differs(sample, outcome) ? explanations.find(sample, outcome) : "";
    text += "| " + sample.name.substr(folder.size() + 1) + " | " + verdict(outcome) + " | " + joined(outcome.invalid) +
            " | " + joined(outcome.tolerated) + " | " + spoken(sample.asked) + " | " + explained + " |\n";
  }
};

}  // namespace

Outcome outcome_of(const Sample& message) {
  const message::Reading reading = message::read(message.name, message.octets);
  Outcome outcome;
  outcome.readable = reading.message.has_value();
  outcome.valid = reading.valid;
  for (const message::Complaint& complaint : reading.complaints) {
    const std::string code = (complaint.layer == "sdp" ? "sdp " : "") + std::string(complaint.code);
    add_once(complaint.tolerated ? outcome.tolerated : outcome.invalid, code);
  }
  return outcome;
}

Outcome outcome_of_sdp(const Sample& body) {
  Outcome outcome;
  outcome.readable = sdp::parse(body.octets).has_value();
  auto report = [&outcome](const sdp::Complaint& found) {
    const bool tolerated = sdp::severity(found.problem) == sdp::Severity::tolerated;
    add_once(tolerated ? outcome.tolerated : outcome.invalid, sdp::name(found.problem));
  };
  sdp::check(body.octets, base::between(0, body.octets.size()), sdp::sink_of(report));
  outcome.valid = outcome.readable && outcome.invalid.empty();
  return outcome;
}

bool differs(const Sample& sample, const Outcome& outcome) {
  if (sample.asked == Asked::accept || (sample.asked == Asked::nothing && sample.real_traffic)) return !outcome.valid;
  if (sample.asked == Asked::refuse) return outcome.valid;
  return sample.asked == Asked::parse_only && !outcome.readable;
}

Explanations::Explanations() {
  const std::filesystem::path file = std::filesystem::path(VIADUCT_SOURCE_DIR) / "tests/corpus/explanations.tsv";
  for (const Row& row : read_tsv(file)) lines_.push_back({row.at("file"), row.at("code"), row.at("explanation")});
}

std::string Explanations::find(const Sample& sample, const Outcome& outcome) {
  for (Line& line : lines_) {
    const bool about =
        outcome.valid ? line.code == "accepted"
                      : std::find(outcome.invalid.begin(), outcome.invalid.end(), line.code) != outcome.invalid.end();
    if (!about || fnmatch(line.pattern.c_str(), sample.name.c_str(), 0) != 0) continue;
    line.used = true;
    return line.text;
  }
  return "";
}

std::vector<std::string> Explanations::unused() const {
  std::vector<std::string> left;
  for (const Line& line : lines_)
    if (!line.used) left.push_back(line.pattern + " " + line.code);
  return left;
}

std::string outcomes_page() {
  Page page;
  page.text =
      "# What the parser makes of other people's messages\n\n"
      "Written by `tools/corpus-outcomes`; a test with the label `corpus` compares it. The messages are not part of "
      "this\n"
      "project; only their file names stand here. *valid*, *invalid* and the codes are those of `viaduct message`;\n"
      "*unreadable* means that not even the headers could be told apart. *Source asks* is what the people who made a\n"
      "file say a parser should do with it: `-` where they do not say, `either` where the RFC allows both, `parse` "
      "where a\n"
      "parser must read it and what uses it refuses. An explanation stands where outcome and source differ, or where\n"
      "something that was seen on a network is judged invalid.\n";
  for (const Sample& sample : messages()) page.add(sample, outcome_of(sample));
  for (const Sample& sample : sdp_bodies()) page.add(sample, outcome_of_sdp(sample));
  return page.text;
}

}  // namespace viaduct::corpus
