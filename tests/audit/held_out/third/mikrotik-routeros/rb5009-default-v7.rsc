# 2024-03-08 17:45:12 by RouterOS 7.13.5
# software id = AAAA-0002
#
# model = RB5009UG+S+
# serial number = HE0000000002
/interface bridge
add name=br-lan protocol-mode=none vlan-filtering=yes
/interface ethernet
set [ find default-name=ether1 ] comment="ONT"
set [ find default-name=sfp-sfpplus1 ] disabled=yes
/interface vlan
add interface=ether1 name=vlan-wan vlan-id=7
add interface=br-lan name=vlan10-buero vlan-id=10
add interface=br-lan name=vlan20-tel vlan-id=20
add interface=br-lan name=vlan99-mgmt vlan-id=99
/interface pppoe-client
add add-default-route=yes disabled=no interface=vlan-wan name=pppoe-telekom \
    password=s3cr3t-9201 user=001@isp.example.net
/interface list
add name=WAN
add name=LAN
/ip pool
add name=pool10 ranges=10.10.10.50-10.10.10.250
add name=pool20 ranges=10.10.20.50-10.10.20.250
/ip dhcp-server
add address-pool=pool10 interface=vlan10-buero name=dhcp10
add address-pool=pool20 interface=vlan20-tel name=dhcp20
/interface bridge port
add bridge=br-lan frame-types=admit-only-untagged-and-priority-tagged \
    interface=ether2 pvid=10
add bridge=br-lan frame-types=admit-only-untagged-and-priority-tagged \
    interface=ether3 pvid=10
add bridge=br-lan frame-types=admit-only-untagged-and-priority-tagged \
    interface=ether4 pvid=20
add bridge=br-lan interface=ether8
/interface bridge vlan
add bridge=br-lan tagged=br-lan,ether8 vlan-ids=10
add bridge=br-lan tagged=br-lan,ether8 vlan-ids=20
add bridge=br-lan tagged=br-lan,ether8 vlan-ids=99
/interface list member
add interface=pppoe-telekom list=WAN
add interface=vlan10-buero list=LAN
add interface=vlan20-tel list=LAN
/ip address
add address=10.10.10.1/24 interface=vlan10-buero network=10.10.10.0
add address=10.10.20.1/24 interface=vlan20-tel network=10.10.20.0
add address=10.10.99.1/24 interface=vlan99-mgmt network=10.10.99.0
/ip dhcp-server network
add address=10.10.10.0/24 dns-server=10.10.10.1 gateway=10.10.10.1
add address=10.10.20.0/24 dns-server=10.10.20.1 gateway=10.10.20.1
/ip dns
set allow-remote-requests=yes servers=192.0.2.53
/ip firewall filter
add action=accept chain=input comment="accept established,related,untracked" \
    connection-state=established,related,untracked
add action=drop chain=input comment="drop invalid" connection-state=invalid
add action=accept chain=input comment="accept ICMP" protocol=icmp
add action=accept chain=input comment="accept to local loopback (for \
    CAPsMAN)" dst-address=127.0.0.1
add action=drop chain=input comment="drop all not coming from LAN" \
    in-interface-list=!LAN
add action=accept chain=forward comment="accept in ipsec policy" \
    ipsec-policy=in,ipsec
add action=accept chain=forward comment="accept out ipsec policy" \
    ipsec-policy=out,ipsec
add action=fasttrack-connection chain=forward comment="fasttrack" \
    connection-state=established,related
add action=accept chain=forward comment="accept established,related, \
    untracked" connection-state=established,related,untracked
add action=drop chain=forward comment="drop invalid" connection-state=invalid
add action=drop chain=forward comment="drop all from WAN not DSTNATed" \
    connection-nat-state=!dstnat connection-state=new in-interface-list=WAN
/ip firewall nat
add action=masquerade chain=srcnat comment="masquerade" ipsec-policy=out,none \
    out-interface-list=WAN
/ip service
set telnet disabled=yes
set ftp disabled=yes
set api disabled=yes
/ipv6 nd
set [ find default=yes ] disabled=yes
/system clock
set time-zone-name=Europe/Berlin
/system identity
set name=gw-autohaus-sued
/system ntp client
set enabled=yes
/system ntp client servers
add address=192.0.2.123
