firewall {
    all-ping enable
    broadcast-ping disable
    name WAN_LOCAL {
        default-action drop
        rule 10 {
            action accept
            state {
                established enable
                related enable
            }
        }
        rule 20 {
            action drop
            disable
            protocol udp
        }
    }
}
interfaces {
    ethernet eth0 {
        address dhcp
        duplex auto
        firewall {
            local {
                name WAN_LOCAL
            }
        }
        speed auto
    }
    ethernet eth1 {
        disable
    }
    switch switch0 {
        address 10.9.9.1/24
        mtu 1500
        switch-port {
            interface eth2 {
            }
        }
    }
}
service {
    gui {
        http-port 80
        https-port 443
    }
    nat {
        rule 5010 {
            outbound-interface eth0
            type masquerade
        }
    }
    ssh {
        port 22
    }
    unms {
        disable
    }
}
system {
    conntrack {
        expect-table-size 2048
        hash-size 32768
        modules {
            ftp {
            }
            sip {
                disable
            }
            tftp {
            }
        }
        table-size 262144
        timeout {
            udp {
                stream 600
            }
        }
    }
    host-name er-talstation
    login {
        user netops {
            authentication {
                encrypted-password s3cr3t-84
            }
            level admin
        }
    }
    offload {
        hwnat enable
    }
    time-zone Europe/Zurich
}


/* Warning: Do not remove the following line. */
/* === vyatta-config-version: "config-management@1:conntrack@1:cron@1:dhcp-relay@1:dhcp-server@4:firewall@5:ipsec@5:nat@3:qos@1:quagga@2:suspend@1:system@5:ubnt-pptp@1:ubnt-udapi-server@1:ubnt-unms@2:ubnt-util@1:vrrp@1:vyatta-netflow@1:webgui@1:webproxy@1:zone-policy@1" === */
/* Release version: v2.0.8-hotfix.1.5278088.200305.1641 */
