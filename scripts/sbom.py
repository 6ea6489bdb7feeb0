#!/usr/bin/env python3
"""Prints the bill of materials of the image as CycloneDX 1.6 JSON: every crate of Cargo.lock, every npm package that the pages
are built from, and the wheels that are unpacked into the image. The order is stable.

    sbom.py COMMIT
"""

import json
import pathlib
import re
import sys
import tomllib

ROOT = pathlib.Path(__file__).resolve().parent.parent
# Unpacked into the image; the others of deploy/ only build or test.
WHEELS = ["minilm", "onnxruntime"]
# The packages of Debian that the Dockerfile unpacks; their versions are those of the build's day.
DEBIAN = re.compile(r"apt-get download ([a-z0-9+. -]+) \\")


def crates():
    for package in tomllib.loads((ROOT / "Cargo.lock").read_text())["package"]:
        if "source" not in package:
            continue
        component = {"type": "library", "name": package["name"], "version": package["version"],
                     "purl": f"pkg:cargo/{package['name']}@{package['version']}"}
        if "checksum" in package:
            component["hashes"] = [{"alg": "SHA-256", "content": package["checksum"]}]
        yield component


def npm():
    for path, package in json.loads((ROOT / "web-form/package-lock.json").read_text())["packages"].items():
        if not path or package.get("dev") or package.get("optional"):
            continue
        name = path.rpartition("node_modules/")[2]
        purl = f"pkg:npm/{name.replace('@', '%40', 1)}@{package['version']}"
        component = {"type": "library", "name": name, "version": package["version"], "purl": purl}
        if "license" in package:
            component["licenses"] = [{"expression": package["license"]}]
        yield component


def wheels():
    for folder in WHEELS:
        text = (ROOT / "deploy" / folder / "requirements.txt").read_text()
        name, version = re.search(r"^([\w.-]+)==([\w.]+)", text, re.M).groups()
        hashes = [{"alg": "SHA-256", "content": value} for value in re.findall(r"sha256:([0-9a-f]{64})", text)]
        yield {"type": "library", "name": name, "version": version, "purl": f"pkg:pypi/{name}@{version}", "hashes": hashes}


def debian():
    dockerfile = ROOT / "Dockerfile"
    found = DEBIAN.search(dockerfile.read_text()) if dockerfile.exists() else None
    for name in found[1].split() if found else []:
        yield {"type": "library", "name": name, "purl": f"pkg:deb/debian/{name}?distro=bookworm"}


def bill(commit):
    package = tomllib.loads((ROOT / "Cargo.toml").read_text())["package"]
    components = [*crates(), *npm(), *wheels(), *debian()]
    for component in components:
        component["bom-ref"] = component["purl"]
    components.sort(key=lambda component: component["purl"])
    program = {"type": "application", "name": package["name"], "version": package["version"], "bom-ref": "fte",
               "licenses": [{"expression": package["license"]}],
               "properties": [{"name": "commit", "value": commit}]}
    return {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
            "metadata": {"component": program}, "components": components}


def main():
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        sys.exit(__doc__)
    json.dump(bill(sys.argv[1]), sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
