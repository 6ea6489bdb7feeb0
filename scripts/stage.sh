#!/usr/bin/env bash
# Runs a command as a named stage of a longer run and records how long it took in .local/stages. When a stage fails or is
# ended from outside, the times of all stages are printed.
#
#   stage.sh --first           # begins a new record
#   stage.sh NAME COMMAND [ARGUMENT...]
set -uo pipefail
record=$(dirname "$0")/../.local/stages
if [[ $1 == --first ]]; then
    mkdir -p "${record%/*}"
    exec rm -f "$record"
fi

name=$1
shift
code=143
finish() {
    echo "$name: $SECONDS s$( ((code)) && echo ", failed with $code")" >>"$record"
    ((code == 0)) || { echo "stages:" && cat "$record"; } >&2
}
SECONDS=0
trap finish EXIT
trap 'exit 143' TERM INT
"$@"
code=$?
exit "$code"
