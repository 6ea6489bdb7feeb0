#!/usr/bin/env python3
"""Serves the program on a scratch database for the checks of its API, with a ticket to find. Writes its address and a token
of an admin to FOLDER/url and FOLDER/token, and ends when it is told to.

    serve-api.py PROGRAM FOLDER
"""

import json
import os
import pathlib
import secrets
import signal
import subprocess
import sys
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent


def main(program, folder):
    folder = pathlib.Path(folder)
    token = secrets.token_urlsafe(32)
    data = folder / "data"
    data.mkdir(mode=0o755)
    environment = {
        "PATH": os.environ["PATH"],
        "FTE_DATA_DIR": str(data),
        "CONTEXT_PATH": str(ROOT / "context"),
        "API_PORT": "0",
        "FTE_API_TOKEN": token,
        # Words find the articles; vectors would only make the start slower.
        "EMBEDDER": "none",
        # Thousands of requests in a minute come from one address.
        "SUBMIT_RATE_PER_MINUTE": "0",
        "MCP_RATE_PER_MINUTE": "0",
        "LOG_LEVEL": "warn",
    }
    child = subprocess.Popen([program, "serve"], cwd=data, env=environment, stdout=subprocess.PIPE, text=True)
    signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    for line in child.stdout:
        if line.startswith("listening on "):
            url = line.removeprefix("listening on ").strip()
            submit(url)
            (folder / "token").write_text(token)
            (folder / "url").write_text(url)
    sys.exit(child.wait())


def submit(url):
    form = {
        "name": "Ann Lee",
        "email": "ann@example.com",
        "subject": "I cannot sign in",
        "category": "technical",
        "message": "I forgot my password. How do I reset it?",
    }
    request = urllib.request.Request(
        f"{url}/support/submit", json.dumps(form).encode(), {"Content-Type": "application/json"}
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    opener.open(request, timeout=10).close()


if __name__ == "__main__":
    main(*sys.argv[1:])
