# 2023-06-21 15:27:41 by RouterOS 7.9.2
# software id = AAAA-0006
#
# model = RB4011iGS+
# serial number = D40000000006
/interface bridge
add name=bridge
/interface list
add name=WAN
add name=LAN
/ip pool
add name=lan ranges=10.1.60.100-10.1.60.250
/ip dhcp-server
add address-pool=lan interface=bridge name=lan
/queue type
add kind=pcq name=pcq-up pcq-classifier=src-address
/queue tree
add max-limit=40M name=WAN-UP parent=ether1
add limit-at=4M max-limit=40M name=voip packet-mark=voip parent=WAN-UP \
    priority=1
add limit-at=30M max-limit=40M name=rest packet-mark=no-mark parent=WAN-UP \
    priority=8 queue=pcq-up
/interface bridge port
add bridge=bridge interface=ether2
add bridge=bridge interface=ether3
add bridge=bridge interface=ether4
/interface list member
add interface=ether1 list=WAN
add interface=bridge list=LAN
/ip address
add address=10.1.60.1/24 interface=bridge network=10.1.60.0
add address=192.0.2.90/30 interface=ether1 network=192.0.2.88
/ip dhcp-server network
add address=10.1.60.0/24 dns-server=192.0.2.53 gateway=10.1.60.1
/ip firewall filter
add action=accept chain=input connection-state=established,related,untracked
add action=drop chain=input in-interface-list=!LAN
add action=accept chain=forward connection-state=established,related,untracked
add action=drop chain=forward connection-nat-state=!dstnat in-interface-list=WAN
/ip firewall mangle
add action=mark-packet chain=postrouting comment="RTP" dscp=46 \
    new-packet-mark=voip out-interface=ether1 passthrough=no
add action=mark-packet chain=postrouting comment="SIP" dst-port=5060-5061 \
    new-packet-mark=voip out-interface=ether1 passthrough=no protocol=udp
/ip firewall nat
add action=src-nat chain=srcnat out-interface-list=WAN to-addresses=192.0.2.90
/ip route
add gateway=192.0.2.89
/system clock
set time-zone-name=Europe/London
/system identity
set name=wh-smith-gate
