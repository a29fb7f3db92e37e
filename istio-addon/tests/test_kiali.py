# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""Kiali's configuration as Kiali's loader and its queries take it (kiali/kiali: config/dashboards, business/dashboards.go, prometheus/metrics.go)."""

import json
import subprocess
import unittest
from typing import Any

from checks import promtool, reference, rules, yaml_files
from grafana import workload

_KIALI = reference.TOP / "istio-addon/kiali"
_DASHBOARD_KEYS = {"name", "title", "runtime", "discoverOn", "items", "externalLinks", "rows"}
_CHART_KEYS = (
    "name unit unitScale spans startCollapsed chartType min max metricName metrics dataType aggregator aggregations xAxis groupLabels sortLabel sortLabelParseAs".split()
)
_LINK_VARIABLES = {"namespace", "app", "service", "version", "workload"}
# Kiali's own dashboards, which one of the same name would replace.
_BUILT_IN = set(
    "istiod envoy go kiali micrometer-1.0.6-jvm-pool micrometer-1.0.6-jvm micrometer-1.1-jvm microprofile-1.1 microprofile-x.y nodejs quarkus springboot-jvm-pool "
    "springboot-jvm springboot-tomcat thorntail tomcat vertx-client vertx-eventbus vertx-jvm vertx-pool vertx-server ztunnel waypoint".split()
)
# Units that Kiali's UI spells out; any other is written behind the number as it is.
_UNIT_OF_RATE = {"sidelight_workload_tcp_close_total": "connrate"}
# What Kiali asks for on the page of a workload: {namespace, app, version}.
_FILTERED_BY = {"namespace", "app", "version"}
_FILTER = '{namespace="bookinfo",app="reviews",version="v1"}'
_SIDECAR = "sidelight_sidecar_duration_seconds"
# Found by no series but chosen by an annotation, or included only.
_NOT_DISCOVERED = {"sidelight-gateway", "sidelight-tcp"}


def _configuration() -> dict[str, Any]:
    return yaml_files.load(_KIALI / "kiali-cr.yaml")["spec"]


