interfaces {
    ethernet eth0 {
        address dhcp
        description "WAN"
        hw-id 02:00:00:00:a1:01
    }
    ethernet eth1 {
        address 192.168.120.1/24
        description "LAN"
        hw-id 02:00:00:00:a1:02
    }
    loopback lo {
    }
}
firewall {
    all-ping enable
    broadcast-ping disable
    config-trap disable
    ipv6-receive-redirects disable
    ipv6-src-route disable
    ip-src-route disable
    log-martians enable
    name OUTSIDE-IN {
        default-action drop
        rule 10 {
            action accept
            state {
                established enable
                related enable
            }
        }
    }
    name OUTSIDE-LOCAL {
        default-action drop
        rule 10 {
            action accept
            state {
                established enable
                related enable
            }
        }
        rule 20 {
            action accept
            protocol icmp
        }
    }
    receive-redirects disable
    send-redirects enable
    source-validation disable
    syn-cookies enable
}
nat {
    source {
        rule 100 {
            outbound-interface eth0
            source {
                address 192.168.120.0/24
            }
            translation {
                address masquerade
            }
        }
    }
}
service {
    dhcp-server {
        shared-network-name LAN {
            subnet 192.168.120.0/24 {
                default-router 192.168.120.1
                dns-server 192.168.120.1
                lease 86400
                range 0 {
                    start 192.168.120.50
                    stop 192.168.120.200
                }
            }
        }
    }
    dns {
        forwarding {
            allow-from 192.168.120.0/24
            cache-size 0
            listen-address 192.168.120.1
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
    console {
        device ttyS0 {
            speed 115200
        }
    }
    host-name vyos-werkplaats
    login {
        user vyos {
            authentication {
                encrypted-password $6$s3cr3t-a101
                plaintext-password ""
            }
        }
    }
    name-server 192.0.2.53
    ntp {
        server time1.vyos.net {
        }
    }
    syslog {
        global {
            facility all {
                level info
            }
            facility protocols {
                level debug
            }
        }
    }
}


// Warning: Do not remove the following line.
// vyos-config-version: "broadcast-relay@1:cluster@1:config-management@1:conntrack@2:conntrack-sync@2:dhcp-relay@2:dhcp-server@5:dhcpv6-server@1:dns-forwarding@3:firewall@5:https@2:interfaces@22:ipoe-server@1:ipsec@5:isis@1:l2tp@3:lldp@1:mdns@1:nat@5:ntp@1:pppoe-server@5:pptp@2:qos@1:quagga@8:rpki@1:salt@1:snmp@2:ssh@2:sstp@3:system@21:vrf@2:vrrp@2:vyos-accel-ppp@2:wanloadbalance@3:webproxy@2:zone-policy@1"
// Release version: 1.3.5
