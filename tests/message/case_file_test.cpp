// SPDX-License-Identifier: GPL-2.0-or-later
// The decoder decides what the goldens mean, so it has tests of its own.
#include "case_file.hpp"

#include <gtest/gtest.h>

#include <string>

namespace viaduct::cases {
namespace {

using namespace std::string_literals;

std::string decoded(base::Bytes line) {
  std::string octets;
  return decode_line(line, octets) ? octets : "refused";
}

TEST(CaseFileDecoder, LinesEndInCrlf) {
  EXPECT_EQ(decoded("To: <sip:a@b>"), "To: <sip:a@b>\r\n");
  EXPECT_EQ(decoded(""), "\r\n");
}

TEST(CaseFileDecoder, EscapesStandForOctets) {
  EXPECT_EQ(decoded("a{00 ff}b{20}"), "a\0\xff"s + "b \r\n");
  EXPECT_EQ(decoded("{*3 ab}."), "ababab.\r\n");
  EXPECT_EQ(decoded("x{0a}{-}"), "x\n");
  EXPECT_EQ(decoded("{{0a}\\{{"), "{0a}\\{\r\n");
}

TEST(CaseFileDecoder, RefusesWhatItCannotRead) {
  for (const char* line : {"{", "{0}", "{0g}", "{00ff}", "{*x a}", "{*3}", "{}", "{-}more"})
    EXPECT_EQ(decoded(line), "refused") << line;
}

}  // namespace
}  // namespace viaduct::cases
