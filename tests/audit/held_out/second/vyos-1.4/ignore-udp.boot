firewall {
    ipv4 {
        forward {
            filter {
                default-action accept
                rule 10 {
                    action accept
                    state established
                    state related
                }
                rule 20 {
                    action drop
                    state invalid
                }
            }
        }
    }
}
interfaces {
    ethernet eth0 {
        address 198.51.100.141/28
        hw-id 02:00:5e:32:00:01
        offload {
            gro
            gso
        }
    }
    ethernet eth1 {
        address 192.168.70.1/24
        hw-id 02:00:5e:32:00:02
    }
    loopback lo {
    }
}
nat {
    source {
        rule 100 {
            outbound-interface {
                name eth0
            }
            source {
                address 192.168.70.0/24
            }
            translation {
                address masquerade
            }
        }
    }
}
protocols {
    static {
        route 0.0.0.0/0 {
            next-hop 198.51.100.129 {
            }
        }
    }
}
service {
    lldp {
        interface all {
        }
    }
    ntp {
        server 192.0.2.123 {
        }
    }
    ssh {
    }
}
system {
    config-management {
        commit-revisions 100
    }
    conntrack {
        ignore {
            ipv4 {
                rule 10 {
                    description "trunk to SBC is routed, keep helper away"
                    destination {
                        port 5060
                    }
                    protocol udp
                }
                rule 11 {
                    protocol udp
                    source {
                        port 5060
                    }
                }
            }
        }
        modules {
            ftp
            h323
            nfs
            pptp
            sip
            sqlnet
            tftp
        }
        timeout {
            udp {
                other 60
            }
        }
    }
    console {
        device ttyS0 {
            speed 115200
        }
    }
    host-name sbc-edge
    login {
        user vyos {
            authentication {
                encrypted-password $6$s3cr3t-1304
                plaintext-password ""
            }
        }
    }
    syslog {
        global {
            facility local7 {
                level debug
            }
        }
    }
}


// Warning: Do not remove the following line.
// vyos-config-version: "bgp@5:broadcast-relay@1:cluster@2:config-management@1:conntrack@5:conntrack-sync@2:container@2:dhcp-relay@2:dhcp-server@8:dhcpv6-server@1:dns-dynamic@4:dns-forwarding@4:firewall@15:flow-accounting@1:https@6:ids@1:interfaces@32:ipoe-server@3:ipsec@13:isis@3:l2tp@9:lldp@2:mdns@1:monitoring@1:nat@8:nat66@3:ntp@3:openconnect@3:ospf@2:pim@1:policy@8:pppoe-server@10:pptp@5:qos@2:quagga@11:reverse-proxy@1:rip@1:rpki@2:salt@1:snmp@3:ssh@2:sstp@6:system@27:vrf@3:vrrp@4:vyos-accel-ppp@2:wanloadbalance@3:webproxy@2"
// Release version: 1.4.1
