#!/usr/bin/env bash
# Builds the archive of a release: target/release/fte-VERSION-TARGET.tar.gz with the program, its pages (inside of the
# program), the embedding model, the embedded PostgreSQL, documents and rules, units, manifests and the bill of materials.
# Its last step unpacks the archive elsewhere and starts the program from there.
#
#   release.sh              # builds with the release profile
#   release.sh PROGRAM      # packs a program that was built already
set -euo pipefail
cd "$(dirname "$0")/.."

version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
target=$(rustc -vV | sed -n 's/^host: //p')
commit=$(git rev-parse --short=12 HEAD)
name=fte-$version-$target
output=target/release
if [[ -n ${1-} ]]; then
    program=$1
else
    cargo build --release --locked --bin fte
    program=target/release/fte
fi

draft=$(mktemp -d)
# Run by root, the embedded PostgreSQL belongs to another user, who must reach it.
chmod 711 "$draft"
trap 'rm -rf "$draft"' EXIT
folder=$draft/$name
mkdir -p "$folder/bin" "$folder/.runtime" "$folder/deploy" "$output"
if [[ $target == *linux* ]]; then
    objcopy --only-keep-debug "$program" "$output/$name.debug"
    objcopy --strip-all --add-gnu-debuglink="$output/$name.debug" "$program" "$folder/bin/fte"
else
    strip -o "$folder/bin/fte" "$program"
fi
for runtime in minilm onnxruntime postgres; do
    python3 scripts/fetch-wheel.py "$runtime"
    cp -r .runtime/"$runtime"-* "$folder/.runtime/"
done
cp -r context docs LICENSE NOTICE README.md CHANGELOG.md SECURITY.md .env.example "$folder/"
cp -r deploy/systemd deploy/k8s deploy/observability "$folder/deploy/"
python3 scripts/sbom.py "$commit" >"$folder/sbom.cdx.json"
# The same input makes the same archive.
tar --sort=name --mtime="@$(git log -1 --format=%ct)" --owner=0 --group=0 --numeric-owner \
    -C "$draft" -cf - "$name" | gzip -n >"$output/$name.tar.gz"

check=$draft/check
mkdir "$check"
tar -xzf "$output/$name.tar.gz" -C "$check"
said=$(cd / && "$check/$name/bin/fte" --version)
[[ $said == "fte $version"* ]] || { echo "the program in the archive says: $said" >&2; exit 1; }
# The doctor finds the model, the database and the rules beside the program.
(cd / && FTE_DATA_DIR=$check/data "$check/$name/bin/fte" doctor --json 2>"$check/log" >"$check/doctor") || true
python3 - "$check/doctor" <<'PY' || { cat "$check/log" >&2; exit 1; }
import json, sys
checks = {check["name"]: check for check in json.load(open(sys.argv[1]))["checks"]}
bad = [checks[name] for name in ("database", "embedding model", "rules", "texts") if checks[name]["status"] != "ok"]
sys.exit("\n".join(f"{check['name']}: {check['detail']}" for check in bad) or 0)
PY
sha256sum "$output/$name.tar.gz" | tee "$output/$name.tar.gz.sha256"
