# 2025-03-22 04:00:01 by RouterOS 7.18.2
# software id = ZZ11-22YY
#
# model = CCR2004-16G-2S+
# serial number = HXX00000000
/interface ethernet set [ find default-name=sfp-sfpplus1 ] name=sfp1-uplink
/interface ethernet set [ find default-name=ether1 ] name=ether1-lan
/interface wireguard add comment="home office" listen-port=13231 mtu=1420 name=wg0
/interface list add name=WAN
/interface list add name=LAN
/ip firewall layer7-protocol add name=sip-scan regexp="friendly-scanner|sipvicious"
/port set 0 name=serial0
/ip firewall connection tracking set udp-stream-timeout=5m udp-timeout=2m
/interface list member add interface=sfp1-uplink list=WAN
/interface list member add interface=ether1-lan list=LAN
/interface wireguard peers add allowed-address=10.255.0.2/32 interface=wg0 name=peer1 public-key="s3cr3t-62"
/ip address add address=198.51.100.130/29 interface=sfp1-uplink network=198.51.100.128
/ip address add address=10.77.0.1/16 interface=ether1-lan network=10.77.0.0
/ip dns set servers=198.51.100.53,198.51.100.54
/ip firewall address-list add address=203.0.113.64/27 comment="SIP trunk" list=sip-trunk
/ip firewall filter add action=accept chain=input connection-state=established,related,untracked
/ip firewall filter add action=drop chain=input in-interface-list=WAN
/ip firewall filter add action=accept chain=forward connection-state=established,related,untracked
/ip firewall filter add action=accept chain=forward comment="sip from trunk" dst-port=5060 in-interface-list=WAN protocol=udp src-address-list=sip-trunk
/ip firewall filter add action=drop chain=forward connection-nat-state=!dstnat in-interface-list=WAN
/ip firewall nat add action=masquerade chain=srcnat out-interface-list=WAN
/ip firewall nat add action=dst-nat chain=dstnat dst-port=5060 protocol=udp src-address-list=sip-trunk to-addresses=10.77.4.4
/ip firewall service-port set ftp disabled=yes
/ip firewall service-port set h323 disabled=yes
/ip firewall service-port set sip disabled=yes
/ip firewall service-port set pptp disabled=yes
/ip route add gateway=198.51.100.129
/ip service set ftp disabled=yes
/ip service set api disabled=yes
/snmp set enabled=yes location="rack 4"
/system identity set name=ccr-molkerei
/system logging add topics=sip
/system ntp client set enabled=yes
/tool romon set secrets=s3cr3t-63
