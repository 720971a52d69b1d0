#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""cmake --install puts exactly these files in place, and keeps a configuration that is there.
usage: install_test.py SOURCE BUILD HERE"""
import os
import pathlib
import re
import shutil
import subprocess
import sys


def install(build, root):
    subprocess.run(["cmake", "--install", build, "--prefix", "/usr"], check=True, capture_output=True,
                   env={**os.environ, "DESTDIR": str(root)})


def main():
    source, build, here = (pathlib.Path(word) for word in sys.argv[1:4])
    root = here / "root"
    shutil.rmtree(root, ignore_errors=True)
    install(build, root)
    found = {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}
    pages = {f"usr/share/man/man{page.suffix[1:]}/{page.name}" for page in (source / "docs/man").glob("*.[1-8]")}
    schemas = {f"usr/share/doc/viaduct/schema/{path.name}" for path in (source / "docs/schema").glob("*.json")}
    expected = pages | schemas | {
        "usr/bin/viaduct", "usr/sbin/viaduct-gateway", "usr/lib/systemd/system/viaduct-gateway.service",
        "usr/share/doc/viaduct/gateway.toml", "usr/share/doc/viaduct/LICENSE", "etc/viaduct/gateway.toml"}
    assert found == expected, f"missing: {sorted(expected - found)}, not expected: {sorted(found - expected)}"

    for program, option in (("usr/bin/viaduct", "--version"), ("usr/sbin/viaduct-gateway", "--version")):
        out = subprocess.run([root / program, option], check=True, capture_output=True, text=True).stdout
        assert re.fullmatch(r"viaduct(-gateway)? \d+\.\d+\.\d+\n", out), out
    needed = subprocess.run(["ldd", root / "usr/bin/viaduct"], check=True, capture_output=True, text=True).stdout
    # GPL-2-only libraries and privileges stay with the gateway.
    assert not re.search(r"lib(nftables|nftnl|mnl|netfilter)", needed), needed
    check = subprocess.run([root / "usr/sbin/viaduct-gateway", "--check-config", root / "etc/viaduct/gateway.toml"],
                           capture_output=True, text=True)
    assert check.returncode == 0, check.stderr

    config = root / "etc/viaduct/gateway.toml"
    config.write_text('mode = "pinhole"\n')
    install(build, root)
    assert config.read_text() == 'mode = "pinhole"\n', "the configuration was overwritten"
    shutil.rmtree(root)
    print(f"{len(expected)} files in place")


main()
