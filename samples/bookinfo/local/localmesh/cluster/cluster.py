# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""A control plane that is up, as its users see it: tests, `mesh cluster`, and whatever is built upon it."""

import contextlib
import http.client
import json
import os
import subprocess
import time
from pathlib import Path
from typing import Any

from localmesh import control
from localmesh.cluster import credentials, nodes
from localmesh.cluster.api import ApiClient, ApiServer
from localmesh.cluster.layout import API_PORT, ETCD_PORT, RUN_VARIABLE, ClusterLayout, cluster_layout_from_environment
from localmesh.errors import MeshError
from localmesh.namespaces import connect_in

_COMMAND_SECONDS = 120.0


class Cluster:
    """All of it works from the root network namespace."""

    def __init__(self, layout: ClusterLayout) -> None:
        self.layout = layout

    @classmethod
    def from_environment(cls) -> "Cluster":
        """The one of SIDELIGHT_CLUSTER_RUN, which `mesh cluster run` sets; MeshError where it is down."""
        layout = cluster_layout_from_environment()
        if not control.is_up(layout):
            raise MeshError(f"no control plane at {layout.run}: `mesh cluster up`, or `mesh cluster run COMMAND`")
        return cls(layout)

    @property
    def kubeconfig(self) -> Path:
        """The administrator's."""
        return self.layout.kubeconfig(credentials.ADMIN)

    @property
    def netns(self) -> str:
        """A path to the control plane's network namespace, good outside the supervisor's mounts too."""
        return f"/proc/{self.status()['supervisor']}/root{self.layout.netns}"

    def status(self) -> dict[str, Any]:
        """What runs: see ClusterSupervisor.status."""
        return dict(control.ask(self.layout, "status", _quiet))

    def start(self, component: str) -> None:
        """Starts a component and waits until it serves."""
        control.ask(self.layout, "start", _quiet, component=component)

    def stop(self, component: str) -> None:
        """Ends a component cleanly."""
        control.ask(self.layout, "stop", _quiet, component=component)

    def kill(self, component: str) -> None:
        """Ends a component by SIGKILL."""
        control.ask(self.layout, "kill", _quiet, component=component)

    def restart(self, component: str) -> None:
        """Ends a component cleanly, starts it and waits until it serves."""
        control.ask(self.layout, "restart", _quiet, component=component)

    def compact(self) -> int:
        """Makes etcd forget all old revisions, so that a watch that resumes from one of them expires (410) once the API server has restarted. Answers the revision."""
        head = self._etcd("/v3/kv/range", {"key": "AA=="})["header"]["revision"]
        self._etcd("/v3/kv/compaction", {"revision": head, "physical": True})
        return int(head)

    def _etcd(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", ETCD_PORT)
        connection.sock = connect_in(self.netns, ("127.0.0.1", ETCD_PORT), _COMMAND_SECONDS)
        try:
            connection.request("POST", path, json.dumps(body))
            response = connection.getresponse()
            text = response.read()
            if response.status != 200:
                raise MeshError(f"etcd answers {response.status}: {text.decode(errors='replace')}")
            return dict(json.loads(text))
        finally:
            connection.close()

    def api_server(self) -> ApiServer:
        """As it is reached from the root network namespace."""
        return ApiServer("127.0.0.1", int(self.layout.relay_port.read_text()), self.layout.authority)

    def client(self, token: str = "") -> ApiClient:
        """A client of whoever has that token; of the administrator by default."""
        return ApiClient(self.api_server(), token or credentials.component_token(self.layout, credentials.ADMIN))

    def token(self, namespace: str, service_account: str, audience: str = "", seconds: int = 3600, pod: dict[str, Any] | None = None) -> str:
        """A token of a ServiceAccount, as `kubectl create token` or a kubelet makes it (the latter for one pod); 600 s is the shortest that the API server grants."""
        wanted: dict[str, Any] = {"expirationSeconds": seconds}
        if audience:
            wanted["audiences"] = [audience]
        if pod is not None:
            wanted["boundObjectRef"] = {"kind": "Pod", "apiVersion": "v1", "name": pod["metadata"]["name"], "uid": pod["metadata"]["uid"]}
        path = f"/api/v1/namespaces/{namespace}/serviceaccounts/{service_account}/token"
        request = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": wanted}
        with contextlib.closing(self.client()) as client:
            return str(client.request("POST", path, request)["status"]["token"])

    def service_account_kubeconfig(self, namespace: str, service_account: str, seconds: int = 3600, inside: bool = False) -> Path:
        """A kubeconfig with a fresh token of a ServiceAccount; `inside` for programs in the control plane's network namespace."""
        server = f"https://{self.layout.address}:{API_PORT}" if inside else self.api_server().url
        path = self.layout.kubeconfig(f"{namespace}.{service_account}", inside)
        return credentials.write_kubeconfig(self.layout, path, server, self.token(namespace, service_account, seconds=seconds), namespace)

    def add_node(self, name: str, zone: str = "zone-1", kwok: bool = True, address: str = "") -> None:
        """Adds a node: kwok says of its pods that they run, or whoever has set `kwok` to False does."""
        with contextlib.closing(self.client()) as client:
            nodes.add(client, name, address or self.layout.address, zone, kwok)

    def kubectl(self, *arguments: str, text: str = "", check: bool = True, kubeconfig: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Runs kubectl, as the administrator or with another's kubeconfig; MeshError with what it said where it failed, unless that is looked at by the caller."""
        return self._run("kubectl", arguments, text, check, kubeconfig)

    def istioctl(self, *arguments: str, text: str = "", check: bool = True) -> subprocess.CompletedProcess[str]:
        """Runs istioctl."""
        return self._run("istioctl", arguments, text, check, None)

    def _run(self, name: str, arguments: tuple[str, ...], text: str, check: bool, kubeconfig: Path | None) -> subprocess.CompletedProcess[str]:
        argv = [str(self.layout.binary(name)), *arguments]
        environment = {**self.environment(), "KUBECONFIG": str(kubeconfig or self.kubeconfig)}
        done = subprocess.run(argv, input=text, capture_output=True, text=True, env=environment, timeout=_COMMAND_SECONDS)
        if check and done.returncode != 0:
            raise MeshError(f"`{name} {' '.join(arguments)}` failed with {done.returncode}: {done.stderr.strip() or done.stdout.strip()}")
        return done

    def environment(self) -> dict[str, str]:
        """Of a program that uses this control plane: KUBECONFIG, SIDELIGHT_CLUSTER_RUN, kubectl and istioctl on the path, and localmesh for Python."""
        python_path = f"{self.layout.python_path}:{os.environ.get('PYTHONPATH', '')}".rstrip(":")
        path = f"{self.layout.binaries}:{os.environ.get('PATH', '')}"
        return {**os.environ, "PATH": path, "PYTHONPATH": python_path, "KUBECONFIG": str(self.kubeconfig), RUN_VARIABLE: str(self.layout.run)}

    def audited(self, user: str, since: int = 0) -> list[dict[str, Any]]:
        """The audit log's entries of a user (system:serviceaccount:NAMESPACE:NAME), from a size of the log on that `audit_size` gave earlier."""
        with open(self.layout.audit_log) as log:
            log.seek(since)
            events = [json.loads(line) for line in log if line.endswith("\n")]
        return [event for event in events if event["user"]["username"] == user]

    def audit_size(self) -> int:
        """How long the audit log is now, in bytes."""
        return self.layout.audit_log.stat().st_size if self.layout.audit_log.exists() else 0


def _quiet(text: str) -> None:
    del text


def wait_until(condition: Any, seconds: float, what: str) -> Any:
    """Asks a condition until it holds and answers its value; MeshError with `what` was awaited."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise MeshError(f"not within {seconds:.0f} s: {what}")
        time.sleep(0.05)
    return value
