// SPDX-License-Identifier: GPL-2.0-or-later
#include "sip/header.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace viaduct::sip {
namespace {

TEST(Header, EveryNameInAnyCaseIsItsOwnId) {
  for (std::size_t i = 1; i < kHeaderIds; ++i) {
    const HeaderId id = static_cast<HeaderId>(i);
    const std::string name(header_name(id));
    ASSERT_GE(name.size(), 2U);
    std::string upper = name;
    std::string lower = name;
    for (std::size_t k = 0; k < name.size(); ++k) {
      upper[k] = static_cast<char>(std::toupper(static_cast<unsigned char>(name[k])));
      lower[k] = static_cast<char>(std::tolower(static_cast<unsigned char>(name[k])));
    }
    for (const std::string& spelling : {name, upper, lower}) EXPECT_EQ(header_id(spelling), id) << spelling;
  }
  EXPECT_EQ(header_name(HeaderId::other), "");
  EXPECT_EQ(header_name(HeaderId::last), "");
}

TEST(Header, NamesThatAreNearlyKnownAreOthers) {
  for (std::size_t i = 1; i < kHeaderIds; ++i) {
    const std::string name(header_name(static_cast<HeaderId>(i)));
    EXPECT_EQ(header_id(name + "x"), HeaderId::other) << name;
    for (std::size_t k = 0; k < name.size(); ++k) {
      std::string changed = name;
      changed[k] = changed[k] == '#' ? '$' : '#';
      EXPECT_EQ(header_id(changed), HeaderId::other) << changed;
      // Setting bit 0x20 must not make a name of octets that are no letters. Only CR becomes '-', and a CR ends a line.
      changed[k] = static_cast<char>(name[k] & 0x1f);
      if (changed[k] == '\r') continue;
      EXPECT_EQ(header_id(changed), HeaderId::other) << name << " with a control octet at " << k;
    }
  }
  for (const char* const name : {"", "X-Other", "Vi", "Tos", "Contac", "A-name-of-thirty-two-octets-here", ":"})
    EXPECT_EQ(header_id(name), HeaderId::other) << name;
}

// RFC 3261 7.3.3 and table 1 of the IANA registry.
TEST(Header, CompactForms) {
  const std::map<char, Bytes> forms = {
      {'a', "Accept-Contact"},
      {'b', "Referred-By"},
      {'c', "Content-Type"},
      {'d', "Request-Disposition"},
      {'e', "Content-Encoding"},
      {'f', "From"},
      {'i', "Call-ID"},
      {'j', "Reject-Contact"},
      {'k', "Supported"},
      {'l', "Content-Length"},
      {'m', "Contact"},
      {'n', "Identity-Info"},
      {'o', "Event"},
      {'r', "Refer-To"},
      {'s', "Subject"},
      {'t', "To"},
      {'u', "Allow-Events"},
      {'v', "Via"},
      {'x', "Session-Expires"},
      {'y', "Identity"},
  };
  for (int c = 0; c < 256; ++c) {
    const std::string name(1, static_cast<char>(c));
    const std::map<char, Bytes>::const_iterator form = forms.find(c < 128 ? static_cast<char>(std::tolower(c)) : '\0');
    EXPECT_EQ(header_name(header_id(name)), form == forms.end() ? Bytes() : form->second) << c;
  }
}

}  // namespace
}  // namespace viaduct::sip
