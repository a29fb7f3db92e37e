# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""Names and labels are those that Istio and the kubelet would choose."""

import tempfile
import unittest
from pathlib import Path

from localmesh import cgroups, envoy, meshfile, network, registry
from localmesh.pods import Variant, make_pods


class PodsTest(unittest.TestCase):
    """The catalogue of pods."""

    def setUp(self) -> None:
        self.pods = {pod.workload: pod for pod in make_pods()}

    def test_node_id_has_istios_form(self) -> None:
        reviews = self.pods["reviews-v1"]
        self.assertRegex(reviews.node_id, r"^sidecar~10\.77\.0\.13~reviews-v1-[0-9a-f]{9}-[0-9a-f]{5}\.bookinfo~bookinfo\.svc\.cluster\.local$")
        self.assertTrue(self.pods["istio-ingressgateway"].node_id.startswith("router~10.77.0.10~istio-ingressgateway-"))

    def test_identity_is_the_service_accounts(self) -> None:
        self.assertEqual(self.pods["reviews-v3"].spiffe_id, "spiffe://cluster.local/ns/bookinfo/sa/bookinfo-reviews")

    def test_metadata_names_workload_and_canonical_service(self) -> None:
        metadata = self.pods["ratings-v1"].node_metadata()
        self.assertEqual(metadata["WORKLOAD_NAME"], "ratings-v1")
        self.assertEqual(metadata["LABELS"]["service.istio.io/canonical-revision"], "v1")

    def test_uids_are_new_in_each_run(self) -> None:
        again = {pod.workload: pod for pod in make_pods()}
        self.assertNotEqual(self.pods["details-v1"].uid, again["details-v1"].uid)

    def test_cgroup_path_is_the_kubelets(self) -> None:
        pod = self.pods["details-v1"]
        path = cgroups.scope(pod, pod.app_container_id)
        self.assertRegex(
            path,
            r"^kubepods\.slice/kubepods-besteffort\.slice/kubepods-besteffort-pod[0-9a-f_]{36}\.slice/cri-containerd-[0-9a-f]{64}\.scope$",
        )
        self.assertNotIn("-", path.split("-pod")[1].split(".slice")[0])

    def test_cgroups_are_removed_with_their_empty_parents(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            root = Path(directory)
            scopes = cgroups.scopes(tuple(self.pods.values()))
            self.assertEqual(len(scopes), 13)
            cgroups.create(root, scopes)
            cgroups.remove(root, scopes)
            self.assertEqual(list(root.iterdir()), [])

    def test_bootstrap_reaches_the_controller_by_socket_only(self) -> None:
        bootstrap = envoy.bootstrap(self.pods["details-v1"], Path("/run/x/als.sock"))
        cluster = bootstrap["static_resources"]["clusters"][0]
        endpoint = cluster["load_assignment"]["endpoints"][0]["lb_endpoints"][0]["endpoint"]
        self.assertEqual(endpoint["address"], {"pipe": {"path": "/run/x/als.sock"}})
        self.assertEqual(bootstrap["node"]["id"], self.pods["details-v1"].node_id)

    def test_mesh_file_lists_every_version_behind_its_service(self) -> None:
        content = meshfile.content(tuple(self.pods.values()), Path("/pki"), [])
        reviews = next(service for service in content["services"] if service["name"] == "reviews")
        self.assertEqual([endpoint["workload"] for endpoint in reviews["endpoints"]], ["reviews-v1", "reviews-v2", "reviews-v3"])
        self.assertEqual(content["gateways"][0]["service"], "productpage")

    def test_details_alone_serves_tls_in_its_variant(self) -> None:
        pods = make_pods(Variant.DETAILS_TLS)
        self.assertEqual([pod.workload for pod in pods if pod.serves_tls], ["details-v1"])
        services = meshfile.content(pods, Path("/pki"), [])["services"]
        self.assertEqual([service["name"] for service in services if service["appTls"]], ["details"])
        self.assertFalse(any(pod.serves_tls for pod in self.pods.values()))

    def test_oracle_has_a_service_of_each_protocol(self) -> None:
        content = meshfile.content(make_pods(Variant.ORACLE), Path("/pki"), [])
        self.assertEqual([(service["name"], service["protocol"]) for service in content["services"]], [("http1", "http"), ("http2", "http2")])
        self.assertEqual(content["gateways"], [])

    def test_registry_names_each_pod_by_uid_and_address(self) -> None:
        content = registry.content(tuple(self.pods.values()))
        self.assertEqual(len(content), len(self.pods))
        details = next(entry for entry in content if entry["workload"] == "details-v1")
        self.assertEqual((details["namespace"], details["app"], details["version"]), ("bookinfo", "details", "v1"))
        self.assertEqual((details["uid"], details["address"]), (self.pods["details-v1"].uid, "10.77.0.12"))

    def test_redirection_spares_the_proxy(self) -> None:
        self.assertIn("--uid-owner 1337 -j RETURN", network.REDIRECTION)
        self.assertTrue(network.REDIRECTION.rstrip().endswith("COMMIT"))


if __name__ == "__main__":
    unittest.main()
