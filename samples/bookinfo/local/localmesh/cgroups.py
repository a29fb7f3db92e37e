# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""The cgroup tree of a node: one slice a pod, one scope a container, by the names from which the probe knows the pod."""

import contextlib
import os
import time
from pathlib import Path

from localmesh.pods import Pod

_END_SECONDS = 3.0
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


def remove(root: Path, paths: list[str]) -> None:
    """Ends what is left in them and below, and removes them and what is empty above them."""
    deadline = time.monotonic() + _END_SECONDS
    paths = [inner for path in paths for inner in _deepest_first(root, path)]
    for path in paths:
        with contextlib.suppress(OSError):
            file = os.open(root / path / "cgroup.kill", os.O_WRONLY)
            try:
                os.write(file, b"1")
            finally:
                os.close(file)
    for path in paths:
        while not _remove_one(root, path) and time.monotonic() < deadline:
            time.sleep(0.005)


def _deepest_first(root: Path, path: str) -> list[str]:
    return [os.path.relpath(directory, root) for directory, _, _ in os.walk(root / path, topdown=False)] or [path]


def _remove_one(root: Path, path: str) -> bool:
    """Whether it is gone; a killed process stays in its cgroup for an instant."""
    try:
        (root / path).rmdir()
    except FileNotFoundError:
        pass
    except OSError:
        return False
    with contextlib.suppress(OSError):
        for parent in list(Path(path).parents)[:-1]:
            (root / parent).rmdir()
    return True
