# day-0 script, applied by import to every new branch router
# tested with RouterOS 7.15
:delay 5s
/system identity set name=mt-fahrschule
/user add name=netops group=full password=s3cr3t-64
/interface list add name=WAN
/interface list add name=LAN
/interface bridge add name=br0
/interface bridge port add bridge=br0 interface=ether2
/interface bridge port add bridge=br0 interface=ether3
/interface list member add list=WAN interface=ether1
/interface list member add list=LAN interface=br0
/ip address add address=192.168.44.1/24 interface=br0
/ip dhcp-client add interface=ether1 disabled=no
/ip pool add name=pool0 ranges=192.168.44.50-192.168.44.199
/ip dhcp-server add name=dhcp0 interface=br0 address-pool=pool0 disabled=no
/ip dhcp-server network add address=192.168.44.0/24 gateway=192.168.44.1
/ip firewall nat add chain=srcnat action=masquerade out-interface-list=WAN
/ip firewall filter
add chain=input action=accept connection-state=established,related
add chain=input action=drop in-interface-list=WAN
add chain=forward action=accept connection-state=established,related
add chain=forward action=drop connection-state=new \
    connection-nat-state=!dstnat in-interface-list=WAN
/ip firewall service-port
disable [find name=sip]
disable [find name=h323]
/ip firewall connection tracking
set udp-timeout=1m udp-stream-timeout=5m
/ip service
disable telnet,ftp,www,api
/ip dns set servers=198.51.100.53 allow-remote-requests=yes
/system clock set time-zone-name=Europe/Berlin
:log info "day-0 done"
