// SPDX-License-Identifier: GPL-2.0-or-later
#include "faults/calls.hpp"

#include "support/nat_box.hpp"

#include <gtest/gtest.h>

namespace viaduct::faults {
namespace {

using support::ep;
using support::kStart;

std::string invite(const std::string& call_id, const std::string& version = "1") {
  return "INVITE sip:bob@example.com SIP/2.0\r\nCall-ID: " + call_id +
         "\r\nCSeq: 1 INVITE\r\nContent-Type: application/sdp\r\n\r\nv=0\r\no=- 7 " + version +
         " IN IP4 192.168.1.10\r\ns=-\r\nc=IN IP4 192.168.1.10\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n";
}

/// The call of a message from the inside after it was read; nullptr if it belongs to none.
const Call* call_after(Calls& calls, const std::string& text) {
  const sip::Result<sip::Message> message = sip::parse(text);
  calls.observe(*message, true, ep("198.51.100.5:5060"), kStart);
  return calls.find(*message, kStart);
}

TEST(Calls, LongCallIdsAreNotKept) {
  Calls calls;
  EXPECT_NE(call_after(calls, invite(std::string(Calls::kMaxCallId, 'a'))), nullptr);
  EXPECT_EQ(call_after(calls, invite(std::string(Calls::kMaxCallId + 1, 'a'))), nullptr);
  EXPECT_EQ(calls.size(), 1U);
  EXPECT_EQ(calls.media(ep("192.168.1.10:4000"))->call_id, std::string(Calls::kMaxCallId, 'a'));
}

TEST(Calls, LongVersionsAreNotKept) {
  Calls calls;
  EXPECT_EQ(call_after(calls, invite("a", std::string(64, '1')))->origin_version, std::string(64, '1'));
  EXPECT_EQ(call_after(calls, invite("b", std::string(65, '1')))->origin_version, "");
}

}  // namespace
}  // namespace viaduct::faults
