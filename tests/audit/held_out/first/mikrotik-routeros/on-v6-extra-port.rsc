# may/14/2024 22:10:05 by RouterOS 6.48.6
# software id = 8XQ2-00AA
#
# model = RouterBOARD 3011UiAS
# serial number = 000000000000
/interface bridge
add admin-mac=00:00:5E:00:53:31 auto-mac=no comment=LAN name=bridge-lan
/interface ethernet
set [ find default-name=ether1 ] comment="Glasfaser" name=ether1-wan
set [ find default-name=ether2 ] speed=100Mbps
/interface vlan
add interface=bridge-lan name=vlan30-tel vlan-id=30
/interface wireless security-profiles
set [ find default=yes ] supplicant-identity=MikroTik
/ip pool
add name=pool-tel ranges=10.30.0.50-10.30.0.200
/ip dhcp-server
add address-pool=pool-tel disabled=no interface=vlan30-tel lease-time=8h \
    name=dhcp-tel
/interface bridge port
add bridge=bridge-lan interface=ether2
add bridge=bridge-lan interface=ether3
/ip firewall connection tracking
set udp-stream-timeout=2m udp-timeout=20s
/ip address
add address=10.30.0.1/24 interface=vlan30-tel network=10.30.0.0
add address=203.0.113.250/30 interface=ether1-wan network=203.0.113.248
/ip dns
set allow-remote-requests=yes servers=198.51.100.53
/ip firewall filter
add action=accept chain=input connection-state=established,related
add action=drop chain=input in-interface=ether1-wan
add action=accept chain=forward connection-state=established,related
add action=drop chain=forward connection-nat-state=!dstnat connection-state=\
    new in-interface=ether1-wan
/ip firewall nat
add action=src-nat chain=srcnat out-interface=ether1-wan to-addresses=\
    203.0.113.250
/ip firewall service-port
set ftp disabled=yes
set tftp disabled=yes
set irc disabled=yes
set h323 disabled=yes
set sip ports=5060,5061,5070 sip-direct-media=no sip-timeout=30m
set pptp disabled=yes
/ip route
add distance=1 gateway=203.0.113.249
/ip service
set telnet disabled=yes
set www disabled=yes
/system clock
set time-zone-name=Europe/Berlin
/system identity
set name=rb3011-foerderverein
/system ntp client
set enabled=yes primary-ntp=198.51.100.123
