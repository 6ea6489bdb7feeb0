#!/usr/bin/env python3
"""Prints docs/configuration.md from .env.example, the one place where variables are described. `make deploy-check` fails if
the page differs; `scripts/configuration.py >docs/configuration.md` writes it again."""

import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parent.parent
VARIABLE = re.compile(r"^#?([A-Z][A-Z0-9_]*)=(.*)$")
# Sections of the page by the beginnings of names; the first that fits counts.
SECTIONS = [
    ("Secrets in files", r".*_FILE$"),
    ("Tests", r"FTE_(FAIL|PANIC)POINT$"),
    ("Database", r"DATABASE_|POSTGRES_"),
    ("Kafka", r"KAFKA_"),
    ("Language model", r"AGENT_MODEL|OPENAI_|BUDGET_"),
    ("Search", r"EMBED|MINILM_|ONNX|CONTEXT_PATH"),
    ("Turns", r"AGENT_|DELAY_"),
    ("WhatsApp and files", r"TWILIO_|MEDIA_"),
    ("E-mail", r"EMAIL_|IMAP_|SMTP_|GMAIL_|GOOGLE_"),
    ("Staff and tickets", r"ESCALATION_|REOPEN_|AUTO_|REPORT_"),
    ("Pages", r"COMPANY_|WEB_"),
    ("Program and HTTP", r""),
]

HEAD = """# Configuration

Every variable that the program reads, with its default. This page is generated from [.env.example](../.env.example) by
`scripts/configuration.py`.

All of them are environment variables, or lines of a file `.env` in the working folder; the environment takes precedence, and
an empty value counts as unset. A value that is not valid keeps the program from starting, and all of them are named at once.
Every other variable whose name begins with `KAFKA_` is passed to librdkafka (`KAFKA_SECURITY_PROTOCOL` is
`security.protocol`)."""


def blocks(text):
    """Each group of variables with the comment above it."""
    comment, names = [], []
    for line in text.splitlines() + [""]:
        found = VARIABLE.match(line)
        if found:
            names.append((found[1], found[2]))
        elif line.startswith("# "):
            if names:
                yield comment, names
                comment, names = [], []
            comment.append(line[2:])
        elif not line:
            if names:
                yield comment, names
            comment, names = [], []


def meaning(comment):
    return " ".join(comment).replace("|", "\\|")


def page(text):
    rows = {title: [] for title, _ in SECTIONS}
    for comment, names in blocks(text):
        for place, (name, default) in enumerate(names):
            title = next(title for title, pattern in SECTIONS if re.match(pattern, name))
            said = meaning(comment) if place == 0 else "See above."
            rows[title].append(f"| `{name}` | {f'`{default}`' if default else '–'} | {said} |")
    parts = [HEAD]
    for title, _ in reversed(SECTIONS):
        if rows[title]:
            parts.append(f"## {title}\n\n| variable | default | meaning |\n| --- | --- | --- |\n" + "\n".join(rows[title]))
    return "\n\n".join(parts) + "\n"


def main():
    print(page((ROOT / ".env.example").read_text()), end="")


if __name__ == "__main__":
    main()
