// SPDX-License-Identifier: GPL-2.0-or-later
#include "faults/catalogue.hpp"

#include "faults/behaviour.hpp"
#include "faults/family.hpp"

#include <gmock/gmock.h>

namespace viaduct::faults {
namespace {

TEST(Catalogue, HasEveryEntryInOrder) {
  std::string ids;
  for (const CatalogueEntry& entry : catalogue()) ids += entry.id + " ";
  EXPECT_EQ(ids,
            "A01 A02 A03 A04 A05 A06 A07 A08 A09 A10 A11 A12 A13 A14 A15 A16 A17 A18 A19 A20 A21 A22 A23 A24 "
            "B01 B02 B03 B04 B05 B06 B07 B08 B09 B10 B11 B12 B13 B14 B15 B16 B17 B18 B19 B20 B21 B22 "
            "C01 C02 C03 C04 C05 C06 C07 C08 C09 C10 C11 C12 C13 C14 C15 C16 C17 C18 C19 "
            "D01 D02 D03 D04 D05 D06 D07 D08 D09 D10 E01 E02 E03 E04 E05 E06 E07 E08 ");
}

TEST(Catalogue, NoFieldIsEmpty) {
  for (const CatalogueEntry& entry : catalogue()) {
    for (const std::string& text :
         {entry.title, entry.wire, entry.symptom, entry.detect_two_sides, entry.detect_server, entry.detect_client})
      EXPECT_NE(text, "") << entry.id;
    for (const std::vector<std::string>& texts : {entry.families, entry.sources}) {
      EXPECT_THAT(texts, testing::Not(testing::IsEmpty())) << entry.id;
      EXPECT_THAT(texts, testing::Not(testing::Contains(std::string()))) << entry.id;
    }
    EXPECT_EQ(entry.reproduced, entry.reason.empty()) << entry.id;
  }
}

TEST(Catalogue, ReproducedIsWhatTheBoxCanDo) {
  for (const CatalogueEntry& entry : catalogue())
    EXPECT_EQ(entry.reproduced, find_behaviour(entry.id) != nullptr) << entry.id;
  for (const BehaviourEntry& behaviour : behaviours())
    EXPECT_NE(find_in_catalogue(behaviour.id), nullptr) << behaviour.id;
}

TEST(Catalogue, NamesTheFamiliesThatHaveABehaviour) {
  for (const Family& family : families())
    for (const FamilyBehaviour& shown : family.behaviours)
      EXPECT_THAT(find_in_catalogue(shown.id)->families, testing::Contains(std::string(family.name))) << shown.id;
}

TEST(Catalogue, FindsById) {
  EXPECT_EQ(find_in_catalogue("B21")->title, "Each refresh moves media");
  EXPECT_EQ(find_in_catalogue("b21"), nullptr);
  EXPECT_EQ(find_in_catalogue("Z99"), nullptr);
}

}  // namespace
}  // namespace viaduct::faults