class KialiTest(unittest.TestCase):
    """Both fragments."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.configuration = _configuration()
        cls.dashboards = {dashboard["name"]: dashboard for dashboard in cls.configuration["custom_dashboards"]}
        cls.known = reference.series()

    def charts(self) -> list[dict[str, Any]]:
        return [item["chart"] for dashboard in self.dashboards.values() for item in dashboard["items"] if "chart" in item]

    def test_resource_and_config_map_say_the_same(self) -> None:
        config_map = yaml_files.load(_KIALI / "kiali-configmap.yaml")
        self.assertEqual(["config.yaml"], list(config_map["data"]))
        self.assertEqual(self.configuration, yaml_files.loads(config_map["data"]["config.yaml"]))
        self.assertEqual({"extensions", "custom_dashboards"}, set(self.configuration))

    def configure(self, configuration: str) -> subprocess.CompletedProcess[str]:
        config_map = {"kind": "ConfigMap", "metadata": {"name": "kiali", "resourceVersion": "7"}, "data": {"config.yaml": configuration}}
        return subprocess.run([_KIALI / "configure"], input=json.dumps(config_map), capture_output=True, text=True)

    def test_configure_adds_our_part_once(self) -> None:
        before = "auth:\n  strategy: anonymous\nserver: {port: 20001}"
        once = self.configure(before).stdout
        text = json.loads(once)["data"]["config.yaml"]
        self.assertEqual({**yaml_files.loads(before), **self.configuration}, yaml_files.loads(text))
        self.assertEqual(once, self.configure(text).stdout)

    def test_configure_leaves_others_dashboards_alone(self) -> None:
        done = self.configure("custom_dashboards: []\n")
        self.assertEqual((1, ""), (done.returncode, done.stdout))
        self.assertIn("custom_dashboards", done.stderr)

    def test_extension_is_ours(self) -> None:
        self.assertEqual([{"name": "sidelight", "enabled": True}], self.configuration["extensions"])

    def test_dashboards_are_as_the_loader_knows_them(self) -> None:
        self.assertEqual(len(self.configuration["custom_dashboards"]), len(self.dashboards), "two of one name")
        self.assertEqual(set(), _BUILT_IN & self.dashboards.keys())
        self.assertEqual({"sidelight-workload", "sidelight-app", "sidelight-gateway", "sidelight-tcp"}, set(self.dashboards))
        for dashboard in self.dashboards.values():
            with self.subTest(dashboard["name"]):
                self.assertLessEqual(set(dashboard), _DASHBOARD_KEYS)
                self.assertTrue(dashboard["title"] and dashboard["items"])
                for item in dashboard["items"]:
                    self.assertEqual(1, len({"chart", "include"} & set(item)), item)

    def test_dashboards_are_discovered_on_a_series(self) -> None:
        for dashboard in self.dashboards.values():
            with self.subTest(dashboard["name"]):
                if dashboard["name"] in _NOT_DISCOVERED:
                    self.assertNotIn("discoverOn", dashboard)
                else:
                    self.assertLessEqual(_FILTERED_BY, self.known[dashboard["discoverOn"]])

    def test_what_is_included_is_there(self) -> None:
        included = [item["include"] for dashboard in self.dashboards.values() for item in dashboard["items"] if "include" in item]
        self.assertEqual(["sidelight-tcp"], included)
        # What includes must not be included itself: no circle.
        self.assertFalse(any("include" in item for item in self.dashboards["sidelight-tcp"]["items"]))

    def test_charts_are_as_the_loader_knows_them(self) -> None:
        for chart in self.charts():
            with self.subTest(chart["name"]):
                self.assertLessEqual(set(chart), set(_CHART_KEYS))
                self.assertIn(chart["spans"], range(1, 13))
                self.assertIn(chart["dataType"], ("raw", "rate", "histogram"))
                names = [metric["displayName"] for metric in chart["metrics"]]
                self.assertEqual(len(names), len(set(names)))
                for metric in chart["metrics"]:
                    self.assertEqual({"metricName", "displayName"}, set(metric))
                for aggregation in chart.get("aggregations", []):
                    self.assertLessEqual({"label", "displayName"}, set(aggregation))

    def test_titles_of_charts_are_told_apart(self) -> None:
        names = [chart["name"] for chart in self.charts()]
        self.assertEqual(sorted(set(names)), sorted(names))

    def test_metrics_are_named_as_their_type_demands(self) -> None:
        for chart in self.charts():
            with self.subTest(chart["name"]):
                for metric in chart["metrics"]:
                    name = metric["metricName"]
                    if chart["dataType"] == "histogram":
                        self.assertIn(name, reference.histograms(), "a histogram is named without suffix")
                    else:
                        self.assertIn(name, self.known)
                        self.assertTrue(chart["dataType"] == "raw" or name.endswith(("_total", "_count", "_sum")), "a rate is of a counter")

    def test_series_have_the_labels_that_are_asked_for(self) -> None:
        for chart in self.charts():
            with self.subTest(chart["name"]):
                asked = _FILTERED_BY | set(chart.get("groupLabels", [])) | {aggregation["label"] for aggregation in chart.get("aggregations", [])}
                for series in _series_of(chart):
                    self.assertLessEqual(asked, self.known[series], series)

    def test_units_show_what_is_below_a_tenth_of_a_millisecond(self) -> None:
        for chart in self.charts():
            with self.subTest(chart["name"]):
                if chart["dataType"] == "histogram":
                    self.assertEqual(("ms", 1000), (chart["unit"], chart["unitScale"]))
                else:
                    expected = [_UNIT_OF_RATE.get(metric["metricName"]) for metric in chart["metrics"]]
                    self.assertTrue(chart["unit"].endswith("/s") if expected == [None] * len(expected) else [chart["unit"]] == expected)
                    self.assertNotIn("unitScale", chart)

    def test_components_are_never_added_to_their_total(self) -> None:
        for chart in self.charts():
            if any(metric["metricName"].startswith(_SIDECAR) for metric in chart["metrics"]):
                with self.subTest(chart["name"]):
                    self.assertIn("component", chart.get("groupLabels", []))

    def test_kialis_queries_parse(self) -> None:
        queries = [query for chart in self.charts() for query in _queries_of_kiali(chart)]
        self.assertEqual("", promtool.complaint(queries))
        for query in queries:
            with self.subTest(query):
                self.assertEqual([], rules.complaints(query, self.known))

    def test_links_lead_to_our_grafana_dashboards(self) -> None:
        made = workload.dashboard()
        for dashboard in self.dashboards.values():
            for link in dashboard.get("externalLinks", []):
                with self.subTest(dashboard["name"]):
                    self.assertEqual(("grafana", made.title), (link["type"], link["name"]))
                    self.assertLessEqual(set(link["variables"]), _LINK_VARIABLES)
                    self.assertEqual({f"var-{variable.name}" for variable in made.variables}, set(link["variables"].values()))


def _series_of(chart: dict[str, Any]) -> list[str]:
    suffix = "_bucket" if chart["dataType"] == "histogram" else ""
    return [metric["metricName"] + suffix for metric in chart["metrics"]]


def _queries_of_kiali(chart: dict[str, Any]) -> list[str]:
    """As Kiali builds them, once by its groupLabels alone and once by what the reader may choose beside them."""
    fixed = chart.get("groupLabels", [])
    groupings = [fixed, *([*fixed, aggregation["label"]] for aggregation in chart.get("aggregations", []))]
    queries = []
    for metric in chart["metrics"]:
        for labels in groupings:
            by = f" by ({','.join(labels)})" if labels else ""
            if chart["dataType"] == "histogram":
                buckets = ",".join(["le", *labels])
                name = metric["metricName"]
                queries.append(f"sum(rate({name}_sum{_FILTER}[1m])){by} / sum(rate({name}_count{_FILTER}[1m])){by}")
                queries.append(f"histogram_quantile(0.95, sum(rate({name}_bucket{_FILTER}[1m])) by ({buckets}))")
            else:
                queries.append(f"sum(rate({metric['metricName']}{_FILTER}[1m])){by}")
    return queries
