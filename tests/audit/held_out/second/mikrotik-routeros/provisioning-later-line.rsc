# ---------------------------------------------------------------
#  customer router, standard build 2023-08  (RouterOS 7.11.2)
#  run with: /import file-name=provisioning-later-line.rsc
# ---------------------------------------------------------------
/system identity set name="cust-4711-gw"
/system clock set time-zone-name=Europe/Vienna
/user set [find name=admin] password="s3cr3t-1103"

# hardening part, same for all customers
/ip service disable telnet,ftp,api,api-ssl
/ip ssh set strong-crypto=yes
/ip firewall service-port
set ftp disabled=yes
set tftp disabled=yes
set irc disabled=yes
set h323 disabled=yes
set sip disabled=yes
set pptp disabled=yes
/ip settings set rp-filter=loose tcp-syncookies=yes
/ip neighbor discovery-settings set discover-interface-list=none

# interfaces
/interface bridge add name=bridge-lan
/interface bridge port
add bridge=bridge-lan interface=ether2
add bridge=bridge-lan interface=ether3
add bridge=bridge-lan interface=ether4
/interface list add name=WAN
/interface list member add interface=ether1 list=WAN
/ip address add address=172.16.47.1/24 interface=bridge-lan
/ip dhcp-client add interface=ether1 use-peer-dns=no
/ip pool add name=lan ranges=172.16.47.50-172.16.47.200
/ip dhcp-server add name=lan interface=bridge-lan address-pool=lan disabled=no
/ip dhcp-server network add address=172.16.47.0/24 gateway=172.16.47.1 dns-server=192.0.2.53

# firewall
/ip firewall filter
add chain=input connection-state=established,related action=accept
add chain=input in-interface-list=WAN action=drop
add chain=forward connection-state=established,related action=fasttrack-connection
add chain=forward connection-state=established,related action=accept
add chain=forward connection-state=invalid action=drop
/ip firewall nat add chain=srcnat out-interface-list=WAN action=masquerade
/ip firewall connection tracking set udp-timeout=00:00:30 udp-stream-timeout=00:02:00

# customer part: old phone system without STUN needs the helper (ticket 20931)
/ip firewall service-port set [find name=sip] disabled=no ports=5060 sip-direct-media=no

# queues, plain fair sharing
/queue simple add name=all target=172.16.47.0/24 max-limit=20M/100M
/snmp set enabled=yes location="Cust 4711"
:log info "standard build done"
