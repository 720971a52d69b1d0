// SPDX-License-Identifier: GPL-2.0-or-later
#include "alg/state.hpp"

#include "alg/dialogue_test.hpp"
#include "alg/journal.hpp"
#include "alg/restore.hpp"

#include <map>
#include <set>

namespace viaduct::alg {
namespace {

constexpr base::Instant kNow{std::chrono::hours(1)};

OpenAssociation open(AssociationId id, const std::string& name, const char* inner = "192.168.1.10:5060") {
  OpenAssociation change;
  change.id = id;
  change.name = name;
  change.inner = *net::parse_endpoint(inner);
  change.platform = *net::parse_endpoint("198.51.100.5:5060");
  change.at = kNow;
  change.expires = kNow + std::chrono::seconds(64);
  return change;
}

UseMapping use(AssociationId id, const char* inner, const char* outer, MappingKind kind = MappingKind::media) {
  return {id, {*net::parse_endpoint(inner), 0}, *net::parse_endpoint(outer), kind, {}};
}

std::string to_text(const std::vector<Effect>& effects) {
  static const std::map<Effect::Kind, std::string> names = {
      {Effect::Kind::map, "map"},         {Effect::Kind::unmap, "unmap"}, {Effect::Kind::guard, "guard"},
      {Effect::Kind::unguard, "unguard"}, {Effect::Kind::allow, "allow"}, {Effect::Kind::disallow, "disallow"}};
  std::string all;
  for (const Effect& e : effects)
    all += names.at(e.kind) + " " + e.key.inner.to_text() + " " + e.outer.to_text() +
           (e.source.present() ? " " + e.source.to_text() : "") + "\n";
  return all;
}

class StateTest : public ::testing::Test {
 protected:
  StateTest() {
    state.wans().resize(1);
    state.wans()[0].interface = "eth0";
    state.wans()[0].address = *net::parse_address("203.0.113.1");
  }
  std::string apply(const std::vector<Change>& changes) {
    std::vector<Effect> effects;
    for (const Change& change : changes) state.apply(change, effects);
    return to_text(effects);
  }
  State state{7};
};

TEST_F(StateTest, ASharedMappingGoesWithItsLastUser) {
  EXPECT_EQ(apply({open(1, "a"), open(2, "b"), use(1, "192.168.1.10:4000", "203.0.113.1:4000"),
                   use(2, "192.168.1.10:4000", "203.0.113.1:4000")}),
            "map 192.168.1.10:4000 203.0.113.1:4000\n");
  EXPECT_EQ(apply({CloseAssociation{1}}), "");
  EXPECT_EQ(apply({CloseAssociation{2}}), "unmap 192.168.1.10:4000 203.0.113.1:4000\n");
}

TEST_F(StateTest, AGuardNeedsAllUsersAnsweredAndForgetsNobody) {
  const net::Address peer = *net::parse_address("198.51.100.7");
  apply({open(1, "a"), open(2, "b"), use(1, "192.168.1.10:4000", "203.0.113.1:4000"),
         use(2, "192.168.1.10:4000", "203.0.113.1:4000")});
  EXPECT_EQ(apply({AdmitSource{1, peer}, SetAnswered{1, kNow}}), "");
  EXPECT_EQ(
      apply({SetAnswered{2, kNow}}),
      "allow 192.168.1.10:4000 203.0.113.1:4000 198.51.100.5\nallow 192.168.1.10:4000 203.0.113.1:4000 198.51.100.7\n"
      "guard 192.168.1.10:4000 203.0.113.1:4000\n");
  EXPECT_EQ(apply({AdmitSource{2, {}}}),
            "unguard 192.168.1.10:4000 203.0.113.1:4000\ndisallow 192.168.1.10:4000 203.0.113.1:4000 198.51.100.5\n"
            "disallow 192.168.1.10:4000 203.0.113.1:4000 198.51.100.7\n");
}

TEST_F(StateTest, AWatchedMappingBecomesARealOne) {
  EXPECT_EQ(apply({open(1, "a"),
                   UseMapping{1, {*net::parse_endpoint("192.168.1.10:4000"), 0}, {}, MappingKind::watched, {}}}),
            "map 192.168.1.10:4000 -:0\n");
  EXPECT_EQ(apply({open(2, "b"), use(2, "192.168.1.10:4000", "203.0.113.1:4000")}),
            "unmap 192.168.1.10:4000 -:0\nmap 192.168.1.10:4000 203.0.113.1:4000\n");
}

TEST_F(StateTest, WansThatSwapAddressesGiveTheKernelEachElementOnce) {
  state.wans().resize(2);
  apply({MoveWan{1, "ppp0", *net::parse_address("198.51.100.9"), kNow}, open(1, "a"), open(2, "b")});
  UseMapping second = use(2, "192.168.1.11:4000", "198.51.100.9:4000");
  second.key.wan = 1;
  apply({use(1, "192.168.1.10:4000", "203.0.113.1:4000"), second});
  EXPECT_EQ(apply({MoveWan{0, "eth0", {}, kNow}, MoveWan{1, "ppp0", {}, kNow},
                   MoveWan{0, "eth0", *net::parse_address("198.51.100.9"), kNow},
                   MoveWan{1, "ppp0", *net::parse_address("203.0.113.1"), kNow}}),
            "unmap 192.168.1.10:4000 203.0.113.1:4000\nunmap 192.168.1.11:4000 198.51.100.9:4000\n"
            "map 192.168.1.10:4000 198.51.100.9:4000\nmap 192.168.1.11:4000 203.0.113.1:4000\n");
}

TEST_F(StateTest, ChangesForTheDeadDoNothing) {
  EXPECT_EQ(apply({Renew{9, Phase::confirmed, kNow}, AddTag{9, 1}, use(9, "192.168.1.10:4000", "203.0.113.1:4000"),
                   EnterLedger{9, {}}, AdmitSource{9, {}}, SetAnswered{9, kNow}, CloseAssociation{9}}),
            "");
  EXPECT_EQ(state.size(), 0U);
  EXPECT_EQ(state.mappings().size(), 0U);
}

TEST_F(StateTest, CountsPerSourceFollowOpenAndClose) {
  OpenAssociation inbound = open(2, "b");
  inbound.opened_inside = false;
  apply({open(1, "a"), inbound});
  EXPECT_EQ(state.usage_of(*net::parse_address("192.168.1.10")).dialogs, 1U);
  EXPECT_EQ(state.usage_of(*net::parse_address("198.51.100.5")).dialogs, 1U);
  apply({CloseAssociation{1}, CloseAssociation{2}});
  EXPECT_EQ(state.usage_of(*net::parse_address("192.168.1.10")).dialogs, 0U);
}

// Everything that can be in a state, through the journal's bytes and back.
std::vector<Change> a_full_life() {
  OpenAssociation call = open(3, "call@host");
  call.decided = {Mode::assist, Reason::platform_handles, Reason::none};
  OpenAssociation registration = open(4, "bob@example.net", "192.168.1.11:5062");
  registration.kind = AssociationKind::registration;
  return {
      MoveWan{0, "eth0", *net::parse_address("203.0.113.1"), kNow},
      call,
      registration,
      Renew{3, Phase::confirmed, kNow + std::chrono::hours(1)},
      AddTag{3, 77},
      AddTag{3, 78},
      DropTag{3, 77},
      use(3, "192.168.1.10:4000", "203.0.113.1:40000"),
      UseMapping{4,
                 {*net::parse_endpoint("192.168.1.11:5062"), 0},
                 *net::parse_endpoint("203.0.113.1:5062"),
                 MappingKind::signalling,
                 "192.168.1.11:5062"},
      EnterLedger{3, {Field::sdp_origin, "192.168.1.10", "203.0.113.1"}},
      AdmitSource{3, *net::parse_address("198.51.100.7")},
      SetPeerMedia{3, *net::parse_endpoint("198.51.100.7:9000")},
      SetAnswered{3, kNow},
      LearnParty{*net::parse_address("198.51.100.5"), Aspect::sdp, {true, Learnt::media_came_back, kNow}},
      LearnParty{*net::parse_address("198.51.100.6"), Aspect::sdp, {true, Learnt::media_came_back, kNow, true, {7, 8}}},
      LearnParty{*net::parse_address("192.0.2.1"), Aspect::contact, {true, Learnt::operator_said, kNow}},
      ForgetParty{*net::parse_address("192.0.2.1")}};
}

const ClockReading kClock{"boot-1", kNow, std::chrono::hours(100)};

std::string journal_of(const std::vector<Change>& changes) {
  std::string journal(kJournalHead);
  append_clock(kClock, journal);
  for (const Change& change : changes) append_record(change, journal);
  return journal;
}

// The sorted records of a snapshot: equal for equal states.
std::multiset<std::string> fingerprint(const State& state) {
  std::multiset<std::string> records;
  for (const Change& change : state.snapshot()) {
    std::string record;
    append_record(change, record);
    records.insert(record);
  }
  return records;
}

TEST_F(StateTest, TheJournalBringsBackTheSameState) {
  apply(a_full_life());
  State again(8);
  std::vector<Effect> effects;
  const Replay replay =
      replay_journal(journal_of(a_full_life()), kClock, [&](const Change& c) { again.apply(c, effects); });
  EXPECT_TRUE(replay.head_ok);
  EXPECT_FALSE(replay.torn);
  EXPECT_EQ(replay.records, a_full_life().size());
  EXPECT_EQ(fingerprint(again), fingerprint(state));
  State from_snapshot(9);
  for (const Change& change : state.snapshot()) from_snapshot.apply(change, effects);
  EXPECT_EQ(fingerprint(from_snapshot), fingerprint(state));
  EXPECT_EQ(from_snapshot.next_id(), state.next_id());
}

// "wan inner > outer usable" of every mapping, sorted.
std::multiset<std::string> mappings_of(const State& state) {
  std::multiset<std::string> all;
  state.mappings().for_each([&](const Mapping& m) {
    all.insert(state.wans()[m.key.wan].interface + " " + m.key.inner.to_text() + " > " + m.outer.to_text() +
               (state.is_usable(m) ? " usable" : " waits"));
  });
  return all;
}

// Two lines, one call on each; then a start where the kernel lists the interfaces the other way round.
std::vector<Change> two_wans() {
  OpenAssociation second = open(2, "b", "192.168.1.11:5060");
  second.wan = 1;
  UseMapping on_second = use(2, "192.168.1.11:4000", "198.51.100.9:4000");
  on_second.key.wan = 1;
  return {MoveWan{0, "eth0", *net::parse_address("203.0.113.1"), kNow},
          MoveWan{1, "ppp0", *net::parse_address("198.51.100.9"), kNow},
          open(1, "a"),
          second,
          use(1, "192.168.1.10:4000", "203.0.113.1:4000"),
          on_second};
}

State restored(const std::vector<Change>& changes, const std::vector<std::string>& interfaces) {
  State state(9);
  for (const std::string& interface : interfaces) {
    state.wans().emplace_back();
    state.wans().back().interface = interface;
  }
  EXPECT_EQ(restore(journal_of(changes), kClock, state).records, changes.size());
  return state;
}

TEST(Restore, AWanIsItsInterfaceAndNotItsPlaceInAList) {
  const State state = restored(two_wans(), {"wwan0", "ppp0", "eth0"});
  EXPECT_EQ(mappings_of(state), (std::multiset<std::string>{"eth0 192.168.1.10:4000 > 203.0.113.1:4000 usable",
                                                            "ppp0 192.168.1.11:4000 > 198.51.100.9:4000 usable"}));
  EXPECT_EQ(state.find(1)->wan, 2);
  EXPECT_EQ(state.find(2)->wan, 1);
  EXPECT_EQ(state.wans()[2].address, *net::parse_address("203.0.113.1"));
  EXPECT_FALSE(state.wans()[0].address.present());
}

TEST(Restore, MappingsOfAWanThatIsGoneWaitForItsReturn) {
  State state = restored(two_wans(), {"ppp0"});
  const std::multiset<std::string> waiting = {"eth0 192.168.1.10:4000 > 203.0.113.1:4000 waits",
                                              "ppp0 192.168.1.11:4000 > 198.51.100.9:4000 usable"};
  EXPECT_EQ(mappings_of(state), waiting);
  EXPECT_EQ(to_text(state.kernel_view()), "map 192.168.1.11:4000 198.51.100.9:4000\n");
  std::vector<Effect> effects;
  State closed = state;
  closed.apply(CloseAssociation{1}, effects);
  EXPECT_EQ(to_text(effects), "") << "the kernel never had it";
  EXPECT_EQ(restored(state.snapshot(), {"ppp0"}).mappings().size(), 2U) << "it waits through more than one start";
  State back = restored(state.snapshot(), {"ppp0", "eth0"});
  back.apply(MoveWan{1, "eth0", *net::parse_address("203.0.113.50"), kNow}, effects);
  EXPECT_EQ(to_text(effects), "map 192.168.1.10:4000 203.0.113.50:4000\n") << "its port is kept";
  EXPECT_EQ(restored(closed.snapshot(), {"ppp0"}).wans().size(), 1U) << "a WAN that nobody waits for is forgotten";
}

TEST(Restore, WhatNamesAWanThatWasNeverIntroducedIsLeftOut) {
  std::vector<Change> changes = two_wans();
  changes.erase(changes.begin());
  EXPECT_EQ(mappings_of(restored(changes, {"eth0", "ppp0"})),
            (std::multiset<std::string>{"ppp0 192.168.1.11:4000 > 198.51.100.9:4000 usable"}));
}

struct ClockCase {
  const char* name;
  const char* boot;                 ///< of the second start; the first was boot-1
  std::chrono::minutes since_boot;  ///< the first start wrote at 60 minutes
  std::chrono::minutes wall;        ///< set against the wall clock of the last record
  JournalClock clock;
  std::chrono::minutes left;  ///< of the 30 minutes that the entry had left then
};

class JournalClocks : public ::testing::TestWithParam<ClockCase> {};

TEST_P(JournalClocks, AnEntryLivesForAsLongAsItHadLeft) {
  const ClockCase& c = GetParam();
  const std::string journal = journal_of({Renew{1, Phase::confirmed, kNow + std::chrono::minutes(30)}});
  const ClockReading now{c.boot, {c.since_boot}, kClock.wall + c.wall};
  base::Instant expires;
  const Replay replay =
      replay_journal(journal, now, [&](const Change& change) { expires = std::get<Renew>(change).expires; });
  EXPECT_EQ(replay.clock, c.clock);
  EXPECT_EQ(replay.records, 1U);
  EXPECT_EQ(expires - now.at, c.left);
}

using std::chrono::minutes;
INSTANTIATE_TEST_SUITE_P(
    Starts, JournalClocks,
    ::testing::Values(ClockCase{"Restart", "boot-1", minutes(70), minutes(10), JournalClock::same_boot, minutes(20)},
                      ClockCase{"RestartAfterAStepForwards", "boot-1", minutes(70), minutes(30'000'000),
                                JournalClock::same_boot, minutes(20)},
                      ClockCase{"RestartAfterAStepBackwards", "boot-1", minutes(70), minutes(-5000),
                                JournalClock::same_boot, minutes(20)},
                      ClockCase{"Boot", "boot-2", minutes(1), minutes(10), JournalClock::wall, minutes(20)},
                      ClockCase{"LongBoot", "boot-2", minutes(1), minutes(40), JournalClock::wall, minutes(-10)},
                      ClockCase{"BootWithoutRtc", "boot-2", minutes(1), minutes(-1), JournalClock::unreliable,
                                minutes(30)},
                      ClockCase{"BootWithAClockThatWasWrongBefore", "boot-2", minutes(1), minutes(30'000'000),
                                JournalClock::unreliable, minutes(30)},
                      ClockCase{"BootThatCannotBeNamed", "", minutes(1), minutes(10), JournalClock::wall, minutes(20)}),
    [](const ::testing::TestParamInfo<ClockCase>& param) { return param.param.name; });

TEST(Journal, TheLastReadingOfTheClocksCounts) {
  std::string journal = journal_of({Renew{1, Phase::confirmed, kNow + minutes(30)}});
  // The network told the time at last: the clock that had stood at 1970 went to where it belongs.
  append_clock({"boot-1", kNow + minutes(5), kClock.wall + minutes(30'000'000)}, journal);
  const ClockReading now{"boot-2", {minutes(2)}, kClock.wall + minutes(30'000'010)};
  base::Instant expires;
  const Replay replay =
      replay_journal(journal, now, [&](const Change& change) { expires = std::get<Renew>(change).expires; });
  EXPECT_EQ(replay.clock, JournalClock::wall);
  EXPECT_EQ(expires - now.at, minutes(15));
}

TEST(Journal, ARecordBeforeAnyClockIsNotTrusted) {
  std::string journal(kJournalHead);
  append_record(Renew{1, Phase::early, kNow}, journal);
  const Replay replay = replay_journal(journal, kClock, [](const Change&) { FAIL(); });
  EXPECT_TRUE(replay.head_ok);
  EXPECT_TRUE(replay.torn);
}

TEST(Journal, EveryCutAndEveryFlippedBitEndsTheReadingAtAWholeRecord) {
  const std::string journal = journal_of(a_full_life());
  std::set<std::uint64_t> boundaries = {kJournalHead.size()};
  std::string growing(kJournalHead);
  append_clock(kClock, growing);
  boundaries.insert(growing.size());
  for (const Change& change : a_full_life()) {
    append_record(change, growing);
    boundaries.insert(growing.size());
  }
  const auto ignore = [](const Change&) {};
  for (std::size_t cut = kJournalHead.size(); cut < journal.size(); ++cut) {
    const Replay replay = replay_journal(base::Bytes(journal).substr(0, cut), kClock, ignore);
    ASSERT_TRUE(boundaries.contains(replay.good_octets)) << cut;
    ASSERT_LE(replay.good_octets, cut);
    ASSERT_EQ(replay.torn, replay.good_octets != cut);
  }
  for (std::size_t at = kJournalHead.size(); at < journal.size(); ++at) {
    std::string broken = journal;
    broken[at] = static_cast<char>(broken[at] ^ 0x10);
    const Replay replay = replay_journal(broken, kClock, ignore);
    ASSERT_TRUE(boundaries.contains(replay.good_octets)) << at;
    ASSERT_LE(replay.good_octets, at) << "the damaged record and what follows are not trusted";
  }
  EXPECT_FALSE(replay_journal("something else", kClock, ignore).head_ok);
  EXPECT_FALSE(replay_journal("something else", kClock, ignore).other_version);
  EXPECT_FALSE(replay_journal("VIADUCT-JOURNAL-1\nabc", kClock, ignore).head_ok);
  EXPECT_TRUE(replay_journal("VIADUCT-JOURNAL-1\nabc", kClock, ignore).other_version);
}

}  // namespace
}  // namespace viaduct::alg
