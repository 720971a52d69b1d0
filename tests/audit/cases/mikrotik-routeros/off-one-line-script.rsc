# settings for branch routers, paste into terminal
/ip firewall connection tracking set udp-timeout=00:02:00 udp-stream-timeout=00:05:00
/ip firewall service-port set [ find name=sip ] disabled=yes
/ip firewall service-port set [ find name=h323 ] disabled=yes
/ip firewall nat add action=masquerade chain=srcnat out-interface-list=WAN
/ip firewall filter add action=accept chain=forward connection-state=established,related
/ip firewall filter add action=drop chain=forward connection-state=invalid
/ip firewall filter add action=drop chain=forward in-interface-list=WAN connection-nat-state=!dstnat
/ip address add address=192.168.70.1/24 interface=bridge
/ip dns set allow-remote-requests=no servers=192.0.2.53
/ip pool add name=dhcp ranges=192.168.70.20-192.168.70.200
/ip dhcp-server add address-pool=dhcp interface=bridge name=lan disabled=no
/interface list add name=WAN
/interface list member add interface=ether1 list=WAN
/ip service set telnet disabled=yes
/ip service set www disabled=yes
/system ntp client set enabled=yes
/snmp community set [ find default=yes ] name=s3cr3t-602
/system clock set time-zone-name=Europe/Berlin
/system identity set name=MT-SCRIPT
