#!/usr/bin/env bash
# Builds the image without Docker and without pulling images, checks what is in it, and runs the program in it against a
# PostgreSQL.
# Needs root, buildah and mmdebstrap, which it installs on Debian; takes as long as a release build.
#
#   FTE_IMAGE_DATABASE_URL=postgres://… scripts/image-check.sh     # also starts `fte serve`, which migrates that database
#
# The base images of the Dockerfile are replaced by a Debian made by mmdebstrap, the one for Rust with the
# host's own toolchain added.
set -euo pipefail
cd "$(dirname "$0")/.."

limit_mb=150
export STORAGE_DRIVER=vfs
work=$PWD/.local/image-check
mkdir -p "$work"

missing=()
for tool in buildah mmdebstrap; do
    command -v "$tool" >/dev/null || missing+=("$tool")
done
if ((${#missing[@]})); then
    if [[ $(id -u) -ne 0 ]] || ! command -v apt-get >/dev/null; then
        echo "missing system packages (by their Debian names), please install: ${missing[*]}" >&2
        exit 1
    fi
    { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends "${missing[@]}"; } >&2
fi

has_image() {
    buildah images --quiet "$1" >/dev/null 2>&1
}

# A replacement of debian:bookworm-slim.
if ! has_image docker.io/library/debian:bookworm-slim; then
    [[ -f $work/rootfs.tar ]] || mmdebstrap --variant=minbase bookworm "$work/rootfs.tar"
    container=$(buildah from scratch)
    buildah add --quiet "$container" "$work/rootfs.tar" / >/dev/null
    # The package sources and certificates of the host.
    for path in /etc/apt/sources.list /etc/apt/sources.list.d /etc/apt/apt.conf.d; do
        [[ ! -e $path ]] || buildah copy --quiet "$container" "$path" "$path" >/dev/null
    done
    buildah commit --quiet --rm "$container" docker.io/library/debian:bookworm-slim >/dev/null
fi

# A replacement of the image of Rust: the same Debian with the toolchain of the host.
rust=docker.io/library/rust:$(sed -n 's/^ARG RUST=//p' Dockerfile)-bookworm
if ! has_image "$rust"; then
    container=$(buildah from --pull=never docker.io/library/debian:bookworm-slim)
    buildah run --isolation chroot "$container" -- sh -c \
        'apt-get update && apt-get install --yes --no-install-recommends binutils ca-certificates gcc libc6-dev python3 >/dev/null'
    buildah copy --quiet "$container" "$(rustc --print sysroot)" /usr/local/rust >/dev/null
    for path in /etc/pip.conf "$HOME/.npmrc"; do
        [[ ! -f $path ]] || buildah copy --quiet "$container" "$path" "$path" >/dev/null
    done
    [[ ! -f ${CARGO_HOME:-$HOME/.cargo}/config.toml ]] ||
        buildah copy --quiet "$container" "${CARGO_HOME:-$HOME/.cargo}/config.toml" /root/.cargo/config.toml >/dev/null
    buildah config --env PATH=/usr/local/rust/bin:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin "$container"
    buildah commit --quiet --rm "$container" "$rust" >/dev/null
fi

commit=$(git rev-parse --short=12 HEAD)
buildah build --isolation chroot --pull=never --format docker --layers --build-arg "FTE_COMMIT=$commit" --tag fte:check .

container=$(buildah from --pull=never fte:check)
trap 'buildah rm "$container" >/dev/null' EXIT
fte() {
    buildah run --isolation chroot "$container" -- /usr/local/bin/fte "$@"
}

size_mb=$(($(du --summarize --block-size=1 "$(buildah mount "$container")" | cut -f1) / 1000000))
echo "the image has $size_mb MB"
((size_mb <= limit_mb)) || { echo "that is more than $limit_mb MB" >&2; exit 1; }
[[ $(fte --version) == *"$commit"* ]] || { echo "fte --version does not name $commit" >&2; exit 1; }
# Its own rules and texts are found in the image.
root=$(buildah mount "$container")
[[ ! -e $root/bin/sh && -s $root/opt/fte/sbom.cdx.json && -s $root/opt/fte/NOTICE ]] ||
    { echo "the image has a shell, or lacks its bill of materials" >&2; exit 1; }

if [[ -z ${FTE_IMAGE_DATABASE_URL-} ]]; then
    echo "the image is built and its program starts; set FTE_IMAGE_DATABASE_URL to serve with it too"
    exit 0
fi
buildah run --isolation chroot --env "DATABASE_URL=$FTE_IMAGE_DATABASE_URL" --env API_PORT=18000 \
    --env FTE_API_TOKEN=token-for-the-check-of-the-image "$container" -- /usr/local/bin/fte serve >"$work/log" 2>&1 &
server=$!
for _ in $(seq 60); do
    if buildah run --isolation chroot --env API_PORT=18000 --env "DATABASE_URL=$FTE_IMAGE_DATABASE_URL" \
        "$container" -- /usr/local/bin/fte health --ready >/dev/null 2>&1; then
        echo "it serves"
        kill -TERM "$server"
        wait "$server"
        exit 0
    fi
    sleep 2
done
cat "$work/log" >&2
kill -KILL "$server"
echo "it did not become ready within two minutes" >&2
exit 1
