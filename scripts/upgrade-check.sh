#!/usr/bin/env bash
# Runs a previous program and the present one on one database: the previous one alone, both at once while the present one
# migrates the schema, the previous one started again on the newer schema, and the present one alone. Submissions go to
# both all the time; each must be accepted and answered once.
#
#   upgrade-check.sh [COMMIT]      # default: the newest tag, else the commit before the last one
#
# The previous program is built once and kept in target/previous/COMMIT, which takes as long as a first build.
set -euo pipefail
cd "$(dirname "$0")/.."

from=${1:-$(git describe --tags --abbrev=0 2>/dev/null || git rev-parse HEAD~1)}
commit=$(git rev-parse --verify "$from^{commit}")
home=$PWD/target/previous/$commit
if [[ ! -x $home/target/debug/fte ]]; then
    echo "building $commit" >&2
    mkdir -p "$home"
    git archive "$commit" | tar -x -C "$home"
    # The pages do not matter here; a build without them serves an explanation.
    (cd "$home" && CARGO_TARGET_DIR="$home/target" cargo build --locked --bin fte)
fi
# The program finds downloaded files beside itself.
ln -sfn "$PWD/.runtime" "$home/.runtime"
exec python3 scripts/upgrade_check.py "$home/target/debug/fte" target/debug/fte
