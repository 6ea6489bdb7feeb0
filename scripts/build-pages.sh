#!/usr/bin/env bash
# Builds the pages into web-form/out, unless they were built from the same sources.
set -euo pipefail
cd "$(dirname "$0")/../web-form"

sources=$(find src public scripts ./*.json ./*.mjs -type f -print0 | sort -z | xargs -0 cksum |
    { cat; printf '%s' "${NEXT_PUBLIC_API_BASE-}"; } | cksum)
if [[ -d out && -f .built && $(<.built) == "$sources" ]]; then
    exit 0
fi
rm -f .built
echo "building the pages" >&2
if ! ../scripts/with-node.sh npm run --silent build >.build.log 2>&1; then
    cat .build.log >&2
    exit 1
fi
# The program embeds the pages, so it must be compiled again.
touch ../build.rs
printf '%s' "$sources" >.built
