# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""What the stand-ins for kubelet, container runtime and kube-proxy make of objects; that they run them is tested on the control plane."""

import tempfile
import unittest
from pathlib import Path
from typing import Any

from localmesh.errors import MeshError
from localmesh.istio import bookinfo, containers, faults, pod, service_proxy
from localmesh.istio.images import Image, repository, unpack
from localmesh.istio.node import field, make_nodes
from localmesh.istio.volumes import write_hosts
from localmesh.layout import layout_from_environment
from localmesh.pods import make_pods

_IMAGE = Image(["/bin/app"], {}, user=1000)


def _pod(**spec: Any) -> dict[str, Any]:
    metadata = {"name": "reviews-v1-7d7776ff5d-tfzfl", "namespace": "bookinfo", "uid": "6b1f3c1e-0a2b", "labels": {"app": "reviews"}}
    return {"metadata": metadata, "spec": {"nodeName": "worker-a", **spec}, "status": {"qosClass": "Burstable"}}


class ContainersTest(unittest.TestCase):
    """Security contexts."""

    def test_own_user_wins_over_the_pods_over_the_images(self) -> None:
        of_pod = _pod(securityContext={"runAsUser": 2, "runAsGroup": 3})
        self.assertEqual((1000, 1000), containers.user(_pod(), {"name": "app"}, _IMAGE))
        self.assertEqual((2, 3), containers.user(of_pod, {"name": "app"}, _IMAGE))
        self.assertEqual((0, 3), containers.user(of_pod, {"name": "app", "securityContext": {"runAsUser": 0}}, _IMAGE))

    def test_image_that_runs_as_root_is_refused_where_it_must_not(self) -> None:
        with self.assertRaisesRegex(MeshError, "must not run as root"):
            containers.user(_pod(securityContext={"runAsNonRoot": True}), {"name": "app"}, Image([], {}))

    def test_dropped_all_leaves_what_is_added(self) -> None:
        self.assertEqual({"BPF", "PERFMON"}, containers.capabilities({"drop": ["ALL"], "add": ["BPF", "CAP_PERFMON"]}))

    def test_nothing_said_leaves_what_a_runtime_leaves(self) -> None:
        self.assertIn("NET_BIND_SERVICE", containers.capabilities({}))
        self.assertNotIn("NET_ADMIN", containers.capabilities({}))


