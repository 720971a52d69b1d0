// SPDX-License-Identifier: GPL-2.0-or-later
#include "alg/memory.hpp"

#include "alg/dialogue_test.hpp"
#include "alg/evidence.hpp"

namespace viaduct::alg {
namespace {

const net::Address kPlatform = *net::parse_address("198.51.100.5");

MemoryEntry came_back(Witness witness) {
  return {true, Learnt::media_came_back, {}, true, witness};
}

MemoryEntry stayed_away(Witness witness) {
  return {false, Learnt::media_stayed_away, {}, true, witness};
}

TEST(Memory, ActsFromTheSecondCallWithAnotherPeerOn) {
  Memory memory;
  memory.learn(kPlatform, Aspect::sdp, came_back({1, 10}));
  EXPECT_TRUE(memory.find(kPlatform, Aspect::sdp)->provisional);
  EXPECT_EQ(memory.handles(kPlatform, Aspect::sdp), std::nullopt) << "one call may be chance";
  for (const Witness same : {Witness{1, 10}, Witness{1, 11}, Witness{2, 10}}) {
    EXPECT_FALSE(memory.is_news(kPlatform, Aspect::sdp, came_back(same)));
    memory.learn(kPlatform, Aspect::sdp, came_back(same));
    EXPECT_EQ(memory.handles(kPlatform, Aspect::sdp), std::nullopt) << "the same call or the same peer";
  }
  memory.learn(kPlatform, Aspect::sdp, came_back({2, 11}));
  EXPECT_EQ(memory.handles(kPlatform, Aspect::sdp), true);
  EXPECT_EQ(memory.handles(kPlatform, Aspect::contact), std::nullopt) << "each half by itself";
}

TEST(Memory, ACallThatShowsTheContraryTakesItBack) {
  Memory memory;
  EXPECT_FALSE(memory.is_news(kPlatform, Aspect::sdp, stayed_away({3, 12}))) << "alone it proves nothing";
  memory.learn(kPlatform, Aspect::sdp, stayed_away({3, 12}));
  EXPECT_EQ(memory.find(kPlatform, Aspect::sdp), nullptr);
  memory.learn(kPlatform, Aspect::sdp, came_back({1, 10}));
  memory.learn(kPlatform, Aspect::sdp, came_back({2, 11}));
  memory.learn(kPlatform, Aspect::sdp, stayed_away({3, 12}));
  EXPECT_EQ(memory.find(kPlatform, Aspect::sdp), nullptr);
  memory.learn(kPlatform, Aspect::sdp, came_back({4, 13}));
  EXPECT_EQ(memory.handles(kPlatform, Aspect::sdp), std::nullopt) << "it begins anew";
}

TEST(Memory, WhatTheOperatorSaidStays) {
  Memory memory;
  memory.learn(kPlatform, Aspect::sdp, {true, Learnt::operator_said, {}});
  memory.learn(kPlatform, Aspect::sdp, stayed_away({3, 12}));
  EXPECT_EQ(memory.handles(kPlatform, Aspect::sdp), true);
  memory.learn(kPlatform, Aspect::sdp, {false, Learnt::operator_said, {}});
  memory.learn(kPlatform, Aspect::sdp, came_back({1, 10}));
  memory.learn(kPlatform, Aspect::sdp, came_back({2, 11}));
  EXPECT_EQ(memory.handles(kPlatform, Aspect::sdp), false);
}

/// Calls in observe, of which the kernel saw what the test says.
class Evidence : public Dialogue {
 protected:
  Evidence() { policy.mode = Mode::observe; }

  /// A whole call: `seen` of media between 192.168.1.10:4000 and the peer's port, BYE after `talk`. What was learnt.
  std::string call(const std::string& id, int peer_port, MediaSeen seen, std::chrono::seconds talk,
                   const std::string& peer = "198.51.100.7") {
    auto body = [](const std::string& address, int port) {
      return "v=0\no=- 1 1 IN IP4 " + address + "\ns=-\nc=IN IP4 " + address + "\nt=0 0\nm=audio " +
             std::to_string(port) + " RTP/AVP 0\n";
    };
    const std::string ids = "From: <sip:bob@example.net>;tag=a\nTo: <sip:alice@example.net>";
    out(sip_text("INVITE sip:alice@example.net SIP/2.0\nVia: SIP/2.0/UDP 192.168.1.10;rport;branch=z9hG4bK1\n" + ids +
                     "\nCall-ID: " + id + "\nCSeq: 1 INVITE\n",
                 body("192.168.1.10", 4000)));
    in(sip_text("SIP/2.0 200 OK\nVia: SIP/2.0/UDP 192.168.1.10;rport=5060;branch=z9hG4bK1\n" + ids +
                    ";tag=b\nCall-ID: " + id + "\nCSeq: 1 INVITE\n",
                body(peer, peer_port)));
    now = now + talk;
    const std::optional<LearnParty> learnt =
        media_evidence(*state.find(decision.association), state, now,
                       [&](const MappingKey& key) { return key.inner.port == 4000 ? seen : MediaSeen::no_flow; });
    if (!learnt) return "nothing";
    EXPECT_EQ(learnt->party, kPlatform);
    EXPECT_EQ(learnt->aspect, Aspect::sdp);
    state.apply(*learnt, effects);
    return std::string(text(learnt->entry.how));
  }
  static constexpr std::chrono::seconds kTalk{30};
};

TEST_F(Evidence, TwoCallsWithOtherPortsSettleAndASilentOneWithdraws) {
  EXPECT_EQ(call("c1", 9000, MediaSeen::answered, kTalk), "media-came-back");
  EXPECT_EQ(call("c2", 9000, MediaSeen::answered, kTalk), "nothing") << "the same port again";
  EXPECT_EQ(state.memory().handles(kPlatform, Aspect::sdp), std::nullopt);
  EXPECT_EQ(call("c3", 9002, MediaSeen::answered, kTalk), "media-came-back");
  EXPECT_EQ(state.memory().handles(kPlatform, Aspect::sdp), true);
  EXPECT_EQ(call("c4", 9004, MediaSeen::answered, kTalk), "nothing") << "no news";
  EXPECT_EQ(call("c5", 9006, MediaSeen::unanswered, std::chrono::seconds(9)), "nothing") << "too short to tell";
  EXPECT_EQ(call("c6", 9008, MediaSeen::no_flow, kTalk), "nothing") << "the phone sent nothing to be answered";
  EXPECT_EQ(call("c7", 9010, MediaSeen::unanswered, kTalk, "relay.example"), "nothing")
      << "it may have come from there";
  EXPECT_EQ(state.memory().handles(kPlatform, Aspect::sdp), true);
  EXPECT_EQ(call("c8", 9012, MediaSeen::unanswered, kTalk), "media-stayed-away");
  EXPECT_EQ(state.memory().find(kPlatform, Aspect::sdp), nullptr);
  EXPECT_EQ(call("c9", 9014, MediaSeen::unanswered, kTalk), "nothing") << "nothing to take back";
}

TEST_F(Evidence, AnAssistedCallProvesNothing) {
  policy.mode = Mode::assist;
  EXPECT_EQ(call("c1", 9000, MediaSeen::answered, kTalk), "nothing");
}

}  // namespace
}  // namespace viaduct::alg
