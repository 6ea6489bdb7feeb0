#!/usr/bin/env bash
# Checks the API: lints its OpenAPI document (redocly.yaml), and calls the served program with examples that are generated
# from it (Schemathesis, schemathesis.toml). Fetches both tools, unless they are there.
#
#   API_EXAMPLES=2    examples for each operation and phase; more find more
#   API_SEED=1        the same seed gives the same examples
#   FTE_PROGRAM       the program, target/debug/fte unless given
#
#   api-check.sh              # checks
#   api-check.sh --release    # writes the document of this version to specs/openapi, without examples
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
program=${FTE_PROGRAM:-$root/target/debug/fte}

if [[ ${1-} == --release ]]; then
    exec python3 scripts/release-openapi.py "$program"
fi

digest=$(cat tests/openapi/{requirements.txt,package-lock.json} | cksum | cut -d' ' -f1)
tools=$root/.local/api-tools-$digest
if [[ ! -f $tools/complete ]]; then
    echo "installing the tools of tests/openapi" >&2
    rm -rf "$tools"
    python3 -m venv "$tools"
    "$tools/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps \
        -r tests/openapi/requirements.txt >&2
    cp tests/openapi/package{,-lock}.json "$tools/"
    scripts/with-node.sh npm --prefix "$tools" ci --no-audit --no-fund --loglevel=error >&2
    touch "$tools/complete"
fi

work=$(mktemp -d)
# Run by root, PostgreSQL runs as another user, who must be able to reach its data.
chmod 755 "$work"
server=
finish() {
    if [[ -n $server ]]; then
        kill "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
    fi
    rm -rf "$work"
}
trap finish EXIT

"$program" openapi >"$work/openapi.json"
export REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true
scripts/with-node.sh "$tools/node_modules/.bin/redocly" lint --config "$root/redocly.yaml" "$work/openapi.json"

# The server is on this machine, whatever proxy the tools were fetched through.
export NO_PROXY=127.0.0.1 no_proxy=127.0.0.1
python3 scripts/serve-api.py "$program" "$work" >"$work/serve.log" 2>&1 &
server=$!
until [[ -s $work/url ]]; do
    kill -0 "$server" 2>/dev/null || { cat "$work/serve.log" >&2; exit 1; }
    sleep 0.1
done
"$tools/bin/schemathesis" run "$work/openapi.json" --url "$(<"$work/url")" \
    --header "Authorization: Bearer $(<"$work/token")" \
    --max-examples "${API_EXAMPLES:-2}" --seed "${API_SEED:-1}"
