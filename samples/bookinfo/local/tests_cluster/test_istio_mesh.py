# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""Sidelight in a mesh of Istio's own, installed by the addon's manifests alone: what it tells of calls that are known, on a mesh that these tests share."""

import contextlib
import json
import os
import signal
import threading
import unittest
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from localmesh import control, edges, lifecycle
from localmesh.cluster.cluster import Cluster, wait_until
from localmesh.errors import MeshError
from localmesh.istio import envoy_admin
from localmesh.istio.node import cluster_layout, make_nodes
from localmesh.istio.pod import workload
from localmesh.layout import Layout, Ports
from localmesh.pods import Variant
from localmesh.traffic import LoadGenerator, Sample, gateway_of, netns_path
from localmesh.truth import report
from localmesh.truth.lane import Lane
from localmesh.truth.plan import Cell, Plan

_LAYOUT = Layout(Path("/run/sidelight-istio-test"), Ports(18090, 18091, 18092, 18094))
_SECONDS = 60.0
_RPS = 20.0
_FOREVER = 3600.0
_CONTROLLER = "deployment/sidelight-controller"
_NAMESPACE = "istio-system"
_ENVOY_FILTER = f"/apis/networking.istio.io/v1alpha3/namespaces/{_NAMESPACE}/envoyfilters/sidelight"
_TELEMETRY = f"/apis/telemetry.istio.io/v1/namespaces/{_NAMESPACE}/telemetries/sidelight"
# Components that only the tags of Sidelight's own logger tell.
_OF_MODE_FULL = {"source_sidecar_connect", "destination_sidecar_connect", "retry"}
# Of the calls of a while: an end may be lost to the kernel's luck, and that is counted; more than that is a fault.
_FULL_SHARE = 0.99


def _quiet(text: str) -> None:
    del text


def _ignore(sample: Sample) -> None:
    del sample


