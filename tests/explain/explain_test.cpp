// SPDX-License-Identifier: GPL-2.0-or-later
#include "explain/explanation.hpp"

#include <gtest/gtest.h>

#include <array>

namespace viaduct::app::explain {
namespace {

constexpr finding::Rule kTranslated{
    "half-translated-sdp",
    "SDP is translated in part",
    finding::Cause::alg,
    "captures from both sides of the router",
    "The far end sends audio to an address that leads nowhere, so that one party of the call "
    "hears nothing.",
    "Switch off the SIP ALG."};
constexpr finding::Rule kMark{
    "dscp-bleached", "The mark of voice packets is lost", finding::Cause::configuration, "", "", ""};
constexpr std::array<const finding::Rule*, 2> kRules{&kTranslated, &kMark};

TEST(Explain, TellsARule) {
  EXPECT_EQ(text_of("Half-Translated-SDP", kRules),
            "half-translated-sdp  SDP is translated in part\n"
            "\n"
            "What it speaks for\n"
            "  a SIP ALG\n"
            "\n"
            "What it needs\n"
            "  captures from both sides of the router\n"
            "\n"
            "Why it matters\n"
            "  The far end sends audio to an address that leads nowhere, so that one party of the call hears\n"
            "  nothing.\n"
            "\n"
            "What to do\n"
            "  Switch off the SIP ALG.\n");
  EXPECT_EQ(json_of("dscp-bleached", kRules),
            "{\n"
            "  \"schema\": \"viaduct-explain-1\",\n"
            "  \"id\": \"dscp-bleached\",\n"
            "  \"title\": \"The mark of voice packets is lost\",\n"
            "  \"cause\": \"configuration\",\n"
            "  \"needs\": \"\",\n"
            "  \"why\": \"\",\n"
            "  \"remedy\": \"\"\n"
            "}\n");
}

TEST(Explain, TellsABehaviour) {
  EXPECT_TRUE(text_of("b21", kRules).starts_with("B21  "));
  EXPECT_EQ(text_of("b21", kRules), text_of("B21", {}));
}

TEST(Explain, ListsBehavioursAndRules) {
  EXPECT_TRUE(list_text({}).starts_with("Behaviours of the failure catalogue\n  A01  Contact leads nowhere\n"));
  EXPECT_TRUE(
      list_text(kRules).ends_with("\n"
                                  "\nRules of viaduct analyze and viaduct audit\n"
                                  "  half-translated-sdp  SDP is translated in part\n"
                                  "  dscp-bleached        The mark of voice packets is lost\n"));
}

TEST(Explain, SuggestsWhatWasMeant) {
  EXPECT_EQ(text_of("half-translated", kRules), "");
  EXPECT_EQ(meant_by("half-transalted-spd", kRules), "half-translated-sdp");
  EXPECT_EQ(meant_by("DSCP-bleachd", kRules), "dscp-bleached");
  EXPECT_EQ(meant_by("b2", kRules), "B02");
  EXPECT_EQ(meant_by("", kRules), "");
  EXPECT_EQ(meant_by("something else", kRules), "");
}

}  // namespace
}  // namespace viaduct::app::explain
