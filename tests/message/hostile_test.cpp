// SPDX-License-Identifier: GPL-2.0-or-later
// Cut and damaged messages: the report must stand whatever arrives. Prefixes and damaged octets of all cases.
#include "base/escape.hpp"
#include "case_file.hpp"
#include "message/reading.hpp"
#include "message/report.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>

namespace viaduct::cases {
namespace {

const std::filesystem::path kFolder = std::filesystem::path(VIADUCT_SOURCE_DIR) / "tests/cases/sip";

/// What every report promises; returns the first promise that is broken, or nothing.
[[nodiscard]] std::string broken_promise(base::Bytes octets) {
  // A copy of exactly this size: a sanitizer sees the first octet that is read behind it.
  const std::unique_ptr<char[]> exact(new char[octets.size()]);
  std::memcpy(exact.get(), octets.data(), octets.size());
  const message::Reading reading = message::read("x", {exact.get(), octets.size()});
  const std::string text = message::to_text(reading, false);
  if (std::any_of(text.begin(), text.end(), [](unsigned char c) { return (c < 0x20 && c != '\n') || c == 0x7f; }))
    return "a control octet in the text";
  if (base::to_utf8(text) != text) return "the text is no UTF-8";
  const nlohmann::ordered_json json = message::to_json(reading);
  if (nlohmann::ordered_json::parse(json.dump()) != json) return "the JSON does not survive writing and reading";
  const bool decided = std::any_of(reading.complaints.begin(), reading.complaints.end(),
                                   [](const message::Complaint& c) { return !c.tolerated; });
  if (reading.valid == (decided || reading.complaints_dropped > 0) && reading.complaints_dropped == 0)
    return "valid, and yet a problem that decides; or the other way round";
  for (const message::Complaint& complaint : reading.complaints)
    if (complaint.where.end() > octets.size()) return "a problem behind the end";
  for (const message::HeaderReading& header : reading.headers)
    for (const message::ValueReading& value : header.values)
      if (value.range.offset < header.header.value_offset || value.range.end() > header.header.value().end())
        return "a value outside its header";
  return "";
}

TEST(HostileMessages, EveryCutOfEveryCase) {
  for (const std::filesystem::path& path : find_cases(kFolder)) {
    const std::string octets = load(path).octets;
    for (std::size_t size = 0; size < octets.size(); size += 1 + octets.size() / 400)
      ASSERT_EQ(broken_promise(base::Bytes(octets).substr(0, size)), "") << path << " cut to " << size;
  }
}

TEST(HostileMessages, EveryCaseWithOneOctetDamaged) {
  constexpr base::Bytes damage("\0\r\n\t \"\\<>;,:@[]%=\x80\xff\x1b", 20);
  std::size_t turn = 0;
  for (const std::filesystem::path& path : find_cases(kFolder)) {
    std::string octets = load(path).octets;
    for (std::size_t at = 0; at < octets.size(); at += 1 + octets.size() / 400) {
      const char before = octets[at];
      octets[at] = damage[turn++ % damage.size()];
      ASSERT_EQ(broken_promise(octets), "") << path << ", octet " << at;
      octets[at] = before;
    }
  }
}

}  // namespace
}  // namespace viaduct::cases
