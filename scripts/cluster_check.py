#!/usr/bin/env python3
"""Applies the overlays of deploy/k8s to a real control plane and checks what it made of them: `cluster_check.py HOME [OVERLAY…]`.

HOME holds the servers and definitions that scripts/k8s-check.sh built. Starts etcd, kube-apiserver and
kube-controller-manager on free ports, and stops them by their process ids. There is no node and no operator: pods are
created, admitted and counted, but do not run; the database of `prod` and `keda` is an object only.
"""

import json
import os
import pathlib
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time

import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent
RUN = ROOT / ".local/k8s-run"
NAMESPACE = "customer-success-fte"
STARTS_WITHIN = 120.0
SETTLES_WITHIN = 120.0
POLL_EVERY = 0.3
# The pods that each overlay starts with, by the workload that makes them: the numbers of deploy/k8s/README.md.
PODS = {
    "dev": {"fte-api": 1, "fte-worker": 1, "fte-db": 1, "fte-migrate": 1},
    "prod": {"fte-api": 3, "fte-worker": 3, "fte-migrate": 1},
    # KEDA, which is not here, raises the workers from one to its minimum.
    "keda": {"fte-api": 3, "fte-worker": 1, "fte-migrate": 1},
}
# By name: the fewest pods, the most, and the share of the CPU.
HPAS = {
    "dev": {"fte-api": (1, 3, 70), "fte-worker": (1, 3, 70)},
    "prod": {"fte-api": (3, 20, 70), "fte-worker": (3, 30, 70)},
    "keda": {"fte-api": (3, 20, 70)},
}


class Failed(Exception):
    """A check failed; the text says which."""


def say(text):
    print(f"{time.strftime('%H:%M:%S')}  {text}", flush=True)


def require(condition, text):
    if not condition:
        raise Failed(text)


def wait_for(what, reached, why=lambda: ""):
    """Polls until `reached` returns a true value. It may raise Failed to give up early; `why` says what is there instead."""
    until = time.monotonic() + SETTLES_WITHIN
    while True:
        found = reached()
        if found:
            return found
        require(time.monotonic() < until, f"{what}: not within {SETTLES_WITHIN:.0f} s {why()}")
        time.sleep(POLL_EVERY)


class ControlPlane:
    """etcd, the API server and the controller manager, with data below .local/k8s-run."""

    def __init__(self, home):
        self.bin, self.processes = home / "bin", []
        shutil.rmtree(RUN, ignore_errors=True)
        RUN.mkdir(parents=True, mode=0o700)
        self.etcd, self.peer, self.api, self.manager = free_ports(4)
        self.token = secrets.token_hex(16)

    def start(self):
        began = time.monotonic()
        key = RUN / "sa.key"
        run(["openssl", "genrsa", "-out", key, "2048"])
        run(["openssl", "rsa", "-in", key, "-pubout", "-out", RUN / "sa.pub"])
        (RUN / "tokens.csv").write_text(f'{self.token},admin,1,"system:masters"\n')
        clients, peers = f"http://127.0.0.1:{self.etcd}", f"http://127.0.0.1:{self.peer}"
        self.spawn("etcd", f"--data-dir={RUN / 'etcd'}", f"--listen-client-urls={clients}", f"--advertise-client-urls={clients}",
                   f"--listen-peer-urls={peers}", f"--initial-advertise-peer-urls={peers}", f"--initial-cluster=default={peers}")
        self.spawn("kube-apiserver", f"--etcd-servers={clients}", "--bind-address=127.0.0.1", f"--secure-port={self.api}",
                   f"--cert-dir={RUN}", "--service-account-issuer=https://kubernetes.default.svc",
                   f"--service-account-signing-key-file={key}", f"--service-account-key-file={RUN / 'sa.pub'}",
                   "--authorization-mode=RBAC", f"--token-auth-file={RUN / 'tokens.csv'}",
                   # As in real clusters: the admission refuses privileged pods, not the server itself.
                   "--allow-privileged=true",
                   "--service-cluster-ip-range=10.96.0.0/24")
        self.write_kubeconfig()
        self.wait_until_ready("kube-apiserver")
        # A short period for the HPA: each of its rounds is waited for.
        self.spawn("kube-controller-manager", f"--kubeconfig={RUN / 'kubeconfig'}", f"--service-account-private-key-file={key}",
                   "--bind-address=127.0.0.1", f"--secure-port={self.manager}", f"--cert-dir={RUN / 'manager'}",
                   "--leader-elect=false", "--authentication-skip-lookup", "--horizontal-pod-autoscaler-sync-period=2s")
        say(f"the API server answered after {time.monotonic() - began:.0f} s")

    def spawn(self, name, *arguments):
        with open(RUN / f"{name}.log", "wb") as log:
            process = subprocess.Popen([self.bin / name, *arguments], cwd=RUN, stdin=subprocess.DEVNULL, stdout=log,
                                       stderr=log, start_new_session=True)
        self.processes.append((name, process))

    def write_kubeconfig(self):
        cluster = {"server": f"https://127.0.0.1:{self.api}", "certificate-authority": str(RUN / "apiserver.crt")}
        text = json.dumps({
            "apiVersion": "v1", "kind": "Config", "current-context": "check",
            "clusters": [{"name": "check", "cluster": cluster}],
            "users": [{"name": "admin", "user": {"token": self.token}}],
            "contexts": [{"name": "check", "context": {"cluster": "check", "user": "admin"}}]})
        (RUN / "kubeconfig").write_text(text)

    def wait_until_ready(self, name):
        until = time.monotonic() + STARTS_WITHIN
        while kubectl("get", "--raw", "/readyz", check=False).stdout != "ok":
            self.require_running()
            require(time.monotonic() < until, f"{name} is not ready within {STARTS_WITHIN:.0f} s: see {RUN / name}.log")
            time.sleep(POLL_EVERY)

    def require_running(self):
        for name, process in self.processes:
            require(process.poll() is None, f"{name} ended: see {RUN / name}.log")

    def stop(self):
        for _, process in reversed(self.processes):
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                try:
                    process.wait(20)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def run(command, **options):
    ran = subprocess.run(command, capture_output=True, text=True, **options)
    require(ran.returncode == 0, f"{' '.join(map(str, command))} failed: {ran.stderr.strip()}")
    return ran


