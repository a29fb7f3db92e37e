# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""Sidelight as a cluster gets it: istio-addon's manifest and its IstioOperator overlay, and nothing else."""

from pathlib import Path

from localmesh.cluster.cluster import Cluster
from localmesh.layout import Layout

NAMESPACE = "istio-system"
CONTROLLER = "sidelight-controller"
PROBE = "sidelight-probe"


def overlay(layout: Layout) -> Path:
    """What `istioctl install -f` is given."""
    return layout.addon / "istioctl" / "sidelight-operator.yaml"


def install(layout: Layout, cluster: Cluster) -> None:
    """`kubectl apply -f sidelight.yaml`."""
    cluster.kubectl("apply", "-f", str(layout.addon / "sidelight.yaml"))
