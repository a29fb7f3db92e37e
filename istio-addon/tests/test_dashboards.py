# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""The dashboards as Grafana will import them: what they ask for exists, and what a reader needs is there."""

import itertools
import json
import re
import unittest
from collections.abc import Callable
from typing import Any

import grafana.__main__ as generator
from checks import promtool, rules
from grafana.panels import ALERT_THRESHOLDS

_COLUMNS = 24
# Of Grafana's ids of units, those that fit what we have.
_UNITS = {"s", "reqps", "percentunit", "short", "Bps", "bytes", "cps"}
_BY_GRAFANA = {"__rate_interval": "5m"}
_VARIABLE = re.compile(r"\$(?:\{(\w+)\}|(\w+))")
_LABEL_VALUES = re.compile(r"label_values\((?P<series>.+), (?P<label>\w+)\)")


def _dashboards() -> dict[str, dict[str, Any]]:
    return {path.name: json.loads(path.read_text()) for path in sorted(generator.FOLDER.glob("*.json"))}


def _panels(dashboard: dict[str, Any]) -> list[dict[str, Any]]:
    return [panel for panel in dashboard["panels"] if panel["type"] != "row"]


def _expression(text: str) -> str:
    """As Prometheus gets it, but for the values of the dashboard's own variables, which stand in strings."""
    return _VARIABLE.sub(lambda match: _BY_GRAFANA.get(match[1] or match[2], match[0]), text)


class DashboardsTest(unittest.TestCase):
    """All of them."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.dashboards = _dashboards()
        cls.known = rules.series()

    def for_each_panel(self, check: Callable[[dict[str, Any]], None]) -> None:
        for name, dashboard in self.dashboards.items():
            for panel in _panels(dashboard):
                with self.subTest(name, panel=panel["title"]):
                    check(panel)

    def test_files_are_as_the_code_makes_them(self) -> None:
        self.assertEqual([], generator.stale())

    def test_there_are_four(self) -> None:
        self.assertEqual({f"sidelight-{of}" for of in ("mesh", "edge", "workload", "itself")}, {dashboard["uid"] for dashboard in self.dashboards.values()})
        self.assertEqual(4, len({dashboard["title"] for dashboard in self.dashboards.values()}))

    def test_expressions_parse(self) -> None:
        expressions = [_expression(target["expr"]) for dashboard in self.dashboards.values() for panel in _panels(dashboard) for target in panel["targets"]]
        self.assertGreater(len(expressions), 80)
        self.assertEqual("", promtool.complaint(expressions))

    def test_expressions_name_what_there_is(self) -> None:
        def check(panel: dict[str, Any]) -> None:
            for target in panel["targets"]:
                self.assertEqual([], rules.complaints(_expression(target["expr"]), self.known))

        self.for_each_panel(check)

    def test_variables_are_declared_and_used(self) -> None:
        for name, dashboard in self.dashboards.items():
            with self.subTest(name):
                declared = {variable["name"] for variable in dashboard["templating"]["list"]}
                texts = [target["expr"] for panel in _panels(dashboard) for target in panel["targets"]]
                texts += [variable["definition"] for variable in dashboard["templating"]["list"] if variable["type"] == "query"]
                used = {match[1] or match[2] for text in texts for match in _VARIABLE.finditer(text)} - _BY_GRAFANA.keys()
                self.assertEqual(declared - {"datasource"}, used)

    def test_variables_ask_for_labels_that_there_are(self) -> None:
        for name, dashboard in self.dashboards.items():
            for variable in dashboard["templating"]["list"]:
                if variable["type"] == "query":
                    with self.subTest(name, variable=variable["name"]):
                        asked = _LABEL_VALUES.fullmatch(variable["definition"])
                        assert asked is not None
                        self.assertEqual([], rules.complaints(f"count by ({asked['label']}) ({asked['series']})", self.known))

    def test_each_panel_asks_the_chosen_data_source(self) -> None:
        def check(panel: dict[str, Any]) -> None:
            for part in (panel, *panel["targets"]):
                self.assertEqual({"type": "prometheus", "uid": "${datasource}"}, part["datasource"])

        self.for_each_panel(check)

    def test_each_panel_has_title_description_unit_and_thresholds(self) -> None:
        def check(panel: dict[str, Any]) -> None:
            self.assertTrue(panel["title"])
            self.assertRegex(panel["description"], r"^[A-Z1].{10,}\.$")
            defaults = panel["fieldConfig"]["defaults"]
            self.assertIn(defaults["unit"], _UNITS)
            self.assertIsNone(defaults["thresholds"]["steps"][0]["value"])

        self.for_each_panel(check)

    def test_titles_are_told_apart(self) -> None:
        for name, dashboard in self.dashboards.items():
            with self.subTest(name):
                by_row, row = set(), ""
                for panel in dashboard["panels"]:
                    row = panel["title"] if panel["type"] == "row" else row
                    self.assertNotIn((row, panel["type"] == "row", panel["title"]), by_row)
                    by_row.add((row, panel["type"] == "row", panel["title"]))

    def test_ids_are_told_apart(self) -> None:
        for name, dashboard in self.dashboards.items():
            with self.subTest(name):
                ids = [panel["id"] for panel in dashboard["panels"]]
                self.assertEqual(len(ids), len(set(ids)))

        def check(panel: dict[str, Any]) -> None:
            references = [target["refId"] for target in panel["targets"]]
            self.assertEqual(len(references), len(set(references)))

        self.for_each_panel(check)

    def test_no_panel_lies_on_another(self) -> None:
        for name, dashboard in self.dashboards.items():
            with self.subTest(name):
                for panel in dashboard["panels"]:
                    place = panel["gridPos"]
                    self.assertTrue(0 <= place["x"] and place["x"] + place["w"] <= _COLUMNS and place["w"] > 0 and place["h"] > 0, panel["title"])
                for one, other in itertools.combinations(dashboard["panels"], 2):
                    self.assertFalse(_overlap(one["gridPos"], other["gridPos"]), f"{one['title']} lies on {other['title']}")

    def test_thresholds_are_the_alerts(self) -> None:
        expressions = {alert["alert"]: alert["expr"] for alert in rules.alerts()}
        for alert, threshold in ALERT_THRESHOLDS.items():
            with self.subTest(alert):
                self.assertRegex(expressions[alert], rf"> {threshold}(?!\d)")
        panels = [panel for dashboard in self.dashboards.values() for panel in _panels(dashboard)]
        drawn = {alert for panel in panels for alert in re.findall(r"the alert (\w+)\.", panel["description"])}
        self.assertEqual(set(ALERT_THRESHOLDS), drawn)

    def test_every_recorded_series_is_asked_for(self) -> None:
        texts = [target["expr"] for dashboard in self.dashboards.values() for panel in _panels(dashboard) for target in panel["targets"]]
        texts += [rule["expr"] for rule in rules.all_rules()] + [(rules.PROMETHEUS / "RUNBOOKS.md").read_text()]
        for record in rules.records():
            with self.subTest(record["record"]):
                self.assertTrue(any(record["record"] in text for text in texts))


def _overlap(one: dict[str, int], other: dict[str, int]) -> bool:
    beside = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
    above = one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]
    return not beside and not above
