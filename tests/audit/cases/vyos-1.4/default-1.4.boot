interfaces {
    ethernet eth0 {
        address 203.0.113.50/29
        description WAN
    }
    ethernet eth1 {
        address 192.168.80.1/24
        description LAN
    }
    loopback lo {
    }
}
nat {
    source {
        rule 100 {
            outbound-interface {
                name eth0
            }
            source {
                address 192.168.80.0/24
            }
            translation {
                address masquerade
            }
        }
    }
}
service {
    ssh {
        port 22
    }
}
system {
    host-name vy-vier
    login {
        user vyos {
            authentication {
                encrypted-password s3cr3t-701
            }
        }
    }
    time-zone Europe/Berlin
}

// Warning: Do not remove the following line.
// vyos-config-version: "bgp@5:broadcast-relay@1:config-management@1:conntrack@5:conntrack-sync@2:container@1:dhcp-server@8:dns-forwarding@4:firewall@15:flow-accounting@1:https@6:interfaces@32:ipsec@13:nat@7:ntp@3:pppoe-server@9:qos@2:quagga@11:snmp@3:ssh@2:system@27:vrrp@4:vrf@3:webproxy@2"
// Release version: 1.4.1
