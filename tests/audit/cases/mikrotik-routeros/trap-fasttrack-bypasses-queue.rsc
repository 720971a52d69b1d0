# 2025-02-03 11:07:43 by RouterOS 7.16.1
# software id = ABCD-EF12
#
# model = RB5009UG+S+
# serial number = HC000000000
/interface bridge
add admin-mac=00:00:5E:00:53:10 auto-mac=no comment=defconf name=bridge
/interface list
add comment=defconf name=WAN
add comment=defconf name=LAN
/interface pppoe-client
add add-default-route=yes disabled=no interface=ether1 name=pppoe-out1 password=s3cr3t-601 user=kunde@example.net
/ip pool
add name=dhcp ranges=192.168.88.10-192.168.88.254
/ip dhcp-server
add address-pool=dhcp interface=bridge name=defconf
/interface list member
add comment=defconf interface=bridge list=LAN
add comment=defconf interface=pppoe-out1 list=WAN
/ip address
add address=192.168.88.1/24 comment=defconf interface=bridge network=192.168.88.0
/queue tree
add max-limit=20M name=wan-up parent=pppoe-out1
add limit-at=2M max-limit=20M name=wan-voip packet-mark=voip parent=wan-up priority=1
add max-limit=20M name=wan-rest packet-mark=no-mark parent=wan-up
/ip firewall filter
add action=accept chain=input connection-state=established,related,untracked
add action=drop chain=input in-interface-list=!LAN
add action=fasttrack-connection chain=forward comment="defconf: fasttrack" connection-state=established,related hw-offload=yes
add action=accept chain=forward connection-state=established,related,untracked
add action=drop chain=forward connection-state=invalid
/ip firewall mangle
add action=mark-packet chain=forward comment="RTP EF" dscp=46 new-packet-mark=voip passthrough=no protocol=udp
/ip firewall nat
add action=masquerade chain=srcnat comment="defconf: masquerade" out-interface-list=WAN
/ip firewall service-port
set sip disabled=yes
/system identity
set name=MT-FAST
