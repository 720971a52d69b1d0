# pasted from a ticket
/interface bridge
add name=bridge
/interface list
add name=WAN
/interface list member
add interface=ether1 list=WAN
/ip address
add address=192.168.72.1/24 interface=bridge
/ip firewall filter
add action=accept chain=forward connection-state=established,related
/ip firewall nat
add action=masquerade chain=srcnat out-interface-list=WAN
/ip firewall service-port
set 5 disabled=yes
/ip service
set telnet disabled=yes
set www disabled=yes
/system identity
set name=MT-NUMMER
