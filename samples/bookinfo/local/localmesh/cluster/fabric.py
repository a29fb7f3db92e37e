# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""The control plane's network namespace: a bridge with its address, to which pods' namespaces may be linked. The root namespace gets nothing of it."""

from localmesh.cluster.layout import ClusterLayout
from localmesh.namespaces import create_netns
from localmesh.network import run_inside

BRIDGE = "fabric0"
PREFIX_LENGTH = 16


def create(layout: ClusterLayout) -> None:
    """Makes it; it lives as long as its mount."""
    create_netns(layout.netns)
    batch = f"link set lo up\nlink add {BRIDGE} type bridge\naddr add {layout.address}/{PREFIX_LENGTH} dev {BRIDGE}\nlink set {BRIDGE} up\n"
    run_inside(layout.netns, ["ip", "-batch", "-"], batch)
