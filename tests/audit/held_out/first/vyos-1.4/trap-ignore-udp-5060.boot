firewall {
    ipv4 {
        forward {
            filter {
                default-action accept
                rule 10 {
                    action accept
                    description "sip trunk in"
                    destination {
                        port 5060
                    }
                    protocol udp
                    source {
                        address 198.51.100.0/26
                    }
                }
            }
        }
    }
}
interfaces {
    ethernet eth0 {
        address 203.0.113.114/29
    }
    ethernet eth1 {
        address 172.21.4.1/22
    }
    loopback lo {
    }
}
nat {
    source {
        rule 20 {
            outbound-interface {
                name eth0
            }
            source {
                address 172.21.4.0/22
            }
            translation {
                address masquerade
            }
        }
    }
}
system {
    config-management {
        commit-revisions 50
    }
    conntrack {
        ignore {
            ipv4 {
                rule 10 {
                    description "PBX has a public address, do not track"
                    destination {
                        port 5060
                    }
                    protocol udp
                }
            }
        }
        modules {
            ftp
            sip
            tftp
        }
    }
    host-name vy-rehaklinik
    login {
        user vyos {
            authentication {
                encrypted-password s3cr3t-83
            }
        }
    }
}

// Warning: Do not remove the following line.
// vyos-config-version: "bgp@5:broadcast-relay@1:cluster@2:config-management@1:conntrack@5:conntrack-sync@2:container@2:dhcp-relay@2:dhcp-server@8:dhcpv6-server@1:dns-dynamic@4:dns-forwarding@4:firewall@15:flow-accounting@1:https@6:ids@1:interfaces@32:ipoe-server@3:ipsec@13:isis@3:l2tp@9:lldp@2:mdns@1:monitoring@1:nat@8:nat66@3:ntp@3:openconnect@3:openvpn@2:ospf@2:pim@1:policy@8:pppoe-server@10:pptp@5:qos@2:quagga@11:reverse-proxy@1:rip@1:rpki@2:salt@1:snmp@3:ssh@2:sstp@6:system@27:vrf@3:vrrp@4:vyos-accel-ppp@2:wanloadbalance@3:webproxy@2"
// Release version: 1.4.0
