#!/usr/bin/env bash
# Builds the image without Docker and without pulling images, checks what is in it, and runs the program in it.
# Needs root, buildah and mmdebstrap, which it installs on Debian; takes as long as a release build.
#
#   scripts/image-check.sh              # CARGO_BUILD_JOBS=1 leaves a processor to others
#   scripts/image-check.sh --help
#
# The base images of the Dockerfile are replaced by a Debian made by mmdebstrap, the one for Rust with the host's own
# toolchain mounted. Images and layers are in .local/image-check, so a second run builds only what changed; delete the folder
# to build everything.
set -euo pipefail
cd "$(dirname "$0")/.."

if (($#)); then
    sed -n '2,/^set /{/^set /d; s/^# \{0,1\}//; p}' "$0"
    [[ $1 == --help ]]
    exit
fi

work=$PWD/.local/image-check
mkdir -p "$work"

say() {
    printf '%s  %s\n' "$(date +%H:%M:%S)" "$*" >&2
}

missing=()
for tool in buildah mmdebstrap; do
    command -v "$tool" >/dev/null || missing+=("$tool")
done
if [[ $(id -u) -ne 0 ]]; then
    echo "this check needs root: buildah mounts file systems" >&2
    exit 1
fi
if ((${#missing[@]})); then
    if ! command -v apt-get >/dev/null; then
        echo "missing system packages (by their Debian names), please install: ${missing[*]}" >&2
        exit 1
    fi
    { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends "${missing[@]}"; } >&2
fi

# The kernel's overlay file system shares layers; where it can't be mounted, each layer is a copy of the one below it.
can_overlay() {
    mkdir -p "$work/probe"/{lower,upper,work,merged}
    unshare --mount mount -t overlay overlay \
        -o "lowerdir=$work/probe/lower,upperdir=$work/probe/upper,workdir=$work/probe/work" "$work/probe/merged" 2>/dev/null
}
driver=vfs
can_overlay && driver=overlay
rm -rf "$work/probe"
unset STORAGE_DRIVER STORAGE_OPTS
export CONTAINERS_STORAGE_CONF=$work/storage.conf
cat >"$CONTAINERS_STORAGE_CONF" <<END
[storage]
driver = "$driver"
graphroot = "$work/store"
runroot = "$work/run"
END

has_image() {
    [[ -n $(buildah images --quiet "$1" 2>/dev/null) ]]
}

# A replacement of debian:bookworm-slim, with the package sources and the additional certificates of the host.
debian=docker.io/library/debian:bookworm-slim
if ! has_image "$debian"; then
    say "making $debian"
    [[ -f $work/rootfs.tar ]] || { mmdebstrap --variant=minbase bookworm "$work/draft.tar" && mv "$work/draft.tar" "$work/rootfs.tar"; }
    container=$(buildah from scratch)
    buildah add --quiet "$container" "$work/rootfs.tar" / >/dev/null
    for path in /etc/apt/sources.list /etc/apt/sources.list.d /etc/apt/apt.conf.d /usr/local/share/ca-certificates; do
        [[ ! -e $path ]] || buildah copy --quiet "$container" "$path" "$path" >/dev/null
    done
    buildah commit --quiet --rm "$container" "$debian" >/dev/null
fi

# A replacement of the image of Rust: the same Debian with the host's settings of pip, npm and cargo. The toolchain of the
# host is mounted during the build, because a copy of it would be the largest layer.
rust=docker.io/library/rust:$(sed -n 's/^ARG RUST=//p' Dockerfile)-bookworm
if ! has_image "$rust"; then
    say "making $rust"
    container=$(buildah from --pull=never "$debian")
    buildah run --isolation chroot "$container" -- sh -c \
        'apt-get update && apt-get install --yes --no-install-recommends binutils ca-certificates gcc libc6-dev python3' >"$work/rust.log" 2>&1 ||
        { tail -20 "$work/rust.log" >&2; exit 1; }
    for path in /etc/pip.conf /etc/npmrc; do
        [[ ! -f $path ]] || buildah copy --quiet "$container" "$path" "$path" >/dev/null
    done
    [[ ! -f $HOME/.npmrc ]] || buildah copy --quiet "$container" "$HOME/.npmrc" /root/.npmrc >/dev/null
    [[ ! -f ${CARGO_HOME:-$HOME/.cargo}/config.toml ]] ||
        buildah copy --quiet "$container" "${CARGO_HOME:-$HOME/.cargo}/config.toml" /root/.cargo/config.toml >/dev/null
    # Node.js has its own list of authorities.
    buildah config --env PATH=/usr/local/rust/bin:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin \
        --env NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt "$container"
    [[ -z ${CARGO_BUILD_JOBS-} ]] || buildah config --env "CARGO_BUILD_JOBS=$CARGO_BUILD_JOBS" "$container"
    buildah commit --quiet --rm "$container" "$rust" >/dev/null
fi

commit=$(git rev-parse --short=12 HEAD)
say "building the image (log: .local/image-check/build.log)"
started=$SECONDS
buildah build --isolation chroot --pull=never --format docker --layers --volume "$(rustc --print sysroot):/usr/local/rust:ro" \
    --build-arg "FTE_COMMIT=$commit" --tag fte:check . \
    >"$work/build.log" 2>&1 || { tail -40 "$work/build.log" >&2; exit 1; }
say "built in $((SECONDS - started)) s"

container=$(buildah from --pull=never fte:check)
trap 'buildah rm "$container" >/dev/null' EXIT
# Older versions of buildah have no `json` in their templates.
buildah inspect --type image fte:check |
    python3 -c 'import json, sys; json.dump(json.load(sys.stdin)["Docker"]["config"], sys.stdout)' >"$work/config.json"
python3 scripts/fetch-wheel.py postgres
python3 scripts/image_check.py "$(buildah mount "$container")" "$work/config.json" "$commit"
