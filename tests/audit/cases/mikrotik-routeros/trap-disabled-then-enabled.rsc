# restore of 2024-11-02 followed by a later change
/interface bridge
add name=bridge
/interface list
add name=WAN
/interface list member
add interface=ether1 list=WAN
/ip address
add address=192.168.71.1/24 interface=bridge
/ip firewall nat
add action=masquerade chain=srcnat out-interface-list=WAN
/ip firewall service-port
set ftp disabled=yes
set sip disabled=yes
/ip service
set telnet disabled=yes
/ip firewall service-port
set sip disabled=no
/system identity
set name=MT-ZURUECK
