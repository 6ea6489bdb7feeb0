"""Tests of deploy/k8s and of scripts/check_k8s.py: the overlays are right, and each wrong combination gets its sentence."""

import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

import yaml

from rendered import OVERLAYS, ROOT, changed, rendered

sys.path.insert(0, str(ROOT / "scripts"))
import check_k8s  # noqa: E402

# Kinds of operators, whose schemas are not those of Kubernetes. Nothing else may go without validation.
OF_OPERATORS = {"dev": set(), "prod": {"Cluster"}, "keda": {"Cluster", "ScaledObject", "TriggerAuthentication"}}
# The version of the schemas that the manifests are validated with.
KUBERNETES = "1.37"


def container(workload):
    return workload["spec"]["template"]["spec"]["containers"][0]


class Overlays(unittest.TestCase):
    def test_every_object_is_valid_by_its_schema(self):
        for overlay in OVERLAYS:
            with tempfile.TemporaryDirectory() as folder:
                file = pathlib.Path(folder, "rendered.yaml")
                file.write_text(rendered(overlay))
                validator = pathlib.Path(sys.executable).parent / "kubernetes-validate"
                ran = subprocess.run([validator, "-k", KUBERNETES, "--strict", file], capture_output=True, text=True)
            said = ran.stdout + ran.stderr
            self.assertEqual(ran.returncode, 0, said)
            objects = [item for item in yaml.safe_load_all(rendered(overlay)) if item]
            passed = len(re.findall(r"\bpassed for resource\b", said))
            unknown = set(re.findall(r"find schema for kind (\w+)", said))
            self.assertEqual(unknown, OF_OPERATORS[overlay], said)
            self.assertEqual(passed, len([o for o in objects if o["kind"] not in unknown]), said)

    def test_an_unknown_field_is_refused(self):
        def change(find):
            container(find("Deployment", "fte-api"))["memory"] = "1Gi"

        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder, "rendered.yaml")
            file.write_text(changed("dev", change))
            validator = pathlib.Path(sys.executable).parent / "kubernetes-validate"
            ran = subprocess.run([validator, "-k", KUBERNETES, "--strict", file], capture_output=True, text=True)
        self.assertNotEqual(ran.returncode, 0)

    def test_no_overlay_has_a_wrong_combination(self):
        for overlay in OVERLAYS:
            self.assertEqual(check_k8s.problems(rendered(overlay)), [], overlay)

    def test_the_sizes_are_those_that_the_documentation_names(self):
        manifests = check_k8s.Manifests(rendered("prod"))
        scales = {}
        for workload in manifests.workloads():
            (scaler,) = manifests.scaler(workload)
            target = scaler["spec"]["metrics"][0]["resource"]["target"]["averageUtilization"]
            scales[workload["metadata"]["name"]] = (*manifests.pods(workload), target)
        self.assertEqual(scales, {"fte-api": (3, 20, 70), "fte-worker": (3, 30, 70)})
        manifests = check_k8s.Manifests(rendered("keda"))
        worker = manifests.named("Deployment", "fte-worker")
        self.assertEqual([scaler["kind"] for scaler in manifests.scaler(worker)], ["ScaledObject"])
        trigger = manifests.scaler(worker)[0]["spec"]["triggers"][0]["metadata"]
        self.assertEqual((trigger["limitToPartitionsWithLag"], manifests.pods(worker)), ("true", (3, 30)))

    def test_the_scaler_watches_the_topic_and_the_group_of_the_program(self):
        trigger = check_k8s.Manifests(rendered("keda")).all("ScaledObject")[0]["spec"]["triggers"][0]["metadata"]
        sources = "".join(path.read_text() for path in (ROOT / "src/bus").rglob("*.rs"))
        for value in (trigger["topic"], trigger["consumerGroup"]):
            self.assertIn(f'"{value}"', sources)
        settings = check_k8s.Manifests(rendered("keda"))
        servers = settings.settings(settings.named("Deployment", "fte-worker"))["KAFKA_BOOTSTRAP_SERVERS"]
        self.assertEqual(trigger["bootstrapServers"], servers)

    def test_everything_is_in_the_one_namespace_and_under_the_restricted_standard(self):
        for overlay in OVERLAYS:
            objects = [item for item in yaml.safe_load_all(rendered(overlay)) if item]
            namespaces = {item["metadata"].get("namespace") for item in objects if item["kind"] != "Namespace"}
            self.assertEqual(namespaces, {"customer-success-fte"})
            labels = next(item for item in objects if item["kind"] == "Namespace")["metadata"]["labels"]
            self.assertEqual(labels["pod-security.kubernetes.io/enforce"], "restricted")

    def test_the_secret_of_the_example_holds_variables_of_the_program(self):
        example = yaml.safe_load((ROOT / "deploy/k8s/examples/external-secret.yaml").read_text())
        keys = {item["secretKey"] for item in example["spec"]["data"]}
        self.assertEqual({key for key in keys - check_k8s.known_variables() if not key.startswith("KAFKA_")}, set())


