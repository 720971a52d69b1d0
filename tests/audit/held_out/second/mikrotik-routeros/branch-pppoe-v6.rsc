# mar/11/2024 07:42:18 by RouterOS 6.49.10
# software id = 7QHX-0AA1
#
# model = RB750Gr3
# serial number = CC2100FFFF01
/interface bridge
add admin-mac=02:00:5E:10:00:01 auto-mac=no comment=defconf name=bridge
/interface ethernet
set [ find default-name=ether1 ] comment="ONT Deutsche Glas" name=ether1-wan
set [ find default-name=ether5 ] comment="uplink PoE switch"
/interface pppoe-client
add add-default-route=yes disabled=no interface=ether1-wan name=pppoe-out1 \
    password=s3cr3t-1101 use-peer-dns=yes user=branch17@isp.example
/interface vlan
add interface=bridge name=vlan20-voice vlan-id=20
/interface list
add name=WAN
add name=LAN
/ip pool
add name=pool-lan ranges=192.168.17.100-192.168.17.199
add name=pool-voice ranges=192.168.117.50-192.168.117.99
/ip dhcp-server
add address-pool=pool-lan disabled=no interface=bridge name=dhcp-lan
add address-pool=pool-voice disabled=no interface=vlan20-voice name=dhcp-voice
/queue tree
add max-limit=38M name=up parent=pppoe-out1 queue=default
add limit-at=4M max-limit=38M name=up-voice packet-mark=pm-voice parent=up \
    priority=1 queue=default
add max-limit=38M name=up-rest packet-mark=no-mark parent=up queue=default
/interface bridge port
add bridge=bridge comment=defconf interface=ether2
add bridge=bridge comment=defconf interface=ether3
add bridge=bridge comment=defconf interface=ether4
add bridge=bridge comment=defconf interface=ether5
/interface list member
add interface=bridge list=LAN
add interface=vlan20-voice list=LAN
add interface=pppoe-out1 list=WAN
/ip address
add address=192.168.17.1/24 interface=bridge network=192.168.17.0
add address=192.168.117.1/24 interface=vlan20-voice network=192.168.117.0
/ip dns
set allow-remote-requests=yes
/ip firewall address-list
add address=203.0.113.10 comment="SIP trunk A" list=voip-provider
add address=203.0.113.11 comment="SIP trunk B" list=voip-provider
/ip firewall filter
add action=accept chain=input connection-state=established,related,untracked
add action=drop chain=input connection-state=invalid
add action=accept chain=input protocol=icmp
add action=drop chain=input in-interface-list=!LAN
add action=accept chain=forward connection-state=established,related,untracked
add action=drop chain=forward connection-state=invalid
add action=drop chain=forward connection-nat-state=!dstnat connection-state=new \
    in-interface-list=WAN
/ip firewall mangle
add action=mark-packet chain=postrouting comment="RTP is EF" dscp=46 \
    new-packet-mark=pm-voice out-interface=pppoe-out1 passthrough=no
add action=change-mss chain=forward new-mss=clamp-to-pmtu out-interface=\
    pppoe-out1 protocol=tcp tcp-flags=syn
/ip firewall nat
add action=masquerade chain=srcnat comment="defconf: masquerade" \
    ipsec-policy=out,none out-interface-list=WAN
/ip firewall raw
add action=notrack chain=prerouting comment="SIP past conntrack, try again with\
    \_6.50" disabled=yes dst-address-list=voip-provider dst-port=5060 \
    protocol=udp
add action=notrack chain=prerouting disabled=yes protocol=udp \
    src-address-list=voip-provider src-port=5060
/ip firewall service-port
set ftp disabled=yes
set tftp disabled=yes
set h323 disabled=yes
set pptp disabled=yes
/ip service
set telnet disabled=yes
set ftp disabled=yes
set www disabled=yes
set api disabled=yes
/snmp
set contact=noc@example.net enabled=yes location="Branch 17"
/system clock
set time-zone-name=Europe/Berlin
/system identity
set name=rt-branch17
/system ntp client
set enabled=yes primary-ntp=192.0.2.123
/tool mac-server
set allowed-interface-list=LAN
