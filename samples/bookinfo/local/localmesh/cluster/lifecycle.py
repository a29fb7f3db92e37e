# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""Bringing a control plane up and down from outside: the supervisor's birth and end."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
from collections.abc import Iterable, Iterator
from typing import Any

from localmesh import control, leftovers
from localmesh.cluster.cluster import Cluster
from localmesh.cluster.control_plane import Wanted
from localmesh.cluster.layout import RUN_VARIABLE, ClusterLayout, cluster_layout_from_environment
from localmesh.control import Progress
from localmesh.errors import MeshError
from localmesh.lifecycle import await_removal, start_supervisor

# command -> Debian package
_NEEDED = {"unshare": "util-linux", "nsenter": "util-linux", "setpriv": "util-linux", "ip": "iproute2", "openssl": "openssl", "ruby": "ruby"}
_BINARIES = ("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler")
_ISTIO_BINARIES = ("pilot-discovery", "istioctl")


def require_machine(layout: ClusterLayout, wanted: Wanted) -> None:
    """MeshError where this user or machine cannot have a control plane."""
    if os.geteuid() != 0:
        raise MeshError("a network namespace needs root: run this as root")
    missing = {package for command, package in _NEEDED.items() if shutil.which(command) is None}
    if missing:
        raise MeshError(f"missing packages: `apt-get install {' '.join(sorted(missing))}`")
    for name in [*_BINARIES, *(_ISTIO_BINARIES if wanted.istio else []), *(["kwok"] if wanted.kwok_nodes else [])]:
        layout.binary(name)


def up(layout: ClusterLayout, wanted: Wanted, progress: Progress, bound: bool = False) -> dict[str, Any]:
    """Starts a control plane; `bound` ends it with this process, however that ends. What is up already stays as it is."""
    require_machine(layout, wanted)
    if control.is_up(layout):
        return dict(control.ask(layout, "status", progress))
    asked = {
        "istio": wanted.istio,
        "overlays": [str(path.absolute()) for path in wanted.istio_overlays],
        "nodes": wanted.kwok_nodes,
        "serviceRange": wanted.service_range,
        "bound": bound,
    }
    argv = [str(os.getpid()), json.dumps(asked)]
    return start_supervisor("localmesh.cluster.supervisor", argv, {RUN_VARIABLE: str(layout.run), "PYTHONPATH": str(layout.python_path)}, progress)


def down(layout: ClusterLayout, progress: Progress) -> None:
    """Ends a control plane and removes all of it; fine where it is down."""
    if control.is_up(layout):
        control.ask(layout, "down", progress)
        await_removal(layout)
    elif layout.run.exists():
        _remove_leftovers(layout)
    progress("the control plane is down, nothing of it is left")


def _remove_leftovers(layout: ClusterLayout) -> None:
    lock = leftovers.lock(layout)
    leftovers.clean(layout, layout.run / "cgroup")
    leftovers.remove_directory(layout)
    os.close(lock)


def layout_of_this_process() -> ClusterLayout:
    """What SIDELIGHT_CLUSTER_RUN says, else a directory that no other process has; those of killed supervisors are removed."""
    layout = cluster_layout_from_environment()
    if RUN_VARIABLE in os.environ:
        return layout
    for other in layout.run.parent.glob(f"{layout.run.name}.*"):
        with contextlib.suppress(MeshError):
            _remove_leftovers(ClusterLayout(other))
    return ClusterLayout(layout.run.with_name(f"{layout.run.name}.{os.getpid()}"))


@contextlib.contextmanager
def running(layout: ClusterLayout, progress: Progress, wanted: Wanted | None = None) -> Iterator[Cluster]:
    """A control plane for as long as the block lasts; it also ends with this process."""
    if control.is_up(layout):
        raise MeshError(f"a control plane is up at {layout.run}: `mesh cluster down`, or set {RUN_VARIABLE} to another directory")
    up(layout, wanted or Wanted(), progress, bound=True)
    try:
        yield Cluster(layout)
    finally:
        down(layout, progress)


def run(layout: ClusterLayout, command: Iterable[str], wanted: Wanted, progress: Progress) -> int:
    """Runs a command with a control plane of its own; answers its exit code."""
    with running(layout, progress, wanted) as cluster:
        process = subprocess.Popen(list(command), env=cluster.environment())
        try:
            return process.wait()
        except KeyboardInterrupt:
            process.send_signal(signal.SIGINT)
            return process.wait()