def kubectl(*arguments, check=True, **options):
    command = [os.environ["KUBECTL"], "--kubeconfig", RUN / "kubeconfig", "--cache-dir", RUN / "cache", *arguments]
    return run(command, **options) if check else subprocess.run(command, capture_output=True, text=True, **options)


def apply(text, check=True):
    return kubectl("apply", "--server-side", "--validate=strict", "-f", "-", input=text, check=check)


def get(*arguments):
    return json.loads(kubectl("-n", NAMESPACE, "get", *arguments, "-o", "json").stdout)


def difference(written, found, path=""):
    """The first place where the object in the server lacks what the manifest says, or says otherwise. The server may add
    defaults to objects, but not entries to lists."""
    if isinstance(written, dict) and isinstance(found, dict):
        places = (difference(value, found.get(key), f"{path}.{key}") for key, value in written.items())
    elif isinstance(written, list) and isinstance(found, list) and len(written) == len(found):
        places = (difference(one, other, f"{path}[{n}]") for n, (one, other) in enumerate(zip(written, found)))
    else:
        return None if written == found else f"{path}: {written!r} was written, {found!r} is there"
    return next((place for place in places if place), None)


def is_selected(labels, selector):
    require(not selector.get("matchExpressions"), f"this check reads no matchExpressions: {selector}")
    return selector.get("matchLabels", {}).items() <= labels.items()


def failed_creates():
    return [event["message"] for event in get("events")["items"] if event["reason"] == "FailedCreate"]


