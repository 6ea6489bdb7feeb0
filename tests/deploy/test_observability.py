"""Tests of alerts, dashboards and runbooks: the alerts fire when they should, and every metric, label and page that they name
exists in the program."""

import json
import re
import subprocess
import tempfile
import unittest

import yaml

from rendered import ROOT

OBSERVABILITY = ROOT / "deploy/observability"
# Made by Prometheus itself.
OF_PROMETHEUS = {"up": {"job", "instance"}}
HEADINGS = ["## Symptom", "## Impact", "## First command", "## Exit"]


def definitions():
    """Each metric of src/metrics.rs with its labels; a histogram by the three names that it is exported under."""
    source = (ROOT / "src/metrics.rs").read_text()
    pattern = r"^    \w+: (\w+) = \"(\w+)\",\s*\w+,\s*\[([^\]]*)\]"
    found = dict(OF_PROMETHEUS)
    for kind, name, labels in re.findall(pattern, source, re.M):
        labels = set(re.findall(r'"(\w+)"', labels)) | {"instance", "job"}
        if kind.startswith("Histogram"):
            found.update({name + "_bucket": labels | {"le"}, name + "_sum": labels, name + "_count": labels})
        else:
            found[name] = labels
    return found


def alerts():
    groups = yaml.safe_load((OBSERVABILITY / "alerts.yml").read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def dashboards():
    return {path.name: json.loads(path.read_text()) for path in sorted((OBSERVABILITY / "dashboards").glob("*.json"))}


def expressions():
    """Where each expression is, and the expression."""
    for alert in alerts():
        yield alert["alert"], alert["expr"]
    for name, board in dashboards().items():
        for panel in board["panels"]:
            for target in panel["targets"]:
                yield f"{name}: {panel['title']}", target["expr"]


def unknown(expression, known):
    """Names and labels of an expression that no metric has."""
    problems = []
    for name in re.findall(r"\b((?:fte|http)_\w+|up)\b", re.sub(r'"[^"]*"', '""', expression)):
        if name not in known:
            problems.append(name)
    for name, matchers in re.findall(r"\b((?:fte|http)_\w+|up)\{([^}]*)\}", expression):
        for label in re.findall(r"(\w+)\s*(?:=~|!~|!=|=)", re.sub(r'"[^"]*"', '""', matchers)):
            if label not in known.get(name, {label}):
                problems.append(f"{name}{{{label}}}")
    labels = set().union(*(known[name] for name in re.findall(r"\b(?:fte|http)_\w+|\bup\b", expression) if name in known))
    for grouped in re.findall(r"\bby \(([^)]*)\)", expression):
        problems += [f"by ({label})" for label in re.split(r",\s*", grouped) if label not in labels]
    return problems


class Alerts(unittest.TestCase):
    def run_promtool(self, *arguments):
        ran = subprocess.run(["promtool", *arguments], cwd=OBSERVABILITY, capture_output=True, text=True)
        self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
        return ran.stdout

    def test_rules_are_valid_and_fire_when_they_should(self):
        said = self.run_promtool("check", "rules", "alerts.yml")
        self.assertIn(f"{len(alerts())} rules found", said)
        self.assertIn("SUCCESS", self.run_promtool("test", "rules", "alerts.test.yml"))

    def test_each_alert_has_a_case_in_which_it_fires_and_one_in_which_it_does_not(self):
        cases = yaml.safe_load((OBSERVABILITY / "alerts.test.yml").read_text())["tests"]
        found = set()
        for case in cases:
            for test in case["promql_expr_test"]:
                name = re.search(r'alertname="(\w+)"', test["expr"])[1]
                found.add((name, bool(test["exp_samples"])))
        self.assertEqual(found, {(alert["alert"], fires) for alert in alerts() for fires in (True, False)})

    def test_each_alert_has_a_runbook_and_each_runbook_an_alert(self):
        pages = {path.name for path in (ROOT / "docs/runbooks").glob("*.md")} - {"README.md"}
        named = set()
        for alert in alerts():
            self.assertIn(alert["labels"]["severity"], ("page", "ticket"))
            path = ROOT / alert["annotations"]["runbook"]
            named.add(path.name)
            text = path.read_text()
            self.assertIn(f"Alert `{alert['alert']}`.", text)
            places = [text.find(heading) for heading in HEADINGS]
            self.assertTrue(all(place > 0 for place in places) and places == sorted(places), path.name)
            for heading, following in zip(HEADINGS, HEADINGS[1:] + [None]):
                content = text.split(heading)[1].split(following)[0] if following else text.split(heading)[1]
                self.assertTrue(content.strip(), f"{path.name}: {heading} is empty")
        self.assertEqual(pages, named)

    def test_metrics_that_runbooks_name_exist(self):
        names = {re.sub(r"_(bucket|sum|count)$", "", name) for name in definitions()}
        for page in (ROOT / "docs/runbooks").glob("*.md"):
            for name in re.findall(r"\bfte_\w+", page.read_text()):
                name = re.sub(r"_(bucket|sum|count)$", "", name)
                self.assertTrue(any(known == name or known.startswith(name) for known in names), f"{page.name}: {name}")


class Dashboards(unittest.TestCase):
    def test_every_metric_and_label_exists(self):
        known = definitions()
        self.assertGreater(len(known), 40)
        problems = {place: found for place, expression in expressions() if (found := unknown(expression, known))}
        self.assertEqual(problems, {})

    def test_what_does_not_exist_is_noticed(self):
        known = definitions()
        self.assertEqual(unknown("rate(fte_turn_total[5m])", known), ["fte_turn_total"])
        self.assertEqual(unknown('fte_turns_total{end="done"}', known), ["fte_turns_total{end}"])
        self.assertEqual(unknown("sum by (reson) (fte_escalations_total)", known), ["by (reson)"])
        self.assertEqual(unknown("fte_turn_seconds", known), ["fte_turn_seconds"])

    def test_every_expression_is_promql(self):
        rules = [{"record": f"check:{number}", "expr": expression} for number, (_, expression) in enumerate(expressions())]
        with tempfile.NamedTemporaryFile("w", suffix=".yml") as file:
            yaml.safe_dump({"groups": [{"name": "check", "rules": rules}]}, file)
            file.flush()
            ran = subprocess.run(["promtool", "check", "rules", file.name], capture_output=True, text=True)
        self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
        self.assertIn(f"{len(rules)} rules found", ran.stdout)

    def test_every_metric_of_the_program_is_watched(self):
        # The older names of the HTTP histograms repeat the newer ones.
        repeated = {"http_request_duration_seconds"}
        named = " ".join(expression for _, expression in expressions())
        names = {re.sub(r"_(bucket|sum|count)$", "", name) for name in definitions()} - set(OF_PROMETHEUS) - repeated
        self.assertEqual({name for name in names if name not in named}, set())

    def test_the_three_boards_are_complete(self):
        boards = dashboards()
        self.assertEqual(sorted(boards), ["capacity.json", "on-call.json", "support-lead.json"])
        self.assertEqual(len({board["uid"] for board in boards.values()}), 3)
        for name, board in boards.items():
            ids = [panel["id"] for panel in board["panels"]]
            self.assertEqual(len(ids), len(set(ids)), name)
            self.assertTrue(all(panel["title"] and panel["targets"] for panel in board["panels"]), name)


if __name__ == "__main__":
    unittest.main()
