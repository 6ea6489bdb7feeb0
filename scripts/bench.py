#!/usr/bin/env python3
"""Compares the speed of this program with that of an older commit, as ratios measured in one run.

The older program is built once into target/bench-COMMIT, with the build profile of this one, so that the code is compared
and not the compiler's settings; its first build takes as long as any first build. Both programs are measured by the load
test of their own commit, in alternating rounds: what else the machine does meanwhile touches both. A ratio above 1 means
that this program is better; each is the median of the rounds. Ends with 1 if one is below the threshold.

    make bench                                     # against the newest tag, else the pinned commit
    make bench BENCH="--against 5b26b06 --rounds 5"
    scripts/bench.py --only turns --messages 5000  # one part alone, of programs that are built already
"""
import argparse
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
# The baseline while there is no tag. Whoever accepts a slower program pins its commit here, and says why.
PINNED = "a54e5be"
PARTS = ("submit", "turns", "latency")


def main():
    options = arguments()
    commit = run(["git", "rev-parse", "--verify", "--quiet", f"{options.against}^{{commit}}"])
    old, new = older(commit), ROOT / "target"
    if not (new / "debug/examples/load").is_file():
        sys.exit("build this program first: cargo build --locked --bin fte --example load")
    print(f"this program against {commit[:7]}, {options.rounds} rounds, load average {os.getloadavg()[0]:.1f}", flush=True)
    ratios = {}
    for number in range(options.rounds):
        for part in options.only or PARTS:
            # The other one begins in every second round.
            order = (old, new) if number % 2 == 0 else (new, old)
            figures = {home: measured(home, part, options) for home in order}
            for name, was in figures[old].items():
                now = figures[new].get(name)
                if now is not None:
                    ratios.setdefault(name, []).append((was, now))
    slow = table(ratios, options.below)
    print(f"load average {os.getloadavg()[0]:.1f}")
    if slow:
        print(f"below {options.below}: {', '.join(slow)}")
    sys.exit(1 if slow else 0)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--against", metavar="COMMIT", default=baseline(),
                        help="the commit to compare with (default: the newest tag, else %(default)s)")
    parser.add_argument("--rounds", type=positive, default=3, help="rounds of each part (default: %(default)s)")
    parser.add_argument("--only", action="append", choices=PARTS, help="this part alone; may be repeated")
    parser.add_argument("--seconds", type=positive, default=10,
                        help="seconds of each measurement of submit and latency (default: %(default)s)")
    parser.add_argument("--messages", type=positive, default=20_000,
                        help="messages of each measurement of turns (default: %(default)s)")
    parser.add_argument("--rate", type=positive, default=100,
                        help="submissions per second of latency (default: %(default)s)")
    parser.add_argument("--below", type=float, default=0.9, help="the lowest ratio that is accepted (default: %(default)s)")
    return parser.parse_args()


def positive(text):
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


def baseline():
    tag = subprocess.run(["git", "describe", "--tags", "--abbrev=0"], cwd=ROOT, capture_output=True, text=True)
    return tag.stdout.strip() or PINNED


def run(command, **options):
    done = subprocess.run(command, cwd=options.pop("cwd", ROOT), stdout=subprocess.PIPE, text=True, **options)
    if done.returncode != 0:
        sys.exit(f"failed: {' '.join(map(str, command))}")
    return done.stdout.strip()


