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
        modules {
            ftp {
                disable
            }
            h323 {
                disable
            }
            pptp {
                disable
            }
            tftp {
                disable
            }
        }
    }
    host-name vy-alt3
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
// vyos-config-version: "cluster@1:config-management@1:conntrack@1:conntrack-sync@1:dhcp-relay@2:dhcp-server@5:firewall@5:interfaces@0:ipsec@5:l2tp@1:mdns@1:nat@4:ntp@1:qos@1:quagga@7:snmp@1:ssh@1:system@10:vrrp@2:wanloadbalance@3:webgui@1:webproxy@2:zone-policy@1"
// Release version: 1.2.9
