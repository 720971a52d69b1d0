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
            outbound-interface eth0
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
    conntrack {
        ignore {
            rule 10 {
                destination {
                    port 5060
                }
                protocol udp
            }
        }
        modules {
            ftp
            h323
            nfs
            pptp
            sip
            sqlnet
            tftp
        }
    }
    host-name vy-drei
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
// vyos-config-version: "broadcast-relay@1:cluster@1:config-management@1:conntrack@3:conntrack-sync@2:dhcp-server@6:dns-forwarding@3:firewall@5:https@2:interfaces@22:ipsec@5:lldp@1:mdns@1:nat@5:ntp@1:qos@1:quagga@8:snmp@2:ssh@2:system@21:vrrp@2:webproxy@2:zone-policy@1"
// Release version: 1.3.6
