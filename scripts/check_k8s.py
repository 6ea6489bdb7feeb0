#!/usr/bin/env python3
"""Checks rendered Kubernetes manifests for combinations that each object allows and all of them together do not: more pods
than partitions or connections, a grace period shorter than the drain, probes that restart healthy pods, and similar ones.
Prints one sentence for each, and exits with 1 if there are any.

    kubectl kustomize deploy/k8s/overlays/prod | scripts/check_k8s.py
    scripts/check_k8s.py FILE…
"""

import pathlib
import re
import sys

import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent
# PostgreSQL keeps some for superusers, and people and backups need a few.
RESERVED_CONNECTIONS = 10
PARTITIONS_DEFAULT = 12
ROLES = {"intake", "agent", "delivery", "desk"}


def connections_per_pod():
    """The connections of one process: its pools, the one that listens, and the one that migrates at its start."""
    source = (ROOT / "src/crm/postgres/mod.rs").read_text()
    pools = [int(size) for size in re.findall(r"^const \w+_CONNECTIONS: usize = (\d+);", source, re.M)]
    singles = len(re.findall(r"\.pool\(1\)", source))
    return sum(pools) + singles + 2


def kill_after():
    """The seconds within which a process has drained and stopped."""
    source = (ROOT / "src/domain/runtime/timing.rs").read_text()
    return int(re.search(r"KILL_AFTER: Duration = Duration::from_secs\((\d+)\)", source)[1])


def known_variables():
    return set(re.findall(r"^#?([A-Z][A-Z0-9_]+)=", (ROOT / ".env.example").read_text(), re.M))


class Manifests:
    """The objects of one installation, by kind and name."""

    def __init__(self, text):
        self.objects = [item for item in yaml.safe_load_all(text) if item]

    def all(self, kind):
        return [item for item in self.objects if item["kind"] == kind]

    def named(self, kind, name):
        return next((item for item in self.all(kind) if item["metadata"]["name"] == name), None)

    def workloads(self):
        """Deployments of the program."""
        return [item for item in self.all("Deployment") if container(item)["image"].rsplit("/", 1)[-1].startswith("fte")]

    def settings(self, workload):
        """The variables of its container with known values; those from secrets are None."""
        found = {}
        for source in container(workload).get("envFrom", []):
            name = source.get("configMapRef", {}).get("name")
            config = self.named("ConfigMap", name) if name else None
            found.update(config.get("data", {}) if config else {})
        for variable in container(workload).get("env", []):
            found[variable["name"]] = variable.get("value")
        return found

    def scaler(self, workload):
        name = workload["metadata"]["name"]
        return [s for s in self.all("HorizontalPodAutoscaler") + self.all("ScaledObject")
                if s["spec"]["scaleTargetRef"]["name"] == name]

    def pods(self, workload):
        """The fewest and the most pods that run at once, without those that are being replaced."""
        replicas = workload["spec"].get("replicas", 1)
        scalers = self.scaler(workload)
        if not scalers:
            return replicas, replicas
        spec = scalers[0]["spec"]
        fewest = spec.get("minReplicas", spec.get("minReplicaCount", 1))
        return fewest, spec.get("maxReplicas", spec.get("maxReplicaCount", 100))


def container(workload):
    return pod(workload)["containers"][0]


def pod(workload):
    return workload["spec"]["template"]["spec"]


def roles(workload):
    arguments = container(workload).get("args", [])
    return set(arguments[arguments.index("--roles") + 1].split(",")) if "--roles" in arguments else ROLES


