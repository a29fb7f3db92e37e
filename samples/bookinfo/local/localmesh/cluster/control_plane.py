# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""The programs of one control plane, from the first file to the last process; whoever makes one of these is the parent of all of them."""

import contextlib
import json
import signal
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from localmesh.cluster import credentials, istio, nodes, programs
from localmesh.cluster.api import ApiClient, ApiServer
from localmesh.cluster.layout import API_PORT, ETCD_PORT, ClusterLayout
from localmesh.cluster.programs import API_SERVER, CONTROLLER_MANAGER, ETCD, ISTIOD, KWOK, RELAY, SCHEDULER
from localmesh.control import Progress
from localmesh.errors import MeshError
from localmesh.processes import Program, Running, log_tail, stop
from localmesh.readiness import http_status

_READY_SECONDS = 90.0
_POLL_SECONDS = 0.02
_CLIENTS_FIRST = (RELAY, KWOK, ISTIOD, SCHEDULER, CONTROLLER_MANAGER, API_SERVER, ETCD)

# Requests of the control plane itself, and of whoever may do everything, prove nothing about a role.
_AUDIT_POLICY = {
    "apiVersion": "audit.k8s.io/v1",
    "kind": "Policy",
    "omitStages": ["RequestReceived"],
    "rules": [
        {"level": "None", "userGroups": ["system:masters", "system:serviceaccounts:kube-system"]},
        {"level": "None", "users": [name for name, _ in credentials.USERS.values()] + ["system:apiserver", "system:anonymous"]},
        {"level": "Metadata"},
    ],
}


@dataclass(frozen=True)
class Wanted:
    """What is in the control plane beside Kubernetes."""

    istio: bool = True
    istio_overlays: list[Path] = field(default_factory=list)
    """IstioOperator files that `istioctl install -f` would be given."""
    kwok_nodes: tuple[str, ...] = ("kwok-1", "kwok-2")
    service_range: str = "10.96.0.0/16"


