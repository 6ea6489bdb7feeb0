"""Tests of the unit of systemd."""

import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

from rendered import ROOT

sys.path.insert(0, str(ROOT / "scripts"))
import check_k8s  # noqa: E402

UNIT = ROOT / "deploy/systemd/fte.service"
# Of 100, as `systemd-analyze security` rates: "OK" is below 40, a unit without a sandbox has 96.
MOST_EXPOSED = 20


class Unit(unittest.TestCase):
    def test_it_is_valid(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder, "fte.service")
            # The program is not installed here.
            file.write_text(UNIT.read_text().replace("/opt/fte/bin/fte serve", "/bin/true"))
            ran = subprocess.run(["systemd-analyze", "verify", "--man=no", file], capture_output=True, text=True)
        self.assertEqual((ran.returncode, ran.stderr), (0, ""))

    def test_its_sandbox_leaves_little_open(self):
        command = ["systemd-analyze", "security", "--offline=true", f"--threshold={MOST_EXPOSED}", "--no-pager", UNIT]
        ran = subprocess.run(command, capture_output=True, text=True)
        self.assertEqual(ran.returncode, 0, ran.stdout[-500:] + ran.stderr)

    def test_it_sets_variables_of_the_program_and_waits_for_the_drain(self):
        text = UNIT.read_text()
        names = {name for line in re.findall(r"^Environment=(.+)$", text, re.M) for name in re.findall(r"([A-Z_]+)=", line)}
        self.assertGreater(len(names), 4)
        self.assertEqual(names - check_k8s.known_variables(), set())
        self.assertGreater(int(re.search(r"^TimeoutStopSec=(\d+)$", text, re.M)[1]), check_k8s.kill_after())


if __name__ == "__main__":
    unittest.main()