def surge(workload, most):
    value = workload["spec"].get("strategy", {}).get("rollingUpdate", {}).get("maxSurge", "25%")
    return -(-most * int(value[:-1]) // 100) if isinstance(value, str) else value


def max_connections(manifests):
    """The limit of the database, if it is among the objects."""
    for cluster in manifests.all("Cluster"):
        return int(cluster["spec"].get("postgresql", {}).get("parameters", {}).get("max_connections", 100))
    for database in manifests.all("StatefulSet"):
        found = re.search(r"max_connections=(\d+)", " ".join(container(database).get("args", [])))
        return int(found[1]) if found else 100
    return None


def check_partitions(manifests):
    for workload in manifests.workloads():
        settings, most = manifests.settings(workload), manifests.pods(workload)[1]
        if "agent" not in roles(workload) or "KAFKA_BOOTSTRAP_SERVERS" not in settings:
            continue
        partitions = int(settings.get("KAFKA_TOPIC_PARTITIONS") or PARTITIONS_DEFAULT)
        if partitions < most:
            yield (f"{workload['metadata']['name']} may have {most} pods, but the topic has {partitions} partitions: "
                   f"{most - partitions} pods would have no work. Raise KAFKA_TOPIC_PARTITIONS to {most} or more; topics "
                   "that exist need kafka-topics.sh --alter.")


def check_connections(manifests):
    limit = max_connections(manifests)
    if limit is None:
        return
    each, pods = connections_per_pod(), 0
    for workload in manifests.workloads():
        most = manifests.pods(workload)[1]
        pods += most + surge(workload, most)
    needed = each * pods + len(manifests.all("Job")) * 2 + RESERVED_CONNECTIONS
    if needed > limit:
        yield (f"up to {pods} pods with {each} connections each need {needed} connections with the reserve, but PostgreSQL "
               f"takes {limit}: pods would not become ready. Raise max_connections, or lower the pods' maxima.")


def check_stop(manifests):
    for workload in manifests.workloads():
        name, hook = workload["metadata"]["name"], container(workload).get("lifecycle", {}).get("preStop", {})
        pause = hook.get("sleep", {}).get("seconds", 0)
        grace = pod(workload).get("terminationGracePeriodSeconds", 30)
        if grace < pause + kill_after():
            yield (f"{name} is killed after {grace} s, but preStop takes {pause} s and a drain up to {kill_after()} s: running "
                   f"turns would be cut off. Set terminationGracePeriodSeconds to {pause + kill_after()} or more.")
        if pause == 0 and "intake" in roles(workload):
            yield (f"{name} has no pause before it stops (preStop): the proxy still sends it requests for some seconds, and "
                   "they would fail.")


def check_probes(manifests):
    expected = {"startupProbe": "/health/live", "livenessProbe": "/health/live", "readinessProbe": "/health/ready"}
    for workload in manifests.workloads():
        for probe, path in expected.items():
            found = container(workload).get(probe, {}).get("httpGet", {}).get("path")
            if found != path:
                why = "a pod that waits for the database would be killed" if path == "/health/live" else \
                    "requests would reach pods that can't store them"
                yield f"{probe} of {workload['metadata']['name']} asks {found}, not {path}: {why}."


def check_scaling(manifests):
    for workload in manifests.workloads():
        name, scalers = workload["metadata"]["name"], manifests.scaler(workload)
        if len(scalers) > 1:
            yield f"{name} is scaled by {len(scalers)} objects at once: they would undo each other's changes. Keep one."
        if scalers and "replicas" in workload["spec"]:
            yield (f"{name} sets replicas although {scalers[0]['metadata']['name']} scales it: once that has changed the number, "
                   "applying the manifests again fails with a conflict. Remove replicas.")
        for scaler in scalers:
            fewest, most = manifests.pods(workload)
            if fewest > most:
                yield f"{scaler['metadata']['name']} has a minimum of {fewest} pods above its maximum of {most}."
            metrics = scaler["spec"].get("metrics", [])
            by_cpu = any(metric.get("resource", {}).get("name") == "cpu" for metric in metrics)
            if by_cpu and "cpu" not in container(workload).get("resources", {}).get("requests", {}):
                yield f"{name} is scaled by CPU but requests none: the share can't be computed, and nothing is scaled."


def check_disruption(manifests):
    for workload in manifests.workloads():
        name, labels = workload["metadata"]["name"], workload["spec"]["template"]["metadata"]["labels"]
        budgets = [budget for budget in manifests.all("PodDisruptionBudget")
                   if budget["spec"]["selector"]["matchLabels"].items() <= labels.items()]
        if not budgets:
            yield f"{name} has no PodDisruptionBudget: draining nodes may stop all of its pods at once."
        for budget in budgets:
            kept = budget["spec"].get("minAvailable")
            if isinstance(kept, int) and kept >= manifests.pods(workload)[0]:
                yield (f"the PodDisruptionBudget of {name} keeps {kept} pods, but there may be only "
                       f"{manifests.pods(workload)[0]}: no node could be drained. Use maxUnavailable: 1.")


def check_volumes(manifests):
    for claim in manifests.all("PersistentVolumeClaim"):
        users = [w for w in manifests.workloads() if any(
            volume.get("persistentVolumeClaim", {}).get("claimName") == claim["metadata"]["name"]
            for volume in pod(w).get("volumes", []))]
        zones = any(constraint["whenUnsatisfiable"] == "DoNotSchedule"
                    for user in users for constraint in pod(user).get("topologySpreadConstraints", []))
        if "ReadWriteMany" not in claim["spec"]["accessModes"] and zones:
            yield (f"the volume {claim['metadata']['name']} can be mounted on one node only, but its pods are spread over "
                   "several: some would never start. Use a storage class with ReadWriteMany.")


def check_variables(manifests):
    known = known_variables()
    for workload in manifests.workloads() + manifests.all("Job"):
        name, settings = workload["metadata"]["name"], manifests.settings(workload)
        for variable in sorted(settings):
            if variable not in known and not variable.startswith("KAFKA_"):
                yield f"{name} sets {variable}, which the program does not read: a mistyped name is a lost setting."
        if settings.get("ENVIRONMENT") != "production":
            yield f"{name} does not run with ENVIRONMENT=production: it would listen on 127.0.0.1 and make its own token."
        if pod(workload).get("enableServiceLinks", True):
            yield (f"{name} has service links: variables such as KAFKA_PORT of a service named kafka would be taken for "
                   "settings of librdkafka. Set enableServiceLinks: false.")
        member = next((v for v in container(workload).get("env", []) if v["name"] == "KAFKA_GROUP_INSTANCE_ID"), None)
        field = (member or {}).get("valueFrom", {}).get("fieldRef", {}).get("fieldPath")
        if member and field != "metadata.name":
            yield f"{name} gives several pods the same KAFKA_GROUP_INSTANCE_ID: they would fence one another. Use the pod's name."
    for workload in manifests.workloads():
        settings = manifests.settings(workload)
        if "intake" in roles(workload) and manifests.all("Ingress"):
            for variable, why in (("API_BASE_URL", "links and webhook signatures would name the pod"),
                                  ("TRUSTED_PROXIES", "every customer would have the address of the ingress controller, and "
                                                      "share one rate limit")):
                if variable not in settings:
                    yield f"{workload['metadata']['name']} has an ingress but no {variable}: {why}."


def check_roles(manifests):
    missing = ROLES - set().union(*(roles(workload) for workload in manifests.workloads()))
    if missing:
        yield f"no pod runs {', '.join(sorted(missing))}: its work would wait for ever."


def check_security(manifests):
    for secret in manifests.all("Secret"):
        yield f"the Secret {secret['metadata']['name']} is among the manifests: secrets do not belong into a repository."
    for workload in manifests.all("Deployment") + manifests.all("StatefulSet") + manifests.all("Job"):
        name, spec = workload["metadata"]["name"], pod(workload)
        rights, security = container(workload).get("securityContext", {}), spec.get("securityContext", {})
        wanted = {
            "runAsNonRoot": security.get("runAsNonRoot") is True,
            "seccompProfile": security.get("seccompProfile", {}).get("type") == "RuntimeDefault",
            "allowPrivilegeEscalation": rights.get("allowPrivilegeEscalation") is False,
            "readOnlyRootFilesystem": rights.get("readOnlyRootFilesystem") is True,
            "capabilities": rights.get("capabilities", {}).get("drop") == ["ALL"],
            "automountServiceAccountToken": spec.get("automountServiceAccountToken") is False,
            "resources.limits.memory": "memory" in container(workload).get("resources", {}).get("limits", {}),
        }
        for setting, is_set in wanted.items():
            if not is_set:
                yield f"{name} leaves {setting} open."
        tag = container(workload)["image"].rsplit("/", 1)[-1].partition(":")[2]
        if tag in ("", "latest"):
            yield f"{name} runs an image without a version: it is unknown what runs, and there is no way back."
    denied = any(not policy["spec"]["podSelector"] and set(policy["spec"]["policyTypes"]) == {"Ingress", "Egress"}
                 and "ingress" not in policy["spec"] and "egress" not in policy["spec"]
                 for policy in manifests.all("NetworkPolicy"))
    if not denied:
        yield "no NetworkPolicy denies everything that is not named: pods may be reached from anywhere."


CHECKS = [check_partitions, check_connections, check_stop, check_probes, check_scaling, check_disruption, check_volumes,
          check_variables, check_roles, check_security]


def problems(text):
    manifests = Manifests(text)
    if not manifests.workloads():
        return ["there is no deployment of fte among the manifests."]
    return [sentence for check in CHECKS for sentence in check(manifests)]


def main():
    if any(argument.startswith("-") for argument in sys.argv[1:]):
        sys.exit(__doc__)
    texts = [pathlib.Path(path).read_text() for path in sys.argv[1:]] or [sys.stdin.read()]
    found = problems("\n---\n".join(texts))
    for sentence in found:
        print(sentence)
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
