firewall {
    all-ping enable
    group {
        network-group ITSP {
            description "Hosted PBX"
            network 203.0.113.64/27
            network 198.51.100.224/28
        }
    }
    name WAN_IN {
        default-action drop
        rule 10 {
            action accept
            state {
                established enable
                related enable
            }
        }
        rule 30 {
            action accept
            description "PBX provider"
            protocol udp
            source {
                group {
                    network-group ITSP
                }
            }
        }
    }
    options {
        mss-clamp {
            interface-type pppoe
            mss 1412
        }
    }
}
interfaces {
    ethernet eth0 {
        description "VDSL bridge"
        duplex auto
        pppoe 0 {
            default-route auto
            firewall {
                in {
                    name WAN_IN
                }
            }
            mtu 1492
            name-server auto
            password s3cr3t-c201
            user-id line77@isp.example.net
        }
        speed auto
    }
    ethernet eth1 {
        address 10.77.0.1/24
        duplex auto
        speed auto
        vif 77 {
            address 10.77.77.1/24
            description Phones
        }
    }
    loopback lo {
    }
}
service {
    nat {
        rule 5000 {
            outbound-interface pppoe0
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
        hash-size 4096
        modules {
            sip {
                disable
            }
        }
        table-size 32768
        tcp {
            half-open-connections 512
            loose enable
            max-retrans 3
        }
        timeout {
            udp {
                other 120
                stream 300
            }
        }
    }
    host-name er4-77
    login {
        user noc {
            authentication {
                encrypted-password $6$s3cr3t-c202
            }
            level admin
        }
    }
    offload {
        hwnat disable
        ipsec enable
    }
    time-zone Europe/London
    traffic-analysis {
        dpi disable
        export disable
    }
}


/* Warning: Do not remove the following line. */
/* === vyatta-config-version: "config-management@1:conntrack@1:cron@1:dhcp-relay@1:dhcp-server@4:firewall@5:ipsec@5:nat@3:qos@1:quagga@2:suspend@1:system@4:ubnt-pptp@1:ubnt-udapi-server@1:ubnt-unms@1:ubnt-util@1:vrrp@1:webgui@1:webproxy@1:zone-policy@1" === */
/* Release version: v1.10.11.5274269.200221.1028 */
