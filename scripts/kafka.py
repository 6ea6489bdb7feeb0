#!/usr/bin/env python3
"""Runs Apache Kafka on this machine for development and tests: `kafka.py start|stop DIR [NODES [EXTRA]]`.

`start` returns once every node answers, and prints KAFKA_BOOTSTRAP_SERVERS=127.0.0.1:port and nothing else to standard
output. The nodes continue in the background. Data, output (node-N/log) and process ids (cluster.json) are in DIR/NODES, so
a cluster of one node and a cluster of three are separate. Starting a running cluster changes nothing. `stop` ends the
processes that `start` started, by their ids, and keeps the data. EXTRA is a file with further settings for each node, such
as an additional listener. In it, {port} and {controller} are replaced by the node's ports, and {spare} by one more port,
which is also in cluster.json.
"""
import fcntl
import json
import os
import pathlib
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
POM = ROOT / "deploy/kafka/pom.xml"
LIBRARIES = ROOT / ".runtime/kafka-4.1.0"
MARK = "fte.kafka.dir"
STARTS_WITHIN = 60.0
STOPS_WITHIN = 30.0


def say(text):
    print(text, file=sys.stderr, flush=True)


def fetch():
    """Downloads the libraries, unless they are there. Maven verifies the checksums of its repository."""
    if LIBRARIES.is_dir():
        return
    LIBRARIES.parent.mkdir(exist_ok=True)
    say("downloading Apache Kafka 4.1.0")
    with tempfile.TemporaryDirectory(dir=LIBRARIES.parent, prefix="draft.") as draft:
        target = pathlib.Path(draft) / "libraries"
        subprocess.run(
            ["mvn", "--quiet", "--batch-mode", "--strict-checksums", "--file", POM, "dependency:copy-dependencies",
             f"-DoutputDirectory={target}"],
            check=True, stdout=sys.stderr)
        try:
            target.rename(LIBRARIES)
        except OSError:
            if not LIBRARIES.is_dir():  # Another process has completed the same download.
                raise


