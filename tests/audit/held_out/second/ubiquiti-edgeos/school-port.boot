firewall {
    all-ping enable
    name INET_IN {
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
        duplex auto
        pppoe 0 {
            default-route auto
            firewall {
                in {
                    name INET_IN
                }
            }
            mtu 1492
            name-server auto
            password s3cr3t-1404
            user-id school@isp.example
        }
        speed auto
    }
    ethernet eth1 {
        address 172.18.0.1/22
        duplex auto
        speed auto
        vif 70 {
            address 172.18.70.1/24
            description intercom
        }
    }
    loopback lo {
    }
}
service {
    dhcp-server {
        disabled false
        shared-network-name CLASSROOMS {
            authoritative disable
            subnet 172.18.0.0/22 {
                default-router 172.18.0.1
                start 172.18.1.1 {
                    stop 172.18.3.250
                }
            }
        }
    }
    gui {
        https-port 443
    }
    nat {
        rule 5000 {
            outbound-interface pppoe0
            type masquerade
        }
    }
    ssh {
        port 22
    }
    upnp2 {
        listen-on eth1
        nat-pmp disable
        wan pppoe0
    }
}
system {
    conntrack {
        modules {
            sip {
                enable-indirect-media
                enable-indirect-signalling
                port 5070
            }
        }
        timeout {
            udp {
                stream 150
            }
        }
    }
    domain-name school.example
    host-name gw-school
    login {
        user netadmin {
            authentication {
                encrypted-password $6$s3cr3t-1405
                plaintext-password ""
            }
            level admin
        }
    }
    ntp {
        server 192.0.2.7 {
        }
    }
    offload {
        hwnat disable
        ipsec enable
    }
    time-zone Europe/Lisbon
}


/* Warning: Do not remove the following line. */
/* === vyatta-config-version: "config-management@1:conntrack@1:cron@1:dhcp-relay@1:dhcp-server@4:firewall@5:ipsec@5:nat@3:qos@1:quagga@2:suspend@1:system@4:ubnt-pptp@1:ubnt-udapi-server@1:ubnt-unms@1:ubnt-util@1:vrrp@1:webgui@1:webproxy@1:zone-policy@1" === */
/* Release version: v1.10.8.5142441.181120.1647 */
