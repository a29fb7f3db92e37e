# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""Sidelight as a cluster gets it: istio-addon's manifest and its IstioOperator overlay, and nothing else."""

from pathlib import Path

from localmesh.cluster.cluster import Cluster
from localmesh.errors import MeshError
from localmesh.layout import Layout

NAMESPACE = "istio-system"
CONTROLLER = "sidelight-controller"
PROBE = "sidelight-probe"


def overlays(layout: Layout) -> list[Path]:
    """What `istioctl install -f` is given."""
    found = sorted((layout.addon / "istioctl").glob("*.yaml"))
    if not found:
        raise MeshError(f"{layout.addon / 'istioctl'} holds no IstioOperator overlay")
    return found


def install(layout: Layout, cluster: Cluster) -> None:
    """`kubectl apply -f sidelight.yaml`."""
    cluster.kubectl("apply", "-f", str(layout.addon / "sidelight.yaml"))
