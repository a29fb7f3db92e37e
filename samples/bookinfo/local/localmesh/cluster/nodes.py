# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""Nodes without a kubelet: kwok plays it on those with its annotation, on others whoever runs pods there."""

import time
from typing import Any

from localmesh.cluster.api import ApiClient

KWOK_ANNOTATION = "kwok.x-k8s.io/node"
# istiod injects a native sidecar only where all kubelets are new enough.
KUBELET_VERSION = "v1.36.1"

_READY_TAINT = "node.kubernetes.io/not-ready"


def node(name: str, zone: str, kwok: bool) -> dict[str, Any]:
    """The object as a kubelet would register it."""
    labels = {
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": "amd64",
        "topology.kubernetes.io/region": "local",
        "topology.kubernetes.io/zone": zone,
    }
    annotations = {KWOK_ANNOTATION: "fake"} if kwok else {}
    return {"apiVersion": "v1", "kind": "Node", "metadata": {"name": name, "labels": labels, "annotations": annotations}}


def status(name: str, address: str) -> dict[str, Any]:
    """What the kubelet would report."""
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    resources = {"cpu": "64", "memory": "256Gi", "ephemeral-storage": "1Ti", "pods": "500"}
    condition = {"type": "Ready", "status": "True", "reason": "KubeletReady", "lastHeartbeatTime": now, "lastTransitionTime": now}
    return {
        "capacity": resources,
        "allocatable": resources,
        "addresses": [{"type": "InternalIP", "address": address}, {"type": "Hostname", "address": name}],
        "conditions": [condition],
        "nodeInfo": {
            "kubeletVersion": KUBELET_VERSION,
            "kubeProxyVersion": "",
            "containerRuntimeVersion": "none://0",
            "operatingSystem": "linux",
            "architecture": "amd64",
            "osImage": "",
            "kernelVersion": "",
            "machineID": "",
            "systemUUID": "",
            "bootID": "",
        },
    }


def add(client: ApiClient, name: str, address: str, zone: str = "zone-1", kwok: bool = False) -> None:
    """Adds a node that is ready for pods."""
    client.apply(node(name, zone, kwok))
    path = f"/api/v1/nodes/{name}"
    client.merge(f"{path}/status", {"status": status(name, address)})
    # The API server taints every new node; the controller that would take it away needs a kubelet's heartbeats.
    taints = client.get(path)["spec"].get("taints", [])
    client.merge(path, {"spec": {"taints": [taint for taint in taints if taint["key"] != _READY_TAINT]}})
