# 2026-11-02 10:00:00 by RouterOS 7.11.2
# software id = ABCD-EFGH
#
# model = RB4011iGS+
/interface bridge
add name=bridge
/ip address
add address=192.168.88.1/24 interface=bridge network=192.168.88.0
/ip firewall nat
add action=endpoint-independent-nat chain=srcnat out-interface=ether1 protocol=udp
add action=endpoint-independent-nat chain=dstnat in-interface=ether1 protocol=udp
add action=masquerade chain=srcnat out-interface=ether1
/ip/firewall/service-port/set sip disabled=yes comment="trunk pw s3cr3t-203"
/system identity
set name=eim-7
