# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""When a component serves: by asking it, never by waiting a while."""

import socket
import ssl
import time
from collections.abc import Callable

from localmesh.components import CONTROLLER, HOLDER, PROBE, Components
from localmesh.envoy import ADMIN_PORT
from localmesh.errors import MeshError
from localmesh.layout import Layout
from localmesh.namespaces import connect_in
from localmesh.pods import APP_PORT
from localmesh.processes import Running, log_tail

_POLL_SECONDS = 0.02
_ANSWER_SECONDS = 1.0
_READY_LINES = {CONTROLLER: "sidelight-controller ready", PROBE: "sidelight-probe ready"}


class Readiness:
    """Asks components in their own network namespaces."""

    def __init__(self, layout: Layout, components: Components) -> None:
        self._layout = layout
        self._components = components

    def is_ready(self, running: Running, log_offset: int = 0) -> bool:
        """Whether a component serves now; of a log only what was written after `log_offset` counts."""
        name = running.program.name
        if name in _READY_LINES:
            return _READY_LINES[name] in running.log_text()[log_offset:]
        if name == HOLDER:
            return running.alive()
        pod = self._components.pod_of(name)
        assert pod is not None, name
        port, path = (ADMIN_PORT, "/ready") if name == pod.envoy else (APP_PORT, "/health")
        tls = pod.serves_tls and name != pod.envoy
        return http_status(str(self._layout.netns(pod.workload)), ("127.0.0.1", port), path, tls=tls) == 200

    def await_ready(self, started: list[Running], seconds: float, on_ready: Callable[[str], None], offsets: dict[str, int]) -> None:
        """Waits until all serve; MeshError with the log of the first that ended or did not come in time."""
        pending, deadline = list(started), time.monotonic() + seconds
        while pending:
            for running in list(pending):
                running.require_alive()
                if self.is_ready(running, offsets.get(running.program.name, 0)):
                    pending.remove(running)
                    on_ready(running.program.name)
            if pending and time.monotonic() > deadline:
                names = ", ".join(running.program.name for running in pending)
                raise MeshError(f"not ready within {seconds:.0f} s: {names}\n{log_tail(pending[0].program.log)}")
            time.sleep(_POLL_SECONDS if pending else 0)


def http_status(netns: str, address: tuple[str, int], path: str, timeout_seconds: float = _ANSWER_SECONDS, tls: bool = False) -> int:
    """The status of one GET from within a network namespace; 0 where nothing answers."""
    try:
        with _wrapped(connect_in(netns, address, timeout_seconds), tls) as connection:
            connection.sendall(f"GET {path} HTTP/1.1\r\nhost: {address[0]}\r\nconnection: close\r\n\r\n".encode())
            return _status(connection)
    except (OSError, ValueError):
        return 0


def _wrapped(connection: socket.socket, tls: bool) -> socket.socket:
    # Whether an app serves is asked, not who it is: its certificate is its own.
    return ssl._create_unverified_context().wrap_socket(connection) if tls else connection


def _status(connection: socket.socket) -> int:
    head = b""
    while b"\r\n" not in head:
        chunk = connection.recv(4096)
        if not chunk:
            return 0
        head += chunk
    return int(head.split(b" ", 2)[1])
