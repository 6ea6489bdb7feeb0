#!/usr/bin/env python3
"""Prints the figures of specs/discovery-log.md: patterns of the sample tickets, as Markdown tables.

    discovery.py [FILE]      # context/sample-tickets.json, or any of its shape
"""

import collections
import json
import pathlib
import statistics
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
CHANNELS = ["email", "whatsapp", "web_form"]
ACTIONS = ["answer", "escalate", "silent"]


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "| " + " | ".join("---" for _ in head) + " |"]
    return "\n".join(lines + ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows])


def share(part, whole):
    return f"{100 * part / whole:.0f} %"


def words(ticket):
    return len(ticket["body"].split())


def by_channel(tickets):
    rows = []
    for channel in CHANNELS:
        own = [ticket for ticket in tickets if ticket["channel"] == channel]
        lengths = [words(ticket) for ticket in own]
        rows.append([
            channel, len(own), f"{statistics.median(lengths):g}", max(lengths),
            share(sum("?" in ticket["body"] for ticket in own), len(own)),
            share(sum(bool(ticket.get("subject")) for ticket in own), len(own)),
            share(sum(ticket["language"] != "en" for ticket in own), len(own)),
        ])
    return table(["channel", "tickets", "words, median", "words, most", "with a question mark", "with a subject",
                  "not in English"], rows)


def by_action(tickets):
    rows = []
    for channel in [*CHANNELS, "all"]:
        own = [ticket for ticket in tickets if channel in (ticket["channel"], "all")]
        counts = collections.Counter(ticket["expected"]["action"] for ticket in own)
        rows.append([channel, *[f"{counts[action]} ({share(counts[action], len(own))})" for action in ACTIONS]])
    return table(["channel", *ACTIONS], rows)


def by_reason(tickets):
    escalated = [ticket for ticket in tickets if ticket["expected"]["action"] == "escalate"]
    counts = collections.Counter(ticket["expected"]["reason"] for ticket in escalated)
    rows = []
    for reason, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        channels = collections.Counter(t["channel"] for t in escalated if t["expected"]["reason"] == reason)
        rows.append([f"`{reason}`", count, share(count, len(escalated)), *[channels[channel] for channel in CHANNELS]])
    return table(["reason", "tickets", "of the escalated", *CHANNELS], rows)


def by_intent(tickets):
    counts = collections.Counter(ticket["intent"].split(":")[0] for ticket in tickets)
    rows = [[kind, count] for kind, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])) if count >= 4]
    return table(["kind of intent (four tickets or more)", "tickets"], rows)


def by_language(tickets):
    counts = collections.Counter(ticket["language"] for ticket in tickets)
    return table(["language", "tickets"], [[language, count] for language, count in
                                           sorted(counts.items(), key=lambda item: (-item[1], item[0]))])


def by_section(tickets):
    sections = collections.Counter(section for ticket in tickets for section in ticket["expected"].get("sections", []))
    answered = [ticket for ticket in tickets if ticket["expected"].get("sections")]
    several = sum(len(ticket["expected"]["sections"]) > 1 for ticket in answered)
    top = sum(count for _, count in sections.most_common(10))
    return table(["figure", "value"], [
        ["tickets that a section answers", len(answered)],
        ["of them with more than one right section", several],
        ["different sections", len(sections)],
        ["share of the ten most frequent sections", share(top, sum(sections.values()))],
    ])


TABLES = {"Channels": by_channel, "Actions": by_action, "Reasons": by_reason, "Intents": by_intent,
          "Languages": by_language, "Sections": by_section}


def main():
    if len(sys.argv) > 2 or any(argument.startswith("-") for argument in sys.argv[1:]):
        sys.exit(__doc__)
    path = pathlib.Path(sys.argv[1]) if len(sys.argv) == 2 else ROOT / "context/sample-tickets.json"
    tickets = json.loads(path.read_text())
    print("\n\n".join(f"### {title}\n\n{make(tickets)}" for title, make in TABLES.items()))


if __name__ == "__main__":
    main()
