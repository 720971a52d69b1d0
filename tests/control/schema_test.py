#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Holds the golden documents of this folder, which report_test proves to be what the gateway says, to
docs/schema/gateway-*.json. usage: schema_test.py SOURCE_DIR"""
import json
import pathlib
import sys
import warnings

import jsonschema

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from spoil import spoiled  # noqa: E402

warnings.filterwarnings("ignore", category=DeprecationWarning)


def load(root):
    schemas = {}
    for path in sorted((root / "docs/schema").glob("gateway-*.json")):
        schema = json.loads(path.read_text())
        assert schema["$id"] == path.name, f"{path}: $id must be the file name"
        jsonschema.Draft202012Validator.check_schema(schema)
        schemas[path.name] = schema
    return schemas


def validator(schemas, name):
    resolver = jsonschema.RefResolver(base_uri=name, referrer=schemas[name], store=schemas)
    return jsonschema.Draft202012Validator(schemas[name], resolver=resolver)


def main():
    root = pathlib.Path(sys.argv[1])
    schemas = load(root)
    used = set()
    for path in sorted((root / "tests/control/expected").glob("*.json")):
        document = json.loads(path.read_text())
        name = document["format"].split("/")[0] + ".json"
        used.add(name)
        check = validator(schemas, name)
        problems = [f"{path.name}: {error.json_path}: {error.message}" for error in check.iter_errors(document)]
        assert not problems, "\n".join(problems)
        for what, wrong in spoiled(document):
            if what != "with another counters":
                assert not check.is_valid(wrong), f"{name} accepts {path.name} {what}"
    requests = validator(schemas, "gateway-request.json")
    for good in ({"command": "status"}, {"command": "calls", "after": "7", "limit": 200},
                 {"command": "why", "name": "a@b"}, {"command": "recent"},
                 {"command": "memory_set", "party": "192.0.2.1", "aspect": "sdp", "handles": True}):
        requests.validate(good)
    for bad in ({}, {"command": "stats"}, {"command": "status", "x": 1}, {"command": "calls", "limit": 201},
                {"command": "why"}, {"command": "memory_set", "party": "192.0.2.1"}):
        assert not requests.is_valid(bad), bad
    unused = set(schemas) - used - {"gateway-request.json", "gateway-association.json", "gateway-passed.json"}
    assert not unused, f"no golden document for {unused}"
    print(f"{len(used)} kinds of documents follow their schemas")


main()