class ImagesTest(unittest.TestCase):
    """Names of images."""

    def test_registry_tag_and_digest_are_left_out(self) -> None:
        known = {"proxyv2": _IMAGE, "sidelight/probe": _IMAGE}
        for reference in ("registry.istio.io/release/proxyv2:1.31.0", "proxyv2", "localhost:5000/proxyv2", "x/proxyv2@sha256:abc"):
            self.assertEqual("proxyv2", repository(reference, known), reference)
        self.assertEqual("sidelight/probe", repository("sidelight/probe:0.1.0-SNAPSHOT", known))

    def test_unknown_one_is_refused(self) -> None:
        with self.assertRaisesRegex(MeshError, "no image nginx"):
            repository("nginx", {"proxyv2": _IMAGE})

    def test_files_are_readable_by_everyone(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            source = Path(directory) / "program"
            source.write_text("x")
            source.chmod(0o700)
            unpack(Path(directory) / "images", {"a/b": Image([], {"/usr/local/bin/program": source})})
            self.assertEqual(0o755, (Path(directory) / "images/a/b/usr/local/bin/program").stat().st_mode & 0o777)


class PodTest(unittest.TestCase):
    """Names by which others know a pod."""

    def test_cgroup_is_that_of_systemds_driver(self) -> None:
        expected = "kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod6b1f3c1e_0a2b.slice/cri-containerd-ff.scope"
        self.assertEqual(expected, pod.cgroup(_pod(), "ff"))

    def test_workload_is_the_deployment_behind_the_replica_set(self) -> None:
        owned = _pod()
        owned["metadata"]["ownerReferences"] = [{"kind": "ReplicaSet", "name": "reviews-v1-7d7776ff5d"}]
        self.assertEqual("reviews-v1", pod.workload(owned))
        owned["metadata"]["ownerReferences"] = [{"kind": "DaemonSet", "name": "sidelight-probe"}]
        self.assertEqual("sidelight-probe", pod.workload(owned))

    def test_fields_of_the_downward_api(self) -> None:
        node = make_nodes(layout_from_environment())[0]
        self.assertEqual('app="reviews"\n', field(_pod(), "10.77.1.10", node, "metadata.labels"))
        self.assertEqual("reviews", field(_pod(), "10.77.1.10", node, "metadata.labels['app']"))
        self.assertEqual("10.77.1.10", field(_pod(), "10.77.1.10", node, "status.podIP"))
        self.assertEqual("10.77.1.1", field(_pod(), "10.77.1.10", node, "status.hostIP"))

    def test_services_are_named_in_full_and_in_their_own_namespace_by_their_bare_name(self) -> None:
        def service(name: str, namespace: str, address: str) -> dict[str, Any]:
            return {"metadata": {"name": name, "namespace": namespace}, "spec": {"clusterIP": address}}

        services = [service("ratings", "bookinfo", "10.78.0.16"), service("istiod", "istio-system", "10.78.3.4"), service("headless", "bookinfo", "None")]
        with tempfile.TemporaryDirectory() as directory:
            hosts = Path(directory) / "hosts"
            write_hosts(hosts, make_nodes(layout_from_environment())[0], "reviews", "10.77.1.10", services, "bookinfo")
            lines = hosts.read_text().splitlines()
        self.assertIn("10.78.0.16 ratings.bookinfo.svc.cluster.local ratings.bookinfo.svc ratings.bookinfo ratings", lines)
        self.assertIn("10.78.3.4 istiod.istio-system.svc.cluster.local istiod.istio-system.svc istiod.istio-system", lines)
        self.assertNotIn("headless", "".join(lines))


class ServiceProxyTest(unittest.TestCase):
    """Rules for Services' addresses."""

    _SERVICE = {
        "metadata": {"name": "web", "namespace": "shop"},
        "spec": {"clusterIP": "10.78.0.9", "externalIPs": ["10.77.0.10"], "ports": [{"name": "http", "port": 80}]},
    }

    @staticmethod
    def _slice(address: str, ready: bool = True, **labels: str) -> dict[str, Any]:
        endpoint = {"addresses": [address], "conditions": {"ready": ready}}
        metadata = {"namespace": "shop", "labels": {"kubernetes.io/service-name": labels.get("service", "web")}}
        return {"metadata": metadata, "ports": [{"name": "http", "port": 8080}, {"name": "other", "port": 1}], "endpoints": [endpoint]}

    def test_each_address_leads_to_the_ready_endpoints_in_even_shares(self) -> None:
        slices = [self._slice("10.77.1.10"), self._slice("10.77.2.10"), self._slice("10.77.2.11", ready=False), self._slice("10.77.2.12", service="another")]
        rules = service_proxy.rules([self._SERVICE], slices)
        for address in ("10.78.0.9", "10.77.0.10"):
            match = f"-A SERVICES -d {address}/32 -p tcp -m tcp --dport 80"
            self.assertIn(f"{match} -m statistic --mode random --probability 0.500000 -j DNAT --to-destination 10.77.1.10:8080\n", rules)
            self.assertIn(f"{match} -j DNAT --to-destination 10.77.2.10:8080\n", rules)
        self.assertEqual(4, rules.count("DNAT"))

    def test_service_without_endpoints_or_address_has_no_rule(self) -> None:
        headless = {"metadata": self._SERVICE["metadata"], "spec": {"clusterIP": "None", "ports": [{"name": "http", "port": 80}]}}
        self.assertNotIn("DNAT", service_proxy.rules([self._SERVICE], []))
        self.assertNotIn("DNAT", service_proxy.rules([headless], [self._slice("10.77.1.10")]))


class BookinfoTest(unittest.TestCase):
    """The objects."""

    def setUp(self) -> None:
        layout = layout_from_environment()
        self.documents = bookinfo.documents(layout, make_nodes(layout))

    def of_kind(self, kind: str) -> list[dict[str, Any]]:
        return [document for document in self.documents if document["kind"] == kind]

    def test_each_app_is_a_deployment_on_one_of_two_nodes(self) -> None:
        deployments = {each["metadata"]["name"]: each["spec"]["template"]["spec"] for each in self.of_kind("Deployment")}
        self.assertEqual({member.workload for member in make_pods() if not member.gateway}, set(deployments))
        self.assertEqual({"worker-a", "worker-b"}, {spec["nodeSelector"]["kubernetes.io/hostname"] for spec in deployments.values()})

    def test_services_accounts_and_strict_mutual_tls_are_there(self) -> None:
        self.assertEqual({"productpage", "details", "reviews", "ratings"}, {each["metadata"]["name"] for each in self.of_kind("Service")})
        accounts = {each["metadata"]["name"] for each in self.of_kind("ServiceAccount")}
        self.assertTrue({each["spec"]["template"]["spec"]["serviceAccountName"] for each in self.of_kind("Deployment")} <= accounts)
        self.assertEqual("STRICT", self.of_kind("PeerAuthentication")[0]["spec"]["mtls"]["mode"])

    def test_delays_towards_one_service_share_its_virtual_service(self) -> None:
        members = {member.workload: member for member in make_pods()}
        found = faults._virtual_service("ratings", {members["reviews-v2"]: 20.0, members["reviews-v3"]: 5.0})
        routes = found["spec"]["http"]
        self.assertEqual(["20ms", "5ms"], [route["fault"]["delay"]["fixedDelay"] for route in routes[:-1]])
        self.assertEqual(["v2", "v3"], [route["match"][0]["sourceLabels"]["version"] for route in routes[:-1]])
        self.assertNotIn("fault", routes[-1])


if __name__ == "__main__":
    unittest.main()
