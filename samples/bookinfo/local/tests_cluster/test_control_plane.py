# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""The control plane does what one does: run by `make test-cluster` on the one that all of its suites share."""

import contextlib
import json
import subprocess
import unittest
from typing import Any

from localmesh.cluster.api import ApiError
from localmesh.cluster.cluster import Cluster, wait_until
from localmesh.errors import MeshError

_SECONDS = 60.0
_NAMESPACE = "harness"
_POD_SPEC = {"containers": [{"name": "app", "image": "app"}]}


def _meta(name: str, **labels: str) -> dict[str, Any]:
    return {"name": name, "namespace": _NAMESPACE, "labels": labels}


def _workload(kind: str, name: str, **spec: Any) -> dict[str, Any]:
    template = {"metadata": {"labels": {"app": name}}, "spec": _POD_SPEC}
    return {"apiVersion": "apps/v1", "kind": kind, "metadata": _meta(name), "spec": {"selector": {"matchLabels": {"app": name}}, "template": template, **spec}}


class ControlPlaneTest(unittest.TestCase):
    """Kubernetes, Istio, tokens, and what a restart of the API server does to a watch."""

    cluster: Cluster

    @classmethod
    def setUpClass(cls) -> None:
        cls.cluster = Cluster.from_environment()
        cls.client = cls.cluster.client()
        cls.addClassCleanup(cls.client.close)
        cls.client.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": _NAMESPACE, "labels": {"istio-injection": "enabled"}}})
        path = f"/api/v1/namespaces/{_NAMESPACE}"
        cls.addClassCleanup(cls._remove_namespace, path)
        cls.client.wait_for(f"{path}/serviceaccounts/default", bool, _SECONDS, "the namespace's ServiceAccount")

    @classmethod
    def _remove_namespace(cls, path: str) -> None:
        cls.client.delete(path)
        wait_until(lambda: cls.client.find(path) is None, _SECONDS, "the namespace to be gone")

    def apply(self, document: dict[str, Any]) -> str:
        """Answers the object's path."""
        self.client.apply(document)
        return self.client.path_of(document)

    def service_account(self, name: str) -> None:
        self.apply({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": _meta(name)})

    def review(self, token: str, audience: str) -> dict[str, Any]:
        request = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenReview", "spec": {"token": token, "audiences": [audience]}}
        return dict(self.client.request("POST", "/apis/authentication.k8s.io/v1/tokenreviews", request)["status"])

    def test_every_component_serves(self) -> None:
        self.assertEqual([], [component["name"] for component in self.cluster.status()["components"] if not component["ready"]])

    def test_root_namespace_has_no_address_of_it(self) -> None:
        addresses = subprocess.run(["ip", "-json", "address"], check=True, capture_output=True, text=True).stdout
        self.assertNotIn(self.cluster.layout.address, [info["local"] for link in json.loads(addresses) for info in link["addr_info"]])

    def test_deployment_and_daemon_set_roll_out(self) -> None:
        deployment = self.apply(_workload("Deployment", "web", replicas=3))
        self.client.wait_for(deployment, lambda d: d["status"].get("readyReplicas") == 3, _SECONDS, "three replicas")
        daemon_set = self.apply(_workload("DaemonSet", "agent"))
        nodes = len(self.client.get("/api/v1/nodes")["items"])
        self.client.wait_for(daemon_set, lambda d: d["status"].get("numberReady") == nodes, _SECONDS, "a pod a node")
        pods = self.client.get(f"/api/v1/namespaces/{_NAMESPACE}/pods?labelSelector=app%3Dweb")["items"]
        self.assertEqual(3, len({pod["status"]["podIP"] for pod in pods}))

    def test_job_completes(self) -> None:
        template = {"metadata": {"labels": {"sidecar.istio.io/inject": "false"}}, "spec": {**_POD_SPEC, "restartPolicy": "Never"}}
        job = self.apply({"apiVersion": "batch/v1", "kind": "Job", "metadata": _meta("once"), "spec": {"template": template}})
        self.client.wait_for(job, lambda j: j["status"].get("succeeded") == 1, _SECONDS, "the job")

    def test_webhook_injects_a_native_sidecar(self) -> None:
        path = self.apply({"apiVersion": "v1", "kind": "Pod", "metadata": _meta("injected"), "spec": _POD_SPEC})
        sidecars = [container for container in self.client.get(path)["spec"]["initContainers"] if container["name"] == "istio-proxy"]
        self.assertEqual(["Always"], [sidecar.get("restartPolicy") for sidecar in sidecars])
        self.client.wait_for(path, lambda pod: pod["status"].get("phase") == "Running", _SECONDS, "the pod to run")

    def test_webhook_refuses_what_istio_does_not_understand(self) -> None:
        route = {"destination": {"host": "reviews"}, "weight": 50}
        service = {"apiVersion": "networking.istio.io/v1", "kind": "VirtualService", "metadata": _meta("wrong")}
        with self.assertRaisesRegex(ApiError, "admission webhook.*validation.istio.io.*weight"):
            self.client.apply({**service, "spec": {"hosts": ["reviews"], "http": [{"route": [route, {**route, "weight": -1}]}]}})

    def test_schema_of_istios_kinds_is_strict(self) -> None:
        telemetry = {"apiVersion": "telemetry.istio.io/v1", "kind": "Telemetry", "metadata": _meta("typo"), "spec": {"accessLoging": []}}
        done = self.cluster.kubectl("apply", "--dry-run=server", "--validate=strict", "-f", "-", text=json.dumps(telemetry), check=False)
        self.assertNotEqual(0, done.returncode)
        self.assertIn("accessLoging", done.stderr)

    def test_istioctl_analyzes_this_cluster(self) -> None:
        found = json.loads(self.cluster.istioctl("analyze", "-n", _NAMESPACE, "-o", "json").stdout or "[]")
        self.assertEqual([], [message for message in found if message["level"] == "Error"])

    def test_service_account_may_do_what_its_role_says_and_it_is_recorded(self) -> None:
        self.service_account("reader")
        kubeconfig = self.cluster.service_account_kubeconfig(_NAMESPACE, "reader")
        since = self.cluster.audit_size()
        self.assertIn("forbidden", self.cluster.kubectl("get", "pods", check=False, kubeconfig=kubeconfig).stderr)
        rbac = "rbac.authorization.k8s.io"
        self.apply({"apiVersion": f"{rbac}/v1", "kind": "Role", "metadata": _meta("reader"), "rules": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["list"]}]})
        subject = {"kind": "ServiceAccount", "name": "reader", "namespace": _NAMESPACE}
        role = {"apiGroup": rbac, "kind": "Role", "name": "reader"}
        self.apply({"apiVersion": f"{rbac}/v1", "kind": "RoleBinding", "metadata": _meta("reader"), "subjects": [subject], "roleRef": role})
        wait_until(lambda: self.cluster.kubectl("get", "pods", check=False, kubeconfig=kubeconfig).returncode == 0, _SECONDS, "the role to be in force")
        events = self.cluster.audited(f"system:serviceaccount:{_NAMESPACE}:reader", since)
        listed = [event for event in events if event.get("objectRef", {}).get("resource") == "pods"]
        self.assertEqual({403, 200}, {event["responseStatus"]["code"] for event in listed})

    def test_token_is_good_for_its_audience_only(self) -> None:
        self.service_account("probe")
        token = self.cluster.token(_NAMESPACE, "probe", audience="sidelight", seconds=600)
        self.assertTrue(self.review(token, "sidelight")["authenticated"])
        self.assertFalse(self.review(token, "other").get("authenticated", False))
        with contextlib.closing(self.cluster.client(token)) as client, self.assertRaises(ApiError) as refused:
            client.get("/api/v1/namespaces")
        self.assertEqual(401, refused.exception.status)

    def test_token_of_a_pod_names_pod_and_node(self) -> None:
        pod = self.client.get(self.apply({"apiVersion": "v1", "kind": "Pod", "metadata": _meta("bound"), "spec": {**_POD_SPEC, "nodeName": "kwok-1"}}))
        status = self.review(self.cluster.token(_NAMESPACE, "default", audience="sidelight", pod=pod), "sidelight")
        extra = status["user"]["extra"]
        self.assertEqual(["bound"], extra["authentication.kubernetes.io/pod-name"])
        self.assertEqual(["kwok-1"], extra["authentication.kubernetes.io/node-name"])

    def test_watch_from_a_forgotten_revision_expires(self) -> None:
        pods = f"/api/v1/namespaces/{_NAMESPACE}/configmaps"
        revision = self.client.get(pods)["metadata"]["resourceVersion"]
        self.apply({"apiVersion": "v1", "kind": "ConfigMap", "metadata": _meta("later"), "data": {}})
        self.cluster.compact()
        self.cluster.restart("kube-apiserver")
        event = self.client_again().request("GET", f"{pods}?watch=true&resourceVersion={revision}&timeoutSeconds=1")
        self.assertEqual((410, "Expired"), (event["object"]["code"], event["object"]["reason"]))

    def client_again(self) -> Any:
        """A client whose connection is not the restarted server's."""
        with contextlib.suppress(OSError, MeshError):
            self.client.get("/version")
        self.client.get("/version")
        return self.client


if __name__ == "__main__":
    unittest.main()
