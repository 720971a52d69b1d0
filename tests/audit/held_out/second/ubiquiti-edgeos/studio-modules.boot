/* 2023-01-12 sip helper disabled per ticket 5512 - please check, phones still show public contact */
firewall {
    name WAN_IN {
        default-action drop
        rule 1 {
            action accept
            state {
                established enable
                related enable
            }
        }
    }
    name WAN_LOCAL {
        default-action drop
        rule 1 {
            action accept
            state {
                established enable
                related enable
            }
        }
    }
    options {
        mss-clamp {
            mss 1412
        }
    }
}
interfaces {
    ethernet eth0 {
        address 10.8.0.1/24
        description LAN
    }
    ethernet eth4 {
        address 203.0.113.254/25
        description WAN
        firewall {
            in {
                name WAN_IN
            }
            local {
                name WAN_LOCAL
            }
        }
    }
    loopback lo {
    }
}
protocols {
    static {
        route 0.0.0.0/0 {
            next-hop 203.0.113.129 {
            }
        }
    }
}
service {
    gui {
        https-port 8443
    }
    nat {
        rule 5001 {
            outbound-interface eth4
            type masquerade
        }
    }
    ssh {
        port 22
    }
}
system {
    conntrack {
        expect-table-size 2048
        hash-size 4096
        modules {
            ftp {
                disable
            }
            gre {
                disable
            }
            h323 {
                disable
            }
            pptp {
                disable
            }
            sip {
                enable-indirect-media
            }
            tftp {
                disable
            }
        }
        table-size 32768
        timeout {
            udp {
                other 60
                stream 120
            }
        }
    }
    host-name studio
    login {
        user studio {
            authentication {
                encrypted-password $6$s3cr3t-1406
            }
            level admin
        }
    }
    time-zone America/New_York
}
/* Warning: Do not remove the following line. */
/* === vyatta-config-version: "config-management@1:conntrack@1:cron@1:dhcp-relay@1:dhcp-server@4:firewall@5:ipsec@5:nat@3:qos@1:quagga@2:system@4:ubnt-pptp@1:ubnt-unms@1:ubnt-util@1:vrrp@1:webgui@1:webproxy@1:zone-policy@1" === */
/* Release version: v1.9.7+hotfix.4.5024004.171005.0403 */
