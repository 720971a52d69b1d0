{
    "accessRules": {
        "javaClass": "java.util.LinkedList",
        "list": [
            {
                "allow": true,
                "conditions": {
                    "javaClass": "java.util.LinkedList",
                    "list": [
                        {
                            "conditionType": "DST_PORT",
                            "invert": false,
                            "javaClass": "com.untangle.uvm.network.FilterRuleCondition",
                            "value": "443"
                        }
                    ]
                },
                "description": "Allow HTTPS on LANs",
                "enabled": true,
                "ipv6Enabled": true,
                "javaClass": "com.untangle.uvm.network.FilterRule",
                "readOnly": false,
                "ruleId": 1
            }
        ]
    },
    "blockDuringRestarts": false,
    "blockInvalidPackets": true,
    "blockReplayPackets": false,
    "bypassRules": {
        "javaClass": "java.util.LinkedList",
        "list": [
            {
                "bypass": true,
                "conditions": {
                    "javaClass": "java.util.LinkedList",
                    "list": [
                        {
                            "conditionType": "DST_PORT",
                            "invert": false,
                            "javaClass": "com.untangle.uvm.network.BypassRuleCondition",
                            "value": "5060,5061"
                        },
                        {
                            "conditionType": "PROTOCOL",
                            "invert": false,
                            "javaClass": "com.untangle.uvm.network.BypassRuleCondition",
                            "value": "TCP,UDP"
                        }
                    ]
                },
                "description": "Bypass VoIP (SIP) Sessions",
                "enabled": true,
                "javaClass": "com.untangle.uvm.network.BypassRule",
                "ruleId": 1
            }
        ]
    },
    "dhcpAuthoritative": true,
    "dhcpMaxLeases": 5000,
    "domainName": "gymnasium.example",
    "dynamicDnsServiceEnabled": false,
    "dynamicDnsServicePassword": "s3cr3t-2601",
    "enableSipNatHelper": true,
    "hostName": "ngfw-school",
    "httpPort": 80,
    "httpsPort": 443,
    "interfaces": {
        "javaClass": "java.util.LinkedList",
        "list": [
            {
                "configType": "ADDRESSED",
                "interfaceId": 1,
                "isWan": true,
                "javaClass": "com.untangle.uvm.network.InterfaceSettings",
                "name": "External",
                "physicalDev": "eth0",
                "qosEnabled": true,
                "uploadBandwidthKbps": 38000,
                "v4ConfigType": "STATIC",
                "v4NatEgressTraffic": true,
                "v4StaticAddress": "198.51.100.180",
                "v4StaticPrefix": 28
            },
            {
                "configType": "ADDRESSED",
                "dhcpEnabled": true,
                "interfaceId": 2,
                "isWan": false,
                "javaClass": "com.untangle.uvm.network.InterfaceSettings",
                "name": "Internal",
                "physicalDev": "eth1",
                "v4ConfigType": "STATIC",
                "v4StaticAddress": "10.90.1.1",
                "v4StaticPrefix": 24
            }
        ]
    },
    "javaClass": "com.untangle.uvm.network.NetworkSettings",
    "logBypassedSessions": true,
    "portForwardRules": {
        "javaClass": "java.util.LinkedList",
        "list": [
            {
                "conditions": {
                    "javaClass": "java.util.LinkedList",
                    "list": [
                        {
                            "conditionType": "DST_PORT",
                            "invert": false,
                            "javaClass": "com.untangle.uvm.network.PortForwardRuleCondition",
                            "value": "5060"
                        },
                        {
                            "conditionType": "PROTOCOL",
                            "invert": false,
                            "javaClass": "com.untangle.uvm.network.PortForwardRuleCondition",
                            "value": "UDP"
                        }
                    ]
                },
                "description": "PBX",
                "enabled": true,
                "javaClass": "com.untangle.uvm.network.PortForwardRule",
                "newDestination": "10.90.1.5",
                "ruleId": 1,
                "simple": true
            }
        ]
    },
    "publicUrlMethod": "external",
    "publicUrlPort": 443,
    "qosSettings": {
        "defaultPriority": 3,
        "dnsPriority": 1,
        "javaClass": "com.untangle.uvm.network.QosSettings",
        "pingPriority": 1,
        "qosEnabled": false,
        "qosRules": {
            "javaClass": "java.util.LinkedList",
            "list": [
                {
                    "conditions": {
                        "javaClass": "java.util.LinkedList",
                        "list": [
                            {
                                "conditionType": "DST_PORT",
                                "invert": false,
                                "javaClass": "com.untangle.uvm.network.QosRuleCondition",
                                "value": "5060,5061"
                            },
                            {
                                "conditionType": "PROTOCOL",
                                "invert": false,
                                "javaClass": "com.untangle.uvm.network.QosRuleCondition",
                                "value": "TCP,UDP"
                            }
                        ]
                    },
                    "description": "VoIP (SIP) Traffic",
                    "enabled": true,
                    "javaClass": "com.untangle.uvm.network.QosRule",
                    "priority": 1,
                    "ruleId": 1
                }
            ]
        }
    },
    "sendIcmpRedirects": true,
    "staticRoutes": {
        "javaClass": "java.util.LinkedList",
        "list": []
    },
    "stpEnabled": false,
    "strictArpMode": true,
    "version": 8,
    "vlansEnabled": true
}
