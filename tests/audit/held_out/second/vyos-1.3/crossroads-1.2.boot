firewall {
    all-ping enable
    broadcast-ping disable
    name WAN-IN {
        default-action drop
        rule 10 {
            action accept
            state {
                established enable
                related enable
            }
        }
        rule 20 {
            action accept
            description "SIP from trunk"
            destination {
                port 5060
            }
            protocol udp
            source {
                address 203.0.113.10-203.0.113.20
            }
        }
    }
    name WAN-LOCAL {
        default-action drop
        rule 10 {
            action accept
            state {
                established enable
                related enable
            }
        }
    }
    state-policy {
        invalid {
            action drop
        }
    }
}
interfaces {
    ethernet eth0 {
        address 198.51.100.10/29
        description "ISP"
        duplex auto
        firewall {
            in {
                name WAN-IN
            }
            local {
                name WAN-LOCAL
            }
        }
        smp-affinity auto
        speed auto
        traffic-policy {
            out UPLINK
        }
    }
    ethernet eth1 {
        address 10.20.0.1/24
        description "LAN"
        vif 30 {
            address 10.20.30.1/24
            description "voice"
        }
    }
    loopback lo {
    }
}
nat {
    source {
        rule 100 {
            outbound-interface eth0
            source {
                address 10.20.0.0/16
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
            next-hop 198.51.100.9 {
            }
        }
    }
}
service {
    dhcp-server {
        shared-network-name VOICE {
            subnet 10.20.30.0/24 {
                default-router 10.20.30.1
                range 0 {
                    start 10.20.30.50
                    stop 10.20.30.150
                }
            }
        }
    }
    ssh {
        port 22
    }
}
system {
    config-management {
        commit-revisions 100
    }
    conntrack {
        expect-table-size 4096
        hash-size 4096
        modules {
            ftp {
                disable
            }
            h323 {
                disable
            }
            sqlnet {
                disable
            }
        }
        table-size 65536
    }
    host-name crossroads
    login {
        user vyos {
            authentication {
                encrypted-password $6$s3cr3t-1201
                plaintext-password ""
            }
            level admin
        }
    }
    ntp {
        server 0.pool.ntp.org {
        }
    }
    time-zone Europe/Paris
}
traffic-policy {
    shaper UPLINK {
        bandwidth 50mbit
        class 10 {
            bandwidth 20%
            ceiling 60%
            description "voice"
            match EF {
                ip {
                    dscp 46
                }
            }
            priority 1
            queue-type fair-queue
        }
        default {
            bandwidth 80%
            ceiling 100%
            queue-type fair-queue
        }
    }
}


/* Warning: Do not remove the following line. */
/* === vyatta-config-version: "broadcast-relay@1:cluster@1:config-management@1:conntrack@1:conntrack-sync@1:dhcp-relay@2:dhcp-server@5:dns-forwarding@1:firewall@5:ipsec@5:l2tp@1:mdns@1:nat@4:ntp@1:pppoe-server@2:pptp@1:qos@1:quagga@7:snmp@1:ssh@1:system@10:vrrp@2:wanloadbalance@3:webgui@1:webproxy@2:zone-policy@1" === */
/* Release version: 1.2.8 */
