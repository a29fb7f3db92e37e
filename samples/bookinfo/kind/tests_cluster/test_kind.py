# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""
The steps of kind's script that talk to an API server, on a real one with Istio's samples; what needs kind itself has no images here.
"""

import subprocess
import unittest
from pathlib import Path

from localmesh.cluster.cluster import Cluster

_TOP = Path(__file__).resolve().parents[4]
_MESH = _TOP / "samples" / "bookinfo" / "kind" / "mesh"
_SIDELIGHT = str(_TOP / "istio-addon" / "sidelight.yaml")


class KindTest(unittest.TestCase):
    """`mesh addon` and `mesh bookinfo`: kwok says of their pods that they run."""

    def setUp(self) -> None:
        self.cluster = Cluster.from_environment()
        go = ["go", "list", "-m", "-f", "{{.Dir}}", "istio.io/istio"]
        istio = subprocess.run(go, cwd=_TOP / ".ci" / "control-plane", check=True, capture_output=True, text=True).stdout.strip()
        self.environment = {**self.cluster.environment(), "SIDELIGHT_KIND_KUBECONFIG": str(self.cluster.kubeconfig), "ISTIO_HOME": istio}

    def _mesh(self, *arguments: str, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run([str(_MESH), *arguments], env=environment or self.environment, capture_output=True, text=True)

    def test_addonAndBookinfo_rollOut(self) -> None:
        self.addCleanup(self.cluster.kubectl, "delete", "-f", _SIDELIGHT, "--ignore-not-found")
        addon = self._mesh("addon")
        self.assertEqual(addon.returncode, 0, addon.stderr)
        self.addCleanup(self.cluster.kubectl, "delete", "namespace", "bookinfo")
        for _ in range(2):  # again, as after an interruption
            bookinfo = self._mesh("bookinfo")
            self.assertEqual(bookinfo.returncode, 0, bookinfo.stderr)
        pods = self.cluster.kubectl("-n", "bookinfo", "get", "pods", "-o", "jsonpath={.items[*].spec['containers','initContainers'][*].name}").stdout
        self.assertEqual(pods.split().count("istio-proxy"), 6, "each pod has its sidecar")

    def test_bookinfo_withoutIstiosRelease_saysWhatIsMissing(self) -> None:
        without = {key: value for key, value in self.environment.items() if key != "ISTIO_HOME"}
        bookinfo = self._mesh("bookinfo", environment=without)
        self.assertEqual(bookinfo.returncode, 1)
        self.assertIn("ISTIO_HOME", bookinfo.stderr)


if __name__ == "__main__":
    unittest.main()