class Overlay:
    """One overlay in the server."""

    def __init__(self, name):
        self.name = name
        self.text = run([os.environ["KUBECTL"], "kustomize", ROOT / "deploy/k8s/overlays" / name]).stdout
        self.objects = [item for item in yaml.safe_load_all(self.text) if item]
        self.pods = []

    def check(self):
        for check in (self.check_apply, self.check_pods, self.check_read_back, self.check_hpas, self.check_selectors,
                      self.check_budgets, self.check_apply_again):
            say(f"{self.name}: {check()}")

    def all(self, kind):
        return [item for item in self.objects if item["kind"] == kind]

    def check_apply(self):
        said = apply(self.text).stderr
        require("Warning" not in said, f"the server warns: {said.strip()}")
        labels = get("namespace", NAMESPACE)["metadata"]["labels"]
        require(labels.get("pod-security.kubernetes.io/enforce") == "restricted", "the namespace enforces no restricted pods")
        return f"{len(self.objects)} objects applied without a warning, into a namespace that enforces restricted pods"

    def check_pods(self):
        """The controller manager creates the pods, so admission has accepted them."""
        expected = PODS[self.name]
        made = {item["metadata"]["name"] for kind in ("Deployment", "StatefulSet", "Job") for item in self.all(kind)}
        require(made == set(expected), f"workloads {sorted(made)} are not those of this check, {sorted(expected)}")

        def created():
            refused = [message for message in failed_creates() if "PodSecurity" in message]
            require(not refused, f"a pod was refused: {refused[:1]}")
            self.pods = get("pods")["items"]
            names = [pod["metadata"]["name"] for pod in self.pods]
            counts = {name: sum(pod.startswith(name + "-") for pod in names) for name in expected}
            return counts == expected and len(names) == sum(expected.values())

        # A pod may be refused for a moment: its service account is created at the same time.
        wait_for(f"pods {expected}", created, lambda: f"{[pod['metadata']['name'] for pod in self.pods]} {failed_creates()}")
        return "pods were created, none refused: " + ", ".join(f"{name} {count}" for name, count in expected.items())

    def check_read_back(self):
        """Every field of every object, so probes, policies, budgets and spread constraints too."""
        for item in self.objects:
            kind, name = item["kind"], item["metadata"]["name"]
            group = item["apiVersion"].rpartition("/")[0]
            found = get(f"{kind}.{group}" if group else kind, name)
            place = difference(item, found)
            require(not place, f"{kind} {name}{place}")
        return f"all {len(self.objects)} objects read back as written"

    def check_hpas(self):
        def scaled():
            hpas = get("hpa")["items"]
            able = {hpa["metadata"]["name"] for hpa in hpas for condition in hpa.get("status", {}).get("conditions", [])
                    if condition["type"] == "AbleToScale" and condition["status"] == "True"}
            return hpas if able == set(HPAS[self.name]) else None

        found = {}
        for hpa in wait_for(f"HPAs that find their Deployments: {sorted(HPAS[self.name])}", scaled):
            (metric,) = hpa["spec"]["metrics"]
            require(metric["resource"]["name"] == "cpu", f"{hpa['metadata']['name']} is not by CPU")
            found[hpa["metadata"]["name"]] = (hpa["spec"]["minReplicas"], hpa["spec"]["maxReplicas"],
                                              metric["resource"]["target"]["averageUtilization"])
        require(found == HPAS[self.name], f"the HPAs are {found}")
        return "HPAs find their Deployments: " + ", ".join(
            f"{name} {fewest} to {most} pods at {share} % CPU" for name, (fewest, most, share) in sorted(found.items()))

    def check_selectors(self):
        """A mistyped label would make a policy, a Service or a spread constraint select nothing, silently."""
        labels = [pod["metadata"]["labels"] for pod in self.pods]
        if self.all("Cluster"):
            labels.append(self.all("Cluster")[0]["spec"]["inheritedMetadata"]["labels"])
        selectors = [(policy, policy["spec"]["podSelector"]) for policy in self.all("NetworkPolicy")]
        selectors += [(service, {"matchLabels": service["spec"]["selector"]}) for service in self.all("Service")]
        for item, selector in selectors:
            require(any(is_selected(one, selector) for one in labels),
                    f"{item['kind']} {item['metadata']['name']} selects no pod")
        for pod in self.pods:
            for constraint in pod["spec"].get("topologySpreadConstraints", []):
                require(is_selected(pod["metadata"]["labels"], constraint["labelSelector"]),
                        f"{pod['metadata']['name']} is not among the pods that it is spread over")
        return f"{len(selectors)} policies and Services select pods, and pods are spread over those of their kind"

    def check_budgets(self):
        """The disruption controller counts the pods of each budget."""
        expected = {name: PODS[self.name][name] for name in ("fte-api", "fte-worker")}

        def counted():
            return {pdb["metadata"]["name"]: pdb.get("status", {}).get("expectedPods") for pdb in get("pdb")["items"]} == expected

        wait_for(f"budgets with {expected} pods", counted)
        return f"disruption budgets cover {expected}"

    def check_apply_again(self):
        """Applying the same once more changes nothing, although a scaler has changed the number of pods meanwhile."""
        raised = {name: PODS[self.name][name] + 1 for name in ("fte-api", "fte-worker")}
        for name, pods in raised.items():
            kubectl("-n", NAMESPACE, "scale", f"deployment/{name}", f"--replicas={pods}")
        before = self.generations()
        ran = apply(self.text, check=False)
        require(ran.returncode == 0, f"applying again fails: {ran.stderr.strip()}")
        require(self.generations() == before, f"applying again changes {set(self.generations().items()) ^ set(before.items())}")
        for name, pods in raised.items():
            kept = get("deployment", name)["spec"]["replicas"]
            require(kept == pods, f"applying again sets {name} from {pods} to {kept} pods")
        return f"applying again changes nothing, and keeps the {raised} pods that a scaler has set meanwhile"

    def generations(self):
        items = get("deployment,statefulset,job,hpa,pdb,networkpolicy,ingress")["items"]
        return {f"{item['kind']}/{item['metadata']['name']}": item["metadata"].get("generation") for item in items}

    def remove(self):
        kubectl("delete", "namespace", NAMESPACE, "--timeout=120s")


