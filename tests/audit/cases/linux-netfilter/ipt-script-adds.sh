#!/bin/sh
# rules on top of what the distribution sets
iptables -A INPUT -i lo -j ACCEPT
iptables -A FORWARD -i lan0 -o wan0 -j ACCEPT
iptables -A FORWARD -p udp --dport 10000:20000 -j ACCEPT
iptables -t nat -A POSTROUTING -o wan0 -j MASQUERADE
ip6tables -A INPUT -i lo -j ACCEPT
