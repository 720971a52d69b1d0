# 2025-01-09 12:31:55 by RouterOS 7.14.3
# software id = PL00-KM11
#
# model = RB760iGS
# serial number = HE000000000
/interface bridge
add admin-mac=00:00:5E:00:53:77 auto-mac=no comment=defconf name=bridge
/interface list
add comment=defconf name=WAN
add comment=defconf name=LAN
/ip pool
add name=default-dhcp ranges=192.168.88.10-192.168.88.254
/ip dhcp-server
add address-pool=default-dhcp interface=bridge name=defconf
/interface bridge port
add bridge=bridge comment=defconf interface=ether2
add bridge=bridge comment=defconf interface=ether3
add bridge=bridge comment=defconf interface=ether4
/interface list member
add comment=defconf interface=bridge list=LAN
add comment=defconf interface=ether1 list=WAN
/ip address
add address=192.168.88.1/24 comment=defconf interface=bridge network=\
    192.168.88.0
/ip dhcp-client
add comment=defconf interface=ether1
/ip firewall filter
add action=accept chain=input comment=\
    "defconf: accept established,related,untracked" connection-state=\
    established,related,untracked
add action=drop chain=input comment="defconf: drop all not coming from LAN" \
    in-interface-list=!LAN
add action=fasttrack-connection chain=forward comment="defconf: fasttrack" \
    connection-state=established,related hw-offload=yes
add action=accept chain=forward connection-state=\
    established,related,untracked
/ip firewall nat
add action=masquerade chain=srcnat comment="defconf: masquerade" \
    ipsec-policy=out,none out-interface-list=WAN
/system clock
set time-zone-name=Europe/Vienna
/system identity
set name=hex-tanzschule
/system note
set note="SIP ALG: see script sip-off" show-at-login=no
/system script
add dont-require-permissions=no name=sip-off owner=admin policy=read,write \
    source="# run by hand when the phones act up\r\
    \n/ip firewall service-port set sip disabled=yes\r\
    \n/ip firewall connection tracking set udp-stream-timeout=10m"
/tool mac-server
set allowed-interface-list=LAN
