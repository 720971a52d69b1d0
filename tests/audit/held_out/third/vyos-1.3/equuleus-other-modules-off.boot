firewall {
    all-ping enable
    options {
        interface pppoe0 {
            adjust-mss 1452
        }
    }
}
interfaces {
    ethernet eth0 {
        hw-id 02:00:00:00:a3:01
    }
    ethernet eth1 {
        address 172.22.1.1/24
        hw-id 02:00:00:00:a3:02
        vif 30 {
            address 172.22.30.1/24
            description "voip"
        }
    }
    loopback lo {
    }
    pppoe pppoe0 {
        authentication {
            password s3cr3t-a301
            user site30@isp.example.net
        }
        default-route auto
        mtu 1492
        source-interface eth0
    }
}
nat {
    source {
        rule 10 {
            outbound-interface pppoe0
            translation {
                address masquerade
            }
        }
    }
}
service {
    ssh {
        disable-password-authentication
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
            nfs {
                disable
            }
            pptp {
                disable
            }
            sqlnet {
                disable
            }
            tftp {
                disable
            }
        }
        table-size 262144
        timeout {
            udp {
                other 30
                stream 180
            }
        }
    }
    host-name site30
    login {
        user admin {
            authentication {
                encrypted-password $6$s3cr3t-a302
            }
        }
    }
    time-zone Australia/Melbourne
}

// Warning: Do not remove the following line.
// vyos-config-version: "broadcast-relay@1:cluster@1:config-management@1:conntrack@1:conntrack-sync@1:dhcp-relay@2:dhcp-server@5:firewall@5:https@2:interfaces@20:ipsec@5:nat@5:ntp@1:pppoe-server@5:qos@1:quagga@7:ssh@2:system@20:webproxy@2:zone-policy@1"
// Release version: 1.3.0-epa1