def older(commit):
    """The target folder of the older program, which is built if it is missing."""
    home = ROOT / f"target/bench-{commit[:12]}"
    target = home / "target"
    if not (target / "debug/examples/load").is_file():
        print(f"building {commit[:7]} in {home} …", file=sys.stderr, flush=True)
        home.mkdir(parents=True, exist_ok=True)
        archive = subprocess.Popen(["git", "archive", commit], cwd=ROOT, stdout=subprocess.PIPE)
        run(["tar", "-x", "-C", str(home)], stdin=archive.stdout)
        if archive.wait() != 0:
            sys.exit(f"could not read {commit}")
        manifest = home / "Cargo.toml"
        manifest.write_text(with_profiles(manifest.read_text(), (ROOT / "Cargo.toml").read_text()))
        link(home)
        # Downloads of the older program that this one no longer needs.
        recipes = re.findall(r"^(postgres|minilm|onnxruntime):", (home / "Makefile").read_text(), re.MULTILINE)
        run(["make", *recipes], cwd=home)
        environment = {**os.environ, "CARGO_TARGET_DIR": str(target)}
        run(["cargo", "build", "--locked", "--bin", "fte", "--example", "load"], cwd=home, env=environment)
    link(home)
    return target


def link(home):
    """Both programs use the same downloaded files."""
    if not (home / ".runtime").exists():
        (home / ".runtime").symlink_to(ROOT / ".runtime")


def with_profiles(manifest, other):
    """The manifest with the build profiles of the other one."""
    return tables(manifest, lambda name: not name.startswith("profile")) + "\n" + tables(
        other, lambda name: name.startswith("profile"))


def tables(manifest, wanted):
    """The tables of a manifest whose names are wanted. Comments stay with what is above them."""
    kept, keeps = [], wanted("")
    for line in manifest.splitlines():
        header = re.match(r"\[+([^\]]+)\]", line)
        if header:
            keeps = wanted(header[1])
        if keeps:
            kept.append(line)
    return "\n".join(kept) + "\n"


def measured(home, part, options):
    """The figures of one measurement; each name says in its unit whether more is better."""
    arguments = {
        "submit": ["--rounds", "1", "--seconds", str(options.seconds)],
        "turns": ["--messages", str(options.messages), "--conversations", "1000"],
        "latency": ["--rate", str(options.rate), "--seconds", str(options.seconds)],
    }[part]
    print(f"{home.parent.name}: {part}", file=sys.stderr, flush=True)
    report = json.loads(run([str(home / "debug/examples/load"), part, "--json", *arguments], stderr=subprocess.DEVNULL))
    if part == "submit":
        rows = {row["case"]: row for row in report["tables"]["rounds"]}
        cases = [case for case in ("fte, no agents", "fte, agents running") if case in rows]
        figures = {f"submissions, {case} (/s)": rows[case]["req/s"] for case in cases}
        return {**figures, "submissions, fte, no agents (CPU µs)": cpu(rows["fte, no agents"], "req")}
    if part == "turns":
        each, few = report["tables"]["turns"]
        return {"turns, a message each (/s)": each["turns/s"], "turns, a message each (CPU µs)": cpu(each, "turn"),
                "messages in few conversations (/s)": few["messages/s"]}
    row = report["tables"]["from submission to answer"][0]
    return {"from submission to answer, p50 (ms)": row["p50 ms"], "from submission to answer, p95 (ms)": row["p95 ms"],
            "answered (/s)": row["answered"] / options.seconds}


def cpu(row, unit):
    return row[f"CPU µs/{unit}"] + row[f"PostgreSQL CPU µs/{unit}"]


def table(ratios, below):
    """Prints the table; returns the names of what is too slow."""
    slow, width = [], max(map(len, ratios))
    print(f"{'':{width}}  {'older':>9}  {'now':>9}  ratio")
    for name, rounds in ratios.items():
        more_is_better = name.endswith("(/s)")
        ratio = statistics.median(ratio_of(was, now, more_is_better) for was, now in rounds)
        was, now = (statistics.median(values) for values in zip(*rounds))
        print(f"{name:{width}}  {was:9,.1f}  {now:9,.1f}  {ratio:5.2f}")
        if ratio < below:
            slow.append(name)
    return slow


def ratio_of(was, now, more_is_better):
    better, worse = (now, was) if more_is_better else (was, now)
    return better / max(worse, 1e-9)


if __name__ == "__main__":
    main()
