#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs the host commands of the real binary in network namespaces of their own and holds their JSON to docs/schema.
usage: schema_test.py SOURCE_DIR VIADUCT_GATEWAY"""
import json
import pathlib
import subprocess
import sys

import jsonschema

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from spoil import spoiled  # noqa: E402

ATTACH = ("nft add table inet alg; nft 'add ct helper inet alg s { type \"sip\" protocol udp; }';"
          "nft 'add chain inet alg pre { type filter hook prerouting priority 0; }';"
          "nft add rule inet alg pre udp dport 5060 ct helper set '\"s\"';")
FIREWALL = ("ip link set lo up; ip link add wan0 type veth peer name wan1; ip link add lan0 type veth peer name lan1;"
            "for i in wan0 wan1 lan0 lan1; do ip link set $i up; done; echo 1 > /proc/sys/net/ipv4/ip_forward;"
            "ip addr add 203.0.113.1/24 dev wan0; ip addr add 192.168.7.1/24 dev lan0;"
            "ip route add default via 203.0.113.2; nft add table inet strict;"
            "nft 'add chain inet strict fw { type filter hook forward priority 0; policy drop; }';")
CASES = [  # preparation, arguments, exit code, {member: value}
    ("", "disable-kernel-alg --dry-run", 0, {"result": "none", "after": None}),
    ("", "disable-kernel-alg", 0, {"result": "none", "detached": None}),
    (ATTACH, "disable-kernel-alg --dry-run", 1, {"result": "found", "detached": None}),
    (ATTACH, "disable-kernel-alg --port 5060 --port 5080", 0, {"result": "detached"}),
    ("", "firewall-rule", 0, {"complete": True, "rules": []}),
    (FIREWALL, "firewall-rule --check", 1, {"complete": False, "outcome": None}),
    (FIREWALL, "firewall-rule --apply", 0, {"complete": True}),
]


def main():
    source, gateway = pathlib.Path(sys.argv[1]), sys.argv[2]
    for preparation, arguments, code, members in CASES:
        run = subprocess.run(["unshare", "-n", "sh", "-ec", f'{preparation} exec "$0" {arguments} --json', gateway],
                             capture_output=True, text=True, timeout=60)
        assert run.returncode == code, (arguments, run.returncode, run.stdout, run.stderr)
        document = json.loads(run.stdout)
        name = document["format"].split("/")[0] + ".json"
        schema = json.loads((source / "docs/schema" / name).read_text())
        assert schema["$id"] == name
        check = jsonschema.Draft202012Validator(schema)
        problems = [f"{arguments}: {error.json_path}: {error.message}" for error in check.iter_errors(document)]
        assert not problems, "\n".join(problems)
        for member, value in members.items():
            assert document[member] == value, (arguments, member, document[member])
        for what, wrong in spoiled(document):
            assert not check.is_valid(wrong), f"{name} accepts {arguments} {what}"
    print(f"{len(CASES)} documents follow their schemas")


main()
