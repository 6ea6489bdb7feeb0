"""Stops the embedded PostgreSQL of FTE_DATA_DIR and deletes its data. Refuses while a program uses it."""

import fcntl
import os
import pathlib
import shutil
import signal
import sys
import time

FALLBACK_PARENT = pathlib.Path("/var/lib")


def data_dir() -> pathlib.Path:
    """FTE_DATA_DIR with the same precedence as in the program: the environment, then .env, then the default."""
    value = os.environ.get("FTE_DATA_DIR")
    if value is None and os.path.exists(".env"):
        for line in open(".env", encoding="utf-8"):
            name, _, text = line.strip().removeprefix("export ").partition("=")
            if name.strip() == "FTE_DATA_DIR":
                value = text.strip().strip("'\"")
    return pathlib.Path(value or ".local").resolve()


def lock(path: pathlib.Path, held: str):
    """Takes a lock, or exits with the message `held`. The kernel releases it when this process ends."""
    file = open(path, "a")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.exit(held)
    return file


def is_server(pid: int, data: pathlib.Path) -> bool:
    """Whether the process is the postmaster of this data directory, and not another process with a reused id."""
    try:
        arguments = pathlib.Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except FileNotFoundError:
        if os.path.exists("/proc/self"):
            return False
        arguments = os.popen(f"ps -o command= -p {pid}").read().encode().split()
    return arguments[0].endswith(b"postgres") and os.fsencode(data) in arguments


def stop(data: pathlib.Path) -> None:
    try:
        pid = int((data / "postmaster.pid").read_text().split()[0])
    except (FileNotFoundError, ValueError, IndexError):
        return
    for stop_signal, timeout in ((signal.SIGINT, 20), (signal.SIGQUIT, 8), (signal.SIGKILL, 5)):
        deadline = time.monotonic() + timeout
        if is_server(pid, data):
            os.kill(pid, stop_signal)
        while is_server(pid, data) and time.monotonic() < deadline:
            time.sleep(0.05)


def main() -> None:
    base = data_dir()
    entry = base / "postgres"
    if not entry.is_symlink() and not entry.exists():
        print(f"there is no embedded database in {base}")
        return
    locks = [
        lock(base / "postgres.lock", f"a program is starting or stopping in {base}: try again"),
        lock(base / "postgres.users", f"a program uses the database in {base}: stop it first"),
    ]
    data = pathlib.Path(os.readlink(entry)) if entry.is_symlink() else entry
    stop(data)
    locks.append(lock(base / "postgres.server", f"a process of PostgreSQL in {data} does not stop"))
    shutil.rmtree(data, ignore_errors=True)
    if entry.is_symlink():
        entry.unlink()
        if data.parent.parent == FALLBACK_PARENT and data.parent.name.startswith("fte-"):
            shutil.rmtree(data.parent)
    for leftover in [base / "database-url", *base.glob("postgres.log*"), *base.glob("postgres.new-*")]:
        shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink(missing_ok=True)
    print(f"dropped the embedded database of {base}")


main()
