firewall {
    global-options {
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
        network-group INSIDE-NET {
            network "10.30.0.0/16"
        }
        port-group SIP {
            port "5060"
            port "5061"
        }
    }
    ipv4 {
        forward {
            filter {
                default-action "drop"
                rule 10 {
                    action "accept"
                    outbound-interface {
                        name "eth0"
                    }
                    source {
                        group {
                            network-group "INSIDE-NET"
                        }
                    }
                }
                rule 20 {
                    action "accept"
                    description "sip trunk"
                    destination {
                        group {
                            port-group "SIP"
                        }
                    }
                    protocol "tcp_udp"
                    source {
                        address "203.0.113.64/28"
                    }
                }
            }
        }
    }
}
interfaces {
    ethernet eth0 {
        address "198.51.100.98/30"
        hw-id "02:00:5e:30:00:01"
    }
    ethernet eth1 {
        address "10.30.0.1/24"
        hw-id "02:00:5e:30:00:02"
        vif 9 {
            address "10.30.9.1/24"
            description "Phones"
        }
    }
    loopback lo {
    }
}
nat {
    source {
        rule 10 {
            outbound-interface {
                name "eth0"
            }
            source {
                group {
                    network-group "INSIDE-NET"
                }
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
            next-hop 198.51.100.97 {
            }
        }
    }
}
qos {
    interface eth0 {
        egress "VOICE-FIRST"
    }
    policy {
        shaper VOICE-FIRST {
            bandwidth "95mbit"
            class 10 {
                bandwidth "20%"
                ceiling "50%"
                match RTP {
                    ip {
                        dscp "EF"
                    }
                }
                priority "1"
                queue-type "fq-codel"
            }
            default {
                bandwidth "80%"
                ceiling "100%"
                queue-type "fq-codel"
            }
        }
    }
}
service {
    ntp {
        allow-client {
            address "10.0.0.0/8"
        }
        server time1.vyos.net {
        }
    }
    ssh {
        port "22"
    }
}
system {
    config-management {
        commit-revisions "100"
    }
    console {
        device ttyS0 {
            speed "115200"
        }
    }
    host-name "gw-osl"
    login {
        user vyos {
            authentication {
                encrypted-password "$6$s3cr3t-1301"
                plaintext-password ""
            }
        }
    }
    name-server "192.0.2.53"
    syslog {
        global {
            facility all {
                level "info"
            }
        }
    }
}


// Warning: Do not remove the following line.
// vyos-config-version: "bgp@5:broadcast-relay@1:cluster@2:config-management@1:conntrack@5:conntrack-sync@2:container@2:dhcp-relay@2:dhcp-server@8:dhcpv6-server@1:dns-dynamic@4:dns-forwarding@4:firewall@15:flow-accounting@1:https@6:ids@1:interfaces@32:ipoe-server@3:ipsec@13:isis@3:l2tp@9:lldp@2:mdns@1:monitoring@1:nat@8:nat66@3:ntp@3:openconnect@3:ospf@2:pim@1:policy@8:pppoe-server@10:pptp@5:qos@2:quagga@11:reverse-proxy@1:rip@1:rpki@2:salt@1:snmp@3:ssh@2:sstp@6:system@27:vrf@3:vrrp@4:vyos-accel-ppp@2:wanloadbalance@3:webproxy@2"
// Release version: 1.4.0
