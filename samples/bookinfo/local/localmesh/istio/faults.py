# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""The faults that a mesh of Istio's can have: those of the apps by their files, a sidecar's delay by Istio's own fault injection."""

import time
from typing import Any

from localmesh import faults, meshfile, pods
from localmesh.cluster.api import ApiClient
from localmesh.cluster.cluster import wait_until
from localmesh.errors import MeshError
from localmesh.istio import envoy_admin
from localmesh.layout import Layout
from localmesh.pods import APP_PORT, NAMESPACE, Pod

_OUTBOUND = "sidecar-delay-outbound"
KINDS = (*faults.BY_THE_APP, _OUTBOUND)
_TAKEN_SECONDS = 15.0


class IstioFaults(faults.FaultsInForce):
    """Of a mesh of Istio's."""

    def __init__(self, layout: Layout, client: ApiClient) -> None:
        super().__init__(layout, pods.make_pods())
        self._client = client

    def set(self, kind: str, workload: str, milliseconds: float) -> dict[str, Any]:
        """Puts a fault in force in place of the workload's former one; answers when it was."""
        pod = faults.check(kind, workload, milliseconds, self._members)
        if kind not in KINDS or (kind == _OUTBOUND and pod.gateway):
            raise MeshError(f"{kind} on {workload} is not known in a mesh of Istio's; there are {', '.join(KINDS)}, the last not of the gateway")
        if self._active.get(workload, {}).get("kind") != kind:
            self._clear_workload(workload)
        self._active[workload] = {"kind": kind, "workload": workload, "milliseconds": milliseconds}
        if kind in faults.BY_THE_APP:
            meshfile.replace(self._layout.fault(workload), f"{kind} {milliseconds:g}\n")
        else:
            self._write(pod.calls)
            self._await(pod, f'"fixed_delay": "{milliseconds / 1000:.3f}s"', present=True)
        return {**self._active[workload], "monotonicNanos": time.monotonic_ns()}

    def _end(self, kind: str, pod: Pod) -> None:
        self._write(pod.calls)
        self._await(pod, "fixed_delay", present=False)

    def _write(self, services: tuple[str, ...]) -> None:
        """A VirtualService a service, of all delays towards it."""
        for service in services:
            delayed = {
                pod: self._active[pod.workload]["milliseconds"]
                for pod in self._members
                if service in pod.calls and self._active.get(pod.workload, {}).get("kind") == _OUTBOUND
            }
            document = _virtual_service(service, delayed)
            if delayed:
                self._client.apply(document)
            else:
                self._client.delete(self._client.path_of(document))

    def _await(self, pod: Pod, text: str, present: bool) -> None:
        """Until the workload's Envoy has it: istiod gathers changes before it tells them."""
        netns = str(self._layout.netns(pod.workload))

        def taken() -> bool:
            routes = envoy_admin.ask(netns, "/config_dump?resource=dynamic_route_configs")
            return bool(routes) and (text in routes) == present

        wait_until(taken, _TAKEN_SECONDS, f"{pod.workload}'s Envoy to {'have' if present else 'lose'} {text}")


def _virtual_service(service: str, delayed: dict[Pod, float]) -> dict[str, Any]:
    """Who calls that service is delayed where it is one of these workloads; others take the last route."""
    route = [{"destination": {"host": service, "port": {"number": APP_PORT}}}]
    routes: list[dict[str, Any]] = [
        {
            "match": [{"sourceLabels": {"app": pod.app, "version": pod.version}}],
            "fault": {"delay": {"percentage": {"value": 100}, "fixedDelay": f"{milliseconds:g}ms"}},
            "route": route,
        }
        for pod, milliseconds in delayed.items()
    ]
    return {
        "apiVersion": "networking.istio.io/v1",
        "kind": "VirtualService",
        "metadata": {"name": f"fault-{service}", "namespace": NAMESPACE},
        "spec": {"hosts": [service], "http": [*routes, {"route": route}]},
    }
