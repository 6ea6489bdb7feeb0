#!/usr/bin/env python3
"""Downloads GreenMail, a mail server in Java for the tests, unless it is there, and prints the path of its archive.

Maven verifies the checksums of its repository.
"""

import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
POM = ROOT / "deploy/greenmail/pom.xml"
FOLDER = ROOT / ".runtime/greenmail-2.1.13"


def fetch():
    if FOLDER.is_dir():
        return
    FOLDER.parent.mkdir(exist_ok=True)
    print("downloading GreenMail 2.1.13", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory(dir=FOLDER.parent, prefix="draft.") as draft:
        target = pathlib.Path(draft) / "archive"
        subprocess.run(
            ["mvn", "--quiet", "--batch-mode", "--strict-checksums", "--file", POM, "dependency:copy-dependencies",
             f"-DoutputDirectory={target}"],
            check=True, stdout=sys.stderr)
        try:
            target.rename(FOLDER)
        except OSError:
            if not FOLDER.is_dir():  # Another process has completed the same download.
                raise


if __name__ == "__main__":
    fetch()
    print(next(FOLDER.glob("*.jar")))
