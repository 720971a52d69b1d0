// SPDX-License-Identifier: GPL-2.0-or-later
// A whole result in, whole reports out. expected/*.json are also held to the schema by schema_test.py.
#include "base/escape.hpp"
#include "report/csv.hpp"
#include "report/html.hpp"
#include "report/json.hpp"
#include "report/random_result.hpp"
#include "report/sample.hpp"
#include "report/text.hpp"
#include "support/golden.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck/gtest.h>

#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace viaduct::report {
namespace {

const std::filesystem::path kExpected = std::filesystem::path(VIADUCT_SOURCE_DIR) / "tests/report/expected";

TEST(Report, IsAsExpected) {
  std::size_t files = 0;
  for (const NamedReport& report : all_reports()) {
    test::expect_file(kExpected / report.file, report.text, VIADUCT_BINARY_DIR);
    ++files;
  }
  std::size_t there = 0;
  for (const auto& file : std::filesystem::directory_iterator(kExpected)) there += file.is_regular_file() ? 1 : 0;
  EXPECT_EQ(files, there) << "a file is left over in expected/";
}

/// No control octet but the line ends, and nothing that escape() would not let through.
void expect_harmless(const std::string& text) {
  std::string lines = text;
  std::erase(lines, '\n');
  EXPECT_EQ(base::escape(lines), lines);
}

TEST(Report, HostileTextReachesNoTerminal) {
  finding::Result result = hostile_result();
  finding::limit(result);
  for (const std::size_t width : {0U, 40U, 80U, 1000U})
    expect_harmless(to_text(result, {.width = width, .calls = true, .streams = true, .passed = true, .evidence = 99}));
}

TEST(Report, ColoursAreTheOnlyEscapes) {
  finding::Result result = hostile_result();
  finding::limit(result);
  std::string coloured = to_text(result, {.width = 80, .colours = true});
  for (std::size_t at; (at = coloured.find('\x1b')) != std::string::npos;)
    coloured.erase(at, coloured.find('m', at) + 1 - at);
  EXPECT_EQ(coloured, to_text(result, {.width = 80}));
}

/// The records of a CSV text by RFC 4180; empty if it is none.
std::vector<std::vector<std::string>> records_of(const std::string& csv) {
  std::vector<std::vector<std::string>> records;
  std::vector<std::string> record;
  std::string field;
  bool quoted = false;
  for (std::size_t i = 0; i < csv.size(); ++i) {
    const char c = csv[i];
    if (quoted && c == '"' && i + 1 < csv.size() && csv[i + 1] == '"') {
      field += csv[i++];
    } else if (c == '"') {
      quoted = !quoted;
    } else if (!quoted && (c == ',' || c == '\r')) {
      record.push_back(std::move(field));
      field.clear();
    } else if (!quoted && c == '\n') {
      records.push_back(std::move(record));
      record.clear();
    } else {
      field += c;
    }
  }
  return quoted || !field.empty() || !record.empty() ? std::vector<std::vector<std::string>>{} : records;
}

void expect_table(const std::string& csv, std::size_t rows) {
  const std::vector<std::vector<std::string>> records = records_of(csv);
  RC_ASSERT(records.size() == rows + 1);
  for (const std::vector<std::string>& record : records) {
    RC_ASSERT(record.size() == records[0].size());
    for (const std::string& field : record) {
      RC_ASSERT(field.find_first_of("=+-@") != 0);
      RC_ASSERT(base::escape(field) == field);
    }
  }
}

RC_GTEST_PROP(Report, EveryResultGivesGoodReports, (std::uint64_t seed)) {
  finding::Result result = random_result(seed);
  finding::limit(result);
  const nlohmann::json document = nlohmann::json::parse(to_json(result));
  RC_ASSERT(document["findings"].size() == result.findings.size());
  RC_ASSERT(document["calls"].size() == result.calls.size());
  RC_ASSERT(document["streams"].size() == result.streams.size());
  std::size_t gaps = 0;
  for (const finding::StreamSummary& stream : result.streams) gaps += stream.gaps.size();
  expect_table(calls_csv(result), result.calls.size());
  expect_table(streams_csv(result), result.streams.size());
  expect_table(gaps_csv(result), gaps);
  std::string text = to_text(result, {.width = 100, .calls = true, .streams = true, .passed = true, .evidence = 99});
  std::erase(text, '\n');
  RC_ASSERT(base::escape(text) == text);
}

TEST(Report, ARuleThatFailedTwiceIsNamedOnce) {
  static constexpr finding::Rule kLoss{
      .id = "packet-loss", .title = "", .cause = finding::Cause::none, .needs = "", .why = "", .remedy = ""};
  static constexpr finding::Rule kDropOuts{
      .id = "drop-outs", .title = "", .cause = finding::Cause::none, .needs = "", .why = "", .remedy = ""};
  finding::Result result;
  for (const finding::Rule* const rule : {&kLoss, &kLoss, &kDropOuts})
    result.findings.push_back(finding::Finding::fail(*rule, finding::Severity::minor, 1, "", {}));
  result.calls.emplace_back();
  result.calls.back().findings = {0, 1, 2};
  const auto records = records_of(calls_csv(result));
  const auto column = std::ranges::find(records.at(0), "rules_failed") - records.at(0).begin();
  EXPECT_EQ(records.at(1).at(static_cast<std::size_t>(column)), "packet-loss drop-outs");
}

/// The names of all tags of a page, and whether every tag that is opened is closed in order.
bool well_formed(const std::string& page, std::set<std::string>& tags) {
  static const std::set<std::string> no_end{"meta", "!DOCTYPE"};
  std::vector<std::string> open;
  for (std::size_t at = page.find('<'); at != std::string::npos; at = page.find('<', at + 1)) {
    const bool close = page[at + 1] == '/';
    const std::size_t begin = at + (close ? 2 : 1);
    const std::string name = page.substr(begin, page.find_first_of(" >/", begin) - begin);
    tags.insert(name);
    if (close) {
      if (open.empty() || open.back() != name) return false;
      open.pop_back();
    } else if (!no_end.contains(name) && page[page.find('>', at) - 1] != '/') {
      open.push_back(name);
    }
  }
  return open.empty();
}

void expect_our_tags(const std::string& page) {
  static const std::set<std::string> ours{
      "!DOCTYPE", "html",    "head", "meta", "title",  "style",      "body", "header", "nav",   "main",    "footer",
      "section",  "article", "h1",   "h2",   "h3",     "h4",         "div",  "p",      "a",     "span",    "code",
      "pre",      "mark",    "ul",   "ol",   "li",     "dl",         "dt",   "dd",     "table", "caption", "thead",
      "tbody",    "tr",      "th",   "td",   "figure", "figcaption", "svg",  "desc",   "rect",  "line",    "text"};
  std::set<std::string> tags;
  RC_ASSERT(well_formed(page, tags));
  for (const std::string& tag : tags) RC_ASSERT(ours.contains(tag));
}

RC_GTEST_PROP(Report, NoCapturedTextBecomesMarkup, (std::uint64_t seed)) {
  finding::Result result = random_result(seed);
  finding::limit(result);
  expect_our_tags(to_html(result));
}

TEST(Report, HostileTextBecomesNoMarkup) {
  finding::Result result = hostile_result();
  finding::limit(result);
  const std::string page = to_html(result);
  std::set<std::string> tags;
  EXPECT_TRUE(well_formed(page, tags));
  EXPECT_FALSE(tags.contains("script"));
  EXPECT_NE(page.find("&lt;script&gt;"), std::string::npos) << "it was there to be escaped";
  for (const char* outside : {"http://", "https://", "src=", "url("}) EXPECT_EQ(page.find(outside), std::string::npos);
  for (std::size_t at = page.find("href="); at != std::string::npos; at = page.find("href=", at + 1))
    EXPECT_EQ(page.substr(at, 7), "href=\"#") << "a link leads out of the page";
}

RC_GTEST_PROP(Limit, TwiceIsOnce, (std::uint64_t seed)) {
  finding::Result result = random_result(seed);
  finding::limit(result);
  const std::string once = to_json(result);
  finding::limit(result);
  RC_ASSERT(to_json(result) == once);
}

}  // namespace
}  // namespace viaduct::report