class WrongCombinations(unittest.TestCase):
    def assert_said(self, overlay, change, *sentences):
        """Each sentence is said, and nothing else."""
        found = check_k8s.problems(changed(overlay, change))
        self.assertEqual(len(found), len(sentences), found)
        for sentence in sentences:
            self.assertTrue(any(sentence in said for said in found), found)

    def test_more_pods_than_partitions(self):
        def change(find):
            for config in ["ConfigMap"]:
                find(config)["data"]["KAFKA_TOPIC_PARTITIONS"] = "12"

        self.assert_said("keda", change, "fte-worker may have 30 pods, but the topic has 12 partitions: 18 pods")

        def unset(find):
            del find("ConfigMap")["data"]["KAFKA_TOPIC_PARTITIONS"]

        self.assert_said("prod", unset, "the topic has 12 partitions")

    def test_more_connections_than_the_database_takes(self):
        def change(find):
            find("Cluster")["spec"]["postgresql"]["parameters"]["max_connections"] = "800"

        each = check_k8s.connections_per_pod()
        needed = each * 52 + 2 + check_k8s.RESERVED_CONNECTIONS
        self.assert_said("prod", change, f"up to 52 pods with {each} connections each need {needed} connections")

        def default(find):
            del find("Cluster")["spec"]["postgresql"]["parameters"]["max_connections"]

        self.assert_said("keda", default, "PostgreSQL takes 100")

        def of_development(find):
            container(find("StatefulSet"))["args"] = []

        self.assert_said("dev", of_development, "PostgreSQL takes 100")

    def test_a_grace_period_shorter_than_the_drain(self):
        def change(find):
            find("Deployment", "fte-worker")["spec"]["template"]["spec"]["terminationGracePeriodSeconds"] = 30

        self.assert_said("dev", change, "fte-worker is killed after 30 s, but preStop takes 5 s and a drain up to 30 s")

        def no_pause(find):
            del container(find("Deployment", "fte-api"))["lifecycle"]

        self.assert_said("dev", no_pause, "fte-api has no pause before it stops")

    def test_probes_that_restart_pods_for_the_database(self):
        def change(find):
            container(find("Deployment", "fte-api"))["livenessProbe"]["httpGet"]["path"] = "/health/ready"

        self.assert_said("dev", change, "livenessProbe of fte-api asks /health/ready, not /health/live")

        def missing(find):
            del container(find("Deployment", "fte-api"))["readinessProbe"]

        self.assert_said("dev", missing, "readinessProbe of fte-api asks None, not /health/ready")

    def test_scaling_that_cannot_work(self):
        hpa = {"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "metadata": {"name": "second"},
               "spec": {"scaleTargetRef": {"kind": "Deployment", "name": "fte-worker"}, "maxReplicas": 30}}
        self.assert_said("keda", lambda find: hpa, "fte-worker is scaled by 2 objects at once")

        def above(find):
            find("HorizontalPodAutoscaler", "fte-api")["spec"]["minReplicas"] = 5

        self.assert_said("dev", above, "fte-api has a minimum of 5 pods above its maximum of 3")

        def no_request(find):
            del container(find("Deployment", "fte-api"))["resources"]["requests"]["cpu"]

        self.assert_said("prod", no_request, "fte-api is scaled by CPU but requests none")

        def fixed(find):
            find("Deployment", "fte-worker")["spec"]["replicas"] = 3

        self.assert_said("keda", fixed, "fte-worker sets replicas although fte-worker scales it")

    def test_budgets_that_block_or_are_missing(self):
        def change(find):
            find("PodDisruptionBudget", "fte-api")["spec"].pop("maxUnavailable")
            find("PodDisruptionBudget", "fte-api")["spec"]["minAvailable"] = 3

        self.assert_said("prod", change, "keeps 3 pods, but there may be only 3: no node could be drained")

        def other(find):
            find("PodDisruptionBudget", "fte-api")["spec"]["selector"]["matchLabels"] = {"app": "other"}

        self.assert_said("prod", other, "fte-api has no PodDisruptionBudget")

    def test_a_volume_of_one_node_for_pods_of_several(self):
        def change(find):
            find("PersistentVolumeClaim")["spec"]["accessModes"] = ["ReadWriteOnce"]

        self.assert_said("prod", change, "fte-media can be mounted on one node only")

    def test_settings_that_are_lost_or_dangerous(self):
        def mistyped(find):
            find("ConfigMap")["data"]["AGENT_POOLSIZE"] = "64"

        names = ["fte-api", "fte-worker", "fte-migrate"]
        self.assert_said("dev", mistyped, *[f"{name} sets AGENT_POOLSIZE, which the program does not read" for name in names])

        def development(find):
            find("ConfigMap")["data"]["ENVIRONMENT"] = "development"

        self.assert_said("dev", development, *[f"{name} does not run with ENVIRONMENT=production" for name in names])

        def links(find):
            del find("Deployment", "fte-worker")["spec"]["template"]["spec"]["enableServiceLinks"]

        self.assert_said("dev", links, "fte-worker has service links")

        def same_member(find):
            member = container(find("Deployment", "fte-worker"))["env"][-1]
            member.pop("valueFrom")
            member["value"] = "worker"

        self.assert_said("keda", same_member, "gives several pods the same KAFKA_GROUP_INSTANCE_ID")

        def no_proxies(find):
            del find("ConfigMap")["data"]["TRUSTED_PROXIES"]
            del find("ConfigMap")["data"]["API_BASE_URL"]

        self.assert_said("dev", no_proxies, "no TRUSTED_PROXIES: every customer", "no API_BASE_URL: links")

    def test_roles_that_nobody_runs(self):
        def change(find):
            container(find("Deployment", "fte-worker"))["args"][-1] = "agent,delivery"

        self.assert_said("dev", change, "no pod runs desk")

    def test_rights_that_are_too_wide(self):
        secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "fte"}, "stringData": {"FTE_API_TOKEN": "x"}}
        self.assert_said("dev", lambda find: secret, "the Secret fte is among the manifests")

        def root(find):
            find("Deployment", "fte-api")["spec"]["template"]["spec"]["securityContext"]["runAsNonRoot"] = False
            container(find("StatefulSet"))["securityContext"]["readOnlyRootFilesystem"] = False
            container(find("Job"))["image"] = "localhost/fte"

        self.assert_said("dev", root, "fte-api leaves runAsNonRoot open", "fte-db leaves readOnlyRootFilesystem open",
                         "fte-migrate runs an image without a version")

        def open_network(find):
            find("NetworkPolicy", "default-deny")["spec"]["ingress"] = [{}]

        self.assert_said("dev", open_network, "no NetworkPolicy denies everything")

    def test_manifests_of_something_else(self):
        self.assertEqual(check_k8s.problems("kind: Service\nmetadata: {name: a}\n"),
                         ["there is no deployment of fte among the manifests."])


class Figures(unittest.TestCase):
    """What the script reads from the sources: a change of the form there must not turn a check off."""

    def test_figures_are_found_in_the_sources(self):
        self.assertGreater(check_k8s.connections_per_pod(), 10)
        self.assertGreater(check_k8s.kill_after(), 20)
        self.assertIn("AGENT_POOL_SIZE", check_k8s.known_variables())

    def test_the_documentation_states_them(self):
        text = (ROOT / "deploy/k8s/README.md").read_text()
        self.assertIn(f"{check_k8s.connections_per_pod()} connections", text)


if __name__ == "__main__":
    unittest.main()
