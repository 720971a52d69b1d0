# apr/02/2020 11:00:46 by RouterOS 6.45.8
# software id = AAAA-0005
#
# model = RouterBOARD 3011UiAS
# serial number = 8E0000000005
/interface bridge
add name=bridge1
/interface pppoe-client
add add-default-route=yes disabled=no interface=ether1 max-mru=1480 \
    max-mtu=1480 name=pppoe-out1 password=s3cr3t-9501 use-peer-dns=yes \
    user=oficina@isp.example.net
/ip pool
add name=dhcp_pool0 ranges=192.168.0.20-192.168.0.200
/ip dhcp-server
add address-pool=dhcp_pool0 disabled=no interface=bridge1 name=dhcp1
/queue simple
add max-limit=10M/10M name=wifi-clientes target=192.168.10.0/24
/interface bridge port
add bridge=bridge1 interface=ether2
add bridge=bridge1 interface=ether3
add bridge=bridge1 interface=ether4
add bridge=bridge1 interface=ether5
/ip address
add address=192.168.0.1/24 interface=bridge1 network=192.168.0.0
add address=192.168.10.1/24 interface=ether10 network=192.168.10.0
/ip dhcp-server network
add address=192.168.0.0/24 dns-server=192.168.0.1 gateway=192.168.0.1
/ip dns
set allow-remote-requests=yes servers=192.0.2.53,198.51.100.53
/ip firewall filter
add action=accept chain=input connection-state=established,related
add action=drop chain=input in-interface=pppoe-out1
/ip firewall nat
add action=masquerade chain=srcnat out-interface=pppoe-out1
add action=dst-nat chain=dstnat comment="centralita" dst-port=5060 \
    in-interface=pppoe-out1 protocol=udp src-address=203.0.113.8 \
    to-addresses=192.168.0.15
add action=dst-nat chain=dstnat comment="centralita RTP" dst-port=10000-10200 \
    in-interface=pppoe-out1 protocol=udp to-addresses=192.168.0.15
/ip firewall service-port
set sip ports=5060 sip-direct-media=no sip-timeout=10m
/ip service
set telnet disabled=yes
/system clock
set time-zone-name=Europe/Madrid
/system identity
set name="Oficina Central"
