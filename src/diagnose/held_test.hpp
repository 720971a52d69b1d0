// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "diagnose/sides/router_test.hpp"
#include "diagnose/stream_facts.hpp"
#include "rtp/talk_test.hpp"

#include <functional>

/// Calls through a router of which the captures lack packets, for the tests of what is held back until both are known.
namespace viaduct::diagnose::test {

constexpr int kPackets = 1500;

/// The platform and the phone, seen on both sides; media is to follow from 2 s on.
inline sides::Router begun() {
  sides::Router router;
  router.registers(0);
  router.registers(40, 3);
  return router;
}

/// The stream of Router::audio, as the capture of a side has it without the packets that it `lacks`.
inline StreamFacts heard(bool outbound, const std::function<bool(int)>& lacks,
                         const char* phone = "192.168.1.10:40000") {
  rtp::test::Talk talk;
  talk.ssrc = outbound ? 1 : 2;
  talk.source = rtp::test::endpoint(outbound ? phone : "198.51.100.20:50000");
  talk.destination = rtp::test::endpoint(outbound ? "198.51.100.20:50000" : phone);
  for (int i = 0; i < kPackets; ++i) lacks(i) ? talk.lose(1) : talk.send(1);
  return {.receiver = outbound ? call::Party::callee : call::Party::caller, .report = talk.report()};
}

}  // namespace viaduct::diagnose::test
