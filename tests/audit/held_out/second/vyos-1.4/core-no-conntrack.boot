firewall {
    ipv4 {
        input {
            filter {
                default-action "accept"
                rule 10 {
                    action "drop"
                    destination {
                        port "179"
                    }
                    protocol "tcp"
                    source {
                        address "!203.0.113.0/24"
                    }
                }
            }
        }
    }
}
interfaces {
    ethernet eth0 {
        address "203.0.113.201/30"
        description "core A"
        hw-id "02:00:5e:33:00:01"
    }
    ethernet eth1 {
        address "203.0.113.205/30"
        description "core B"
        hw-id "02:00:5e:33:00:02"
    }
    ethernet eth2 {
        address "203.0.113.1/26"
        description "voice platform, public"
        hw-id "02:00:5e:33:00:03"
    }
    loopback lo {
        address "192.0.2.33/32"
    }
}
policy {
    prefix-list OURS {
        rule 10 {
            action "permit"
            prefix "203.0.113.0/24"
        }
    }
}
protocols {
    bgp {
        address-family {
            ipv4-unicast {
                network 203.0.113.0/24 {
                }
            }
        }
        neighbor 203.0.113.202 {
            address-family {
                ipv4-unicast {
                    prefix-list {
                        export "OURS"
                    }
                }
            }
            password "s3cr3t-1305"
            remote-as "64500"
        }
        system-as "64511"
    }
    ospf {
        area 0 {
            network "203.0.113.204/30"
        }
    }
}
service {
    snmp {
        community s3cr3t-1306 {
            authorization "ro"
        }
    }
    ssh {
        listen-address "192.0.2.33"
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
    }
    host-name "core1-ham"
    login {
        user noc {
            authentication {
                encrypted-password "$6$s3cr3t-1307"
                plaintext-password ""
            }
        }
    }
    syslog {
        global {
            facility all {
                level "info"
            }
        }
    }
}


// Warning: Do not remove the following line.
// vyos-config-version: "bgp@5:broadcast-relay@1:cluster@2:config-management@1:conntrack@5:conntrack-sync@2:container@2:dhcp-relay@2:dhcp-server@8:dhcpv6-server@1:dns-dynamic@4:dns-forwarding@4:firewall@15:flow-accounting@1:https@6:ids@1:interfaces@32:ipoe-server@3:ipsec@13:isis@3:l2tp@9:lldp@2:mdns@1:monitoring@1:nat@8:nat66@3:ntp@3:openconnect@3:ospf@2:pim@1:policy@8:pppoe-server@10:pptp@5:qos@2:quagga@11:reverse-proxy@1:rip@1:rpki@2:salt@1:snmp@3:ssh@2:sstp@6:system@27:vrf@3:vrrp@4:vyos-accel-ppp@2:wanloadbalance@3:webproxy@2"
// Release version: 1.4.0
