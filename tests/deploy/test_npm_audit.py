"""`npm audit` of the pages against registries of the test's own: one that knows of a vulnerability, one that knows of none,
and one without the endpoint."""

import gzip
import http.server
import json
import os
import subprocess
import threading
import unittest

from rendered import ROOT

ADVISORY = {
    "id": 1, "url": "https://github.com/advisories/GHSA-test", "title": "It is a test", "severity": "high",
    "vulnerable_versions": ">=0.0.0", "cwe": [], "cvss": {"score": 0, "vectorString": None},
}


class Registry(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        if self.server.advisories is None or not self.path.endswith("/security/advisories/bulk"):
            return self.send_error(405)
        asked = json.loads(body)
        self.answer({name: found for name, found in self.server.advisories.items() if name in asked})

    def do_GET(self):
        self.answer({"name": self.path[1:], "versions": {}, "dist-tags": {}})

    def answer(self, value):
        body = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def audit(advisories):
    """The exit status of the check, and what it printed."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Registry)
    server.advisories = advisories
    threading.Thread(target=server.serve_forever, daemon=True).start()
    environment = {
        **os.environ, "npm_config_registry": f"http://127.0.0.1:{server.server_port}/", "npm_config_fetch_retries": "0",
        "no_proxy": "127.0.0.1", "npm_config_noproxy": "127.0.0.1",
    }
    command = [ROOT / "scripts/with-node.sh", "--no-install", "python3", "../scripts/npm_audit.py"]
    ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300)
    server.shutdown()
    server.server_close()
    return ran.returncode, (ran.stdout + ran.stderr).strip()


class NpmAudit(unittest.TestCase):
    def test_a_vulnerability_is_named_with_its_advisory(self):
        status, said = audit({"next": [ADVISORY]})
        self.assertEqual((status, said), (1, "next: high https://github.com/advisories/GHSA-test"))

    def test_no_vulnerability_passes(self):
        self.assertEqual(audit({}), (0, "npm audit: no known vulnerability of the pages' dependencies"))

    def test_a_registry_without_the_endpoint_is_named_in_one_line(self):
        status, said = audit(None)
        self.assertEqual(status, 1)
        self.assertRegex(said, r"\Anpm audit: not checked, the registry does not answer: 405[^\n]*\Z")


if __name__ == "__main__":
    unittest.main()
