# 2025-02-03 21:15:40 by RouterOS 7.16.2
# software id = J4KM-99ZZ
#
# model = CCR2004-16G-2S+
# serial number = HF000000AB1
/interface bridge
add name=br-core vlan-filtering=yes
/interface ethernet
set [ find default-name=ether16 ] disabled=yes
set [ find default-name=sfp-sfpplus1 ] comment="WAN 1 - carrier hotel" l2mtu=1598
/interface vlan
add interface=br-core name=v10-office vlan-id=10
add interface=br-core name=v40-phones vlan-id=40
/interface list
add comment="anything public" name=outside
add name=inside
/interface wireguard
add listen-port=13231 mtu=1420 name=wg-homeoffice
/ip pool
add name=p-office ranges=10.10.10.50-10.10.10.250
add name=p-phones ranges=10.10.40.20-10.10.40.220
/ip dhcp-server
add address-pool=p-office interface=v10-office name=d-office
add address-pool=p-phones interface=v40-phones lease-time=8h name=d-phones
/queue type
add cake-bandwidth=500.0Mbps cake-diffserv=besteffort cake-nat=yes kind=cake \
    name=cake-up
/queue simple
add max-limit=0/500M name=wan-cake queue=cake-up/cake-up target=sfp-sfpplus1
/routing table
add disabled=no fib name=to-backup
/ip neighbor discovery-settings
set discover-interface-list=inside
/ip firewall connection tracking
set enabled=yes loose-tcp-tracking=no tcp-established-timeout=2h \
    udp-stream-timeout=5m udp-timeout=1m
/interface bridge vlan
add bridge=br-core tagged=br-core,ether1 vlan-ids=10,40
/interface list member
add interface=sfp-sfpplus1 list=outside
add interface=v10-office list=inside
add interface=v40-phones list=inside
/interface wireguard peers
add allowed-address=10.99.0.2/32 comment="kim laptop" interface=wg-homeoffice \
    name=peer1 preshared-key="s3cr3t-1102" public-key=\
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
/ip address
add address=198.51.100.2/30 interface=sfp-sfpplus1 network=198.51.100.0
add address=10.10.10.1/24 interface=v10-office network=10.10.10.0
add address=10.10.40.1/24 interface=v40-phones network=10.10.40.0
/ip dhcp-server network
add address=10.10.10.0/24 dns-server=10.10.10.1 gateway=10.10.10.1
add address=10.10.40.0/24 dhcp-option-set=*1 dns-server=10.10.40.1 gateway=\
    10.10.40.1
/ip firewall filter
add action=fasttrack-connection chain=forward connection-state=\
    established,related hw-offload=yes
add action=accept chain=forward connection-state=established,related,untracked
add action=accept chain=input comment="allow SIP OPTIONS probes" dst-port=5060 \
    protocol=udp src-address=203.0.113.0/28
add action=accept chain=input dst-port=13231 protocol=udp
add action=drop chain=input in-interface-list=outside
/ip firewall nat
add action=src-nat chain=srcnat out-interface-list=outside to-addresses=\
    198.51.100.2
add action=dst-nat chain=dstnat comment="PBX tls" dst-port=5061 \
    in-interface-list=outside protocol=tcp to-addresses=10.10.40.10
/ip firewall service-port
set ftp disabled=yes
set tftp disabled=yes
set irc disabled=no
set h323 disabled=yes
set sip disabled=yes ports=5060,5061,5080 sip-direct-media=no sip-timeout=\
    30m
set rtsp disabled=no
/ip route
add dst-address=0.0.0.0/0 gateway=198.51.100.1
/ip service
set telnet disabled=yes
set www-ssl certificate=none disabled=no
/system clock
set time-zone-name=Europe/Amsterdam
/system identity
set name=ccr-ams-01
/system logging
add topics=sip
/system ntp client
set enabled=yes
/tool romon
set enabled=yes
