firewall {
    group {
        address-group TRUNKS {
            address "203.0.113.77"
            address "203.0.113.78"
        }
    }
    name FROM-INET {
        default-action "drop"
        rule 1 {
            action "accept"
            state {
                established "enable"
                related "enable"
            }
        }
        rule 2 {
            action "drop"
            state {
                invalid "enable"
            }
        }
    }
}
interfaces {
    ethernet eth0 {
        hw-id "02:00:5e:20:00:01"
    }
    ethernet eth1 {
        address "172.20.1.1/24"
        hw-id "02:00:5e:20:00:02"
    }
    loopback lo {
    }
    pppoe pppoe0 {
        authentication {
            password "s3cr3t-1204"
            user "edge@isp.example"
        }
        default-route "auto"
        firewall {
            in {
                name "FROM-INET"
            }
        }
        mtu "1492"
        source-interface "eth0"
    }
    wireguard wg0 {
        address "10.255.0.1/30"
        port "51820"
        private-key "s3cr3t-1205"
    }
}
nat {
    source {
        rule 10 {
            outbound-interface "pppoe0"
            source {
                address "172.20.1.0/24"
            }
            translation {
                address "masquerade"
            }
        }
    }
}
service {
    dns {
        forwarding {
            allow-from "172.20.1.0/24"
            listen-address "172.20.1.1"
        }
    }
    ssh {
        disable-password-authentication
    }
}
system {
    config-management {
        commit-revisions "100"
    }
    conntrack {
        modules {
            ftp
            h323
            nfs
            pptp
            sip
            sqlnet
            tftp
        }
        timeout {
            udp {
                stream "300"
            }
        }
    }
    console {
        device ttyS0 {
            speed "115200"
        }
    }
    host-name "edge-lyon"
    login {
        user vyos {
            authentication {
                encrypted-password "$6$s3cr3t-1206"
                plaintext-password ""
            }
        }
    }
    name-server "192.0.2.53"
    ntp {
        server time1.vyos.net {
        }
    }
    syslog {
        global {
            facility all {
                level "info"
            }
        }
    }
    time-zone "Europe/Paris"
}


// Warning: Do not remove the following line.
// vyos-config-version: "broadcast-relay@1:cluster@1:config-management@1:conntrack@3:conntrack-sync@2:dhcp-relay@2:dhcp-server@6:dhcpv6-server@1:dns-forwarding@3:firewall@5:https@2:interfaces@23:ipoe-server@1:ipsec@5:isis@1:l2tp@3:lldp@1:mdns@1:nat@5:ntp@1:openconnect@1:pppoe-server@5:pptp@2:qos@1:quagga@8:rpki@1:salt@1:snmp@2:ssh@2:sstp@3:system@21:vrrp@2:vyos-accel-ppp@2:wanloadbalance@3:webproxy@2:zone-policy@1"
// Release version: 1.3.6
