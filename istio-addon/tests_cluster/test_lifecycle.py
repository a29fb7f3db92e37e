# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""The addon's life: from the manifest before the last change to this one, and from there to nothing."""

import unittest

from localmesh.cluster.cluster import Cluster, wait_until
from tests_cluster import addon
from tests_cluster.addon import MANIFEST, NAMESPACE, SECONDS

_SECRET = f"/api/v1/namespaces/{NAMESPACE}/secrets/sidelight-controller-tls"
_CONFIG_MAP = f"/api/v1/namespaces/{NAMESPACE}/configmaps/sidelight-ca"
_SERVICE = f"/api/v1/namespaces/{NAMESPACE}/services/sidelight-controller"
_ROLE = "/apis/rbac.authorization.k8s.io/v1/clusterroles/sidelight-controller"


class LifecycleTest(unittest.TestCase):
    """Each test begins and ends with nothing installed."""

    def setUp(self) -> None:
        self.cluster = Cluster.from_environment()
        self.client = self.cluster.client()
        self.addCleanup(self.client.close)
        self.addCleanup(addon.uninstall, self.cluster)

    def test_upgrade_from_the_manifest_before_and_then_from_this_one(self) -> None:
        addon.install(self.cluster, addon.previous_manifest())
        # As the controller fills them.
        self.client.merge(_SECRET, {"data": {"tls.key": "a2V5"}})
        self.client.merge(_CONFIG_MAP, {"data": {"ca.crt": "certificate"}})
        address = self.client.get(_SERVICE)["spec"]["clusterIP"]
        addon.install(self.cluster, MANIFEST.read_text())
        self.assertEqual({"tls.key": "a2V5"}, self.client.get(_SECRET)["data"])
        self.assertEqual({"ca.crt": "certificate"}, self.client.get(_CONFIG_MAP)["data"])
        self.assertEqual(address, self.client.get(_SERVICE)["spec"]["clusterIP"])
        unchanged = self.cluster.kubectl("diff", "-f", str(MANIFEST), check=False)
        self.assertEqual((0, ""), (unchanged.returncode, unchanged.stdout))
        again = self.cluster.kubectl("apply", "-f", str(MANIFEST)).stdout.splitlines()
        self.assertEqual([], [line for line in again if not line.endswith(" unchanged")])

    def test_uninstall_leaves_nothing_of_what_the_controller_applied_either(self) -> None:
        before = self.objects_of_istio()
        addon.install(self.cluster, MANIFEST.read_text())
        role = self.client.get(_ROLE)
        owner = {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "name": role["metadata"]["name"], "uid": role["metadata"]["uid"]}
        metadata = {"name": "sidelight", "namespace": NAMESPACE, "ownerReferences": [owner]}
        telemetry = {"apiVersion": "telemetry.istio.io/v1", "kind": "Telemetry", "metadata": metadata, "spec": {"accessLogging": [{"disabled": True}]}}
        self.client.apply(telemetry, manager="sidelight-controller")
        self.cluster.kubectl("delete", "-f", str(MANIFEST))
        wait_until(lambda: addon.left(self.cluster) == [], SECONDS, "the addon's objects to be gone")
        wait_until(lambda: self.objects_of_istio() == before, SECONDS, "the garbage collector to remove what the ClusterRole owns")

    def objects_of_istio(self) -> list[str]:
        return self.cluster.kubectl("get", "telemetries,envoyfilters,peerauthentications,destinationrules", "-A", "-o", "name").stdout.split()


if __name__ == "__main__":
    unittest.main()
