// SPDX-License-Identifier: GPL-2.0-or-later
#include "audit/mask.hpp"

#include <gmock/gmock.h>

namespace viaduct::audit {
namespace {

struct Line {
  Bytes from, shown;
};

TEST(Masked, HidesWhatFollowsTheNameOfASecret) {
  const Line lines[] = {
      {"enable secret 9 s3cr3t-101", "enable secret ***"},
      {"snmp-server community s3cr3t-7 RO", "snmp-server ***"},
      {"    set password ENC AK1abc+/=", "    set password ***"},
      {"set system root-authentication encrypted-password \"$6$abc\"",
       "set system root-authentication encrypted-password ***"},
      {"\toption key 's3cr3t-3'", "\toption key ***"},
      {"<pre-shared-key>s3cr3t-4</pre-shared-key>", "<pre-shared-key ***"},
      {"\"x_passphrase\" : \"s3cr3t-5\",", "\"x_passphrase ***"},
      {"wpa_psk=s3cr3t-8", "wpa_psk ***"},
      {"add name=ppp1 password=s3cr3t-9 service=l2tp", "add name=ppp1 password ***"},
      {"tunnel $1$mERr$hx5rVt7rPNoS4wqbXKX7m0 end", "tunnel *** end"},
      {"ssid a9Kd82jGh3Qp0Lz7Xv", "ssid ***"},
  };
  for (const Line& line : lines) EXPECT_EQ(masked(line.from), line.shown) << line.from;
}

TEST(Masked, LeavesWhatIsNone) {
  const Bytes lines[] = {
      "no ip nat service sip udp port 5060",
      "  set default-voip-alg-mode kernel-helper-based",
      "/ip firewall service-port set sip disabled=yes ports=5060,5061",
      "set security alg sip disable",
      "<alg-disabled>yes</alg-disabled>",
      "net.netfilter.nf_conntrack_udp_timeout_stream = 180",
      "policy-map type inspect LAN-WAN-POL",
      "password {",
      "udp 17 3599 src=192.168.100.10 dst=198.51.100.200 sport=5060 dport=5060 helper=sip",
      "",
  };
  for (const Bytes line : lines) EXPECT_EQ(masked(line), line);
}

TEST(Masked, HalfASecretIsNotShown) {
  const Bytes line = "set x 12 tunnel a9Kd82jGh3Qp0Lz7Xv end";
  EXPECT_EQ(masked_head(line, line.size()), "set x 12 tunnel *** end");
  EXPECT_EQ(masked_head(line, 22), "set x 12 tunnel ***");
  EXPECT_EQ(masked_head(line, 16), "set x 12 tunnel ");
  EXPECT_EQ(masked_head(line, 12), "set x 12 ***");
  EXPECT_EQ(masked_head("set password s3cr3t-1 x", 16), "set password ***");
  EXPECT_EQ(masked_head("set password s3cr3t-1 x", 8), "set ***");
  EXPECT_EQ(masked_head("set password s3cr3t-1 x", 13), "set password ");
  EXPECT_EQ(masked_head("a9Kd82jGh3Qp0Lz7Xv", 9), "***");
}

}  // namespace
}  // namespace viaduct::audit
