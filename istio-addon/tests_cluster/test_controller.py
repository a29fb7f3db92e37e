# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""The real controller with no more rights than its ServiceAccount has: which of them it uses, and what it leaves."""

import json
import unittest

from localmesh.cluster.cluster import Cluster, wait_until
from tests_cluster import addon
from tests_cluster.addon import CONTROLLER, MANIFEST, NAMESPACE, SECONDS
from tests_cluster.controller import Controller, deployment

_ENVOY_FILTER = f"/apis/networking.istio.io/v1alpha3/namespaces/{NAMESPACE}/envoyfilters/sidelight"
_TELEMETRY = f"/apis/telemetry.istio.io/v1/namespaces/{NAMESPACE}/telemetries/sidelight"
_SECRET = f"/api/v1/namespaces/{NAMESPACE}/secrets/sidelight-controller-tls"
_CONFIG_MAP = f"/api/v1/namespaces/{NAMESPACE}/configmaps/sidelight-ca"

# Used where a probe calls, which none does here: TokenReviewClusterIT.
_USED_ELSEWHERE = {("create", "tokenreviews")}
# What analyze says of whatever EnvoyFilter: that it is one, and that it does not say for which versions of the proxy.
_SAID_OF_ANY_ENVOY_FILTER = {"IST0133", "IST0151"}


class ControllerTest(unittest.TestCase):
    """Installed once; the Deployment's pod is kwok's and does nothing, so the controller is a process here."""

    cluster: Cluster

    @classmethod
    def setUpClass(cls) -> None:
        cls.cluster = Cluster.from_environment()
        cls.client = cls.cluster.client()
        cls.addClassCleanup(cls.client.close)
        cls.addClassCleanup(addon.uninstall, cls.cluster)
        addon.install(cls.cluster, MANIFEST.read_text())

    def test_its_rights_are_enough_and_none_is_too_many(self) -> None:
        since = self.cluster.audit_size()
        with Controller(self.cluster, deployment()):
            self.client.wait_for(_ENVOY_FILTER, bool, SECONDS, "the EnvoyFilter")
            self.client.wait_for(_SECRET, lambda secret: secret.get("data"), SECONDS, "the controller's key")
            self.client.wait_for(_CONFIG_MAP, lambda config_map: config_map.get("data"), SECONDS, "the certificate for the probes")
            self.assert_analyze_is_clean()
        with Controller(self.cluster, deployment(), SIDELIGHT_ISTIO_ACCESS_LOGS="telemetry"):
            self.client.wait_for(_TELEMETRY, bool, SECONDS, "the Telemetry")
            wait_until(lambda: self.client.find(_ENVOY_FILTER) is None, SECONDS, "the other mode's EnvoyFilter to be gone")
            self.assert_analyze_is_clean()
        with Controller(self.cluster, deployment(), SIDELIGHT_ISTIO_ACCESS_LOGS="off"):
            wait_until(lambda: self.client.find(_TELEMETRY) is None, SECONDS, "the Telemetry to be gone")
        events = [event for event in self.cluster.audited(CONTROLLER, since) if "objectRef" in event]
        refused = {(event["verb"], event["objectRef"]["resource"]) for event in events if event.get("responseStatus", {}).get("code") in (401, 403)}
        self.assertEqual(set(), refused)
        used = {(event["verb"], event["objectRef"]["resource"]) for event in events} | _USED_ELSEWHERE
        granted = {(verb, resource.split(".")[0]) for verb, resource, _ in addon.granted(addon.documents(MANIFEST.read_text()), "sidelight-controller")}
        # An apply that creates is a patch in the audit.
        used |= {("create", resource) for verb, resource in used if verb == "patch" and resource in ("telemetries", "envoyfilters")}
        self.assertEqual(set(), granted - used, "rights that nobody uses")

    def assert_analyze_is_clean(self) -> None:
        found = json.loads(self.cluster.istioctl("analyze", "-A", "-o", "json", check=False).stdout or "[]")
        ours = {message["code"] for message in found if "sidelight" in json.dumps(message)}
        self.assertEqual(set(), ours - _SAID_OF_ANY_ENVOY_FILTER)
        self.assertEqual([], [message for message in found if message["level"] == "Error"])

    def test_what_it_has_applied_goes_with_the_manifest(self) -> None:
        with Controller(self.cluster, deployment()):
            self.client.wait_for(_ENVOY_FILTER, bool, SECONDS, "the EnvoyFilter")
            self.cluster.kubectl("delete", "-f", str(MANIFEST))
            wait_until(lambda: self.client.find(_ENVOY_FILTER) is None, SECONDS, "the garbage collector to remove it")
        self.assertEqual([], addon.left(self.cluster))


if __name__ == "__main__":
    unittest.main()
