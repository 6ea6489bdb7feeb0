#!/usr/bin/env python3
"""Checks the dependencies of the pages for known vulnerabilities by `npm audit`. A registry without its audit endpoint, as
many mirrors are, is named in one line, and the check fails: it was not done.

    npm_audit.py        # in web-form/, by scripts/with-node.sh --no-install
"""

import json
import subprocess
import sys

SEVERE = ("moderate", "high", "critical")


def report(text):
    """The report of `npm audit --json`; empty if it is none."""
    try:
        parsed = json.loads(text)
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}


def found(audit):
    """One line for each package with a known vulnerability of a severity that matters."""
    for name, package in sorted(audit.get("vulnerabilities", {}).items()):
        if package["severity"] in SEVERE:
            causes = [cause["url"] for cause in package["via"] if isinstance(cause, dict) and "url" in cause]
            versions = f"{name} {package.get('range', '')}".rstrip()
            yield f"{versions}: {package['severity']} {' '.join(causes)}".rstrip()


def main():
    run = subprocess.run(["npm", "audit", "--json", "--package-lock-only"], capture_output=True, text=True, timeout=300)
    audit = report(run.stdout)
    if "auditReportVersion" not in audit:
        error = audit.get("error") if isinstance(audit.get("error"), dict) else {}
        said = error.get("summary") or audit.get("message") or run.stderr.strip() or f"exit status {run.returncode}"
        sys.exit(f"npm audit: not checked, the registry does not answer: {said.splitlines()[0]}")
    lines = list(found(audit))
    print("\n".join(lines) or "npm audit: no known vulnerability of the pages' dependencies")
    sys.exit(1 if lines else 0)


if __name__ == "__main__":
    main()