class IstioMeshTest(unittest.TestCase):
    """One mesh for all of them, as it comes from `mesh up --istio`."""

    cluster: Cluster

    @classmethod
    def setUpClass(cls) -> None:
        lifecycle.down(_LAYOUT, _quiet)
        lifecycle.up(_LAYOUT, _quiet, bound=True, variant=Variant.ISTIO)
        cls.addClassCleanup(lifecycle.down, _LAYOUT, _quiet)
        cls.cluster = Cluster(cluster_layout(_LAYOUT))
        cls.client = cls.cluster.client()
        cls.addClassCleanup(cls.client.close)
        cls.await_all_told()

    @classmethod
    def await_all_told(cls) -> None:
        """Until each Envoy tells its calls, as the controller has applied its object and istiod has told it, and each probe tells of them too."""

        def all_told() -> bool:
            # While a controller starts anew nothing answers.
            with contextlib.suppress(MeshError):
                found = edges.fetch(_LAYOUT.ports.http, "5s")
                return not edges.missing(found) and all(edge["coverage"]["full"] == edge["requests"] for edge in found if edges.names(edge) in edges.EXPECTED_EDGES)
            return False

        with cls.traffic():
            wait_until(all_told, _SECONDS, "each edge of bookinfo, in full")

    @classmethod
    @contextlib.contextmanager
    def traffic(cls) -> Iterator[None]:
        """Calls through the gateway as long as the block lasts, and until they are answered."""
        generator = LoadGenerator(gateway_of(_LAYOUT), "/productpage", _ignore)
        thread = threading.Thread(target=generator.run, args=(_RPS, _FOREVER), daemon=True)
        thread.start()
        try:
            yield
        finally:
            generator.stop()
            thread.join()

    @staticmethod
    def get(path: str) -> Any:
        """What the controller's API answers."""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"http://127.0.0.1:{_LAYOUT.ports.http}{path}", timeout=10) as response:
            return json.load(response)

    def send(self, count: int) -> set[str]:
        """Sends so many requests through the gateway, each of which must be answered well; answers the ids that the gateway gave them, as productpage has logged them."""
        log = _LAYOUT.calls("productpage-v1")
        before = log.stat().st_size
        samples: list[Sample] = []
        LoadGenerator(gateway_of(_LAYOUT), "/productpage", samples.append).run(_RPS, count / _RPS)
        self.assertEqual([200] * count, [sample.status for sample in samples])

        def logged() -> set[str]:
            with open(log) as lines:
                lines.seek(before)
                calls = [json.loads(line) for line in lines if line.endswith("\n")]
            ids = {call["requestId"] for call in calls if call["destination"] == "details"}
            return ids if len(ids) == count else set()

        return set(wait_until(logged, _SECONDS, f"productpage's log of {count} requests"))

    def calls(self, ids: set[str]) -> list[dict[str, Any]]:
        """All calls that the controller knows of these requests, as soon as each is known on all edges that it must have taken."""

        def found() -> list[dict[str, Any]]:
            known = [call for call in self.get("/api/v1/requests?window=300s&limit=100000")["requests"] if call["requestId"] in ids]
            return known if all(set(of_edge) == ids for of_edge in self.by_edge(known).values()) else []

        return list(wait_until(found, _SECONDS, f"all {len(ids)} requests to be known on each of their edges"))

    @staticmethod
    def by_edge(calls: list[dict[str, Any]]) -> dict[str, list[str]]:
        """Ids of the calls that each request makes once: to productpage, to details, to one of the reviews."""
        found: dict[str, list[str]] = {"productpage-v1": [], "details-v1": [], "reviews": []}
        for call in calls:
            source, destination = edges.names(call)
            place = "reviews" if destination.startswith("reviews-") else destination
            if source in ("istio-ingressgateway", "productpage-v1") and place in found:
                found[place].append(call["requestId"])
        return found

    def assert_each_call_once(self, ids: set[str], calls: list[dict[str, Any]]) -> None:
        """No call twice, none missing, and nearly all of them seen by both proxies and the kernel."""
        for place, seen in self.by_edge(calls).items():
            self.assertEqual(sorted(ids), sorted(seen), place)
        # What comes from outside to the gateway has no proxy at its source.
        between = [call for call in calls if edges.names(call)[0] != "unknown"]
        full = sum(call["coverage"] == "full" for call in between)
        self.assertGreaterEqual(full, _FULL_SHARE * len(between), f"{full} of {len(between)} calls are full")

    def test_each_edge_is_there_with_full_coverage_and_istios_own_names(self) -> None:
        ids = self.send(100)
        self.assert_each_call_once(ids, self.calls(ids))
        self.assertEqual([], edges.missing(edges.fetch(_LAYOUT.ports.http, "60s")))
        proxies = {proxy.split("~")[2] for proxy in self.get("/api/v1/status")["als"]["proxies"]}
        pods = self.client.get("/api/v1/pods")["items"]
        with_envoy = {f"{pod['metadata']['name']}.{pod['metadata']['namespace']}" for pod in pods if not workload(pod).startswith("sidelight-")}
        self.assertEqual(with_envoy, proxies)

    def test_alerts_find_the_series_that_only_a_cluster_has(self) -> None:
        problems = self.series("sidelight_istio_problem")
        self.assertIn('code="istio_provider_missing"', problems)
        self.assertEqual({0.0}, set(problems.values()), problems)
        self.assertEqual({'ingest="hop"'}, set(self.series("sidelight_tls_certificate_not_after_seconds")))

    def test_each_probe_tells_of_its_own_nodes_pods(self) -> None:
        told: dict[str, set[str]] = {}
        for pod in self.get("/api/v1/pods")["pods"]:
            told.setdefault(pod["node"], set()).add(pod["name"])
        assigned: dict[str, set[str]] = {}
        for pod in self.client.get("/api/v1/pods")["items"]:
            if not workload(pod).startswith("sidelight-"):
                assigned.setdefault(pod["spec"]["nodeName"], set()).add(pod["metadata"]["name"])
        self.assertEqual(assigned, told)
        self.assertEqual({node.name for node in make_nodes(_LAYOUT)}, set(told))

    def test_delay_of_the_app_and_of_a_sidecar_are_found_where_they_are(self) -> None:
        app = Cell("app-sleep", 20.0, 50.0, "productpage-v1", "details-v1")
        sidecar = Cell("sidecar-delay-outbound", 20.0, 50.0, "reviews-v2", "ratings-v1")
        verdicts = Lane(_LAYOUT, _quiet, _LAYOUT.ports.http).run(Plan((), ((app,), (sidecar,))))
        met, line = report.result(verdicts)
        self.assertTrue(met, f"{line}\n{report.matrix(verdicts)}")

    def test_node_that_ends_comes_again_with_its_pods(self) -> None:
        node = make_nodes(_LAYOUT)[0].name
        ready = self.ready(node)
        control.ask(_LAYOUT, "kill", _quiet, component=f"kubelet.{node}")
        control.ask(_LAYOUT, "start", _quiet, component=f"kubelet.{node}")
        # The API server believes the old kubelet's last word until the new one has said something.
        wait_until(lambda: self.ready(node) != ready, _SECONDS, f"the new kubelet of {node} to speak")
        wait_until(lambda: self.ready(node) == ready, _SECONDS, f"all pods of {node} to be ready again")
        self.await_all_told()
        ids = self.send(40)
        self.assert_each_call_once(ids, self.calls(ids))

    def ready(self, node: str) -> dict[str, str]:
        """The address of each pod of a node that is ready, by name."""
        pods = self.client.get(f"/api/v1/pods?fieldSelector=spec.nodeName%3D{node}")["items"]
        return {
            pod["metadata"]["name"]: pod["status"]["podIP"]
            for pod in pods
            if any(condition["type"] == "Ready" and condition["status"] == "True" for condition in pod["status"]["conditions"])
        }

    def test_entry_that_both_providers_tell_is_counted_once(self) -> None:
        both = {
            "apiVersion": "telemetry.istio.io/v1",
            "kind": "Telemetry",
            "metadata": {"name": "both", "namespace": "bookinfo"},
            "spec": {"accessLogging": [{"providers": [{"name": "sidelight-als"}, {"name": "sidelight-tcp-als"}]}]},
        }
        path = self.client.path_of(both)
        self.client.apply(both)
        try:
            with self.traffic():
                wait_until(lambda: self.metric("sidelight_als_entries_total", 'reason="http_in_tcp_log"') > 0, _SECONDS, "entries that are told twice")
            ids = self.send(100)
            self.assert_each_call_once(ids, self.calls(ids))
        finally:
            self.client.delete(path)

    def test_mode_telemetry_lacks_what_the_status_says_and_nothing_else(self) -> None:
        self.addCleanup(self.restart_controller_with, "SIDELIGHT_ISTIO_ACCESS_LOGS=full")
        self.restart_controller_with("SIDELIGHT_ISTIO_ACCESS_LOGS=telemetry")
        wait_until(lambda: self.client.find(_ENVOY_FILTER) is None, _SECONDS, "the other mode's EnvoyFilter to be gone")
        self.assertIsNotNone(self.client.find(_TELEMETRY))

        def without_the_other_modes_logger() -> set[str]:
            # Envoy's old listeners go on with what is connected to them until it has drained: 45 s in Istio.
            ids = self.send(100)
            return set() if self.components(ids) & _OF_MODE_FULL else ids

        ids = wait_until(without_the_other_modes_logger, 2 * _SECONDS, "calls of which nothing is told that the status says to be absent")
        self.assert_each_call_once(ids, self.calls(ids))
        told = [problem for problem in self.get("/api/v1/status")["problems"] if problem["code"] == "istio_telemetry_mode"]
        self.assertEqual([True], [problem["information"] for problem in told])

    def components(self, ids: set[str]) -> set[str]:
        """What of their time is told of these requests' calls, by any of them."""
        return {component for call in self.calls(ids) for component in call["components"]}

    def restart_controller_with(self, setting: str) -> None:
        """Changes a setting in the Deployment, and waits until the new controller knows all again."""
        self.cluster.kubectl("set", "env", _CONTROLLER, "-n", _NAMESPACE, setting)
        self.cluster.kubectl("rollout", "status", _CONTROLLER, "-n", _NAMESPACE, f"--timeout={2 * _SECONDS:.0f}s")
        self.await_all_told()

    def test_streams_that_end_at_their_age_come_again_and_lose_nothing(self) -> None:
        # One of the last of these tests, by its name: the controller keeps this setting.
        self.restart_controller_with("SIDELIGHT_ALS_MAX_STREAM_AGE_SECONDS=2")
        opened = self.streams_opened("details-v1")
        ids = self.send(160)
        self.assert_each_call_once(ids, self.calls(ids))
        self.assertGreater(self.streams_opened("details-v1"), opened)

    @staticmethod
    def streams_opened(of_workload: str) -> int:
        """How many streams of access logs its Envoy has begun, by its own count."""
        lines = envoy_admin.ask(netns_path(_LAYOUT, of_workload), "/clusters").splitlines()
        return sum(int(line.rpartition("::")[2]) for line in lines if line.startswith("outbound|8091||sidelight-controller.") and "::rq_total::" in line)

    def test_supervisor_that_is_killed_leaves_no_process_behind(self) -> None:
        # The last, by its name.
        status = control.ask(_LAYOUT, "status", _quiet)
        os.kill(status["supervisor"], signal.SIGKILL)
        wait_until(lambda: not self.processes(), _SECONDS, "all processes of the mesh to end")
        self.assertFalse(control.is_up(_LAYOUT))

    @staticmethod
    def processes() -> list[str]:
        """What runs of the mesh: command lines and cgroups that name it."""
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                texts = [(process / name).read_text(errors="replace") for name in ("cmdline", "cgroup")]
                found += [text for text in texts if str(_LAYOUT.run) in text or f"/{_LAYOUT.run.name}." in text]
        return found

    @classmethod
    def metric(cls, name: str, labels: str = "") -> float:
        """The sum of the controller's series of that name whose labels hold that text."""
        return sum(value for series, value in cls.series(name).items() if labels in series)

    @staticmethod
    def series(name: str) -> dict[str, float]:
        """The controller's series of that name, by their labels."""
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(f"http://127.0.0.1:{_LAYOUT.ports.http}/metrics", timeout=10) as response:
            samples = [line.rpartition(" ") for line in response.read().decode().splitlines() if line.startswith(f"{name}{{")]
        return {sample.partition("{")[2].rstrip(",}"): float(value) for sample, _, value in samples}


if __name__ == "__main__":
    unittest.main()
