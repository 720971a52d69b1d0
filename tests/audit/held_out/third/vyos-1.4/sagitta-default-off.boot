firewall {
    global-options {
        all-ping "enable"
        state-policy {
            established {
                action "accept"
            }
            invalid {
                action "drop"
            }
            related {
                action "accept"
            }
        }
    }
    group {
        interface-group LAN {
            interface "eth1"
        }
        interface-group WAN {
            interface "eth0"
        }
    }
    ipv4 {
        forward {
            filter {
                default-action "drop"
                rule 100 {
                    action "accept"
                    inbound-interface {
                        group "LAN"
                    }
                }
            }
        }
        input {
            filter {
                default-action "drop"
                rule 100 {
                    action "accept"
                    inbound-interface {
                        group "LAN"
                    }
                }
            }
        }
    }
}
interfaces {
    ethernet eth0 {
        address "198.51.100.213/30"
        description "fibre"
        hw-id "02:00:00:00:b1:01"
    }
    ethernet eth1 {
        address "10.30.8.1/24"
        hw-id "02:00:00:00:b1:02"
    }
    loopback lo {
    }
}
nat {
    source {
        rule 100 {
            outbound-interface {
                name "eth0"
            }
            source {
                address "10.30.8.0/24"
            }
            translation {
                address "masquerade"
            }
        }
    }
}
protocols {
    static {
        route 0.0.0.0/0 {
            next-hop 198.51.100.214 {
            }
        }
    }
}
service {
    ntp {
        allow-client {
            address "10.30.8.0/24"
        }
        server 192.0.2.123 {
        }
    }
    ssh {
        listen-address "10.30.8.1"
    }
}
system {
    config-management {
        commit-revisions "100"
    }
    host-name "edge-kiel"
    login {
        user vyos {
            authentication {
                encrypted-password "$6$s3cr3t-b101"
            }
        }
    }
    name-server "192.0.2.53"
    syslog {
        global {
            facility all {
                level "info"
            }
            facility local7 {
                level "debug"
            }
        }
    }
}


// Warning: Do not remove the following line.
// vyos-config-version: "bgp@5:broadcast-relay@1:cluster@2:config-management@1:conntrack@5:conntrack-sync@2:container@2:dhcp-relay@2:dhcp-server@8:dhcpv6-server@4:dns-dynamic@4:dns-forwarding@4:firewall@15:flow-accounting@1:https@6:ids@1:interfaces@32:ipoe-server@3:ipsec@13:isis@3:l2tp@9:lldp@2:mdns@1:monitoring@1:nat@8:nat66@3:ntp@3:openconnect@3:ospf@2:pim@1:policy@8:pppoe-server@10:pptp@5:qos@2:quagga@11:reverse-proxy@1:rip@1:rpki@2:salt@1:snmp@3:ssh@2:sstp@6:system@27:vrf@3:vrrp@4:vyos-accel-ppp@2:wanloadbalance@3:webproxy@2"
// Release version: 1.4.0
