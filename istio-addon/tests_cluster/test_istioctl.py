# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""The overlay for istioctl and the values for Helm, as Istio's own charts and validation take them."""

import json
import tempfile
import unittest
from pathlib import Path
from typing import Any

from localmesh.cluster.cluster import Cluster
from localmesh.cluster.istio import PLAIN_ENVOY
from manifests import rendering
from tests_cluster import addon

_OPERATOR = rendering.ADDON / "istioctl/sidelight-operator.yaml"
_VALUES = rendering.ADDON / "istioctl/istiod-values.yaml"


class IstioctlTest(unittest.TestCase):
    """MeshConfig with the providers of access logs."""

    def setUp(self) -> None:
        self.cluster = Cluster.from_environment()
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = Path(directory.name)
        self.base = self.file("base.json", PLAIN_ENVOY)

    def file(self, name: str, content: Any) -> Path:
        path = self.directory / name
        path.write_text(json.dumps(content))
        return path

    def config_map(self, *overlays: Path) -> dict[str, Any]:
        """The ConfigMap `istio` that Istio's charts make of it."""
        files = [argument for path in (self.base, *overlays) for argument in ("-f", str(path))]
        return addon.the(addon.documents(self.cluster.istioctl("manifest", "generate", *files).stdout), "ConfigMap", "istio")

    def mesh_config(self, *overlays: Path) -> dict[str, Any]:
        return addon.documents(self.config_map(*overlays)["data"]["mesh"])[0]

    def test_overlay_adds_the_providers_and_nothing_else(self) -> None:
        before, after = self.mesh_config(), self.mesh_config(_OPERATOR)
        providers = {provider.pop("name"): provider for provider in after.pop("extensionProviders")}
        self.assertEqual(before, after)
        service = {"service": "sidelight-controller.istio-system.svc.cluster.local", "port": 8091, "filterStateObjectsToLog": ["upstream_peer", "downstream_peer"]}
        http = {**service, "additionalRequestHeadersToLog": ["x-request-id", "content-type", "traceparent"]}
        self.assertEqual({"sidelight-als": {"envoyHttpAls": http}, "sidelight-tcp-als": {"envoyTcpAls": service}}, providers)

    def test_helms_values_say_the_same(self) -> None:
        (values,) = addon.documents(_VALUES.read_text())
        operator = {"apiVersion": "install.istio.io/v1alpha1", "kind": "IstioOperator", "spec": {"values": values}}
        self.assertEqual(self.mesh_config(_OPERATOR), self.mesh_config(self.file("values.json", operator)))

    def test_providers_name_the_service_of_another_namespace(self) -> None:
        rendering.write(rendering.values({"namespace": "observability"}), self.directory)
        providers = self.mesh_config(self.directory / "istioctl/sidelight-operator.yaml")["extensionProviders"]
        self.assertEqual("sidelight-controller.observability.svc.cluster.local", providers[0]["envoyHttpAls"]["service"])

    def test_install_and_upgrade_take_it(self) -> None:
        files = ("-f", str(self.base), "-f", str(_OPERATOR))
        for command in ("install", "upgrade"):
            done = self.cluster.istioctl(command, "--dry-run", "-y", *files)
            self.assertIn("Installation complete", done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
