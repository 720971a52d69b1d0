#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures of other people through `viaduct analyze`: each ends well, follows the schema, and has the packets, losses
and duplicates of the truth in every stream that both know. usage: corpus_test.py SOURCE_DIR VIADUCT CORPUS"""
import json
import pathlib
import subprocess
import sys

import jsonschema

# Streams of which we say something else: docs/tshark-differences.md.
DIFFERENCES = {("fax-t38-megaco-sip.pcap", 0x0eaf0eaf): (3848, 0, 0)}


def key_of(source, source_port, destination, destination_port, ssrc):
    return source, source_port, destination, destination_port, ssrc


def main():
    source, viaduct, corpus = pathlib.Path(sys.argv[1]), sys.argv[2], pathlib.Path(sys.argv[3])
    check = jsonschema.Draft202012Validator(json.loads((source / "docs/result-schema.json").read_text()))
    compared, unknown, problems, captures = 0, 0, [], 0
    for file in sorted((corpus / "truth").glob("*.json")):
        truth = json.loads(file.read_text())
        captures += 1
        run = subprocess.run([viaduct, "analyze", "--json", corpus / "pcap" / truth["file"]], capture_output=True,
                             timeout=120)
        if run.returncode not in (0, 1, 3):  # 1: there are findings, or it could not be told
            problems.append(f"{truth['file']}: ended with {run.returncode}: {run.stderr[:200]}")
            continue
        if run.returncode == 3:
            problems += [] if run.stderr else [f"{truth['file']}: no reason"]
            continue
        document = json.loads(run.stdout)
        problems += [f"{truth['file']}: {error.json_path}: {error.message[:100]}" for error in check.iter_errors(document)]
        ours = {key_of(s["source"]["address"], s["source"]["port"], s["destination"]["address"],
                       s["destination"]["port"], int(s["ssrc"], 16) if isinstance(s["ssrc"], str) else s["ssrc"]): s
                for s in document["streams"]}
        for stream in truth["rtp_sequence"]["streams"]:
            key = key_of(stream["src"], stream["sport"], stream["dst"], stream["dport"], int(stream["ssrc"], 16))
            if key not in ours:
                unknown += 1
                continue
            compared += 1
            found = tuple(ours[key][name] for name in ("packets", "lost", "duplicates"))
            wanted = tuple(stream[name] for name in ("packets", "missing", "duplicates"))
            wanted = DIFFERENCES.get((truth["file"], key[-1]), wanted)
            if found != wanted:
                problems.append(f"{truth['file']}: {key}: packets, lost, duplicates {found}, not {wanted}")
    assert captures and compared > 10 * unknown, f"{captures} captures, {compared} streams compared, {unknown} unknown"
    if problems:
        sys.exit("\n".join(problems))
    print(f"{captures} captures, {compared} streams agree with the truth, {unknown} are not told")


main()
