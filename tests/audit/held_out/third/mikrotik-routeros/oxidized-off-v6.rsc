# version: 6.48.6 (long-term)
# platform: MikroTik
# board-name: hEX
# factory-software: 6.36.1
# oxidized
# software id = AAAA-0007
#
# model = RB750Gr3
# serial number = 6F0000000007
/interface bridge add name=LAN
/interface ethernet set [ find default-name=ether1 ] comment=WAN speed=100Mbps
/interface ethernet set [ find default-name=ether2 ] speed=100Mbps
/interface l2tp-client add connect-to=198.51.100.7 disabled=no name=to-noc password=s3cr3t-9701 use-ipsec=yes user=cpe-0412
/ip pool add name=dhcp ranges=192.168.112.50-192.168.112.150
/ip dhcp-server add address-pool=dhcp disabled=no interface=LAN name=dhcp
/interface bridge port add bridge=LAN interface=ether2
/interface bridge port add bridge=LAN interface=ether3
/interface bridge port add bridge=LAN interface=ether4
/interface bridge port add bridge=LAN interface=ether5
/ip address add address=192.168.112.1/24 interface=LAN network=192.168.112.0
/ip dhcp-client add disabled=no interface=ether1
/ip dhcp-server network add address=192.168.112.0/24 dns-server=192.0.2.53 gateway=192.168.112.1
/ip firewall filter add action=accept chain=input connection-state=established,related
/ip firewall filter add action=accept chain=input in-interface=to-noc
/ip firewall filter add action=drop chain=input in-interface=ether1
/ip firewall nat add action=masquerade chain=srcnat out-interface=ether1
/ip firewall service-port set sip disabled=yes
/ip firewall filter add action=accept chain=forward connection-state=established,related
/ip firewall filter add action=drop chain=forward connection-state=invalid
/ip firewall filter add action=drop chain=forward connection-nat-state=!dstnat connection-state=new in-interface=ether1
/ip dns set allow-remote-requests=yes servers=192.0.2.53
/ip route add distance=1 dst-address=10.255.0.0/16 gateway=to-noc
/ip service set ftp disabled=yes
/ip service set api disabled=yes
/snmp community add addresses=10.255.0.0/16 name=s3cr3t-9702
/snmp set enabled=yes
/ip service set www port=8080
/ip service set telnet disabled=yes
/system clock set time-zone-name=Europe/Prague
/system identity set name=cpe-0412
/system package update set channel=long-term
