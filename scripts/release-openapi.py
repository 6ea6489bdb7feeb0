#!/usr/bin/env python3
"""Writes the program's OpenAPI document to specs/openapi/VERSION.json, as its releases are compared by (decision 50).
Examples are left out: they are made from the schemas, and nobody relies on them.

    release-openapi.py PROGRAM
"""

import json
import pathlib
import subprocess
import sys

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "specs" / "openapi"


def without_examples(value):
    if isinstance(value, dict):
        is_schema_or_content = "schema" in value or "type" in value
        return {
            name: without_examples(part)
            for name, part in value.items()
            if not (is_schema_or_content and name in ("example", "examples"))
        }
    if isinstance(value, list):
        return [without_examples(part) for part in value]
    return value


def main(program):
    printed = subprocess.run([program, "openapi"], check=True, capture_output=True, text=True).stdout
    document = without_examples(json.loads(printed))
    path = FOLDER / f"{document['info']['version']}.json"
    FOLDER.mkdir(exist_ok=True)
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(path.relative_to(FOLDER.parent.parent))


if __name__ == "__main__":
    main(sys.argv[1])
