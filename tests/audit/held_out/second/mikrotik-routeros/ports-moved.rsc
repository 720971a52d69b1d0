#
# Flags: U - upgradable
#  0   name="routeros-arm" version="6.48.6" scheduled=""
#  1   name="wireless" version="6.48.6" scheduled=""
#              version: 6.48.6 (long-term)
#           board-name: hAP ac^2
#         architecture: arm
#
# by RouterOS 6.48.6
# software id = K1B2-XXXX
#
# model = RBD52G-5HacD2HnD
/interface bridge
add name=bridge1 protocol-mode=none
/interface wireless
set [ find default-name=wlan1 ] band=2ghz-g/n country=italy disabled=no mode=\
    ap-bridge ssid=Officina wireless-protocol=802.11
/interface wireless security-profiles
set [ find default=yes ] authentication-types=wpa2-psk mode=dynamic-keys \
    supplicant-identity=MikroTik wpa2-pre-shared-key=s3cr3t-1104
/ip pool
add name=dhcp ranges=192.168.5.10-192.168.5.99
/ip dhcp-server
add address-pool=dhcp disabled=no interface=bridge1 lease-time=1d name=dhcp1
/queue simple
add max-limit=18M/90M name=all target=bridge1
/snmp community
set [ find default=yes ] addresses=192.0.2.0/24 name=s3cr3t-1105
/interface bridge port
add bridge=bridge1 interface=ether2
add bridge=bridge1 interface=ether3
add bridge=bridge1 interface=wlan1
/ip neighbor discovery-settings
set discover-interface-list=!dynamic
/ip address
add address=192.168.5.1/24 interface=bridge1 network=192.168.5.0
/ip dhcp-client
add disabled=no interface=ether1
/ip dhcp-server network
add address=192.168.5.0/24 gateway=192.168.5.1
/ip dns
set allow-remote-requests=yes servers=192.0.2.53
/ip firewall connection tracking
set udp-stream-timeout=4m udp-timeout=20s
/ip firewall filter
add action=accept chain=input connection-state=established,related
add action=drop chain=input in-interface=ether1
add action=accept chain=forward connection-state=established,related
add action=drop chain=forward connection-state=invalid
/ip firewall nat
add action=masquerade chain=srcnat out-interface=ether1
add action=dst-nat chain=dstnat comment="door phone" dst-port=5160 in-interface=\
    ether1 protocol=udp to-addresses=192.168.5.20
/ip firewall raw
add action=drop chain=prerouting dst-port=53 in-interface=ether1 protocol=udp
/ip firewall service-port
set ftp disabled=yes
set irc disabled=yes
set sip ports=5160
/ip service
set telnet disabled=yes
set ftp disabled=yes
set www port=8081
/system clock
set time-zone-name=Europe/Rome
/system identity
set name=officina-gw
/system leds
set 0 interface=wlan1
/system ntp client
set enabled=yes primary-ntp=192.0.2.1
