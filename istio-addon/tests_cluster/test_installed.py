# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""What sidelight.yaml installs: what it may do, what is refused, and whether Istio's own tools have something against it."""

import copy
import json
import unittest
from typing import Any

from localmesh.cluster.cluster import Cluster, wait_until
from tests_cluster import addon
from tests_cluster.addon import CONTROLLER, MANIFEST, NAMESPACE, PROBE, SECONDS

_READ = ("list", "watch")
_WRITE = ("create", "patch", "delete")
_READ_BY_CONTROLLER = (
    "pods services nodes namespaces endpointslices.discovery.k8s.io virtualservices.networking.istio.io "
    "destinationrules.networking.istio.io serviceentries.networking.istio.io sidecars.networking.istio.io envoyfilters.networking.istio.io "
    "peerauthentications.security.istio.io telemetries.telemetry.istio.io"
).split()
_APPLIED_BY_CONTROLLER = ("telemetries.telemetry.istio.io", "envoyfilters.networking.istio.io")

# user, verb, resource, name, namespace
_ALLOWED = [
    *((CONTROLLER, verb, resource, "", "") for verb in _READ for resource in _READ_BY_CONTROLLER),
    *((CONTROLLER, verb, resource, "sidelight", namespace) for verb in _WRITE for resource in _APPLIED_BY_CONTROLLER for namespace in (NAMESPACE, "bookinfo")),
    (CONTROLLER, "get", "clusterroles.rbac.authorization.k8s.io", "sidelight-controller", ""),
    (CONTROLLER, "create", "tokenreviews.authentication.k8s.io", "", ""),
    *((CONTROLLER, verb, "secrets", "sidelight-controller-tls", NAMESPACE) for verb in ("get", "patch")),
    *((CONTROLLER, verb, "configmaps", "sidelight-ca", NAMESPACE) for verb in ("get", "patch")),
    *((CONTROLLER, verb, "configmaps", "istio", NAMESPACE) for verb in _READ),
    *((PROBE, verb, "pods", "", "") for verb in ("list", "watch")),
]
_DENIED = [
    # No secret but its own, and that cannot be taken away.
    *((CONTROLLER, verb, "secrets", "", namespace) for verb in ("get", *_READ, *_WRITE) for namespace in ("", NAMESPACE, "bookinfo")),
    (CONTROLLER, "get", "secrets", "istio-ca-secret", NAMESPACE),
    (CONTROLLER, "get", "secrets", "sidelight-api-token", NAMESPACE),
    (CONTROLLER, "delete", "secrets", "sidelight-controller-tls", NAMESPACE),
    (CONTROLLER, "get", "secrets", "sidelight-controller-tls", "bookinfo"),
    # MeshConfig is read, never written.
    *((CONTROLLER, verb, "configmaps", "istio", NAMESPACE) for verb in (*_WRITE, "update")),
    *((CONTROLLER, verb, "configmaps", "", "") for verb in ("get", *_READ)),
    # Nothing of Istio's but the objects of its own name.
    *((CONTROLLER, verb, resource, "mesh-default", "bookinfo") for verb in (*_WRITE, "update") for resource in _APPLIED_BY_CONTROLLER),
    *((CONTROLLER, "deletecollection", resource, "", NAMESPACE) for resource in _APPLIED_BY_CONTROLLER),
    *((CONTROLLER, verb, "destinationrules.networking.istio.io", "sidelight", NAMESPACE) for verb in _WRITE),
    *((CONTROLLER, verb, "peerauthentications.security.istio.io", "sidelight", NAMESPACE) for verb in _WRITE),
    # No workload is touched, entered or impersonated.
    *((CONTROLLER, verb, resource, "", "bookinfo") for verb in (*_WRITE, "update") for resource in ("pods", "deployments.apps", "services", "nodes", "namespaces")),
    (CONTROLLER, "create", "pods/exec", "", "bookinfo"),
    (CONTROLLER, "get", "pods/log", "", "bookinfo"),
    (CONTROLLER, "create", "serviceaccounts/token", "", NAMESPACE),
    (CONTROLLER, "impersonate", "serviceaccounts", "", NAMESPACE),
    # No right can be given away.
    *((CONTROLLER, verb, "clusterroles.rbac.authorization.k8s.io", "sidelight-controller", "") for verb in ("update", "patch", "delete", "bind", "escalate")),
    *((CONTROLLER, "create", f"{resource}.rbac.authorization.k8s.io", "", NAMESPACE) for resource in ("roles", "rolebindings", "clusterroles", "clusterrolebindings")),
    *((PROBE, verb, "pods", "", "bookinfo") for verb in _WRITE),
    (PROBE, "get", "nodes", "", ""),
    *((PROBE, verb, "secrets", "sidelight-controller-tls", NAMESPACE) for verb in ("get", *_READ)),
    (PROBE, "create", "tokenreviews.authentication.k8s.io", "", ""),
    (PROBE, "create", "pods/exec", "", "bookinfo"),
    (PROBE, "create", "serviceaccounts/token", "sidelight-probe", NAMESPACE),
]



