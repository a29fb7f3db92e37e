# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""kustomize's overlays, and what is rendered for another namespace, as kubectl builds and the API server takes them."""

import json
import tempfile
import unittest
from collections import Counter
from pathlib import Path
from typing import Any

from localmesh.cluster.cluster import Cluster, wait_until
from manifests import rendering
from tests_cluster import addon, operator_kinds
from tests_cluster.addon import MANIFEST, NAMESPACE, SECONDS


class OverlaysTest(unittest.TestCase):
    """Nothing but the Prometheus operator's kinds is really applied."""

    cluster: Cluster

    @classmethod
    def setUpClass(cls) -> None:
        cls.cluster = Cluster.from_environment()
        cls.client = cls.cluster.client()
        cls.addClassCleanup(cls.client.close)
        cls.whole = addon.documents(MANIFEST.read_text())

    def overlay(self, name: str) -> list[dict[str, Any]]:
        """What `kubectl apply -k` would apply, once the API server has taken it."""
        folder = rendering.ADDON / "overlays" / name
        self.cluster.kubectl("apply", "-k", str(folder), "--dry-run=server", "--validate=strict")
        return addon.documents(self.cluster.kubectl("kustomize", str(folder)).stdout)

    def controller(self, objects: list[dict[str, Any]]) -> dict[str, Any]:
        return dict(addon.the(objects, "Deployment", "sidelight-controller")["spec"]["template"])

    def settings(self, objects: list[dict[str, Any]]) -> dict[str, str]:
        """What an overlay adds to the controller's environment."""
        (container,) = self.controller(objects)["spec"]["containers"]
        (before,) = self.controller(self.whole)["spec"]["containers"]
        return {variable["name"]: variable["value"] for variable in container["env"] if variable not in before["env"]}

    def assert_adds(self, objects: list[dict[str, Any]], *kinds: str) -> None:
        def counted(manifest: list[dict[str, Any]]) -> Counter[str]:
            return Counter(f"{each['kind']} {each['metadata']['name']}" for each in manifest)

        self.assertEqual(sorted(kinds), sorted(counted(objects) - counted(self.whole)))
        self.assertEqual(Counter(), counted(self.whole) - counted(objects))

    def test_every_overlay_is_tested(self) -> None:
        there = {path.name for path in (rendering.ADDON / "overlays").iterdir()}
        self.assertEqual({"minimal", "with-kiali", "with-prometheus-operator", "with-selinux", "with-sidecar"}, there)

    def test_minimal_has_nothing_of_the_probe(self) -> None:
        objects = self.overlay("minimal")
        self.assertEqual([each for each in self.whole if each["metadata"]["labels"]["app"] != "sidelight-probe"], _sorted_as(self.whole, objects))
        self.assertNotIn("DaemonSet", {each["kind"] for each in objects})

    def test_with_kiali_names_kiali(self) -> None:
        objects = self.overlay("with-kiali")
        self.assert_adds(objects)
        self.assertEqual({"SIDELIGHT_OVERLAY_KIALI_URL": "http://kiali.istio-system:20001"}, self.settings(objects))

    def test_with_prometheus_operator_scrapes_once_and_brings_rules_and_dashboards(self) -> None:
        definitions = operator_kinds.definitions()
        for definition in definitions:
            self.addCleanup(self.client.delete, self.client.path_of(definition))
            self.client.apply(definition)
        for definition in definitions:
            established = f"{definition['spec']['names']['plural']} to be served"
            self.client.wait_for(self.client.path_of(definition), _is_established, SECONDS, established)
        objects = self.overlay("with-prometheus-operator")
        self.assert_adds(objects, "ServiceMonitor sidelight-controller", "PodMonitor sidelight-probe", "PrometheusRule sidelight", "ConfigMap sidelight-dashboards")
        for kind, name in (("Deployment", "sidelight-controller"), ("DaemonSet", "sidelight-probe")):
            self.assertNotIn("annotations", addon.the(objects, kind, name)["spec"]["template"]["metadata"])
        dashboards = addon.the(objects, "ConfigMap", "sidelight-dashboards")
        self.assertEqual(("1", NAMESPACE), (dashboards["metadata"]["labels"]["grafana_dashboard"], dashboards["metadata"]["namespace"]))
        there = {path.name: json.loads(path.read_text()) for path in (rendering.ADDON / "grafana/dashboards").glob("*.json")}
        self.assertEqual(there, {name: json.loads(text) for name, text in dashboards["data"].items()})
        self.assert_monitor(objects, "ServiceMonitor", "sidelight-controller", "endpoints", addon.the(objects, "Service", "sidelight-controller"))
        self.assert_monitor(objects, "PodMonitor", "sidelight-probe", "podMetricsEndpoints", addon.the(objects, "DaemonSet", "sidelight-probe")["spec"]["template"])

    def assert_monitor(self, objects: list[dict[str, Any]], kind: str, name: str, endpoints: str, target: dict[str, Any]) -> None:
        """That it chooses its target, by a port that the target has, under the job's name that the alerts know."""
        monitor = addon.the(objects, kind, name)["spec"]
        labels = target["metadata"]["labels"]
        self.assertLessEqual(monitor["selector"]["matchLabels"].items(), labels.items())
        self.assertEqual(name, labels[monitor["jobLabel"]])
        (endpoint,) = monitor[endpoints]
        self.assertTrue(endpoint["honorLabels"])
        ports = target["spec"].get("ports") or target["spec"]["containers"][0]["ports"]
        self.assertIn(endpoint["port"], [port["name"] for port in ports])

    def test_with_selinux_gives_both_containers_of_the_probe_their_type(self) -> None:
        objects = self.overlay("with-selinux")
        self.assert_adds(objects)
        spec = addon.the(objects, "DaemonSet", "sidelight-probe")["spec"]["template"]["spec"]
        types = [container["securityContext"]["seLinuxOptions"] for container in spec["initContainers"] + spec["containers"]]
        self.assertEqual([{"type": "spc_t"}] * 2, types)

    def test_with_sidecar_is_injected_but_for_the_port_that_has_tls_of_its_own(self) -> None:
        objects = self.overlay("with-sidecar")
        self.assert_adds(objects, "PeerAuthentication sidelight-controller")
        self.assertEqual({"SIDELIGHT_ALS_FORWARDED_IDENTITY": "on"}, self.settings(objects))
        self.assertEqual(["istio-init", "istio-proxy"], self.injected(self.controller(objects)))
        self.assertEqual([], self.injected(self.controller(self.whole)))
        self.assertEqual([], self.injected(addon.the(self.whole, "DaemonSet", "sidelight-probe")["spec"]["template"]))

    def injected(self, template: dict[str, Any]) -> list[str]:
        """The containers that Istio's webhook adds to a pod before its own; it fails where the redirection would take port 8092 too."""
        metadata = {"name": "asked", "namespace": NAMESPACE, **template["metadata"]}
        pod = {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": {**template["spec"], "serviceAccountName": "default", "priorityClassName": ""}}
        made = json.loads(self.cluster.kubectl("create", "--dry-run=server", "-o", "json", "-f", "-", text=json.dumps(pod)).stdout)
        containers = made["spec"].get("initContainers", [])
        for container in containers:
            if container["name"] == "istio-init":
                excluded = container["args"][container["args"].index("-d") + 1]
                self.assertIn("8092", excluded.split(","))
        own = [container["name"] for container in template["spec"].get("initContainers", [])]
        return [container["name"] for container in containers if container["name"] not in own]


class OtherNamespaceTest(unittest.TestCase):
    """`render --set namespace=...`."""

    def test_all_of_it_lives_there(self) -> None:
        cluster = Cluster.from_environment()
        client = cluster.client()
        self.addCleanup(client.close)
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        rendering.write(rendering.values({"namespace": "observability"}), Path(directory.name))
        manifest = Path(directory.name) / "sidelight.yaml"
        client.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "observability"}})
        self.addCleanup(wait_until, lambda: client.find("/api/v1/namespaces/observability") is None, SECONDS, "the namespace to be gone")
        self.addCleanup(client.delete, "/api/v1/namespaces/observability")
        self.addCleanup(addon.uninstall, cluster, manifest)
        addon.install(cluster, manifest.read_text(), "observability")
        self.assertIn("runs as one replica", addon.scale_to_two(cluster, "observability"))
        user = "system:serviceaccount:observability:sidelight-controller"
        self.assertTrue(addon.may(client, user, "patch", "secrets", "sidelight-controller-tls", "observability"))
        self.assertTrue(addon.may(client, user, "watch", "configmaps", "istio", NAMESPACE))
        self.assertFalse(addon.may(client, addon.CONTROLLER, "list", "pods"))
        for overlay in ("minimal", "with-kiali", "with-sidecar"):
            cluster.kubectl("apply", "-k", f"{directory.name}/overlays/{overlay}", "--dry-run=server", "--validate=strict")
        cluster.kubectl("kustomize", f"{directory.name}/overlays/with-prometheus-operator")


def _is_established(definition: dict[str, Any]) -> bool:
    # The server first says null.
    conditions = definition.get("status", {}).get("conditions") or []
    return any(condition["type"] == "Established" and condition["status"] == "True" for condition in conditions)


def _sorted_as(order: list[dict[str, Any]], objects: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The objects in the order of others, as kustomize brings its own."""
    places = {(each["kind"], each["metadata"]["name"]): place for place, each in enumerate(order)}
    return sorted(objects, key=lambda each: places[each["kind"], each["metadata"]["name"]])


if __name__ == "__main__":
    unittest.main()
