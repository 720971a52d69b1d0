// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/catalogue.hpp"

#include <gmock/gmock.h>

namespace viaduct::audit {
namespace {

/// Id of what is taken to be meant.
std::string meant(Bytes typed) {
  static const Catalogue catalogue = Catalogue::built_in();
  const std::vector<const Product*> found = catalogue.search(typed);
  return found.empty() ? "" : found.front()->id;
}

TEST(Search, KnowsWhatPeopleType) {
  EXPECT_EQ(meant("fritzbox"), "avm-fritzbox");
  EXPECT_EQ(meant("FRITZ!Box 7590"), "avm-fritzbox");
  EXPECT_EQ(meant("fortigate 60f"), "fortinet-fortios");
  EXPECT_EQ(meant("Fortigate 100E"), "fortinet-fortios");
  EXPECT_EQ(meant("speedport"), "telekom-speedport");
  EXPECT_EQ(meant("Speedport Smart 3"), "telekom-speedport");
  EXPECT_EQ(meant("mikrotik"), "mikrotik-routeros");
  EXPECT_EQ(meant("hAP ax2 mikrotik"), "mikrotik-routeros");
  EXPECT_EQ(meant("sonic wall"), "sonicwall-sonicos");
  EXPECT_EQ(meant("palo alto"), "paloalto-panos");
  EXPECT_EQ(meant("edgerouter x"), "ubiquiti-edgeos");
  EXPECT_EQ(meant("draytec vigor"), "draytek-vigor");
  EXPECT_EQ(meant("mikrotick"), "mikrotik-routeros");
  EXPECT_EQ(meant("udm pro"), "ubiquiti-unifi-os");
  EXPECT_EQ(meant("cisco asa 5506"), "cisco-asa");
  EXPECT_EQ(meant("livebox"), "orange-livebox");
  EXPECT_EQ(meant("zzzz"), "");
  EXPECT_EQ(meant("digi"), "digi-transport");
  EXPECT_EQ(meant("digi transport"), "digi-transport");
  EXPECT_EQ(meant("fritzbox7590"), "avm-fritzbox");
  EXPECT_EQ(meant("speedportsmart"), "telekom-speedport");
}

TEST(Search, TheBeginOfAWordIsNoBrand) {
  EXPECT_EQ(meant("digitalisierungsbox"), "");
  EXPECT_EQ(meant("skyline"), "");
  EXPECT_EQ(meant("sky hub 4"), "sky-hub");
}

TEST(Search, WithoutWordsHasAll) {
  const Catalogue catalogue = Catalogue::built_in();
  EXPECT_EQ(catalogue.search("").size(), catalogue.products().size());
}

}  // namespace
}  // namespace viaduct::audit
