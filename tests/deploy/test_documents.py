"""Pages with generated parts are what their scripts print."""

import json
import re
import sys
import unittest

from rendered import ROOT

sys.path.insert(0, str(ROOT / "scripts"))
import check_k8s  # noqa: E402
import configuration  # noqa: E402
import discovery  # noqa: E402


class Configuration(unittest.TestCase):
    def test_the_reference_is_complete(self):
        written = (ROOT / "docs/configuration.md").read_text()
        self.assertEqual(written, configuration.page((ROOT / ".env.example").read_text()),
                         "write it again: scripts/configuration.py >docs/configuration.md")
        names = re.findall(r"^\| `([A-Z][A-Z0-9_]*)` \|", written, re.M)
        self.assertEqual(set(names), check_k8s.known_variables())
        self.assertEqual(len(names), len(set(names)))

    def test_the_readme_links_to_it_and_names_no_other_variables(self):
        readme = (ROOT / "README.md").read_text()
        self.assertIn("(docs/configuration.md)", readme)
        named = set(re.findall(r"^\| `([A-Z][A-Z0-9_]*)`", readme, re.M))
        self.assertGreater(len(named), 4)
        self.assertEqual(named - check_k8s.known_variables(), set())


class Discovery(unittest.TestCase):
    def test_the_tables_of_the_log_are_the_output_of_the_script(self):
        tickets = json.loads((ROOT / "context/sample-tickets.json").read_text())
        expected = "\n\n".join(f"### {title}\n\n{make(tickets)}" for title, make in discovery.TABLES.items())
        written = (ROOT / "specs/discovery-log.md").read_text()
        found = written.split("<!-- The output of scripts/discovery.py. -->\n\n")[1].split("\n\n<!-- The end")[0]
        self.assertEqual(found, expected)


if __name__ == "__main__":
    unittest.main()
