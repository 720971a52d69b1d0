[admin@chr-branch-eu] > /export verbose
# 2024-07-02 10:11:12 by RouterOS 7.14.3
# software id = 
#
/interface ethernet
set [ find default-name=ether1 ] arp=enabled arp-timeout=auto \
    auto-negotiation=yes disable-running-check=yes disabled=no \
    loop-protect=default mtu=1500 name=ether1
set [ find default-name=ether2 ] arp=enabled arp-timeout=auto \
    auto-negotiation=yes disable-running-check=yes disabled=no \
    loop-protect=default mtu=1500 name=ether2
/interface list
set [ find name=all ] comment="contains all interfaces" exclude="" include="" \
    name=all
/ip smb users
set [ find default=yes ] disabled=no name=guest password="" read-only=yes
/ip firewall connection tracking
set enabled=auto generic-timeout=10m icmp-timeout=10s loose-tcp-tracking=yes \
    tcp-close-timeout=10s tcp-close-wait-timeout=10s \
    tcp-established-timeout=1d tcp-fin-wait-timeout=10s \
    tcp-last-ack-timeout=10s tcp-max-retrans-timeout=5m \
    tcp-syn-received-timeout=5s tcp-syn-sent-timeout=5s \
    tcp-time-wait-timeout=10s tcp-unacked-timeout=5m udp-stream-timeout=3m \
    udp-timeout=30s
/ip settings
set accept-redirects=no accept-source-route=no allow-fast-path=yes \
    ip-forward=yes rp-filter=no send-redirects=yes tcp-syncookies=no
/ip address
add address=203.0.113.180/27 disabled=no interface=ether1 network=203.0.113.160
add address=10.200.0.1/24 disabled=no interface=ether2 network=10.200.0.0
/ip dns
set allow-remote-requests=no cache-max-ttl=1w cache-size=2048KiB \
    servers=192.0.2.53
/ip firewall filter
add action=accept chain=input connection-state=established,related disabled=no
add action=drop chain=input disabled=no in-interface=ether1
/ip firewall nat
add action=masquerade chain=srcnat disabled=no out-interface=ether1 \
    !to-addresses !to-ports
/ip firewall service-port
set ftp disabled=no ports=21
set tftp disabled=no ports=69
set irc disabled=yes ports=6667
set h323 disabled=no
set sip disabled=no ports=5060,5061 sip-direct-media=yes sip-timeout=1h
set pptp disabled=no
set rtsp disabled=yes ports=554
set udplite disabled=no
set dccp disabled=no
set sctp disabled=no
/ip service
set telnet address="" disabled=yes port=23
set ssh address=198.51.100.0/24 disabled=no port=22
/snmp community
set [ find default=yes ] addresses=::/0 name=s3cr3t-9801 read-access=yes
/system identity
set name=chr-branch-eu
[admin@chr-branch-eu] > 
