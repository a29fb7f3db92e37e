# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""The cgroup tree of a node: one slice a pod, one scope a container, by the names from which the probe knows the pod."""

import contextlib
from pathlib import Path

from localmesh.pods import Pod

_BEST_EFFORT = "kubepods.slice/kubepods-besteffort.slice"


def scope(pod: Pod, container_id: str) -> str:
    """A container's cgroup, relative to the hierarchy's root."""
    pod_slice = f"kubepods-besteffort-pod{pod.uid.replace('-', '_')}.slice"
    return f"{_BEST_EFFORT}/{pod_slice}/cri-containerd-{container_id}.scope"


def scopes(members: tuple[Pod, ...]) -> list[str]:
    """All containers' cgroups."""
    return [
        scope(pod, container_id)
        for pod in members
        for container_id in ([pod.proxy_container_id] if pod.gateway else [pod.app_container_id, pod.proxy_container_id])
    ]


def create(root: Path, paths: list[str]) -> None:
    """Makes the containers' cgroups below a mounted hierarchy."""
    for path in paths:
        (root / path).mkdir(parents=True, exist_ok=True)


def remove(root: Path, paths: list[str]) -> list[str]:
    """Removes them and what is empty above them; answers those that still hold processes."""
    remaining = []
    for path in paths:
        try:
            with contextlib.suppress(FileNotFoundError):
                (root / path).rmdir()
            for parent in list(Path(path).parents)[:-1]:
                (root / parent).rmdir()
        except OSError:
            if (root / path).exists():
                remaining.append(path)
    return remaining
