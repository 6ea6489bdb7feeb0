"""Tests of scripts/cluster_check.py without its servers: its tables are those of the overlays, and its versions fit together."""

import re
import sys
import unittest

import yaml

from rendered import OVERLAYS, ROOT, rendered

sys.path.insert(0, str(ROOT / "scripts"))
import cluster_check  # noqa: E402

KUBERNETES = "1.37"


def objects(overlay):
    return [item for item in yaml.safe_load_all(rendered(overlay)) if item]


class Tables(unittest.TestCase):
    def test_every_workload_and_scaler_of_every_overlay_is_checked(self):
        self.assertEqual(list(cluster_check.PODS), OVERLAYS)
        for overlay in OVERLAYS:
            made = {item["metadata"]["name"] for item in objects(overlay) if item["kind"] in ("Deployment", "StatefulSet", "Job")}
            self.assertEqual(made, set(cluster_check.PODS[overlay]))
            hpas = {item["metadata"]["name"]: (item["spec"]["minReplicas"], item["spec"]["maxReplicas"],
                                               item["spec"]["metrics"][0]["resource"]["target"]["averageUtilization"])
                    for item in objects(overlay) if item["kind"] == "HorizontalPodAutoscaler"}
            self.assertEqual(hpas, cluster_check.HPAS[overlay])

    def test_versions_fit_together(self):
        module = (ROOT / "deploy/k8s/check/go.mod").read_text()
        (patch,) = re.findall(rf"^\tk8s\.io/kubernetes v{KUBERNETES}\.(\d+)", module, re.M)
        replaced = re.findall(r"^\t(k8s\.io/\S+) => (\S+) v0\.(\S+)$", module, re.M)
        self.assertGreater(len(replaced), 30)
        for path, target, version in replaced:
            self.assertEqual((target, version), (path, f"{KUBERNETES.partition('.')[2]}.{patch}"))
        sums = (ROOT / "deploy/k8s/check/go.sum").read_text()
        for path in ("k8s.io/kubernetes", "go.etcd.io/etcd/server/v3"):
            self.assertRegex(sums, rf"(?m)^{re.escape(path)} v\S+ h1:")

    def test_every_kind_of_an_operator_has_its_definition(self):
        definitions = (ROOT / "deploy/k8s/check/crds.txt").read_text()
        documentation = (ROOT / "deploy/k8s/README.md").read_text()
        groups = ("keda.sh", "postgresql.cnpg.io", "external-secrets.io")
        example = yaml.safe_load((ROOT / "deploy/k8s/examples/external-secret.yaml").read_text())
        for item in [example, *(item for overlay in OVERLAYS for item in objects(overlay))]:
            group = item["apiVersion"].partition("/")[0]
            if group in groups:
                self.assertIn(f"/{group}_{item['kind'].lower()}s.yaml", definitions)
        for version in re.findall(r" v([\d.]+) h1:", definitions):
            self.assertIn(f" {version}", documentation)


class Comparison(unittest.TestCase):
    def test_what_the_server_adds_is_allowed_and_what_it_changes_is_named(self):
        written = {"spec": {"ports": [{"port": 80}], "selector": {"app": "fte"}, "empty": {}}}
        added = {"kind": "Service", "spec": {"ports": [{"port": 80, "protocol": "TCP"}], "selector": {"app": "fte"}, "empty": {}}}
        self.assertIsNone(cluster_check.difference(written, added))
        for found, place in (
                ({"spec": {**added["spec"], "ports": [{"port": 81}]}}, ".spec.ports[0].port: 80 was written, 81"),
                ({"spec": {**added["spec"], "ports": []}}, ".spec.ports: "),
                ({"spec": {**added["spec"], "selector": {}}}, ".spec.selector.app: 'fte' was written, None"),
                ({"spec": {"ports": [{"port": 80}], "selector": {"app": "fte"}}}, ".spec.empty: ")):
            self.assertTrue(cluster_check.difference(written, found).startswith(place), found)

    def test_a_selector_needs_all_of_its_labels(self):
        self.assertTrue(cluster_check.is_selected({"app": "fte", "tier": "api"}, {"matchLabels": {"app": "fte"}}))
        self.assertTrue(cluster_check.is_selected({"app": "fte"}, {}))
        self.assertFalse(cluster_check.is_selected({"app": "fte"}, {"matchLabels": {"app": "fte", "tier": "api"}}))


if __name__ == "__main__":
    unittest.main()
