// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/escape.hpp"
#include "edit/edit_list.hpp"
#include "message/reading.hpp"
#include "message/report.hpp"
#include "outcome.hpp"
#include "sip/address_spec.hpp"
#include "sip/fields.hpp"
#include "sip/message.hpp"
#include "sip/uri.hpp"
#include "sip/values.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <sstream>

namespace viaduct::corpus {
namespace {

[[nodiscard]] std::vector<Sample> of_folder(const std::string& folder) {
  std::vector<Sample> samples;
  for (Sample& sample : messages())
    if (sample.folder == folder && sample.asked != Asked::nothing) samples.push_back(std::move(sample));
  return samples;
}

/// What the archive's octets force upon a strict reader although the RFC's text asks for another outcome.
const std::map<std::string, std::string> kArchiveDefects = {
    // Content-Length 268, 251 octets follow: RFC 4475 3.1.2.2 asks to refuse exactly that.
    {"rfc5118/ipv6-in-sdp.dat", "body_too_short"},
    {"rfc5118/lf/ipv6-in-sdp.dat", "body_too_short"},
    // With LF the body is shorter than with CRLF, the Content-Length is the same.
    {"rfc5118/lf/mult-ip-in-sdp.dat", "body_too_short"},
};

void expect_as_asked(const Sample& sample) {
  const Outcome outcome = outcome_of(sample);
  SCOPED_TRACE(sample.name);
  if (kArchiveDefects.contains(sample.name)) {
    EXPECT_EQ(outcome.invalid, std::vector<std::string>{kArchiveDefects.at(sample.name)});
    return;
  }
  switch (sample.asked) {
    case Asked::accept:
      EXPECT_EQ(outcome.invalid, std::vector<std::string>{});
      break;
    case Asked::refuse:
      EXPECT_FALSE(outcome.valid);
      break;
    case Asked::parse_only:
      EXPECT_TRUE(outcome.readable);
      break;
    case Asked::either:
      break;
    case Asked::nothing:
      ADD_FAILURE() << "no expectation";
      break;
  }
}

TEST(SipCorpus, Rfc4475MessagesGetTheOutcomeThatTheRfcAsksFor) {
  const std::vector<Sample> samples = of_folder("rfc4475");
  EXPECT_EQ(samples.size(), 49U);
  for (const Sample& sample : samples) expect_as_asked(sample);
}

TEST(SipCorpus, Rfc5118MessagesGetTheOutcomeThatTheRfcAsksFor) {
  const std::vector<Sample> samples = of_folder("rfc5118");
  EXPECT_EQ(samples.size(), 24U) << "twelve with CRLF, and the same with LF";
  for (const Sample& sample : samples) expect_as_asked(sample);
}

TEST(SipCorpus, OutcomesAreThoseOfThePage) {
  const std::string page = read_file(std::filesystem::path(VIADUCT_SOURCE_DIR) / "docs/corpus-outcomes.md");
  // Line by line: the whole page in one message is no help.
  std::istringstream now(outcomes_page());
  std::istringstream before(page);
  std::string line_now;
  std::string line_before;
  int shown = 0;
  while (shown < 20) {
    const bool more_now = static_cast<bool>(std::getline(now, line_now));
    const bool more_before = static_cast<bool>(std::getline(before, line_before));
    if (!more_now && !more_before) break;
    EXPECT_EQ(line_now, line_before) << "after a change that is meant: tools/corpus-outcomes";
    if (line_now != line_before) ++shown;
  }
}

TEST(SipCorpus, EveryDifferenceIsExplainedAndNoExplanationIsIdle) {
  Explanations explanations;
  const std::vector<Sample> all = messages();
  EXPECT_GT(all.size(), 700U);
  for (const Sample& sample : all) {
    const Outcome outcome = outcome_of(sample);
    if (!differs(sample, outcome)) continue;
    EXPECT_NE(explanations.find(sample, outcome), "")
        << sample.name << ": " << (outcome.invalid.empty() ? "accepted" : outcome.invalid[0]);
  }
  EXPECT_EQ(explanations.unused(), std::vector<std::string>{});
}

TEST(SipCorpus, EmptyEditListGivesBackEveryMessage) {
  std::size_t valid = 0;
  for (const Sample& sample : messages()) {
    if (!outcome_of(sample).readable) continue;
    const sip::Result<sip::Message> message = sip::parse(sample.octets);
    ASSERT_TRUE(message.has_value()) << sample.name;
    const edit::EditList list(message->bytes().size());
    std::string out(list.length_after(), '\0');
    const base::Result<std::size_t, edit::EditProblem> size = edit::apply(message->bytes(), list, out);
    ASSERT_TRUE(size.has_value()) << sample.name;
    EXPECT_TRUE(out == sample.octets && *size == sample.octets.size()) << sample.name;
    ++valid;
  }
  EXPECT_GT(valid, 650U);
}

TEST(SipCorpus, ReportsAreSafeForTerminalAndJson) {
  for (const Sample& sample : messages()) {
    const message::Reading reading = message::read(sample.name, sample.octets);
    const std::string text = message::to_text(reading, false);
    const bool safe =
        std::none_of(text.begin(), text.end(), [](char c) { return (c >= 0 && c < 0x20 && c != '\n') || c == 0x7f; });
    EXPECT_TRUE(safe) << sample.name;
    EXPECT_EQ(base::to_utf8(text), text) << sample.name << ": the report is no UTF-8";
    const nlohmann::ordered_json json = message::to_json(reading);
    EXPECT_EQ(nlohmann::ordered_json::parse(json.dump()), json) << sample.name;  // dump() throws on bad UTF-8
  }
}

/// The lists of single values: comments begin with '#'.
[[nodiscard]] std::vector<std::string> value_lines(const char* file) {
  std::istringstream lines(read_file(sip_folder() / file));
  std::vector<std::string> values;
  for (std::string line; std::getline(lines, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (!line.empty() && line[0] != '#') values.push_back(line);
  }
  return values;
}

template <class Read>
[[nodiscard]] std::string summary(const char* file, Read read) {
  std::vector<std::string> refused;
  const std::vector<std::string> values = value_lines(file);
  for (std::size_t i = 0; i < values.size(); ++i)
    if (!read(values[i])) refused.push_back(std::to_string(i + 1));
  std::string text = std::to_string(values.size()) + " values, refused:";
  for (const std::string& number : refused) text += " " + number;
  return text;
}

[[nodiscard]] bool reads_name_addr(const std::string& value) {
  return sip::parse_name_addr(value, base::between(0, value.size())).has_value();
}
[[nodiscard]] bool reads_route(const std::string& list) {
  sip::ValueCursor values(list, base::between(0, list.size()));
  bool all = true;
  while (const std::optional<base::Range> value = values.next())
    all = all && sip::parse_name_addr(list, *value).has_value();
  return all;
}
[[nodiscard]] bool reads_credentials(const std::string& value) {
  return sip::parse_credentials(value, base::between(0, value.size())).has_value();
}
[[nodiscard]] bool reads_media_type(const std::string& value) {
  return sip::parse_media_type(value, base::between(0, value.size())).has_value();
}
[[nodiscard]] bool reads_uri(const std::string& value) {
  return sip::parse_uri(value, base::between(0, value.size())).has_value();
}

// The numbers count the lines of a file that are neither empty nor comments.
TEST(SipCorpus, ListsOfSingleValues) {
  // Quotes that never end, because a backslash stands before the last one or an odd one follows; then "si", which
  // is no URI, and URIs without a host. The file calls its first block valid, yet RFC 3261 25.1 has no reading of them.
  EXPECT_EQ(summary("libosip2-headers/froms.txt", reads_name_addr),
            "105 values, refused: 1 13 14 16 17 18 19 21 22 26 27 28 97 98 101 102 103 104");
  EXPECT_EQ(summary("libosip2-headers/tos.txt", reads_name_addr), "82 values, refused: 58 74 75 78 79 80 81");
  EXPECT_EQ(summary("libosip2-headers/routes.txt", reads_route), "7 values, refused:");
  EXPECT_EQ(summary("libosip2-headers/recordroutes.txt", reads_route), "7 values, refused:");
  EXPECT_EQ(summary("libosip2-headers/auths.txt", reads_credentials), "14 values, refused:");
  EXPECT_EQ(summary("libosip2-headers/wwwas.txt", reads_credentials), "15 values, refused:");
  EXPECT_EQ(summary("libosip2-headers/contenttypes.txt", reads_media_type), "9 values, refused:");
  EXPECT_EQ(summary("pjsip-seeds/fuzz-uri/file.uri", reads_uri), "1 values, refused: 1") << "a URI in brackets";
  EXPECT_EQ(summary("pjsip-seeds/fuzz-uri/file1.uri", reads_uri), "1 values, refused:");
}

}  // namespace
}  // namespace viaduct::corpus