def is_ours(node, home):
    """Whether the node's process still runs and is the one that we started: the system reuses process ids."""
    try:
        arguments = pathlib.Path(f"/proc/{node['pid']}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return f"-D{MARK}={home}".encode() in arguments


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def is_free(port):
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def properties(node, nodes, home, extra):
    voters = ",".join(f"{one['id']}@127.0.0.1:{one['controller']}" for one in nodes)
    copies = min(3, len(nodes))
    settings = {
        "process.roles": "broker,controller",
        "node.id": node["id"],
        "controller.quorum.voters": voters,
        "controller.listener.names": "CONTROLLER",
        "listeners": f"PLAINTEXT://127.0.0.1:{node['port']},CONTROLLER://127.0.0.1:{node['controller']}",
        "advertised.listeners": f"PLAINTEXT://127.0.0.1:{node['port']}",
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "log.dirs": home / "data",
        "offsets.topic.replication.factor": copies,
        "offsets.topic.num.partitions": 8,
        "transaction.state.log.replication.factor": copies,
        "transaction.state.log.min.isr": max(1, copies - 1),
        "share.coordinator.state.topic.replication.factor": copies,
        "share.coordinator.state.topic.min.isr": max(1, copies - 1),
        "min.insync.replicas": max(1, copies - 1),
        "group.initial.rebalance.delay.ms": 0,
        "auto.create.topics.enable": "false",
    }
    for name in ("port", "controller", "spare"):
        extra = extra.replace("{" + name + "}", str(node[name]))
    # If a setting occurs twice, the later line wins.
    return "".join(f"{name}={value}\n" for name, value in settings.items()) + extra


def start_node(directory, cluster, node, extra):
    home = directory / f"node-{node['id']}"
    home.mkdir(exist_ok=True)
    settings = home / "server.properties"
    settings.write_text(properties(node, cluster["nodes"], home, extra))
    classes = f"{LIBRARIES}/*"
    if not (home / "data/meta.properties").exists():
        formatted = subprocess.run(
            ["java", "-cp", classes, "kafka.tools.StorageTool", "format", "-t", cluster["id"], "-c", settings],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if formatted.returncode:
            sys.exit(f"could not format {home}: {formatted.stdout}")
    with open(home / "log", "ab") as log:
        process = subprocess.Popen(
            ["java", "-Xms128m", "-Xmx384m", "-XX:+ExitOnOutOfMemoryError",
             "-Dorg.slf4j.simpleLogger.showDateTime=true", f"-D{MARK}={home}", "-cp", classes, "kafka.Kafka",
             settings],
            cwd=home, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, close_fds=True)
    node["pid"] = process.pid
    return process


def brokers(port):
    """The number of brokers that the broker at `port` knows (Metadata request, version 1); 0 if it does not answer."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as one:
            one.settimeout(2)
            body = struct.pack(">hhih3si", 3, 1, 1, 3, b"fte", 0)
            one.sendall(struct.pack(">i", len(body)) + body)
            answer = one.makefile("rb")
            (length,) = struct.unpack(">i", answer.read(4))
            return struct.unpack_from(">ii", answer.read(length))[1]
    except (OSError, struct.error):
        return 0


def start(directory, count, extra):
    state = directory / "cluster.json"
    cluster = json.loads(state.read_text()) if state.exists() else None
    fetch()
    if cluster is None:
        identity = subprocess.run(["java", "-cp", f"{LIBRARIES}/*", "kafka.tools.StorageTool", "random-uuid"],
                                  check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        cluster = {"id": identity.stdout.split()[-1], "nodes": [{"id": n + 1} for n in range(count)]}
    nodes = cluster["nodes"]
    running = [node for node in nodes if "pid" in node and is_ours(node, directory / f"node-{node['id']}")]
    # Reuse the previous ports if they are free, so that clients keep their configuration.
    known = [port for node in nodes if "spare" in node for port in (node["port"], node["controller"], node["spare"])]
    if not running and not (known and all(map(is_free, known))):
        ports = free_ports(3 * count)
        for node in nodes:
            node["port"], node["controller"], node["spare"] = ports.pop(), ports.pop(), ports.pop()
    processes = [(node, start_node(directory, cluster, node, extra)) for node in nodes if node not in running]
    state.write_text(json.dumps(cluster, indent=1))
    deadline = time.monotonic() + STARTS_WITHIN
    while any(brokers(node["port"]) < count for node in nodes):
        for node, process in processes:
            if process.poll() is not None:
                sys.exit(f"node {node['id']} exited: see {directory}/node-{node['id']}/log")
        if time.monotonic() > deadline:
            sys.exit(f"Kafka does not answer: see {directory}/node-*/log")
        time.sleep(0.2)
    print(f"KAFKA_BOOTSTRAP_SERVERS=127.0.0.1:{nodes[0]['port']}", flush=True)


def stop(directory):
    state = directory / "cluster.json"
    if not state.exists():
        return
    homes = [(node, directory / f"node-{node['id']}") for node in json.loads(state.read_text())["nodes"]]
    running = [(node, home) for node, home in homes if "pid" in node and is_ours(node, home)]
    for node, _ in running:
        # A process that is stopped (SIGSTOP) handles SIGTERM only after SIGCONT.
        os.kill(node["pid"], signal.SIGTERM)
        os.kill(node["pid"], signal.SIGCONT)
    deadline = time.monotonic() + STOPS_WITHIN
    while any(is_ours(node, home) for node, home in running):
        if time.monotonic() > deadline:
            for node, home in running:
                if is_ours(node, home):
                    os.kill(node["pid"], signal.SIGKILL)
            deadline += STOPS_WITHIN
        time.sleep(0.1)


def main():
    if len(sys.argv) not in (3, 4, 5) or sys.argv[1] not in ("start", "stop"):
        sys.exit(__doc__.splitlines()[0])
    directory = pathlib.Path(sys.argv[2]).absolute()
    count = sys.argv[3] if len(sys.argv) > 3 else "1"
    extra = pathlib.Path(sys.argv[4]).read_text() if len(sys.argv) > 4 else ""
    if count not in ("1", "3"):
        sys.exit(f"KAFKA_NODES is `{count}`, it expects 1 or 3")
    directory.mkdir(parents=True, exist_ok=True)
    with open(directory / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if sys.argv[1] == "start":
            (directory / count).mkdir(exist_ok=True)
            start(directory / count, int(count), extra)
        else:
            for size in ("1", "3"):
                stop(directory / size)


if __name__ == "__main__":
    main()