class ControlPlane:
    """Programs end with the thread that starts them: one thread owns it."""

    def __init__(self, layout: ClusterLayout, netns: Path, record: Callable[[list[int]], None]) -> None:
        """`record` is told of all process ids whenever they change."""
        self._layout = layout
        self._record = record
        self._netns = netns
        self._processes: dict[str, Running] = {}
        self._client: ApiClient | None = None

    def boot(self, wanted: Wanted, progress: Progress) -> None:
        """Brings everything up in a network namespace that has the layout's address; MeshError with a cause where something does not come."""
        layout = self._layout
        rendering = istio.start_rendering(layout, wanted.istio_overlays) if wanted.istio else None
        try:
            (layout.run / "logs").mkdir(exist_ok=True)
            (layout.run / "audit-policy.json").write_text(json.dumps(_AUDIT_POLICY))
            credentials.issue(layout)
            self._start(programs.etcd(layout, self._netns))
            self._start(programs.relay(layout, self._netns))
            self._await(ETCD)
            self._start(programs.api_server(layout, self._netns))
            self._await(RELAY)
            credentials.write_component_kubeconfigs(layout, self.relay_port())
            manifest = istio.finish_rendering(rendering) if rendering else None
        finally:
            if rendering:
                rendering.kill()
        self._await(API_SERVER)
        progress("the API server is ready")
        self._start(programs.controller_manager(layout, self._netns))
        self._start(programs.scheduler(layout, self._netns))
        if wanted.kwok_nodes:
            self._start(programs.kwok(layout, self._netns))
        if manifest:
            self._install(manifest, progress)
        for name in wanted.kwok_nodes:
            nodes.add(self.client(), name, layout.address, kwok=True)
        self.client().wait_for("/api/v1/namespaces/default/serviceaccounts/default", bool, _READY_SECONDS, "the controller manager's work")
        for running in self._processes.values():
            running.require_alive()

    def _install(self, manifest: istio.Manifest, progress: Progress) -> None:
        client = self.client()
        for document in [istio.namespace(), *manifest.crds]:
            client.apply(document)
        for document in [*manifest.objects, istio.endpoint_slice(self._layout)]:
            _eventually(client.apply, document)
        progress(f"Istio's {len(manifest.crds)} kinds and {len(manifest.objects)} objects are applied")
        self._start(programs.istiod(self._layout, self._netns, manifest.istiod))
        self._await(ISTIOD)
        for document in manifest.webhooks:
            client.apply(document)
        for document in manifest.webhooks:
            client.wait_for(client.path_of(document), _answers, _READY_SECONDS, "istiod's certificate in its webhooks")
        progress("istiod is ready, and its webhooks answer")

    def client(self) -> ApiClient:
        """The administrator's."""
        if self._client is None:
            self._client = ApiClient(self.api_server(), credentials.component_token(self._layout, credentials.ADMIN))
        return self._client

    def api_server(self) -> ApiServer:
        """As it is reached in its network namespace."""
        return ApiServer(self._layout.address, API_PORT, self._layout.authority, self._netns)

    def relay_port(self) -> int:
        """Where on loopback the root network namespace finds the API server."""
        return int(self._layout.relay_port.read_text())

    def start(self, name: str) -> int:
        """Starts one component and waits until it serves; nothing where it runs. Answers its process id."""
        self.require(name)
        if not self._processes[name].alive():
            self._start(self._processes[name].program)
            self._await(name)
        return self._processes[name].pid

    def end(self, name: str, number: signal.Signals = signal.SIGTERM) -> None:
        """Ends one component; fine where it has ended."""
        self.require(name)
        stop([self._processes[name]], number)

    def require(self, name: str) -> None:
        """MeshError where there is no such component."""
        if name not in self._processes or name == RELAY:
            raise MeshError(f"no such component: {name}; there are {', '.join(n for n in self._processes if n != RELAY)}")

    def running(self) -> dict[str, Running]:
        """What has been started, by name."""
        return dict(self._processes)

    def tear_down(self) -> None:
        """Ends all, clients before servers; may be called at any stage."""
        if self._client is not None:
            self._client.close()
        stop([self._processes[name] for name in _CLIENTS_FIRST if name in self._processes], signal.SIGKILL)

    def _start(self, program: Program) -> None:
        self._processes[program.name] = Running(program)
        self._record([running.pid for running in self._processes.values() if running.alive()])

    def _await(self, name: str) -> None:
        running, deadline = self._processes[name], time.monotonic() + _READY_SECONDS
        while not self.is_ready(name):
            running.require_alive()
            if time.monotonic() > deadline:
                raise MeshError(f"not ready within {_READY_SECONDS:.0f} s: {name}\n{log_tail(running.program.log)}")
            time.sleep(_POLL_SECONDS)

    def is_ready(self, name: str) -> bool:
        """Whether a component serves now; those that serve nothing have only to run."""
        asked: dict[str, Callable[[], bool]] = {
            ETCD: lambda: http_status(str(self._netns), ("127.0.0.1", ETCD_PORT), "/health") == 200,
            RELAY: self._relay_answers,
            API_SERVER: lambda: http_status(str(self._netns), (self._layout.address, API_PORT), "/readyz", tls=True) == 200,
            ISTIOD: lambda: http_status(str(self._netns), istio.ready_address(self._layout), "/ready") == 200,
        }
        return self._processes[name].alive() and asked.get(name, lambda: True)()

    def _relay_answers(self) -> bool:
        with contextlib.suppress(OSError, ValueError), socket.create_connection(("127.0.0.1", self.relay_port()), 1.0):
            return True
        return False


def _answers(configuration: dict[str, Any]) -> bool:
    """Whether istiod has put its certificate into its webhooks, and made validation strict."""
    webhooks = configuration["webhooks"]
    return all(webhook["clientConfig"].get("caBundle") for webhook in webhooks) and all(webhook["failurePolicy"] == "Fail" for webhook in webhooks)


def _eventually(apply: Callable[[dict[str, Any]], Any], document: dict[str, Any]) -> None:
    """A kind just defined is served a moment later."""
    deadline = time.monotonic() + _READY_SECONDS
    while True:
        try:
            apply(document)
            return
        except MeshError:
            if time.monotonic() > deadline:
                raise
            time.sleep(_POLL_SECONDS)
