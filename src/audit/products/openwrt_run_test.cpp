// SPDX-License-Identifier: GPL-2.0-or-later
// What an OpenWrt runs beside what UCI says, and what is only named.
#include "audit/products/seen_test.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace viaduct::audit {
namespace {

std::string release(const std::string& version) {
  return "==> /etc/openwrt_release <==\nDISTRIB_RELEASE='" + version + "'\n==> /etc/config/firewall <==\n" +
         "config defaults\n\toption auto_helper '0'\n\toption forward 'REJECT'\n\nconfig zone\n\toption name "
         "'lan'\n\n" +
         "config forwarding\n\toption src 'lan'\n\toption dest 'wan'\n";
}
const std::string kRule = "iptables -t raw -A PREROUTING -p udp --dport 5060 -j CT --helper sip\n";

Device device_with(const std::string& title, const std::string& lines, const std::string& version = "23.05.3") {
  return by_reader(release(version) + "==> " + title + " <==\n" + lines);
}
/// State, and why it is unknown: "unknown, what is in /etc/x is not in this text".
std::string with(const std::string& title, const std::string& lines) {
  const Device device = device_with(title, lines);
  std::string shown(name(device.sip));
  for (const Feature& feature : device.features)
    if (feature.state == State::unknown) shown += ", " + feature.note;
  return shown;
}
std::string missing(const std::string& path) {
  return "unknown, what is in " + path + " is not in this text";
}

TEST(OpenWrtRun, AFileThatIsRunAndNotShownIsUnknown) {
  for (const std::string line :
       {"bash /root/x\n", "nohup /root/x &\n", "/bin/ash /root/x\n", "[ -x /root/x ] && /root/x\n",
        "sleep 9; /root/x\n", "start-stop-daemon -S -x /root/x\n", "for f in /root/x; do . $f; done\n"})
    EXPECT_EQ(with("/etc/rc.local", line), missing("/root/x")) << line;
  EXPECT_EQ(with("/etc/firewall.user", "iptables-restore -n < /etc/sip.rules\n"), missing("/etc/sip.rules"));
  EXPECT_EQ(with("/etc/firewall.user", "iptables-restore -n </etc/sip.conf\n"), missing("/etc/sip.conf"));
  EXPECT_EQ(with("/etc/firewall.user", "cat /etc/sip.rules | iptables-restore -n\n"), missing("/etc/sip.rules"));
  EXPECT_EQ(with("/etc/crontabs/root", "*/5 * * * * /root/x\n"), missing("/root/x"));
  EXPECT_EQ(with("crontab -l", "0 4 * * 1 sleep 5 && /root/x 2>/dev/null\n"), missing("/root/x"));
}

TEST(OpenWrtRun, AFileThatIsRunAndShownTells) {
  const std::string run = "nohup /root/x &\n==> /root/x <==\n";
  EXPECT_EQ(with("/etc/rc.local", run + kRule), "on");
  EXPECT_EQ(with("/etc/rc.local", run + "logger up\n"), "off");
  EXPECT_EQ(with("/etc/rc.local", run + "sh /etc/y\n"), missing("/etc/y"));
  EXPECT_EQ(with("/etc/rc.local", "sh /etc/y\n==> md5sum /etc/y <==\nd41d8cd9 /etc/y\n"), missing("/etc/y"));
}

TEST(OpenWrtRun, WhatIsOnlyNamedIsNotRun) {
  EXPECT_EQ(with("/etc/sysupgrade.conf", "# kept\n/etc/openvpn/\n/etc/my.sh\n"), "off");
  EXPECT_EQ(with("ls /etc/rc.d/*", "/etc/rc.d/S19firewall\n/etc/my.sh\n"), "off");
  EXPECT_EQ(with("grep -rn sip /etc/*.conf", "/etc/sysctl.conf:1:# sip\n"), "off");
  EXPECT_EQ(with("/etc/rc.local", "echo 1 > /etc/x\ncp /etc/a /etc/b\n[ -e /etc/c ] && rm /etc/c\n"), "off");
  EXPECT_EQ(with("/etc/rc.local", "openvpn --config /etc/openvpn/x.conf\n/etc/init.d/sqm start\n"), "off");
  EXPECT_EQ(with("/etc/init.d/ddns", "#!/bin/sh /etc/rc.common\nprocd_set_param command /usr/bin/x -c /etc/x\n"),
            "off");
  EXPECT_EQ(with("/etc/init.d/sysctl",
                 "#!/bin/sh /etc/rc.common\nfor CONF in /etc/sysctl.d/*.conf /etc/sysctl.conf; do\n\tsysctl -p "
                 "\"$CONF\"\ndone\n"),
            "off");
  EXPECT_EQ(with("/etc/init.d/ddns", "#!/bin/sh /etc/rc.common\nstart() {\n\tnohup /etc/x\n}\n"), missing("/etc/x"));
}

TEST(OpenWrtRun, WhatAProgramIsGivenIsTold) {
  for (const std::string line :
       {"/usr/lib/acme/acme.sh --cron --home /etc/acme\n", "openvpn --daemon --config /etc/openvpn/client.ovpn\n",
        "ssh -i /root/.ssh/id_rsa -fN r@192.0.2.1\n", "wget -qO /etc/dnsmasq.d/adblock https://example.com/x\n",
        "find /root/backups -mtime +7 -delete\n", "mount /dev/sda1 /root/usb\n", "tar czf /root/b.tgz /etc/x\n",
        "for f in /etc/profile.d/*.sh; do [ -r \"$f\" ] && . \"$f\"; done\n",
        "nice -n 19 openvpn --config /etc/openvpn/client\n", "nohup ssh -i /root/.ssh/id_rsa r@192.0.2.1 &\n"})
    EXPECT_EQ(with("/etc/rc.local", line), "off") << line;
  EXPECT_EQ(with("/etc/crontabs/root", "0 0 * * * /usr/lib/acme/acme.sh --cron --home /etc/acme\n"), "off");
}

TEST(OpenWrtRun, WhatALauncherIsGivenIsRun) {
  for (const std::string line :
       {"timeout 60 /root/x\n", "timeout -s KILL 60s /root/x\n", "nice -n 19 /root/x\n", "ionice -c 3 nice /root/x\n",
        "setsid /root/x\n", "env -i PATH=/bin /root/x\n", "exec /root/x\n", "time /root/x\n", "sh -c /root/x\n",
        "flock -n /var/lock/x /root/x\n", "nice sh /root/x\n", "if /root/x; then exit; fi\n", "lua /root/x\n",
        "start-stop-daemon -S -b -m -p /var/run/x.pid -x /root/x\n", "for f in /root/x; do\n$f\ndone\n"})
    EXPECT_EQ(with("/etc/rc.local", line), missing("/root/x")) << line;
  EXPECT_EQ(with("/etc/rc.local", "openvpn --config /etc/x.ovpn --up /etc/up.sh\n"), missing("/etc/up.sh"));
}

TEST(OpenWrtRun, WhatAProgramThatNobodyKnowsIsGivenMayBeRun) {
  for (const std::string line : {"start-stop-daemon -S -b -n sipfix -x /root/x\n",
                                 "PATH=/usr/sbin:/sbin /root/x\n",
                                 "HOME=/root /root/x &\n",
                                 "flock -w 10 /tmp/lock /root/x\n",
                                 "2>/dev/null /root/x\n",
                                 ">/dev/null /root/x\n",
                                 "> /dev/null /root/x\n",
                                 "function f { /root/x; }\n",
                                 "alias f=/root/x\n",
                                 "ionice -c idle /root/x\n",
                                 "timeout -s term 60 /root/x\n",
                                 "time -o /tmp/t /root/x\n",
                                 "command -p /root/x\n",
                                 "su root -c /root/x\n",
                                 "taskset 1 /root/x\n",
                                 "tmux new-session -d -s a /root/x\n",
                                 "chroot / /root/x\n",
                                 "ip netns exec v /root/x\n",
                                 "watch -n 5 /root/x\n",
                                 "lua5.1 /root/x\n",
                                 "udhcpc -s /root/x\n",
                                 "hostapd_cli -a /root/x\n",
                                 "find /tmp -exec /root/x {} +\n",
                                 "logger \"$(/root/x)\"\n",
                                 "sh -c \"sleep 9; /root/x\"\n",
                                 "ip-up --exec=/root/x\n",
                                 "cd /root && ./x\n",
                                 "cd /root; sh x\n",
                                 "openvpn --config /etc/y --up /root/x\n"})
    EXPECT_EQ(with("/etc/rc.local", line), missing("/root/x")) << line;
  EXPECT_EQ(with("/etc/rc.local", "sysctl -p /etc/voip\n"), missing("/etc/voip"));
  EXPECT_EQ(with("/etc/rc.local", "crontab /etc/mycron\n"), missing("/etc/mycron"));
  EXPECT_EQ(with("/etc/crontabs/root", "*/5 * * * * PATH=/sbin /root/x\n"), missing("/root/x"));
  EXPECT_EQ(with("/etc/rc.local", "cat /etc/y | while read l; do $l; done\n"), missing("/etc/y"));
  EXPECT_EQ(with("/etc/rc.local", "grep -v x /etc/sip.rules | iptables-restore\n"), missing("/etc/sip.rules"));
  EXPECT_EQ(with("/etc/init.d/x", "#!/bin/sh /etc/rc.common\nprocd_set_param command /root/x\n"), missing("/root/x"));
}

TEST(OpenWrtRun, WhatFollowsARowOfSignsMayStillBeOfTheScript) {
  for (const std::string row :
       {"### nft list ruleset\n", "## iptables-save\n", "## /etc/config/firewall\n", "## iptables-save\n## iptables\n",
        "## iptables-save\n## uci set by me\n", "## /etc/config/firewall\n## uci show firewall\n",
        "## nft list ruleset must be empty\n"})
    EXPECT_EQ(with("/etc/rc.local", row + "sh /root/x\n"), missing("/root/x")) << row;
  EXPECT_EQ(with("/etc/rc.local", "### iptables-save\n### uci show x\nx.a=b\nx.a.b='/etc/x'\n"), "off");
  EXPECT_EQ(with("/etc/rc.local", "exit 0\n### /etc/config/dhcp\nconfig a\n\toption b '/etc/x'\n"), "off");
}

TEST(OpenWrtRun, WhatAVariableHoldsIsRunWhereItIsUsed) {
  EXPECT_EQ(with("/etc/rc.local", "X=/root/x\n$X\n"), missing("/root/x"));
  EXPECT_EQ(with("/etc/rc.local", "D=/root\nsh \"${D}/x\"\n"), missing("/root/x"));
  EXPECT_EQ(with("/etc/rc.local", "f() { $X; }\nX='sh /root/x'\nf\n"), missing("/root/x"));
  EXPECT_EQ(with("/etc/firewall.user", "S=/etc/sip.rules\niptables-restore < $S\n"), missing("/etc/sip.rules"));
  EXPECT_EQ(with("/etc/rc.local", "X=/root/x\n[ -f $X ] && rm $X\nLOG=/root/y; echo 1 > $LOG\n"), "off");
  EXPECT_EQ(with("/etc/init.d/x", "#!/bin/sh /etc/rc.common\nC=/etc/x\n[ -f $C ] && . $C\n"), "off");
}

TEST(OpenWrtRun, AnOptionBeforeAShellHidesNothing) {
  for (const std::string line :
       {"cat /etc/x.conf | nice -19 iptables-restore -n\n", "env -i sh /etc/x.conf\n",
        "ionice -c3 iptables-restore /etc/x.conf\n", "eval sh /etc/x.conf\n", "nice -19 sh /etc/x.conf\n",
        "lua /etc/x.conf\n", "python3 /etc/x.conf\n", "nft -f/etc/x.conf\n", "sysctl -p/etc/x.conf\n"})
    EXPECT_EQ(with("/etc/rc.local", line), missing("/etc/x.conf")) << line;
  for (const std::string line : {"sh ~/x\n", "$HOME/x\n", "cd ~; ./x\n", "sh -c 'PATH=/usr/sbin:/sbin /root/x'\n",
                                 "start-stop-daemon -S -x/root/x\n"})
    EXPECT_EQ(with("/etc/rc.local", line), missing("/root/x")) << line;
}

TEST(OpenWrtRun, AFileThatIsNamedInEachLineIsToldOnce) {
  EXPECT_EQ(with("/etc/rc.local", "/root/x\nX=/root/x\n$X\n$X\n"), missing("/root/x"));
  std::string script = "cd /root/" + std::string(100'000, 'a') + "\n";
  for (int i = 0; i < 100'000; ++i) script += "./x\n";
  const std::string shown = with("/etc/rc.local", script);
  EXPECT_TRUE(shown.starts_with("unknown, "));
  EXPECT_LT(shown.size(), 1000U);
}

TEST(OpenWrtRun, WhatOnlyReadsIsKnownBehindALauncherToo) {
  for (const std::string line :
       {"timeout 9 cat /etc/x\n", "nice -n 19 tar czf /root/b /etc/x\n",
        "start-stop-daemon -S -x /usr/sbin/openvpn -- --config /etc/x\n", "flock /root/lock cat /etc/x\n",
        "nohup mydaemon -c /etc/my.conf &\n", "echo \"see /etc/doc\" > /etc/motd\n",
        "wget https://example.com/etc/x -O /root/y\n", "sysctl -p /etc/sysctl.conf\n"})
    EXPECT_EQ(with("/etc/rc.local", line), "off") << line;
}

TEST(OpenWrtRun, AScriptMayChangeTheSettings) {
  EXPECT_EQ(with("/etc/rc.local", "uci set firewall.@defaults[0].auto_helper='1'; fw4 reload\n"),
            "unknown, it changes the settings whenever it runs");
  EXPECT_EQ(with("/etc/rc.local", "uci set firewall.@defaults[0].auto_helper=0\nuci set sqm.eth1.enabled=1\n"), "off");
}

/// "FIX; FIX | UNDO; UNDO" of the last feature, or what is to be done by hand.
std::string edit_of(const std::string& title, const std::string& lines, const std::string& version) {
  const Device device = device_with(title, lines + "==> lsmod <==\nnf_conntrack_sip 1 1 nf_nat_sip\n", version);
  const Edit& edit = device.features.back().edit;
  std::string shown = edit.by_hand;
  for (const std::string& line : edit.fix) shown += line + "; ";
  for (const std::string& line : edit.undo) shown += "| " + line;
  return shown;
}

TEST(OpenWrtRun, ASysctlIsSetBackAndNotByTheFirewall) {
  const std::string assigned = "net.netfilter.nf_conntrack_helper = 1\n";
  EXPECT_EQ(edit_of("sysctl -a", assigned, "21.02.3"),
            "sysctl -w net.netfilter.nf_conntrack_helper=0; echo net.netfilter.nf_conntrack_helper=0 > "
            "/etc/sysctl.d/zz-no-sip-alg.conf; | rm -f /etc/sysctl.d/zz-no-sip-alg.conf| sysctl -w "
            "net.netfilter.nf_conntrack_helper=1");
  EXPECT_EQ(edit_of("/etc/sysctl.conf", assigned, "21.02.3"),
            "take this line out of /etc/sysctl.conf, then sysctl -w net.netfilter.nf_conntrack_helper=0; sysctl "
            "net.netfilter.nf_conntrack_helper tells whether it is 0");
}

TEST(OpenWrtRun, ARestartOfTheFirewallIsAdvisedWhereItHelps) {
  const std::string take = "take this line out of ";
  const std::string firewall = ", then /etc/init.d/firewall restart";
  const std::string router =
      ", then restart the router: a restart of the firewall writes table inet fw4 anew, and leaves rules of iptables "
      "and of other tables";
  EXPECT_EQ(edit_of("/etc/firewall.user", kRule, "21.02.3"), take + "/etc/firewall.user" + firewall);
  EXPECT_EQ(edit_of("/etc/firewall.user", kRule, "23.05.3"), take + "/etc/firewall.user" + router);
  const std::string chain =
      "ct helper s {\n type \"sip\" protocol udp;\n}\nchain c {\n type filter hook prerouting priority 0;\n"
      " udp dport 5060 ct helper set \"s\"\n}\n";
  EXPECT_EQ(edit_of("/etc/nftables.d/a.nft", chain, "23.05.3"), take + "/etc/nftables.d/a.nft" + firewall);
  EXPECT_EQ(edit_of("/etc/sip.nft", "table ip own {\n" + chain + "}\n", "23.05.3"), take + "/etc/sip.nft" + router);
}

}  // namespace
}  // namespace viaduct::audit
