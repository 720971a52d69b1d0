#RANCID-CONTENT-TYPE: mikrotik
#
# 2024-09-18 10:02:11 by RouterOS 7.15.3
# software id = 0TTT-1234
#
# model = RB5009UG+S+
# serial number = HE10000CAFE
/interface bridge
add ingress-filtering=no name=bridge port-cost-mode=short vlan-filtering=yes
/interface vlan
add interface=bridge name=vlan-data vlan-id=100
add interface=bridge name=vlan-pbx vlan-id=200
/interface list
add name=WAN
add name=LAN
/ip pool
add name=pool-data ranges=192.168.100.10-192.168.100.240
/ip dhcp-server
add address-pool=pool-data interface=vlan-data name=data
/port
set 0 name=serial0
/queue type
add kind=fq-codel name=fqc
/queue tree
add max-limit=100M name=out parent=sfp-sfpplus1 queue=fqc
/interface bridge port
add bridge=bridge interface=ether2 pvid=100
add bridge=bridge interface=ether3 pvid=200
/ip firewall connection tracking
set udp-stream-timeout=3m udp-timeout=30s
/interface list member
add interface=sfp-sfpplus1 list=WAN
add interface=vlan-data list=LAN
add interface=vlan-pbx list=LAN
/ip address
add address=198.51.100.66/30 interface=sfp-sfpplus1 network=198.51.100.64
add address=192.168.100.1/24 interface=vlan-data network=192.168.100.0
add address=203.0.113.33/28 comment="routed, public, no NAT" interface=vlan-pbx \
    network=203.0.113.32
/ip dhcp-server network
add address=192.168.100.0/24 dns-server=192.168.100.1 gateway=192.168.100.1
/ip dns
set allow-remote-requests=yes servers=192.0.2.53,192.0.2.54
/ip firewall address-list
add address=203.0.113.32/28 list=pbx-net
/ip firewall filter
add action=accept chain=forward connection-state=established,related
add action=accept chain=forward comment="SIP past conntrack" connection-state=\
    untracked dst-port=5060 protocol=udp
add action=accept chain=forward connection-state=untracked protocol=udp \
    src-port=5060
add action=accept chain=forward dst-address-list=pbx-net dst-port=10000-20000 \
    protocol=udp
add action=drop chain=forward connection-state=invalid
add action=drop chain=forward in-interface-list=WAN
add action=accept chain=input connection-state=established,related
add action=drop chain=input in-interface-list=WAN
/ip firewall nat
add action=masquerade chain=srcnat out-interface-list=WAN src-address=\
    192.168.100.0/24
/ip firewall raw
add action=notrack chain=prerouting comment="no helper for the PBX" \
    dst-address-list=pbx-net dst-port=5060 protocol=udp
add action=notrack chain=prerouting dst-port=5060 protocol=udp \
    src-address-list=pbx-net
/ip firewall service-port
set ftp disabled=yes
set tftp disabled=yes
/ip route
add disabled=no dst-address=0.0.0.0/0 gateway=198.51.100.65 routing-table=main
/ip service
set telnet disabled=yes
set api disabled=yes
/radius
add address=192.0.2.80 secret=s3cr3t-1106 service=login
/system clock
set time-zone-name=Europe/Zurich
/system identity
set name=rb5009-zrh
/system note
set show-at-login=no
