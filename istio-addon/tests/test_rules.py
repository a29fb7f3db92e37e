# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""What promtool does not look at: names that exist, runbooks, and that every alert has its three tests."""

import re
import unittest
from typing import Any

from checks import promql, promtool, reference, rules

_RECORD = re.compile(r"(edge|sidecar):sidelight_\w+:(rate5m|mean5m|ratio_rate5m|p\d\d_rate5m)")
_RUNBOOK_PREFIX = "istio-addon/prometheus/RUNBOOKS.md#"
_LABELS_IN_TEXT = re.compile(r"\$labels\.(\w+)")
_STEPS = ("**What it means.**", "**Look.**", "**Do.**", "**False alarm.**")


def _runbooks() -> dict[str, str]:
    """The runbooks' text by the anchor that a Markdown page gives its heading."""
    sections = re.split(r"^### ", (rules.PROMETHEUS / "RUNBOOKS.md").read_text(), flags=re.MULTILINE)[1:]
    return {section.split("\n", 1)[0].strip().lower(): section for section in sections}


def _queries(runbook: str) -> list[str]:
    """The PromQL of its blocks of code: every line that is no command."""
    lines = [line for block in runbook.split("```")[1::2] for line in block.strip().splitlines()]
    return [line.split("  #")[0].strip() for line in lines if not line.startswith(("curl ", "mesh "))]


class RulesTest(unittest.TestCase):
    """The rules as a whole."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.known = rules.series()

    def test_expressions_name_what_there_is(self) -> None:
        for rule in rules.all_rules():
            with self.subTest(rule.get("alert") or rule["record"]):
                self.assertEqual([], rules.complaints(rule["expr"], self.known))

    def test_records_are_named_by_level_metric_and_operation(self) -> None:
        for rule in rules.records():
            with self.subTest(rule["record"]):
                self.assertRegex(rule["record"], f"^{_RECORD.pattern}$")
                level = rules.LEVELS[rule["record"].split(":")[0]]
                for kind, labels in promql.names_of(rule["expr"]).label_lists:
                    if kind == "by":
                        self.assertLessEqual(level, labels, "an aggregation that drops labels of the level")

    def test_alerts_have_severity_and_text(self) -> None:
        for alert in rules.alerts():
            with self.subTest(alert["alert"]):
                self.assertIn(alert["labels"]["severity"], ("warning", "info"))
                self.assertEqual({"summary", "description", "runbook_url"}, set(alert["annotations"]))
                of_any = {label for metric in promql.names_of(alert["expr"]).metrics for label in self.known[metric]} | {"ingest"}
                for text in alert["annotations"].values():
                    self.assertLessEqual(set(_LABELS_IN_TEXT.findall(text)), of_any)

    def test_each_alert_has_its_runbook(self) -> None:
        runbooks = _runbooks()
        for alert in rules.alerts():
            with self.subTest(alert["alert"]):
                anchor = alert["alert"].lower()
                self.assertEqual(_RUNBOOK_PREFIX + anchor, alert["annotations"]["runbook_url"])
                self.assertIn(anchor, runbooks)
                for step in _STEPS:
                    self.assertIn(step, runbooks[anchor])
        self.assertEqual({alert["alert"].lower() for alert in rules.alerts()}, set(runbooks), "runbooks of no alert")

    def test_readme_names_each_alert_under_its_group(self) -> None:
        page = (reference.TOP / "istio-addon/README.md").read_text()
        for content in rules.files("rules").values():
            alerts = [rule["alert"] for group in content["groups"] for rule in group["rules"] if "alert" in rule]
            if alerts:
                group = content["groups"][0]["name"].removeprefix("sidelight.")
                self.assertIn(f"| {group} | " + ", ".join(f"`{alert}`" for alert in alerts) + " |", page)
        self.assertIn(f"and {len(rules.alerts())} alerts", page)

    def test_runbooks_name_what_there_is(self) -> None:
        names = set(re.findall(r"\b(?:\w+:)?sidelight_\w+\b(?!\*)(?::\w+)?", "".join(_runbooks().values())))
        self.assertEqual(set(), {name for name in names if name not in self.known and name not in reference.histograms()})

    def test_runbooks_queries_are_right(self) -> None:
        queries = [query for text in _runbooks().values() for query in _queries(text)]
        self.assertGreater(len(queries), 30)
        self.assertEqual("", promtool.complaint(queries))
        for query in queries:
            with self.subTest(query):
                self.assertEqual([], rules.complaints(query, self.known))


class AlertTestsTest(unittest.TestCase):
    """promtool's tests of the alerts."""

    def test_series_are_as_they_are_scraped(self) -> None:
        known = rules.series()
        for content in rules.files("tests").values():
            for group in content["tests"]:
                for series in group["input_series"]:
                    with self.subTest(group["name"], series=series["series"]):
                        self.assertEqual([], rules.complaints(series["series"], known))

    def test_each_recorded_series_is_computed(self) -> None:
        tests = rules.files("tests")[rules.PROMETHEUS / "tests/recording.yaml"]["tests"]
        computed = {name for group in tests for test in group["promql_expr_test"] for name in promql.names_of(test["expr"]).metrics}
        self.assertEqual({record["record"] for record in rules.records()}, computed)

    def test_each_alert_fires_and_resolves_and_does_not_fire(self) -> None:
        groups = [group for content in rules.files("tests").values() for group in content["tests"]]
        for alert in rules.alerts():
            with self.subTest(alert["alert"]):
                runs = [_run(group, alert["alert"]) for group in groups]
                before = [False, False] if "for" in alert else [False]
                self.assertIn([*before, True, False], runs, "no test in which it does not fire (nor while it waits), fires, and resolves")
                self.assertTrue(any(run and not any(run) for run in runs), "no test in which it never fires")


def _run(group: dict[str, Any], alert: str) -> list[bool]:
    """Whether it fires, at each time that the test looks."""
    looks = [look for look in group.get("alert_rule_test", []) if look["alertname"] == alert]
    return [bool(look["exp_alerts"]) for look in sorted(looks, key=lambda look: _seconds(look["eval_time"]))]


def _seconds(text: str) -> int:
    return sum(int(number) * {"m": 60, "s": 1}[unit] for number, unit in re.findall(r"(\d+)([ms])", text))
