# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""What the kubelet of one node knows: who it is, where its files lie, and how it asks the API server."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from localmesh.cluster import credentials
from localmesh.cluster.api import ApiClient, ApiServer
from localmesh.cluster.layout import API_PORT, ClusterLayout
from localmesh.layout import Layout
from localmesh.network import FABRIC

FIRST_SERVICE_HOST = 1
_KUBELET = "/var/lib/kubelet"
_SERVICE_RANGE = "10.78.0.0/16"


def cluster_layout(layout: Layout) -> ClusterLayout:
    """The control plane's, which belongs to this mesh; Services are given addresses of the range in which those of the other mesh's lie."""
    return ClusterLayout(layout.run / "cluster", service_range=_SERVICE_RANGE)


@dataclass(frozen=True)
class Node:
    """One of the mesh's nodes, by its number from 1 on."""

    layout: Layout
    name: str
    number: int

    @property
    def cluster(self) -> ClusterLayout:
        """The control plane that it belongs to."""
        return cluster_layout(self.layout)

    @property
    def address(self) -> str:
        """The node's own."""
        return f"10.77.{self.number}.1"

    @property
    def zone(self) -> str:
        """Each node is in a zone of its own."""
        return f"zone-{self.number}"

    def pod_address(self, host: int) -> str:
        """One for a pod."""
        return f"10.77.{self.number}.{host}"

    @property
    def netns(self) -> Path:
        """The node's network namespace."""
        return self.layout.netns(self.name)

    @property
    def fabric(self) -> Path:
        """Where the control plane is, and what routes between all."""
        return self.layout.netns(FABRIC)

    @property
    def cgroup(self) -> str:
        """The node's own, relative to the hierarchy's root; below it are its pods'."""
        return f"{self.layout.run.name}.{self.name}"

    @property
    def cgroups(self) -> Path:
        """Where that is mounted."""
        return self.layout.run / "cgroup" / self.cgroup

    @property
    def images(self) -> Path:
        """Below it a directory an image."""
        return self.layout.run / "images"

    @property
    def pods(self) -> Path:
        """Below it a directory a pod."""
        return self.layout.run / "nodes" / self.name / "pods"

    def host_path(self, path: str) -> Path:
        """A file of the node: this machine's, but for what is the kubelet's own."""
        inside = Path(path)
        return self.layout.run / "nodes" / self.name / "kubelet" / inside.relative_to(_KUBELET) if inside.is_relative_to(_KUBELET) else inside

    @property
    def kubernetes_service(self) -> str:
        """The address of the API server's Service."""
        return f"{self.cluster.service_range.rsplit('.', 1)[0]}.{FIRST_SERVICE_HOST}"

    def api_server(self) -> ApiServer:
        """As it is reached from the node's network namespace."""
        return ApiServer(self.cluster.address, API_PORT, self.cluster.authority)

    def client(self) -> ApiClient:
        """One that may do everything: which kubelet may do what is not what this mesh is to show."""
        return ApiClient(self.api_server(), self.token)

    @property
    def token(self) -> str:
        """The administrator's."""
        return credentials.component_token(self.cluster, credentials.ADMIN)


def make_nodes(layout: Layout) -> tuple[Node, ...]:
    """All of them."""
    return Node(layout, "worker-a", 1), Node(layout, "worker-b", 2)


def quoted_lines(values: dict[str, str] | None) -> str:
    """Labels or annotations as the downward API writes them."""
    return "".join(f"{key}={json.dumps(value)}\n" for key, value in sorted((values or {}).items()))


def field(pod: dict[str, Any], address: str, node: Node, path: str) -> str:
    """A field of a pod by the downward API's path."""
    metadata, spec = pod["metadata"], pod["spec"]
    for kind in ("labels", "annotations"):
        if path == f"metadata.{kind}":
            return quoted_lines(metadata.get(kind))
        if path.startswith(f"metadata.{kind}['"):
            return str((metadata.get(kind) or {}).get(path.split("'")[1], ""))
    return str(
        {
            "metadata.name": metadata["name"],
            "metadata.namespace": metadata["namespace"],
            "metadata.uid": metadata["uid"],
            "spec.serviceAccountName": spec.get("serviceAccountName", "default"),
            "spec.nodeName": spec["nodeName"],
            "status.podIP": address,
            "status.podIPs": address,
            "status.hostIP": node.address,
            "status.hostIPs": node.address,
        }[path]
    )
