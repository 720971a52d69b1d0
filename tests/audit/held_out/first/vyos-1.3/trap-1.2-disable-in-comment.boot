interfaces {
    ethernet eth0 {
        address 203.0.113.61/29
        description "uplink, no sip here"
        duplex auto
        speed auto
    }
    ethernet eth1 {
        address 10.61.8.1/21
        duplex auto
        speed auto
    }
    loopback lo {
    }
}
nat {
    source {
        rule 100 {
            outbound-interface eth0
            source {
                address 10.0.0.0/8
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
            next-hop 203.0.113.1 {
            }
        }
    }
}
service {
    ssh {
        disable-password-authentication
        port 22
    }
}
system {
    conntrack {
        expect-table-size 4096
        hash-size 4096
        /* modules { sip { disable } } was set until the PBX moved, see wiki */
        modules {
            h323 {
                disable
            }
            sip {
                enable-indirect-media
                enable-indirect-signalling
            }
        }
        table-size 32768
    }
    host-name vy-seilbahn
    login {
        user vyos {
            authentication {
                encrypted-password s3cr3t-81
            }
        }
    }
    time-zone UTC
}

/* Warning: Do not remove the following line. */
/* === vyatta-config-version: "broadcast-relay@1:cluster@1:config-management@1:conntrack@1:conntrack-sync@1:dhcp-relay@2:dhcp-server@5:dns-forwarding@3:firewall@5:ipsec@5:l2tp@3:mdns@1:nat@4:ntp@1:pppoe-server@2:qos@1:quagga@7:snmp@1:ssh@1:system@10:vrrp@2:wanloadbalance@3:webproxy@2:zone-policy@1" === */
/* Release version: 1.2.6 */
