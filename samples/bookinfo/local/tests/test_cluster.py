# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""What a control plane is made of, without starting one."""

import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from localmesh import leftovers
from localmesh.cluster import credentials, istio, lifecycle, nodes, programs, yaml_stream
from localmesh.cluster.cli import _account
from localmesh.cluster.layout import ClusterLayout, cluster_layout_from_environment
from localmesh.errors import MeshError

_RENDERED = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: istiod, namespace: istio-system}
spec:
  template:
    spec:
      containers:
      - name: discovery
        args: [discovery, "--monitoringAddr=:15014", --domain, cluster.local]
        env:
        - {name: REVISION, value: default}
        - {name: POD_NAMESPACE, valueFrom: {fieldRef: {fieldPath: metadata.namespace}}}
        - {name: GOMEMLIMIT, valueFrom: {resourceFieldRef: {resource: limits.memory}}}
---
---
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata: {name: istio-sidecar-injector}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: istio, namespace: istio-system}
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: telemetries.telemetry.istio.io}
"""


class LayoutTest(unittest.TestCase):
    """The run directory."""

    def test_path_too_long_for_a_socket_is_refused(self) -> None:
        with mock.patch.dict(os.environ, {"SIDELIGHT_CLUSTER_RUN": "/" + "x" * 100}), self.assertRaisesRegex(MeshError, "SIDELIGHT_CLUSTER_RUN"):
            cluster_layout_from_environment()

    def test_process_has_a_directory_of_its_own_and_removes_those_of_killed_ones(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            common = ClusterLayout(Path(directory) / "cluster")
            killed, living = (ClusterLayout(Path(directory) / f"cluster.{pid}") for pid in (1, 2))
            leftovers.claim(killed)
            killed.pki.mkdir()
            lock = leftovers.lock(living)
            self.addCleanup(os.close, lock)
            with mock.patch.dict(os.environ), mock.patch.object(lifecycle, "cluster_layout_from_environment", return_value=common):
                os.environ.pop("SIDELIGHT_CLUSTER_RUN", None)
                self.assertEqual(f"cluster.{os.getpid()}", lifecycle.layout_of_this_process().run.name)
            self.assertEqual([living.run], list(Path(directory).iterdir()))

    def test_missing_program_says_how_it_is_built(self) -> None:
        with tempfile.TemporaryDirectory() as directory, self.assertRaisesRegex(MeshError, "control-plane/build istio"):
            ClusterLayout(Path(directory), binaries=Path(directory)).binary("etcd")


class CredentialsTest(unittest.TestCase):
    """Certificates, tokens and kubeconfigs."""

    def setUp(self) -> None:
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.layout = ClusterLayout(Path(directory.name), binaries=Path(directory.name), address="10.77.0.1", service_range="10.96.0.0/16")

    def test_every_component_has_a_token_of_its_own(self) -> None:
        credentials.issue(self.layout)
        tokens = {credentials.component_token(self.layout, user) for user in credentials.USERS}
        self.assertEqual(len(credentials.USERS), len(tokens))
        with self.assertRaises(KeyError):
            credentials.component_token(self.layout, "admi")

    def test_certificate_is_good_for_both_sides(self) -> None:
        credentials.issue(self.layout)
        argv = ["openssl", "x509", "-in", str(self.layout.pki / "kube-apiserver.crt"), "-noout", "-ext", "subjectAltName"]
        text = subprocess.run(argv, check=True, capture_output=True, text=True).stdout
        for name in ("DNS:localhost", "IP Address:127.0.0.1", "IP Address:10.77.0.1", "IP Address:10.96.0.1", "DNS:kubernetes.default.svc"):
            self.assertIn(name, text)

    def test_kubeconfigs_lead_to_their_side_and_are_private(self) -> None:
        credentials.issue(self.layout)
        credentials.write_component_kubeconfigs(self.layout, 12345)
        servers = {}
        for inside in (True, False):
            path = self.layout.kubeconfig(credentials.ADMIN, inside)
            self.assertEqual(0o600, path.stat().st_mode & 0o777)
            servers[inside] = json.loads(path.read_text())["clusters"][0]["cluster"]["server"]
        self.assertEqual({True: "https://10.77.0.1:6443", False: "https://127.0.0.1:12345"}, servers)


class IstioTest(unittest.TestCase):
    """Sorting what istioctl renders."""

    def setUp(self) -> None:
        self.manifest = istio.split(yaml_stream.documents(_RENDERED))

    def test_kinds_come_first_and_webhooks_last_and_no_deployment(self) -> None:
        parts = (self.manifest.crds, self.manifest.objects, self.manifest.webhooks)
        kinds = [[document["kind"] for document in part] for part in parts]
        self.assertEqual([["CustomResourceDefinition"], ["ConfigMap"], ["MutatingWebhookConfiguration"]], kinds)

    def test_istiod_is_started_as_its_deployment_says(self) -> None:
        self.assertEqual(["discovery", "--domain", "cluster.local"], self.manifest.istiod.arguments)
        self.assertEqual({"REVISION": "default", "POD_NAMESPACE": "istio-system"}, self.manifest.istiod.environment)

    def test_endpoint_of_istiod_has_the_ports_that_it_is_told(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            binary = Path(directory) / "pilot-discovery"
            binary.touch(mode=0o755)
            layout = ClusterLayout(Path(directory), binaries=Path(directory), address="10.9.0.1")
            argv = programs.istiod(layout, Path("/netns"), self.manifest.istiod).argv
            slice_ = istio.endpoint_slice(layout)
        self.assertEqual(["10.9.0.1"], slice_["endpoints"][0]["addresses"])
        listened = {int(argument.rpartition(":")[2]) for argument in argv if argument.startswith("--") and "Addr=10.9.0.1:" in argument}
        self.assertLessEqual({port["port"] for port in slice_["ports"]}, listened)


class NodesTest(unittest.TestCase):
    """Nodes without a kubelet."""

    def test_kwok_takes_only_its_own(self) -> None:
        self.assertEqual({"kwok.x-k8s.io/node": "fake"}, nodes.node("a", "z", kwok=True)["metadata"]["annotations"])
        self.assertEqual({}, nodes.node("a", "z", kwok=False)["metadata"]["annotations"])

    def test_stages_are_of_pods_and_one_that_fits_no_node(self) -> None:
        stages = yaml_stream.documents((Path(programs.__file__).parent / "kwok-stages.yaml").read_text())
        of_nodes = [stage["spec"] for stage in stages if stage["spec"]["resourceRef"]["kind"] != "Pod"]
        self.assertEqual([[{"key": ".metadata.name", "operator": "DoesNotExist"}]], [spec["selector"]["matchExpressions"] for spec in of_nodes])
        self.assertLess(len(of_nodes), len(stages))


class CommandTest(unittest.TestCase):
    """Arguments of `mesh cluster`."""

    def test_account_without_namespace_is_refused(self) -> None:
        for text in ("probe", "/probe", "istio-system/"):
            with self.subTest(text=text), self.assertRaisesRegex(MeshError, "NAMESPACE/NAME"):
                _account(text)
        self.assertEqual(("istio-system", "probe"), _account("istio-system/probe"))


if __name__ == "__main__":
    unittest.main()
