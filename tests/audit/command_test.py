#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""`viaduct audit`, `vendors` and `how-to` as they are typed. usage: command_test.py SOURCE VIADUCT"""
import io
import json
import os
import pathlib
import pty
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import unittest
import zipfile

import jsonschema

SOURCE, VIADUCT = pathlib.Path(sys.argv[1]), sys.argv[2]
CASES = SOURCE / "tests/audit/cases"
CORPUS = SOURCE / "../shared/corpus/config"


def run(*arguments, octets=b""):
    return subprocess.run([VIADUCT, *map(str, arguments)], input=octets, capture_output=True, timeout=120)


def document(*arguments, octets=b""):
    return json.loads(run("audit", "--json", *arguments, octets=octets).stdout)


def add(archive, name, octets):
    entry = tarfile.TarInfo(name)
    entry.size = len(octets)
    archive.addfile(entry, io.BytesIO(octets))


# Of an OpenWrt: off by itself, and a line that sets the helper.
FIREWALL = (b"config defaults\n\toption auto_helper '0'\n\toption forward 'REJECT'\n\nconfig zone\n\toption name 'lan'\n\tlist network 'lan'\n\n"
            b"config forwarding\n\toption src 'lan'\n\toption dest 'wan'\n")
RULE = b"iptables -t raw -A PREROUTING -p udp --dport 5060 -j CT --helper sip\n"