def check_example():
    """The example for the External Secrets Operator."""
    text = (ROOT / "deploy/k8s/examples/external-secret.yaml").read_text()
    require("Warning" not in apply(text).stderr, "the server warns about the example")
    place = difference(yaml.safe_load(text), get("externalsecret.external-secrets.io", "fte"))
    require(not place, f"ExternalSecret fte{place}")
    say("the example of an ExternalSecret is accepted and reads back as written")


def changed(overlay, kind, name, change):
    item = next(item for item in yaml.safe_load_all(yaml.safe_dump_all(overlay.objects))
                if item["kind"] == kind and item["metadata"]["name"] == name)
    change(item)
    return yaml.safe_dump(item)


def check_refusals(overlay):
    """That this control plane does refuse, or the checks above would show nothing."""
    def unknown(item):
        item["spec"]["template"]["spec"]["containers"][0]["memory"] = "1Gi"

    def reversed_limits(item):
        item["spec"]["minReplicas"] = 40

    def wrong_type(item):
        item["spec"]["maxReplicaCount"] = "many"

    for kind, name, change, reason in (
            ("Deployment", "fte-api", unknown, "field not declared in schema"),
            ("HorizontalPodAutoscaler", "fte-api", reversed_limits, "must be greater than or equal to"),
            ("ScaledObject", "fte-worker", wrong_type, "expected numeric")):
        said = apply(changed(overlay, kind, name, change), check=False)
        require(said.returncode != 0 and reason in said.stderr, f"a wrong {kind} was not refused by {reason!r}: {said.stderr}")

    def privileged(item):
        item["metadata"]["name"] = "privileged"
        item["spec"]["template"]["spec"]["containers"][0]["securityContext"] = {"privileged": True}

    warned = apply(changed(overlay, "Deployment", "fte-api", privileged)).stderr
    require("would violate PodSecurity" in warned, f"a privileged pod causes no warning: {warned}")
    wait_for("the refusal of a privileged pod", lambda: any(
        "violates PodSecurity" in message and "privileged" in message for message in failed_creates()))
    say("refused, as they must be: an unknown field, an HPA with its limits reversed, a ScaledObject with a text for a number,"
        " a privileged pod")


def check_all(home, names):
    versions = json.loads(kubectl("version", "-o", "json").stdout)
    say(f"server {versions['serverVersion']['gitVersion']}, client {versions['clientVersion']['gitVersion']}")
    definitions = sorted((home / "crds").glob("*.yaml"))
    for definition in definitions:
        kubectl("apply", "--server-side", "-f", definition)
    # Right after its creation a definition has no conditions yet, which kubectl takes for an error.
    established = ("wait", "--for=condition=Established", "crd", "--all", "--timeout=60s")
    wait_for("the definitions", lambda: kubectl(*established, check=False).returncode == 0)
    say(f"{len(definitions)} definitions of operators applied")
    for name in names:
        overlay = Overlay(name)
        overlay.check()
        if name == "keda":
            check_example()
            check_refusals(overlay)
        overlay.remove()


def main():
    if len(sys.argv) < 2 or sys.argv[1].startswith("-"):
        sys.exit(__doc__)
    home, names = pathlib.Path(sys.argv[1]), sys.argv[2:] or list(PODS)
    began = time.monotonic()
    plane = ControlPlane(home)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        plane.start()
        check_all(home, names)
        plane.require_running()
    except Failed as failure:
        say(f"FAILED: {failure}")
        say(f"logs are in {RUN}")
        sys.exit(1)
    finally:
        plane.stop()
    say(f"the overlays {', '.join(names)} passed in {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
