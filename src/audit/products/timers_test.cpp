// SPDX-License-Identifier: GPL-2.0-or-later
// Timers of protocols, ports and traversal: AOS, RTX.
#include "audit/products/seen_test.hpp"

#include <gmock/gmock.h>

namespace viaduct::audit {
namespace {

constexpr const char* kAos =
    "! ADTRAN, Inc. OS version R13.5.0.E\nip firewall\nno ip firewall alg sip\nip policy-class Private\n";

TEST(Adtran, ARangeOfPortsAndTheTraversalHaveTimers) {
  EXPECT_EQ(seen(std::string(kAos) +
                 "ip policy-timeout udp range 10000 20000 180\nip policy-timeout udp range 5060 5062 600\n"
                 "ip rtp firewall-traversal policy-timeout 75\n"),
            "adtran-aos on\n"
            "ip firewall alg sip [global] off @3\n"
            "ip rtp firewall-traversal [global] on @7\n"
            "ip policy-timeout udp range 10000 20000 [global] 180 @5\n"
            "ip policy-timeout udp range 5060 5062 [global] 600 @6\n"
            "ip rtp firewall-traversal policy-timeout [global] 75 @7\n");
}

TEST(Adtran, TheServerOfAProxyThatIsOffSwitchesNothingOn) {
  EXPECT_EQ(seen(std::string(kAos) + "no ip sip proxy\nip sip proxy sip-server primary 198.51.100.7\n"),
            "adtran-aos off\n"
            "ip firewall alg sip [global] off @3\n"
            "ip sip proxy [global] off @5\n");
}

TEST(Yamaha, TheTimeOfAProtocolCountsForIt) {
  EXPECT_EQ(seen("# RTX1210 Rev.14.01.42 (Fri Jul 8 2022)\nip lan2 nat descriptor 1\nnat descriptor type 1 "
                 "masquerade\nnat descriptor sip 1 off\n"
                 "nat descriptor timer 1 600\nnat descriptor timer 1 protocol=udp 400\nnat descriptor timer 1 "
                 "protocol=udp port=5060-5061 1800\n"),
            "yamaha-rtx off\n"
            "nat descriptor sip [descriptor 1] off @4\n"
            "nat descriptor timer udp 5060-5061 [descriptor 1] 1800 @7\n"
            "nat descriptor timer protocol=udp [descriptor 1] 400 @6\n");
}

}  // namespace
}  // namespace viaduct::audit
