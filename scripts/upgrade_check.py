#!/usr/bin/env python3
"""Plays an upgrade and the way back with two programs on one database, under load: `upgrade_check.py OLD NEW`.

The database is the embedded PostgreSQL of a temporary folder. Prints what each step accepted, and fails if a submission
was refused, lost or not answered exactly once.
"""
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

QUESTION = "I forgot my password, how do I get back into my account?"
STEP_SECONDS = 6.0
ANSWERED_WITHIN = 60.0
STARTS_WITHIN = 120.0


class Program:
    """A running `fte serve`."""

    def __init__(self, path, folder, url, name):
        self.log = open(folder / f"{name}.log", "wb")
        environment = {"API_PORT": "0", "FTE_DATA_DIR": str(folder / name), "EMBEDDER": "none",
                       "PATH": os.environ["PATH"], "FTE_API_TOKEN": "upgrade-check-of-two-programs"}
        if url:
            environment["DATABASE_URL"] = url
        self.process = subprocess.Popen([path, "serve"], env=environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=self.log)
        self.base = self.listening()

    def listening(self):
        began = time.monotonic()
        while time.monotonic() - began < STARTS_WITHIN:
            line = self.process.stdout.readline().decode()
            if line.startswith("listening on "):
                return line.split()[-1]
            if not line and self.process.poll() is not None:
                break
        raise SystemExit(f"{self.log.name}: it does not serve")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        if self.process.wait(60) != 0:
            raise SystemExit(f"{self.log.name}: it did not stop cleanly")


def request(method, url, body=None, key=None):
    headers = {"Content-Type": "application/json"}
    if key:
        headers["Idempotency-Key"] = key
    data = json.dumps(body).encode() if body is not None else None
    with urllib.request.urlopen(urllib.request.Request(url, data, headers, method=method), timeout=30) as answer:
        return json.load(answer)


class Load(threading.Thread):
    """Submits to each of the present programs in turn until it is stopped."""

    def __init__(self):
        super().__init__(daemon=True)
        self.bases, self.tickets, self.refused, self.ends = [], [], [], False

    def run(self):
        number = 0
        while not self.ends:
            for base in list(self.bases):
                number += 1
                body = {"name": "Ann Example", "email": f"customer-{number}@example.com", "subject": "Password",
                        "category": "technical", "message": QUESTION}
                try:
                    self.tickets.append(request("POST", f"{base}/support/submit", body, str(number))["ticket_id"])
                except OSError as error:
                    self.refused.append(f"{base}: {error}")
            time.sleep(0.05)


def answered(base, tickets):
    """How many of the tickets have exactly one answer; waits for them."""
    waiting, began = set(tickets), time.monotonic()
    while waiting and time.monotonic() - began < ANSWERED_WITHIN:
        for ticket in list(waiting):
            messages = request("GET", f"{base}/support/ticket/{ticket}")["messages"]
            replies = [message for message in messages if message["role"] != "customer"]
            if len(replies) > 1:
                raise SystemExit(f"{ticket} has {len(replies)} answers")
            if replies:
                waiting.discard(ticket)
        time.sleep(0.2)
    return len(tickets) - len(waiting)


def step(load, name, programs):
    before = len(load.tickets)
    load.bases = [program.base for program in programs]
    time.sleep(STEP_SECONDS)
    load.bases = []
    time.sleep(0.5)
    print(f"{name}: {len(load.tickets) - before} accepted", flush=True)


def main(old, new):
    with tempfile.TemporaryDirectory(prefix="upgrade-", dir=ROOT / "target") as folder:
        folder = pathlib.Path(folder)
        folder.chmod(0o755)
        # The embedded database belongs to the previous program's folder, and outlives that program only here.
        first = Program(old, folder, None, "keeper")
        url = (folder / "keeper" / "database-url").read_text().strip()
        load = Load()
        load.start()
        step(load, "the previous program alone", [first])
        newer = Program(new, folder, url, "new")
        step(load, "both, after the new one has migrated the schema", [first, newer])
        again = Program(old, folder, url, "old-again")
        step(load, "the previous one started again on the newer schema", [again, newer])
        again.stop()
        step(load, "the new one beside the keeper of the database", [newer])
        load.ends = True
        load.join()
        good = answered(newer.base, load.tickets)
        newer.stop()
        first.stop()
        print(f"{len(load.tickets)} submissions, {len(load.refused)} refused, {good} answered exactly once")
        if load.refused or good != len(load.tickets):
            raise SystemExit("\n".join(load.refused[:5]) or "not all were answered")


if __name__ == "__main__":
    ROOT = pathlib.Path(__file__).resolve().parent.parent
    main(str(pathlib.Path(sys.argv[1]).resolve()), str(pathlib.Path(sys.argv[2]).resolve()))
