firewall {
    all-ping enable
    name WAN_IN {
        default-action drop
        rule 10 {
            action accept
            state {
                established enable
                related enable
            }
        }
    }
}
interfaces {
    ethernet eth0 {
        address dhcp
        description Internet
        duplex auto
        firewall {
            in {
                name WAN_IN
            }
        }
        speed auto
    }
    switch switch0 {
        address 192.168.90.1/24
        description Local
        mtu 1500
    }
}
service {
    gui {
        http-port 80
        https-port 443
    }
    nat {
        rule 5010 {
            description "masquerade for WAN"
            outbound-interface eth0
            type masquerade
        }
    }
    ssh {
        port 22
    }
}
system {
    conntrack {
        expect-table-size 4096
        modules {
            sip {
                disable
            }
        }
        timeout {
            udp {
                other 120
                stream 300
            }
        }
    }
    host-name erx-west
    login {
        user netops {
            authentication {
                encrypted-password s3cr3t-801
            }
            level admin
        }
    }
    offload {
        hwnat enable
    }
    time-zone Europe/Berlin
}


/* Warning: Do not remove the following line. */
/* === vyatta-config-version: "config-management@1:conntrack@1:cron@1:dhcp-relay@1:dhcp-server@4:firewall@5:ipsec@5:nat@3:qos@1:quagga@2:suspend@1:system@5:ubnt-pptp@1:ubnt-udapi-server@1:ubnt-unms@1:ubnt-util@1:vrrp@1:vyatta-netflow@1:webgui@1:webproxy@1:zone-policy@1" === */
/* Release version: v2.0.9-hotfix.7.5622731.230615.0857 */