class Audit(unittest.TestCase):
    def test_the_document_fits_its_schema(self):
        schema = json.loads((SOURCE / "docs/result-schema.json").read_text())
        jsonschema.Draft202012Validator(schema).validate(document(CASES))

    def test_exit_codes(self):
        self.assertEqual(run("audit", CASES / "cisco-ios/off-all-algs.cfg").returncode, 0)
        self.assertEqual(run("audit", CASES / "cisco-ios/default-nat-overload.cfg").returncode, 1)
        self.assertEqual(run("audit").returncode, 2)
        self.assertEqual(run("audit", "--json", "--csv", CASES).returncode, 2)
        self.assertEqual(run("audit", CASES / "no-such-file").returncode, 3)
        self.assertEqual(run("audit", "--fix-script", "/proc/no-such-folder", CASES / "cisco-ios").returncode, 3)

    def test_what_is_off_without_known_timers_is_not_clean(self):
        told = document(CASES / "linux-netfilter/ipt-default.rules")
        self.assertEqual([device["sip"] for device in told["devices"]], ["off"])
        self.assertEqual(told["verdict"], "inconclusive")
        self.assertIn("after what time UDP sessions end is not known of 1", told["sentence"])
        self.assertEqual(run("audit", CASES / "linux-netfilter/ipt-default.rules").returncode, 1)

    def test_a_folder_that_cannot_be_read_is_named(self):
        with tempfile.TemporaryDirectory() as folder:
            os.chmod(folder, 0o755)
            closed = pathlib.Path(folder) / "site-7"
            closed.mkdir(mode=0o700)
            (closed / "r1.cfg").write_text("hostname r1\n")
            # Root reads all: somebody else, then. Others do not read their own, either.
            nobody = {"user": 65534, "group": 65534, "extra_groups": []} if os.getuid() == 0 else {}
            os.chmod(closed, 0o700 if nobody else 0)
            with tempfile.TemporaryDirectory() as place:  # where others may not look, the program may stand
                os.chmod(place, 0o755)
                copy = shutil.copy(VIADUCT, place)
                done = subprocess.run([copy, "audit", "--json", folder], capture_output=True, timeout=120, cwd="/", **nobody)
            os.chmod(closed, 0o700)
            told = json.loads(done.stdout)
            self.assertEqual([(entry["path"], entry["problems"]) for entry in told["inputs"]],
                             [(str(closed), ["cannot be read: Permission denied"])])
            self.assertEqual(done.returncode, 1)

    def test_devices_of_one_file_have_a_script_each(self):
        parts = [(CASES / "cisco-ios" / name).read_bytes() for name in ("default-nat-overload.cfg", "trap-udp-only.cfg")]
        with tempfile.TemporaryDirectory() as folder:
            joined = pathlib.Path(folder) / "both.txt"
            joined.write_bytes(b"".join(parts))
            told = document(joined)
            names = [device["hostname"] for device in told["devices"]]
            self.assertEqual(len(set(names)), 2)
            self.assertEqual([device["input"] for device in told["devices"]], [0, 1])
            scripts = pathlib.Path(folder) / "scripts"
            run("audit", "--fix-script", scripts, joined)
            self.assertEqual(sorted(path.name for path in scripts.iterdir()), sorted(name + ".txt" for name in names))
            joined.write_bytes(parts[0].replace(b"\nend", b"") + parts[1])
            self.assertIn("more than one device", " ".join(document(joined)["inputs"][0]["problems"]))
            run("audit", "--fix-script", pathlib.Path(folder) / "none", joined)
            self.assertEqual(list((pathlib.Path(folder) / "none").iterdir()), [])

    def test_devices_of_one_name_in_one_file_are_told_apart(self):
        part = (CASES / "cisco-ios/default-nat-overload.cfg").read_bytes()
        lines = part.count(b"\n")
        told = document("-", octets=part * 3)
        schema = json.loads((SOURCE / "docs/result-schema.json").read_text())
        jsonschema.Draft202012Validator(schema).validate(told)
        self.assertEqual([device["line"] for device in told["devices"]], [1, 1 + lines, 1 + 2 * lines])
        self.assertEqual([each["octets"] for each in told["inputs"]], [len(part)] * 3)
        rows = run("audit", "--csv", "-", octets=part * 3).stdout.decode().splitlines()
        self.assertEqual([row.rsplit(",", 1)[1] for row in rows], ["line", "1", str(1 + lines), str(1 + 2 * lines)])
        self.assertNotIn("line", document("-", octets=part)["devices"][0])

    def test_with_a_result_what_explains_the_path_is_first(self):
        finding = {"verdict": "fail", "family": "linux", "confidence": 0.9, "behaviours": ["A06"]}
        with tempfile.TemporaryDirectory() as folder:
            result = pathlib.Path(folder) / "result.json"
            result.write_text(json.dumps({"schema": "viaduct-result/1", "tool": {"name": "viaduct analyze"}, "findings": [finding]}))
            files = [CASES / "cisco-ios/default-nat-overload.cfg", CASES / "linux-netfilter/nft-on.nft"]
            told = document("--with", result, *files)
            schema = json.loads((SOURCE / "docs/result-schema.json").read_text())
            jsonschema.Draft202012Validator(schema).validate(told)
            self.assertEqual([device.get("explains", {}).get("rank") for device in told["devices"]], [None, 1])
            self.assertEqual([found["rule"] for found in told["findings"][:2]], ["setting-explains-path", "sip-feature-on"])
            self.assertEqual(told["findings"][1]["family"], "linux")
            self.assertIn("A06", told["findings"][1]["behaviours"])
            rows = run("audit", "--csv", "--with", result, *files).stdout.decode().splitlines()
            self.assertIn("nft-on.nft", rows[1])
            self.assertIn(",1,", rows[1])
            self.assertIn(b"  1. ", run("audit", "--inventory", "--with", result, *files).stdout)
            result.write_text("{}")
            self.assertEqual(run("audit", "--with", result, *files).returncode, 3)

    def test_progress_is_for_terminals(self):
        case = CASES / "cisco-ios/default-nat-overload.cfg"
        for terminal in (True, False):
            ours, theirs = pty.openpty()
            self.addCleanup(os.close, ours)
            process = subprocess.Popen([VIADUCT, "audit", "--csv", case, "-", case], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                       stderr=theirs if terminal else subprocess.PIPE)
            os.close(theirs)
            time.sleep(4)  # nothing is told within the first second, and a slow machine takes some to begin
            out, error = process.communicate(b"hostname r1\n", timeout=60)
            self.assertEqual(out.count(b"\n"), 4)
            if terminal:
                told = b""
                while not told.endswith(b"\r\x1b[K") or told.count(b"\r") < 2:
                    told += os.read(ours, 4096)
                self.assertRegex(told, rb"^\r\x1b\[K[^\r]*: [0-9]+ files, [0-9]+ MB.*\r\x1b\[K$")
            else:
                self.assertEqual(error, b"")

    def test_this_host_is_read_whoever_asks(self):
        with tempfile.TemporaryDirectory() as folder:
            kept = pathlib.Path(folder) / "host.txt"
            told = document("--this-host", "--save", kept)
            self.assertEqual([device["product"] for device in told["devices"]], ["linux-netfilter"])
            again = document(kept)
            self.assertEqual(again["devices"][0]["sip"], told["devices"][0]["sip"])
        self.assertEqual(run("audit", "--save", kept, CASES / "cisco-ios").returncode, 2)

    def test_an_archive_a_folder_and_stdin_are_the_same(self):
        files = sorted((CASES / "fortinet-fortios").glob("*.conf"))
        states = [device["sip"] for device in document(*files)["devices"]]
        self.assertEqual(len(states), len(files))
        with tempfile.TemporaryDirectory() as folder:
            packed = pathlib.Path(folder) / "backups.tar.gz"
            with tarfile.open(packed, "w:gz") as archive:
                for file in files:
                    archive.add(file, file.name)
            told = document(packed)
            self.assertEqual([device["sip"] for device in told["devices"]], states)
            self.assertTrue(told["inputs"][0]["path"].endswith("backups.tar.gz:" + files[0].name))
        self.assertEqual(document("-", octets=files[0].read_bytes())["devices"][0]["sip"], states[0])

    def test_what_cannot_be_read_stops_nothing(self):
        with tempfile.TemporaryDirectory() as folder:
            (pathlib.Path(folder) / "a").write_bytes(bytes(range(256)) * 10)
            (pathlib.Path(folder) / "b").write_bytes((CASES / "cisco-ios/default-nat-overload.cfg").read_bytes())
            (pathlib.Path(folder) / "c.gz").write_bytes(b"\x1f\x8b\x08 broken")
            told = document(folder)
        self.assertEqual([device["product"] for device in told["devices"]], ["", "cisco-ios", ""])
        self.assertEqual([bool(entry["problems"]) for entry in told["inputs"]], [True, False, True])

    def test_a_backup_of_openwrt_is_one_device_and_archives_may_hold_archives(self):
        files = {"etc/config/firewall": "\nconfig defaults\n\toption auto_helper '0'\n\nconfig zone\n\toption name 'lan'\n\tlist network 'lan'\n"
                                        "\toption input 'ACCEPT'\n\toption forward 'ACCEPT'\n\nconfig forwarding\n\toption src 'lan'\n\toption dest 'wan'\n",
                 "etc/config/system": "\nconfig system\n\toption hostname 'gw-7'\n",
                 "etc/config/wireless": "\nconfig wifi-iface\n\toption key 's3cr3t-204'\n",
                 "etc/dropbear/dropbear_rsa_host_key": "\0\1\2",
                 "etc/openwrt_release": "DISTRIB_ID='OpenWrt'\nDISTRIB_RELEASE='23.05.2'\n",
                 "etc/sysctl.conf": "net.netfilter.nf_conntrack_udp_timeout=60\nnet.netfilter.nf_conntrack_udp_timeout_stream=300\n"}
        with tempfile.TemporaryDirectory() as folder:
            packed, outer = pathlib.Path(folder) / "backup-gw-7.tar.gz", pathlib.Path(folder) / "all.zip"
            with tarfile.open(packed, "w:gz") as archive:
                for name, text in files.items():
                    entry = tarfile.TarInfo(name)
                    entry.size = len(text)
                    archive.addfile(entry, io.BytesIO(text.encode()))
            with zipfile.ZipFile(outer, "w") as archive:
                archive.write(packed, "site/backup-gw-7.tar.gz")
            for path, name in ((packed, "backup-gw-7.tar.gz"), (outer, "all.zip:site/backup-gw-7.tar.gz")):
                told = document(path)
                device, = told["devices"]
                self.assertEqual((device["product"], device["version"], device["hostname"], device["sip"]), ("openwrt-fw4", "23.05.2", "gw-7", "off"))
                self.assertEqual([timer["seconds"] for timer in device["timers"]], [60, 300])
                self.assertTrue(told["inputs"][0]["path"].endswith(name))

    def test_what_an_openwrt_runs_is_read_with_it_from_an_archive_and_from_a_folder(self):
        rule = "iptables -t raw -A PREROUTING -p udp --dport 5060 -j CT --helper sip\n"
        firewall = ("config defaults\n\toption auto_helper '0'\n\toption forward 'REJECT'\n\nconfig zone\n\toption name 'lan'\n\tlist network 'lan'\n\n"
                    "config forwarding\n\toption src 'lan'\n\toption dest 'wan'\n\nconfig include\n\toption path '/etc/my-sip.sh'\n")
        for script, sip in (("etc/my-sip.sh", "on"), ("etc/hotplug.d/iface/99-sip", "on"), ("etc/crontabs/root", "on"), ("etc/ppp/up", "unknown")):
            files = {"etc/config/firewall": firewall, script: rule, "etc/openwrt_release": "DISTRIB_ID='OpenWrt'\nDISTRIB_RELEASE='23.05.3'\n",
                     "etc/shadow": "root:s3cr3t-205:1::::::\n"}
            with tempfile.TemporaryDirectory() as folder:
                packed, device = pathlib.Path(folder) / "backup.tgz", pathlib.Path(folder) / "gw-8"
                for name, text in files.items():
                    (device / name).parent.mkdir(parents=True, exist_ok=True)
                    (device / name).write_text(text)
                (pathlib.Path(folder) / "z.cfg").write_bytes((CASES / "cisco-ios/off-all-algs.cfg").read_bytes())
                with tarfile.open(packed, "w:gz") as archive:
                    archive.add(device, ".")
                self.assertEqual([entry["sip"] for entry in document(packed)["devices"]], [sip])
                told = document(folder)
                self.assertEqual([(entry["product"], entry["sip"]) for entry in told["devices"]],
                                 [("openwrt-fw4", sip), ("openwrt-fw4", sip), ("cisco-ios", "off")])
                self.assertEqual([pathlib.Path(entry["path"]).name for entry in told["inputs"]], ["backup.tgz", "gw-8", "z.cfg"])

    def test_a_line_of_an_openwrt_is_that_of_its_file(self):
        with tempfile.TemporaryDirectory() as folder:
            etc = pathlib.Path(folder) / "r1/etc"
            (etc / "config").mkdir(parents=True)
            (etc / "config/firewall").write_bytes(FIREWALL + b"\nconfig rule\n\toption name 'v'\n\toption set_helper 'sip'\n\toption dest_port '5060'\n")
            (etc / "firewall.user").write_bytes(b"#!/bin/sh\n" + RULE)
            told = document(folder)
            jsonschema.Draft202012Validator(json.loads((SOURCE / "docs/result-schema.json").read_text())).validate(told)
            self.assertEqual([(each["name"], each["line"], each["file"]) for each in told["devices"][0]["features"]],
                             [("auto_helper", 2, "/etc/config/firewall"), ("set_helper sip", 15, "/etc/config/firewall"),
                              ("CT --helper sip", 2, "/etc/firewall.user")])
            proof, = [found for found in told["findings"] if found["rule"] == "sip-feature-on"]
            self.assertEqual([(each["line"], each["text"], each["octets"].strip()) for each in proof["evidence"]],
                             [(15, "set_helper sip (rule v) is on (/etc/config/firewall)", "option set_helper 'sip'"),
                              (2, "CT --helper sip (/etc/firewall.user) is on (/etc/firewall.user)", RULE.decode().strip())])
            self.assertIn(b"line 15 of /etc/config/firewall", run("audit", folder).stdout)
            alone = document(etc / "config/firewall")["devices"][0]["features"]
            self.assertEqual([each.get("file") for each in alone], [None, None])

    def test_other_systems_have_a_folder_etc_config_too(self):
        files = {"opt/vyatta/etc/config/config.boot": CASES / "vyos-1.4/on-upgraded.boot", "etc/config/app": CASES / "hostile/blank.txt",
                 "etc/nftables.conf": CASES / "linux-netfilter/nft-on.nft"}
        with tempfile.TemporaryDirectory() as folder:
            packed = pathlib.Path(folder) / "hosts.tgz"
            with tarfile.open(packed, "w:gz") as archive:
                for name, file in files.items():
                    archive.add(file, name)
            told = document(packed)
            self.assertEqual(sorted((entry["product"], entry["sip"]) for entry in told["devices"] if entry["product"]),
                             [("linux-netfilter", "on"), ("vyos-1.4", "on")])
            self.assertEqual(len(told["inputs"]), 3)

    def test_no_more_is_held_of_an_archive_than_of_a_file(self):
        with tempfile.TemporaryDirectory() as folder:
            packed = pathlib.Path(folder) / "etc.tgz"
            with tarfile.open(packed, "w:gz", compresslevel=1) as archive:
                for number in range(12):
                    add(archive, f"etc/f{number}", bytes(40 << 20))
            self.assertEqual([entry["problems"] for entry in document(packed)["inputs"]], [["a binary file, not a configuration"]] * 12)

    def test_what_an_openwrt_wrote_for_itself_keeps_nothing_from_being_read(self):
        line = b"2026-11-23 10:00:00 query\n"
        with tempfile.TemporaryDirectory() as folder:
            for place in ("a", "b"):
                etc = pathlib.Path(folder) / place / "etc"
                (etc / "config").mkdir(parents=True)
                (etc / "config/firewall").write_bytes(FIREWALL)
                (etc / "firewall.user").write_bytes(RULE)
                for number in range(2 if place == "a" else 0):
                    (etc / f"query.{number}").write_bytes(line * (40_000_000 // len(line)))
            packed = pathlib.Path(folder) / "both.tgz"
            with tarfile.open(packed, "w:gz", compresslevel=1) as archive:
                archive.add(pathlib.Path(folder) / "a", "a")
                archive.add(pathlib.Path(folder) / "b", "b")
            for path in (packed, pathlib.Path(folder) / "a", pathlib.Path(folder) / "b"):
                states = [(device["product"][:7], device["sip"]) for device in document(path)["devices"]]
                self.assertEqual(states, [("openwrt", "on")] * (2 if path == packed else 1), path)

    def test_each_of_many_openwrts_is_read_as_the_first(self):
        with tempfile.TemporaryDirectory() as folder:
            packed = pathlib.Path(folder) / "all.tgz"
            with tarfile.open(packed, "w:gz", compresslevel=1) as archive:
                for number in range(300):
                    add(archive, f"r{number}/etc/list.txt", b"192.0.2.1 example\n" * 20_000)  # 108 MB in all
                    add(archive, f"r{number}/etc/config/firewall", FIREWALL)
                    add(archive, f"r{number}/etc/firewall.user", RULE)
            self.assertEqual([device["sip"] for device in document(packed)["devices"]], ["on"] * 300)

    def test_of_what_has_no_room_or_is_cut_off_nothing_is_called_off(self):
        with tempfile.TemporaryDirectory() as folder:
            large, whole, cut = (pathlib.Path(folder) / name for name in ("large.tgz", "whole.tgz", "cut.tgz"))
            for path, times in ((large, 3), (whole, 1)):
                with tarfile.open(path, "w:gz", compresslevel=1) as archive:
                    add(archive, "etc/config/firewall", FIREWALL)
                    for number in range(times):
                        add(archive, f"etc/init.d/x{number}", b"# nothing\n" * 3_000_000)
            cut.write_bytes(whole.read_bytes()[:-100])
            told = document(large, whole, cut)
            self.assertEqual([device["sip"] for device in told["devices"] if device["product"]], ["unknown", "off", "unknown"])
            problems = [problem for entry in told["inputs"] for problem in entry["problems"]]
            self.assertIn("not all files of this device were read (no more than 64 MB are, and what can be opened): /etc/init.d/x2", problems)
            self.assertIn("the archive was not read to its end, and files of this device may be missing", problems)

    def test_the_contents_of_etc_are_an_openwrt_too(self):
        with tempfile.TemporaryDirectory() as folder:
            etc, packed = pathlib.Path(folder) / "etc", pathlib.Path(folder) / "etc.tgz"
            (etc / "config").mkdir(parents=True)
            (etc / "config/firewall").write_bytes(FIREWALL)
            (etc / "rc.local").write_bytes(b"sh /etc/sip.sh\n")
            (etc / "sip.sh").write_bytes(RULE)
            (etc / "site.cfg").write_bytes((CASES / "cisco-ios/off-all-algs.cfg").read_bytes())
            with tarfile.open(packed, "w:gz") as archive:
                archive.add(etc, ".")
            for path, name in ((etc, "etc/"), (packed, "etc.tgz")):
                told = document(path)
                self.assertEqual([(device["product"], device["sip"]) for device in told["devices"]], [("openwrt-fw4", "on"), ("cisco-ios", "off")])
                self.assertTrue(told["inputs"][0]["path"].endswith(name), told["inputs"][0]["path"])

    def test_what_an_openwrt_runs_is_found_wherever_it_keeps_it(self):
        for started, script in (("etc/rc.local", "etc/voip/sip.sh"), ("etc/crontabs/root", "root/sip.sh")):
            with tempfile.TemporaryDirectory() as folder:
                device = pathlib.Path(folder) / "r9"
                for name, octets in (("etc/config/firewall", FIREWALL), (started, f"*/5 * * * * /{script}\n".encode()), (script, RULE),
                                     ("root/core.cfg", (CASES / "cisco-ios/off-all-algs.cfg").read_bytes())):
                    (device / name).parent.mkdir(parents=True, exist_ok=True)
                    (device / name).write_bytes(octets)
                self.assertEqual([(entry["product"], entry["sip"]) for entry in document(folder)["devices"]],
                                 [("openwrt-fw4", "on"), ("cisco-ios", "off")])

    def test_what_holds_nothing_or_too_much_is_named(self):
        with tempfile.TemporaryDirectory() as folder:
            empty, bomb, pipe = (pathlib.Path(folder) / name for name in ("empty.tar.gz", "bomb.zip", "pipe.cfg"))
            with tarfile.open(empty, "w:gz"):
                pass
            with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
                for number in range(20):
                    archive.writestr(f"{number}.cfg", bytes(60 << 20))
            os.mkfifo(pipe)
            problems = [entry["problems"] for entry in document(empty, bomb, pipe)["inputs"]]
            self.assertEqual(problems[0], ["an archive that holds nothing"])
            self.assertIn(["unpacks to more than 1 GB: the rest is left out"], problems)
            self.assertEqual(problems[-1], ["a named pipe: give what comes out of it as standard input"])

    def test_an_inventory_may_be_json_or_csv(self):
        files = [CASES / "cisco-ios/off-all-algs.cfg", CASES / "cisco-ios/default-nat-overload.cfg"]
        told = json.loads(run("audit", "--inventory", "--json", *files).stdout)
        self.assertEqual([device["sip"] for device in told["devices"]], ["on", "off"])
        self.assertEqual(run("audit", "--inventory", "--csv", *files).stdout, run("audit", "--csv", *files).stdout)

    def test_no_secret_is_shown(self):
        with tempfile.TemporaryDirectory() as folder:
            page, scripts = pathlib.Path(folder) / "page.html", pathlib.Path(folder) / "scripts"
            for form in ([], ["--json"], ["--csv"], ["--all"], ["--inventory", "--html", page, "--fix-script", scripts]):
                told = run("audit", *form, CASES)
                self.assertNotIn(b"s3cr3t-", told.stdout + told.stderr)
            self.assertGreater(len(list(scripts.iterdir())), 100)
            for written in [page, *scripts.iterdir()]:
                self.assertNotIn(b"s3cr3t-", written.read_bytes(), written.name)

    @unittest.skipUnless(CORPUS.is_dir(), "no corpus")
    def test_no_secret_of_real_files_is_shown(self):
        secret = re.compile(r"(?i)(?:password|passwd|secret|community|psk|passphrase|pre-shared-key|ENC)[ =:\"'>]+(?:\d |ENC |encrypted )?[\"']?([^\s\"'<>;]{6,})")
        known = set()
        for file in CORPUS.rglob("*"):
            if file.is_file():
                known.update(secret.findall(file.read_text(errors="replace")))
        # Words that are names or settings elsewhere in these files are none.
        known = {word for word in known if re.search(r"[0-9]", word) and re.search(r"[A-Za-z]", word)}
        self.assertGreater(len(known), 12)
        shown = run("audit", "--json", CORPUS).stdout.decode()
        self.assertEqual([word for word in known if word in shown], [])

    def test_a_script_is_written_for_each_device_that_wants_one(self):
        with tempfile.TemporaryDirectory() as folder:
            run("audit", "--fix-script", folder, CASES / "cisco-ios/default-nat-overload.cfg", CASES / "cisco-ios/off-all-algs.cfg")
            scripts = list(pathlib.Path(folder).iterdir())
            self.assertEqual([script.name for script in scripts], ["BR-HAM-R1.txt"])
            lines = scripts[0].read_text().splitlines()
        self.assertIn("no ip nat service sip udp port 5060", lines)
        self.assertIn("! copy running-config flash:before-viaduct.cfg    (not verified, or to be filled in)", lines)
        self.assertIn("! clear ip nat translation *", lines)
        self.assertNotIn("clear ip nat translation *", lines)

    def test_a_catalogue_of_ones_own(self):
        with tempfile.TemporaryDirectory() as folder:
            text = (SOURCE / "docs/catalogue.md").read_text()
            (pathlib.Path(folder) / "own.toml").write_text(re.search(r"```toml\n(.*?)```", text, re.S)[1])
            (pathlib.Path(folder) / "r1.cfg").write_text("example-os 4\ninterface a\n")
            told = document("--catalogue", folder, pathlib.Path(folder) / "r1.cfg")
            self.assertEqual([(d["product"], d["sip"]) for d in told["devices"]], [("example-router", "on")])
            (pathlib.Path(folder) / "own.toml").write_text("[[product]]\n")
            wrong = run("audit", "--catalogue", folder, pathlib.Path(folder) / "r1.cfg")
            self.assertEqual((wrong.returncode, b"own.toml:1: 'id' is missing" in wrong.stderr), (2, True))


class Guide(unittest.TestCase):
    def test_each_rule_of_a_finding_is_explained(self):
        rules = {found["rule"] for found in document("--all", CASES)["findings"]}
        self.assertGreaterEqual(len(rules), 6)
        for rule in sorted(rules):
            told = run("explain", rule)
            self.assertEqual((rule, told.returncode, told.stdout.decode().split()[:1]), (rule, 0, [rule]))

    def test_how_to_of_what_people_type(self):
        self.assertIn(b"avm-fritzbox", run("how-to", "fritzbox").stdout.splitlines()[0])
        self.assertEqual(json.loads(run("how-to", "fortigate", "60f", "--json").stdout)["id"], "fortinet-fortios")
        self.assertEqual(run("how-to", "zzzz").returncode, 2)

    def test_one_blank_does_not_put_the_lines_around_it_in_doubt(self):
        told = run("how-to", "fortigate").stdout.decode()
        self.assertIn("  delete <ID_OF_SIP>    (to be filled in)\n", told)
        self.assertIn("  set default-voip-alg-mode kernel-helper-based\n", told)

    def test_a_vendor_is_named_once(self):
        self.assertTrue(run("how-to", "vyos").stdout.startswith(b"VyOS 1."))

    def test_vendors(self):
        self.assertEqual(len(json.loads(run("vendors", "--json").stdout)), 111)


unittest.main(argv=sys.argv[:1])
