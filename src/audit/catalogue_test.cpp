// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/catalogue.hpp"

#include "audit/vendors.hpp"

#include <gmock/gmock.h>

#include <set>

namespace viaduct::audit {
namespace {

using testing::IsEmpty;

constexpr Bytes kMinimal = R"(
[[product]]
id = "example-router"
vendor = "Example"
family = "Router 1"
versions = "all"
aliases = ["example one"]
feature_names = ["SIP ALG"]
default_state = "on"
default_ports = ["udp/5060"]
config_kind = "cli"
disable_commands = ["no sip alg"]
enable_commands = ["sip alg"]
show_commands = ["show sip"]
verify = ["show sip"]
gui_path = "none"
unverified = []
sources = ["the manual, page 1"]
confidence = "high"
[[product.recognise]]
pattern = '^example-os \d'
weight = 0.9
[product.udp_timeout]
default_s = 30
[product.qos]
notes = ""
commands = []
[product.apply]
restart_needed = false
clear_sessions = []
)";

TEST(Catalogue, EachVendorFileIsReadWithoutAnError) {
  for (const VendorFile& file : vendor_files()) {
    Catalogue catalogue;
    const auto added = catalogue.add(file.toml, file.name);
    EXPECT_TRUE(added.has_value()) << added.error();
    EXPECT_FALSE(catalogue.products().empty()) << file.name;
  }
}

TEST(Catalogue, NoIdComesTwice) {
  std::set<std::string> ids;
  std::size_t products = 0;
  for (const VendorFile& file : vendor_files()) {
    Catalogue catalogue;
    ASSERT_TRUE(catalogue.add(file.toml, file.name).has_value());
    for (const Product& product : catalogue.products()) {
      ids.insert(product.id);
      ++products;
    }
  }
  EXPECT_EQ(ids.size(), products);
  EXPECT_EQ(Catalogue::built_in().products().size(), products);
}

TEST(Catalogue, WhatIsLowOrUnverifiedSaysSo) {
  const Catalogue catalogue = Catalogue::built_in();
  for (const Product& product : catalogue.products()) {
    EXPECT_THAT(product.sources, testing::Not(IsEmpty())) << product.id;
    const bool backed = product.confidence != "low" || !product.unverified.empty();
    EXPECT_TRUE(backed) << product.id;
  }
}

struct Mistake {
  Bytes from, to, error;
};

TEST(Catalogue, AMistakeIsToldWithItsLineAndChangesNothing) {
  const Mistake mistakes[] = {
      {"id = \"example-router\"\n", "", "own.toml:2: 'id' is missing"},
      {"confidence = \"high\"", "confidence = \"sure\"", "own.toml:19: 'confidence' has no such value: sure"},
      {"weight = 0.9", "weight = 2.0", "own.toml:22: 'weight' must be above 0 and at most 1"},
      {R"(^example-os \d)", "(", "own.toml:21: 'pattern' missing ): (?m)("},
      {"unverified = []", "unverified = [\"all\",\n \"qos\",\n \"the qos\"]",
       "own.toml:19: 'unverified' has no such member: the qos"},
      {"unverified = []", "unverified = [5]", "own.toml:17: 'unverified' has no such member: "},
      {"unverified = []", "unverified = []\nunverified_commands = [\"show sips\"]",
       "own.toml:18: 'unverified_commands' has no such command: show sips"},
      {"gui_path = \"none\"", "gui_path = 5", "own.toml:16: 'gui_path' must be a string"},
      {"gui_path = \"none\"", "gui_path = \"none\"\ncolour = \"red\"", "own.toml:17: 'colour' is not known here"},
  };
  for (const Mistake& mistake : mistakes) {
    std::string toml(kMinimal);
    toml.replace(toml.find(mistake.from), mistake.from.size(), mistake.to);
    Catalogue catalogue;
    const auto added = catalogue.add(toml, "own.toml");
    ASSERT_FALSE(added.has_value()) << mistake.to;
    EXPECT_EQ(added.error(), mistake.error);
    EXPECT_THAT(catalogue.products(), IsEmpty());
  }
}

TEST(Catalogue, AMemberIsUnverifiedIfItIsNamedAndByNoOtherWord) {
  const auto read = [](Bytes unverified) {
    std::string toml(kMinimal);
    toml.replace(toml.find("unverified = []"), 15, unverified);
    Catalogue catalogue;
    EXPECT_TRUE(catalogue.add(toml, "own.toml").has_value());
    return catalogue.products().front();
  };
  const Product none = read("unverified = []");
  EXPECT_TRUE(none.backed(Member::disable_commands));
  const Product all = read("unverified = [\"all\"]");
  EXPECT_FALSE(all.backed(Member::disable_commands));
  EXPECT_FALSE(all.backed(Member::udp_timeout_set, "x"));
  const Product whole = read("unverified = [\"udp_timeout\"]");
  EXPECT_FALSE(whole.backed(Member::udp_timeout_set));
  EXPECT_FALSE(whole.backed(Member::udp_timeout_revert));
  EXPECT_TRUE(whole.backed(Member::qos));
  const Product part = read("unverified = [\"udp_timeout.default_s\"]\nunverified_commands = [\"show sip\"]");
  EXPECT_TRUE(part.backed(Member::udp_timeout_set));
  EXPECT_FALSE(part.backed(Member::show_commands, "show sip"));
  EXPECT_TRUE(part.backed(Member::disable_commands, "no sip alg"));
}

TEST(Catalogue, EachMemberHasANameOfItsOwn) {
  std::set<Bytes> names;
  for (std::size_t index = 0; index < static_cast<std::size_t>(Member::last); ++index)
    names.insert(name(static_cast<Member>(index)));
  EXPECT_EQ(names.size(), static_cast<std::size_t>(Member::last));
  EXPECT_FALSE(names.contains(""));
}

TEST(Catalogue, OnesOwnProductTakesThePlaceOfTheOneWithItsId) {
  Catalogue catalogue;
  ASSERT_TRUE(catalogue.add(kMinimal, "a.toml").has_value());
  std::string other(kMinimal);
  other.replace(other.find("Router 1"), 8, "Router 2");
  ASSERT_TRUE(catalogue.add(other, "b.toml").has_value());
  ASSERT_EQ(catalogue.products().size(), 1U);
  EXPECT_EQ(catalogue.products()[0].family, "Router 2");
}

}  // namespace
}  // namespace viaduct::audit
