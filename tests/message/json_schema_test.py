#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Holds `viaduct message --json` to docs/schema/message.json: every message of tests/cases/sip, alone and all
in one array. usage: json_schema_test.py SOURCE_DIR VIADUCT CASE_OCTETS"""
import json
import pathlib
import subprocess
import sys
import tempfile

TYPES = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool, "null": type(None)}
KNOWN = {"$schema", "$defs", "$ref", "title", "description", "type", "enum", "const", "minimum", "maximum",
         "required", "properties", "additionalProperties", "items", "oneOf"}


class Mismatch(Exception):
    pass


def is_type(value, name):
    if name == "integer" and isinstance(value, bool):
        return False
    return isinstance(value, TYPES[name])


def check(value, schema, root, where="$"):
    """The part of JSON Schema that message.json uses; a keyword outside it is an error, not ignored."""
    unknown = set(schema) - KNOWN
    assert not unknown, f"the schema uses {unknown}, which this test does not know"
    if "$ref" in schema:
        check(value, root["$defs"][schema["$ref"].removeprefix("#/$defs/")], root, where)
    if "oneOf" in schema:
        reasons = []
        for choice in schema["oneOf"]:
            try:
                check(value, choice, root, where)
            except Mismatch as mismatch:
                reasons.append(str(mismatch))
        if len(schema["oneOf"]) - len(reasons) != 1:
            raise Mismatch(f"{where}: not exactly one of the choices fits: {reasons}")
    names = schema.get("type", [])
    names = [names] if isinstance(names, str) else names
    if names and not any(is_type(value, name) for name in names):
        raise Mismatch(f"{where}: {value!r} is not {names}")
    if "enum" in schema and value not in schema["enum"]:
        raise Mismatch(f"{where}: {value!r} is not one of {schema['enum']}")
    if "const" in schema and (value != schema["const"] or isinstance(value, bool) != isinstance(schema["const"], bool)):
        raise Mismatch(f"{where}: {value!r} is not {schema['const']!r}")
    if isinstance(value, int) and not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        raise Mismatch(f"{where}: {value} is out of range")
    if isinstance(value, dict):
        for name in schema.get("required", []):
            if name not in value:
                raise Mismatch(f"{where}: {name} is missing")
        for name, member in value.items():
            if name in schema.get("properties", {}):
                check(member, schema["properties"][name], root, f"{where}.{name}")
            elif schema.get("additionalProperties") is False:
                raise Mismatch(f"{where}: {name} is not in the schema")
    if isinstance(value, list) and "items" in schema:
        for number, item in enumerate(value):
            check(item, schema["items"], root, f"{where}[{number}]")


def check_the_checker(schema):
    """A validator that accepts everything would prove nothing."""
    good = {"schema": 1, "file": "f", "octets": 0, "valid": False, "kind": "unknown", "media": [], "problems": [],
            "problems_dropped": 0}
    check(good, schema, schema)
    for change in ({"schema": 2}, {"valid": 1}, {"octets": -1}, {"kind": "other"}, {"media": [{}]}, {"more": 1},
                   {"cseq": "1"}, {"problems": [{"code": "x"}]}, {"status": 99}):
        try:
            check({**good, **change}, schema, schema)
        except Mismatch:
            continue
        sys.exit(f"the schema accepts {change}")


def must_say(reading):
    """What the format promises for every message whose structure could be read."""
    if not any(key in reading for key in ("method", "status")):
        return
    assert reading["kind"] == ("request" if "method" in reading else "response"), reading["file"]
    for key in ("call_id", "cseq", "cseq_method", "headers", "bodies", "start_line"):
        assert key in reading, (reading["file"], key)
    assert reading["valid"] == all(p["severity"] == "tolerated" for p in reading["problems"]), reading["file"]


def main():
    source, viaduct, case_octets = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    schema = json.loads((source / "docs/schema/message.json").read_text())
    check_the_checker(schema)
    cases = sorted(p for p in (source / "tests/cases/sip").rglob("*.md") if p.name != "README.md")
    assert cases, "no cases found"
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for case in cases:
            octets = subprocess.run([case_octets, case], check=True, capture_output=True).stdout
            file = pathlib.Path(folder) / (case.parent.name + "-" + case.stem)
            file.write_bytes(octets)
            files.append(str(file))
            run = subprocess.run([viaduct, "message", "--json", file], capture_output=True)
            reading = json.loads(run.stdout.decode("utf-8"))
            check(reading, schema, schema, case.name)
            must_say(reading)
            assert run.returncode == (0 if reading["valid"] else 1), (case, run.returncode)
            assert reading["octets"] == len(octets), case
        run = subprocess.run([viaduct, "message", "--json", *files], capture_output=True)
        together = json.loads(run.stdout)
        check(together, schema, schema, "array")
        assert [r["file"] for r in together] == files and run.returncode == 1
    print(f"{len(cases)} messages follow the schema")


main()
