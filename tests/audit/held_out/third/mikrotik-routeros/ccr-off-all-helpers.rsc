# 2025-01-30 02:00:03 by RouterOS 7.16.2
# software id = AAAA-0004
#
# model = CCR2116-12G-4S+
# serial number = HF0000000004
/interface ethernet
set [ find default-name=ether1 ] name=ether1-oob
set [ find default-name=sfp-sfpplus1 ] l2mtu=9200 mtu=9000 name=sfp1-core
set [ find default-name=sfp-sfpplus2 ] name=sfp2-transit
/interface vlan
add interface=sfp1-core name=v200-pop1 vlan-id=200
add interface=sfp1-core name=v201-pop2 vlan-id=201
/routing ospf instance
add disabled=no name=v2inst router-id=10.255.0.4
/routing ospf area
add disabled=no instance=v2inst name=backbone
/snmp community
set [ find default=yes ] disabled=yes
add addresses=10.255.9.0/24 name=s3cr3t-9401
/ip firewall connection tracking
set enabled=yes tcp-established-timeout=2h udp-timeout=30s
/ip settings
set rp-filter=loose
/ip address
add address=10.255.0.4 interface=lo network=10.255.0.4
add address=203.0.113.250/30 interface=sfp2-transit network=203.0.113.248
add address=10.64.0.1/22 interface=v200-pop1 network=10.64.0.0
add address=10.64.4.1/22 interface=v201-pop2 network=10.64.4.0
/ip dns
set servers=192.0.2.53
/ip firewall address-list
add address=203.0.113.10 list=mgmt
add address=203.0.113.11 list=mgmt
add address=203.0.113.12 list=mgmt
add address=203.0.113.13 list=mgmt
add address=203.0.113.14 list=mgmt
add address=203.0.113.15 list=mgmt
add address=203.0.113.16 list=mgmt
add address=203.0.113.17 list=mgmt
add address=203.0.113.18 list=mgmt
add address=203.0.113.19 list=mgmt
add address=203.0.113.20 list=mgmt
add address=203.0.113.21 list=mgmt
add address=203.0.113.22 list=mgmt
add address=203.0.113.23 list=mgmt
add address=203.0.113.24 list=mgmt
add address=203.0.113.25 list=mgmt
add address=203.0.113.26 list=mgmt
add address=203.0.113.27 list=mgmt
add address=203.0.113.28 list=mgmt
add address=203.0.113.29 list=mgmt
add address=198.51.100.8/29 list=customers comment="cust 001"
add address=198.51.100.16/29 list=customers comment="cust 002"
add address=198.51.100.24/29 list=customers comment="cust 003"
add address=198.51.100.32/29 list=customers comment="cust 004"
add address=198.51.100.40/29 list=customers comment="cust 005"
add address=198.51.100.48/29 list=customers comment="cust 006"
add address=198.51.100.56/29 list=customers comment="cust 007"
add address=198.51.100.64/29 list=customers comment="cust 008"
add address=198.51.100.72/29 list=customers comment="cust 009"
add address=198.51.100.80/29 list=customers comment="cust 010"
add address=198.51.100.88/29 list=customers comment="cust 011"
add address=198.51.100.96/29 list=customers comment="cust 012"
add address=198.51.100.104/29 list=customers comment="cust 013"
add address=198.51.100.112/29 list=customers comment="cust 014"
add address=198.51.100.120/29 list=customers comment="cust 015"
add address=198.51.100.128/29 list=customers comment="cust 016"
add address=198.51.100.136/29 list=customers comment="cust 017"
add address=198.51.100.144/29 list=customers comment="cust 018"
add address=198.51.100.152/29 list=customers comment="cust 019"
add address=198.51.100.160/29 list=customers comment="cust 020"
add address=198.51.100.168/29 list=customers comment="cust 021"
add address=198.51.100.176/29 list=customers comment="cust 022"
add address=198.51.100.184/29 list=customers comment="cust 023"
add address=198.51.100.192/29 list=customers comment="cust 024"
/ip firewall filter
add action=accept chain=input connection-state=established,related
add action=accept chain=input src-address-list=mgmt
add action=accept chain=input protocol=icmp
add action=accept chain=input protocol=ospf
add action=drop chain=input
add action=drop chain=forward connection-state=invalid
/ip firewall nat
add action=src-nat chain=srcnat out-interface=sfp2-transit \
    src-address=10.64.0.0/22 to-addresses=198.51.100.1-198.51.100.6
add action=src-nat chain=srcnat out-interface=sfp2-transit \
    src-address=10.64.4.0/22 to-addresses=198.51.100.9-198.51.100.14
/ip firewall service-port
set ftp disabled=yes
set tftp disabled=yes
set h323 disabled=yes
set sip disabled=yes
set pptp disabled=yes
/ip route
add dst-address=0.0.0.0/0 gateway=203.0.113.249
/ip service
set telnet disabled=yes
set ftp disabled=yes
set www disabled=yes
set ssh address=10.255.9.0/24 port=2222
/routing ospf interface-template
add area=backbone disabled=no interfaces=v200-pop1
/system identity
set name=nat-pop-04
/system logging
add action=remote topics=info
