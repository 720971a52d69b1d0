# 2026-03-02 08:11:40 by RouterOS 7.14.3
# software id = ABCD-1234
/interface bridge
add name=bridge1
/ip address
add address=192.0.2.1/24 interface=bridge1
/ip firewall nat
add action=masquerade chain=srcnat out-interface=ether1
/ip firewall service-port
set sip disabled=yes
/system identity
set name=mt-7
Building configuration...

Current configuration : 1204 bytes
!
version 15.7
hostname r1
!
interface GigabitEthernet0/0
 ip address 198.51.100.2 255.255.255.252
 ip nat outside
!
interface GigabitEthernet0/1
 ip address 10.0.0.1 255.255.255.0
 ip nat inside
!
ip nat inside source list 1 interface GigabitEthernet0/0 overload
access-list 1 permit 10.0.0.0 0.0.0.255
!
end
