firewall {
    all-ping enable
    name PERIMETER {
        default-action drop
        rule 5 {
            action accept
            state {
                established enable
                related enable
            }
        }
        rule 50 {
            action accept
            description "no SIP helper here: media by range"
            destination {
                port 16384-32767
            }
            protocol udp
        }
    }
}
interfaces {
    bonding bond0 {
        address 10.77.0.1/24
        member {
            interface eth2
            interface eth3
        }
        mode 802.3ad
        vif 5 {
            address 10.77.5.1/24
            description phones
        }
    }
    ethernet eth0 {
        address 203.0.113.130/28
        description transit
        firewall {
            in {
                name PERIMETER
            }
        }
        hw-id 02:00:5e:21:00:00
    }
    ethernet eth2 {
        hw-id 02:00:5e:21:00:02
    }
    ethernet eth3 {
        hw-id 02:00:5e:21:00:03
    }
    loopback lo {
    }
}
nat {
    source {
        rule 900 {
            outbound-interface eth0
            source {
                address 10.77.0.0/16
            }
            translation {
                address 203.0.113.130
            }
        }
    }
}
protocols {
    bgp 64512 {
        neighbor 203.0.113.129 {
            password s3cr3t-1207
            remote-as 64513
        }
    }
    static {
        route 0.0.0.0/0 {
            next-hop 203.0.113.129 {
            }
        }
    }
}
service {
    lldp {
        interface all {
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
        modules {
            ftp
            pptp
        }
        timeout {
            udp {
                other 90
                stream 360
            }
        }
    }
    host-name depot-fw
    login {
        user vyos {
            authentication {
                encrypted-password $6$s3cr3t-1208
                plaintext-password ""
            }
        }
    }
    ntp {
        server 192.0.2.123 {
        }
    }
    time-zone Europe/Warsaw
}


// Warning: Do not remove the following line.
// vyos-config-version: "broadcast-relay@1:cluster@1:config-management@1:conntrack@3:conntrack-sync@2:dhcp-relay@2:dhcp-server@6:dhcpv6-server@1:dns-forwarding@3:firewall@5:https@2:interfaces@22:ipoe-server@1:ipsec@5:isis@1:l2tp@3:lldp@1:mdns@1:nat@5:ntp@1:pppoe-server@5:pptp@2:qos@1:quagga@8:rpki@1:salt@1:snmp@2:ssh@2:sstp@3:system@21:vrrp@2:vyos-accel-ppp@2:wanloadbalance@3:webproxy@2:zone-policy@1"
// Release version: 1.3.4
