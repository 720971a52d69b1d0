#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The script of `viaduct audit --fix-script` on the kernel: rules that give SIP its helper are loaded into a network namespace,
the script runs there, audit reads what is left, and the lines of the roll back bring it back.
usage: linux_fix_test.py SOURCE VIADUCT"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

SOURCE, VIADUCT = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2]
CASES = SOURCE / "tests/audit/cases/linux-netfilter"
KINDS = {
    "nft": ("nft -f {}", "nft list ruleset"),
    "nft with handles": ("nft -f {}", "nft -a list ruleset"),
    "iptables": ("iptables-restore {}", "iptables-save"),
}


class Namespace:
    """Keeps one open with a shell that waits for commands."""

    def __enter__(self):
        self.shell = subprocess.Popen(["unshare", "-rn", "sh"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                      stderr=subprocess.STDOUT, text=True)
        return self

    def __exit__(self, *_):
        self.shell.stdin.close()
        self.shell.stdout.close()
        self.shell.wait(10)

    def run(self, command):
        self.shell.stdin.write(command + "\necho; echo '--done--'\n")
        self.shell.stdin.flush()
        lines = []
        for line in self.shell.stdout:
            if line == "--done--\n":
                return "".join(lines).removesuffix("\n")
            lines.append(line)
        raise AssertionError("the shell ended: " + "".join(lines))


def states(octets):
    told = json.loads(subprocess.run([VIADUCT, "audit", "--json", "-"], input=octets, capture_output=True, text=True, timeout=60).stdout)
    device, = told["devices"]
    return device["sip"], sorted((entry["name"], entry["scope"], entry["state"]) for entry in device["features"])


def script_of(octets, folder):
    subprocess.run([VIADUCT, "audit", "--fix-script", folder, "-"], input=octets, capture_output=True, text=True, timeout=60)
    script, = pathlib.Path(folder).iterdir()
    return script.read_text()


def part_of(script, title):
    return script.split("# --- " + title)[1].split("# ---")[0].splitlines()[1:]


def change_of(script):
    """Without what deletes flows: it tells how many, and lab/audit has some."""
    return "\n".join(line for line in part_of(script, "change") if not line.startswith("conntrack -D "))


def others(rules):
    """All but what is about helpers, with the blocks of their objects."""
    return [line for line in without_objects(rules).splitlines() if line and "helper" not in line and line[0] not in "#:"]


OBJECT = re.compile(r"\tct helper \S+ \{.*?\n\t\}\n\n?", re.S)


def objects(rules):
    return sorted(block.strip() for block in OBJECT.findall(rules))


def without_objects(rules):
    return OBJECT.sub("", rules)


def rollback_of(script):
    lines = script.split("# --- roll back\n")[1].split("\n\n")[0].splitlines()
    return "\n".join(line.removeprefix("# ") for line in lines)


class LinuxFix(unittest.TestCase):
    def prove(self, kind, case):
        load, show = KINDS[kind]
        with Namespace() as box, tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as work:
            self.assertEqual(box.run("cd " + work), "")
            self.assertEqual(box.run(load.format(CASES / case)), "")
            whole = box.run("nft list ruleset")
            before = box.run(show)
            self.assertIn(states(before)[0], ("on", "partly"))
            script = script_of(before, folder)
            self.assertNotIn("by hand", script)
            # Where iptables wrote the rules, nft warns of them.
            told = box.run("\n".join(part_of(script, "backup")))
            self.assertEqual([line for line in told.splitlines() if not line.startswith("# Warning")], [])
            self.assertEqual(box.run(change_of(script)), "")
            after = box.run(show)
            self.assertEqual(states(after)[0], "off", after)
            self.assertNotIn("<", rollback_of(script))
            self.assertEqual(box.run(rollback_of(script)), "")
            self.assertEqual(states(box.run(show)), states(before))
            # All other rules are where they were.
            self.assertEqual(others(after), others(before))
            # Where the rule stands, and what it says; objects have no order.
            self.assertEqual(without_objects(box.run("nft list ruleset")), without_objects(whole))
            self.assertEqual(objects(box.run("nft list ruleset")), objects(whole))

    def test_nft(self):
        self.prove("nft", "nft-on.nft")

    def test_nft_of_another_port(self):
        self.prove("nft", "nft-trap-other-port-plain-name.nft")

    def test_nft_of_a_map_that_has_others_too(self):
        self.prove("nft", "nft-trap-map.nft")
        self.prove("nft with handles", "nft-trap-map.nft")

    def test_nft_of_a_map_of_sip_alone(self):
        self.prove("nft", "nft-on-map-between.nft")
        self.prove("nft with handles", "nft-on-map-between.nft")

    def test_nft_of_a_chain_that_a_map_names(self):
        self.prove("nft", "nft-trap-vmap-named.nft")

    def test_nft_of_a_rule_beside_another_helper(self):
        self.prove("nft", "nft-on-beside-ftp.nft")
        self.prove("nft with handles", "nft-on-beside-ftp.nft")

    def test_nft_of_a_comment_that_is_a_secret(self):
        self.prove("nft", "nft-on-secret-comment.nft")
        self.prove("nft with handles", "nft-on-secret-comment.nft")

    def test_nft_of_rules_that_do_more(self):
        """Each of them is replaced by the same without its helper."""
        load, show = KINDS["nft with handles"]
        with Namespace() as box, tempfile.TemporaryDirectory() as folder:
            self.assertEqual(box.run(load.format(CASES / "nft-on-does-more.nft")), "")
            before = box.run(show)
            script = script_of(before, folder)
            self.assertNotIn("by hand", script)
            self.assertEqual(box.run(change_of(script)), "")
            self.assertEqual(without_objects(box.run(show)), without_objects(before).replace(' ct helper set "sip4"', ""))
            self.assertEqual(box.run(rollback_of(script)), "")
            self.assertEqual(without_objects(box.run(show)), without_objects(before))

    def test_iptables_of_a_rule_that_does_more(self):
        load, show = KINDS["iptables"]
        with Namespace() as box, tempfile.TemporaryDirectory() as folder:
            self.assertEqual(box.run(load.format(CASES / "ipt-on-zone.rules")), "")
            change = [line for line in change_of(script_of(box.run(show), folder)).splitlines() if line and "so that" not in line]
            self.assertEqual(change[1], "# by hand: CT --helper sip (raw PREROUTING udp 5060): the rule does more than set the helper: "
                                        "iptables -t raw -L PREROUTING -n --line-numbers tells its number, iptables -t raw -R PREROUTING NUMBER "
                             "-i lan0 -p udp -m udp --dport 5060 -j CT --zone 5 leaves the rest of it")
            self.assertEqual(change[0], "iptables -t raw -D PREROUTING -i lan0 -p udp -m udp --dport 5062 -m conntrack --ctstate NEW "
                             "-j CT --helper sip")
            told, = re.findall("iptables -t raw -R .* --zone 5", change[1])
            self.assertEqual(box.run(told.replace("NUMBER", "1") + "\n" + change[0]), "")
            self.assertIn("-A PREROUTING -i lan0 -p udp -m udp --dport 5060 -j CT --zone 5\nCOMMIT", box.run(show))

    def test_iptables(self):
        self.prove("iptables", "ipt-on.rules")

    def test_iptables_of_another_port(self):
        self.prove("iptables", "ipt-trap-other-port.rules")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
