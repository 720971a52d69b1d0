#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Holds the golden documents of this folder and the documents of random results to docs/result-schema.json.
usage: schema_test.py SOURCE_DIR REPORT_RANDOM"""
import json
import pathlib
import subprocess
import sys

import jsonschema

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from spoil import spoiled  # noqa: E402

RANDOM = 300


def problems(check, document):
    return [f"{error.json_path}: {error.message[:200]}" for error in check.iter_errors(document)]


def main():
    root = pathlib.Path(sys.argv[1])
    schema = json.loads((root / "docs/result-schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    check = jsonschema.Draft202012Validator(schema)
    goldens = sorted((root / "tests/report/expected").glob("*.json"))
    assert goldens, "no golden documents"
    for path in goldens:
        document = json.loads(path.read_text())
        assert not problems(check, document), (path.name, problems(check, document))
        for what, wrong in spoiled(document):
            assert not check.is_valid(wrong), f"the schema accepts {path.name} {what}"
        for key in ("findings", "calls", "streams", "inputs"):
            assert document[key], f"{path.name} has no {key}: nothing below it is proven"
            for what, wrong in spoiled(document[key][-1]):
                assert not check.is_valid({**document, key: [wrong]}), f"the schema accepts {path.name} {key} {what}"
    out = subprocess.run([sys.argv[2], str(RANDOM)], check=True, capture_output=True).stdout.decode("utf-8")
    documents = out.split("\x1e")[1:]
    assert len(documents) == RANDOM
    for seed, text in enumerate(documents, 1):
        found = problems(check, json.loads(text))
        assert not found, (seed, found[:5])
    print(f"{len(goldens)} goldens and {RANDOM} random documents follow the schema")


main()
