#!/usr/bin/env bash
# Checks the system packages that a build needs, with the argument `tests` also those of the tests; or with `kafka` those
# that running Apache Kafka needs, with `browser` those of the browser tests, or with `deploy` those of the checks of deploy/.
# Installs missing ones if run by root on Debian or a derivative; otherwise prints their names and fails.
set -euo pipefail

missing=()
if [[ ${1-} == kafka ]]; then
    java_version=$(java -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p' || true)
    ((${java_version:-0} >= 17)) || missing+=(default-jre-headless)
    command -v mvn >/dev/null || missing+=(maven)
    command -v python3 >/dev/null || missing+=(python3)
elif [[ ${1-} == deploy ]]; then
    # For promtool; the package starts a service only where systemd runs.
    command -v promtool >/dev/null || missing+=(prometheus)
    command -v systemd-analyze >/dev/null || missing+=(systemd)
    command -v python3 >/dev/null || missing+=(python3)
    python3 -c 'import ensurepip, venv' >/dev/null 2>&1 || missing+=(python3-venv)
elif [[ ${1-} == browser ]]; then
    [[ -x ${CHROMIUM-/usr/bin/chromium} ]] || missing+=(chromium)
else
    command -v cc >/dev/null || missing+=(gcc libc6-dev)
    # librdkafka is compiled from source, its C++ part included.
    command -v c++ >/dev/null || missing+=(g++)
    command -v make >/dev/null || missing+=(make)
    if ! command -v pkg-config >/dev/null; then
        missing+=(pkg-config libssl-dev zlib1g-dev)
    else
        pkg-config --exists openssl || missing+=(libssl-dev)
        pkg-config --exists zlib || missing+=(zlib1g-dev)
    fi
    # The tests of the e-mail channel run a Dovecot of their own.
    if [[ ${1-} == tests ]]; then
        [[ -e /usr/lib/dovecot/imap ]] || missing+=(dovecot-imapd)
        [[ -e /usr/lib/dovecot/lmtp ]] || missing+=(dovecot-lmtpd)
    fi
    command -v python3 >/dev/null || missing+=(python3)
    python3 -m pip --version >/dev/null 2>&1 || missing+=(python3-pip)
fi

if ((${#missing[@]})); then
    if [[ $(id -u) -ne 0 ]] || ! command -v apt-get >/dev/null; then
        echo "missing system packages (by their Debian names), please install: ${missing[*]}" >&2
        exit 1
    fi
    echo "installing ${missing[*]}" >&2
    export DEBIAN_FRONTEND=noninteractive
    { apt-get update && apt-get install --yes --no-install-recommends "${missing[@]}"; } >&2
fi

if [[ -z ${1-} ]] && ! command -v cargo >/dev/null; then
    echo "missing cargo: install Rust from https://rustup.rs" >&2
    exit 1
fi
