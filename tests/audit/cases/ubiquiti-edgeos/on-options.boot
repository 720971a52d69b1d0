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
        modules {
            sip {
                enable-indirect-media
                enable-indirect-signalling
            }
        }
        timeout {
            udp {
                other 60
                stream 90
            }
        }
    }
    host-name erx-ost
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
/* === vyatta-config-version: "config-management@1:conntrack@1:cron@1:dhcp-relay@1:dhcp-server@4:firewall@5:ipsec@5:nat@3:qos@1:quagga@2:suspend@1:system@4:ubnt-pptp@1:ubnt-udapi-server@1:ubnt-unms@1:ubnt-util@1:vrrp@1:vyatta-netflow@1:webgui@1:webproxy@1:zone-policy@1" === */
/* Release version: v1.10.11.5274269.200221.1028 */