class InstalledTest(unittest.TestCase):
    """On one installation; no test changes it but by what is taken back."""

    cluster: Cluster

    @classmethod
    def setUpClass(cls) -> None:
        cls.cluster = Cluster.from_environment()
        cls.client = cls.cluster.client()
        cls.addClassCleanup(cls.client.close)
        cls.text = MANIFEST.read_text()
        cls.objects = addon.documents(cls.text)
        cls.addClassCleanup(addon.uninstall, cls.cluster)
        addon.install(cls.cluster, cls.text)

    def test_server_takes_every_field(self) -> None:
        done = self.cluster.kubectl("apply", "--dry-run=server", "--validate=strict", "-f", "-", text=self.text)
        self.assertEqual(len(self.objects), len(done.stdout.splitlines()))
        self.assertNotIn("Warning", done.stderr)

    def test_a_probe_runs_on_each_node_and_one_controller(self) -> None:
        nodes = {node["metadata"]["name"] for node in self.client.get("/api/v1/nodes")["items"]}
        self.assertEqual(sorted(nodes), sorted(pod["spec"]["nodeName"] for pod in self.pods("sidelight-probe")))
        self.assertEqual(1, len(self.pods("sidelight-controller")))

    def test_service_leads_to_the_controller(self) -> None:
        (pod,) = self.pods("sidelight-controller")
        path = f"/apis/discovery.k8s.io/v1/namespaces/{NAMESPACE}/endpointslices?labelSelector=kubernetes.io%2Fservice-name%3Dsidelight-controller"

        def leads() -> bool:
            found = self.client.get(path)["items"]
            return [endpoint["addresses"] for piece in found for endpoint in piece["endpoints"] or []] == [[pod["status"]["podIP"]]]

        wait_until(leads, SECONDS, "the Service's endpoint")
        ports = {port["name"]: port["port"] for port in self.client.get(path)["items"][0]["ports"]}
        self.assertEqual({"http": 8090, "grpc-als": 8091, "tls-hops": 8092, "http-kiali": 8093}, ports)

    def pods(self, name: str) -> list[dict[str, Any]]:
        return list(self.client.get(f"/api/v1/namespaces/{NAMESPACE}/pods?labelSelector=app.kubernetes.io%2Fname%3D{name}")["items"])

    def test_calls_that_are_made_are_allowed(self) -> None:
        denied = [call for call in _ALLOWED if not addon.may(self.client, *call)]
        self.assertEqual([], denied)

    def test_other_calls_are_denied(self) -> None:
        allowed = [call for call in _DENIED if addon.may(self.client, *call)]
        self.assertEqual([], allowed)

    def test_nothing_is_allowed_that_is_not_in_the_list(self) -> None:
        for account, user in (("sidelight-controller", CONTROLLER), ("sidelight-probe", PROBE)):
            listed = {(verb, resource, name) for owner, verb, resource, name, _ in _ALLOWED if owner == user}
            self.assertEqual(listed, set(addon.granted(self.objects, account)), account)

    def test_controller_applies_its_own_telemetry_and_no_other(self) -> None:
        kubeconfig = self.cluster.service_account_kubeconfig(NAMESPACE, "sidelight-controller")
        provider = {"accessLogging": [{"providers": [{"name": "sidelight-als"}]}]}

        def applied(name: str) -> Any:
            telemetry = {"apiVersion": "telemetry.istio.io/v1", "kind": "Telemetry", "metadata": {"name": name, "namespace": NAMESPACE}, "spec": provider}
            arguments = ("apply", "--server-side", "--field-manager=sidelight-controller", "-f", "-")
            return self.cluster.kubectl(*arguments, text=json.dumps(telemetry), check=False, kubeconfig=kubeconfig)

        self.addCleanup(self.client.delete, f"/apis/telemetry.istio.io/v1/namespaces/{NAMESPACE}/telemetries/sidelight")
        self.assertEqual("", applied("sidelight").stderr)
        self.assertEqual("", applied("sidelight").stderr)
        self.assertIn("forbidden", applied("mesh-default").stderr)

    def test_probe_lists_the_pods_of_its_node_and_reads_nothing_else(self) -> None:
        kubeconfig = self.cluster.service_account_kubeconfig(NAMESPACE, "sidelight-probe")
        listed = self.cluster.kubectl("get", "pods", "-A", "--field-selector", "spec.nodeName=kwok-1", "-o", "name", kubeconfig=kubeconfig)
        self.assertIn("pod/sidelight-probe-", listed.stdout)
        refused = self.cluster.kubectl("get", "nodes", "kwok-1", check=False, kubeconfig=kubeconfig)
        self.assertIn("forbidden", refused.stderr)

    def test_second_replica_is_refused_with_the_reason(self) -> None:
        self.assertIn("sidelight-controller runs as one replica: calls cannot be shared", addon.scale_to_two(self.cluster, NAMESPACE))
        deployment = copy.deepcopy(addon.the(self.objects, "Deployment", "sidelight-controller"))
        deployment["spec"]["replicas"] = 3
        applied = self.cluster.kubectl("apply", "--dry-run=server", "-f", "-", text=json.dumps(deployment), check=False)
        self.assertIn("sidelight-controller runs as one replica", applied.stderr)
        # Others of the namespace, and none of this one, are nobody's business.
        self.cluster.kubectl("-n", NAMESPACE, "scale", "deployment/sidelight-controller", "--replicas=0", "--dry-run=server")
        deployment["metadata"]["name"] = "another"
        self.cluster.kubectl("apply", "--dry-run=server", "-f", "-", text=json.dumps(deployment))

    def test_controller_meets_the_restricted_standard_and_the_probe_is_what_does_not(self) -> None:
        labels = {"pod-security.kubernetes.io/enforce": "restricted"}
        self.client.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "restricted", "labels": labels}})
        self.addCleanup(wait_until, lambda: self.client.find("/api/v1/namespaces/restricted") is None, SECONDS, "the namespace to be gone")
        self.addCleanup(self.client.delete, "/api/v1/namespaces/restricted")
        self.client.wait_for("/api/v1/namespaces/restricted/serviceaccounts/default", bool, SECONDS, "the namespace's ServiceAccount")
        self.assertEqual("", self.refusal_of_pod("Deployment", "sidelight-controller"))
        refused = self.refusal_of_pod("DaemonSet", "sidelight-probe")
        self.assertIn("violates PodSecurity", refused)
        # These, with root for them, are all that it asks for beyond the standard.
        for reason in ("hostPID=true", 'must not include "BPF", "PERFMON", "SYS_PTRACE"', "runAsUser=0"):
            self.assertIn(reason, refused)
        for reason in ("privileged", "hostNetwork", "allowPrivilegeEscalation"):
            self.assertNotIn(reason, refused.split("violates PodSecurity", 1)[1].split(":", 1)[1].replace("hostPID=true", ""))

    def refusal_of_pod(self, kind: str, name: str) -> str:
        """What the API server says against a pod of that workload in the namespace `restricted`; empty where it takes it."""
        template = addon.the(self.objects, kind, name)["spec"]["template"]
        spec = {**template["spec"], "serviceAccountName": "default"}
        pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": "restricted", "labels": template["metadata"]["labels"]}, "spec": spec}
        return self.cluster.kubectl("create", "--dry-run=server", "-f", "-", text=json.dumps(pod), check=False).stderr

    def test_istioctl_validates_it(self) -> None:
        done = self.cluster.istioctl("validate", "-f", str(MANIFEST), check=False)
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertIn("sidelight.yaml\" is valid", done.stderr)

    def test_istioctl_analyze_finds_nothing_in_it(self) -> None:
        found = json.loads(self.cluster.istioctl("analyze", "-A", "-o", "json", check=False).stdout or "[]")
        ours = [message for message in found if "sidelight" in message.get("origin", "")]
        self.assertEqual([], ours)
        self.assertEqual([], [message for message in found if message["level"] == "Error"])


if __name__ == "__main__":
    unittest.main()
