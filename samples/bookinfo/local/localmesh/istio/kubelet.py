# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""A stand-in for the kubelet: runs the pods that the API server assigns to its node, as it returns them.

It is the first process of the node's PID namespace, so that nothing of the node outlives it. Argument: the node's name.
"""

import contextlib
import os
import queue
import signal
import sys
from pathlib import Path
from typing import Any

from localmesh.errors import MeshError
from localmesh.istio.images import images
from localmesh.istio.node import Node, make_nodes
from localmesh.istio.pod import Pod
from localmesh.istio.watch import Event, Watch
from localmesh.layout import layout_from_environment
from localmesh.signals import Terminated, raise_on_termination

_STEP_SECONDS = 0.05
_FIRST_HOST, _LAST_HOST = 10, 254


class Kubelet:
    """One node's. One thread starts and watches all its processes; two others watch the API server's lists."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._known = images(node.layout, node.cluster)
        self._pods: dict[str, Pod] = {}
        self._ending: set[str] = set()
        self._names: dict[str, tuple[str, str]] = {}
        self._free = list(range(_FIRST_HOST, _LAST_HOST))
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._client = node.client()

    def run(self) -> None:
        """Never returns."""
        Watch(self._node.api_server(), self._node.token, f"/api/v1/pods?fieldSelector=spec.nodeName%3D{self._node.name}", self._events)
        while True:
            with contextlib.suppress(queue.Empty):
                event = self._events.get(timeout=_STEP_SECONDS)
                while True:
                    self._take(event)
                    event = self._events.get_nowait()
            for uid in list(self._pods):
                if self._pods[uid].step():
                    self._forget(uid)
            self._reap_orphans()

    def _reap_orphans(self) -> None:
        """Whose parent has ended is this process's child, as it is the first of its PID namespace."""
        own = {pid for pod in self._pods.values() for pid in pod.pids()}
        with contextlib.suppress(ChildProcessError):
            while (ended := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)) is not None and ended.si_pid not in own:
                os.waitpid(ended.si_pid, 0)

    def _take(self, event: Event) -> None:
        metadata = event.object["metadata"]
        uid = metadata["uid"]
        if event.deleted and uid in self._pods:
            # Deleted by force: nobody waits for it.
            self._pods.pop(uid).remove()
            self._ending.discard(uid)
        elif "deletionTimestamp" in metadata and uid in self._pods and uid not in self._ending:
            self._ending.add(uid)
            self._pods[uid].end()
        elif "deletionTimestamp" in metadata and uid not in self._pods:
            self._delete(metadata["namespace"], metadata["name"])
        elif not event.deleted and uid not in self._pods and event.object["status"].get("phase") not in ("Succeeded", "Failed"):
            self._names[uid] = (metadata["namespace"], metadata["name"])
            self._pods[uid] = Pod(self._node, event.object, self._address(event.object), self._known, self._services)

    def _address(self, pod: dict[str, Any]) -> str:
        """The one that it has, where a kubelet before this one gave it; else the longest unused, as one that comes back at once would be mistaken for its former owner's."""
        had = pod["status"].get("podIP", "")
        host = int(had.rpartition(".")[2] or 0)
        if had == self._node.pod_address(host) and host in self._free:
            self._free.remove(host)
            return str(had)
        return self._node.pod_address(self._free.pop(0))

    def _services(self) -> list[dict[str, Any]]:
        return list(self._client.get("/api/v1/services")["items"])

    def _forget(self, uid: str) -> None:
        pod = self._pods.pop(uid)
        self._ending.discard(uid)
        if pod.address != self._node.address:
            self._free.append(int(pod.address.rpartition(".")[2]))
        self._delete(*self._names.pop(uid))

    def _delete(self, namespace: str, name: str) -> None:
        with contextlib.suppress(MeshError, OSError):
            self._client.request("DELETE", f"/api/v1/namespaces/{namespace}/pods/{name}?gracePeriodSeconds=0")

    def end(self) -> None:
        """Takes all pods off the node."""
        for pod in self._pods.values():
            pod.remove()


def main() -> None:
    """Runs until it is told to end."""
    raise_on_termination()
    layout = layout_from_environment()
    kubelet = Kubelet(next(node for node in make_nodes(layout) if node.name == sys.argv[1]))
    # What the supervisor waits for.
    Path(layout.log(f"kubelet.{sys.argv[1]}")).touch()
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    try:
        kubelet.run()
    except Terminated:
        kubelet.end()


if __name__ == "__main__":
    main()
