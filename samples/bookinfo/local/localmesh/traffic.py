# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""An open-loop load generator: requests leave when their time has come, whether or not earlier ones were answered.

It works from within the namespace `outside`, over kept connections to the gateway, and counts a request's time from when it was due.
"""

import json
import selectors
import socket
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from localmesh.errors import MeshError
from localmesh.layout import Layout
from localmesh.namespaces import connect_in
from localmesh.pods import GATEWAY_PORT, OUTSIDE, make_pods

_MAX_CONNECTIONS = 64
_REQUEST_SECONDS = 15.0
_CONNECT_SECONDS = 3.0


class Sample(NamedTuple):
    """One request by the generator's own clock; status 0 where no response came."""

    request_id: str
    due_monotonic_nanos: int
    start_monotonic_nanos: int
    end_monotonic_nanos: int
    status: int

    def as_json(self) -> str:
        """One line for a file."""
        return json.dumps(
            {
                "requestId": self.request_id,
                "dueMonotonicNanos": self.due_monotonic_nanos,
                "startMonotonicNanos": self.start_monotonic_nanos,
                "endMonotonicNanos": self.end_monotonic_nanos,
                "status": self.status,
            }
        )


class Target(NamedTuple):
    """Where requests go, as seen from a network namespace."""

    netns: str
    address: str
    port: int
    host: str = "bookinfo.example"

    def connect(self) -> socket.socket:
        """A new connection to it."""
        connection = connect_in(self.netns, (self.address, self.port), _CONNECT_SECONDS)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def request(self, path: str, request_id: str, traceparent: str = "") -> bytes:
        """A GET; an empty id leaves it to the first Envoy to make one, an empty traceparent is not sent."""
        lines = [f"GET {path} HTTP/1.1", f"host: {self.host}", "user-agent: sidelight-local-mesh"]
        if request_id:
            lines.append(f"x-request-id: {request_id}")
        if traceparent:
            lines.append(f"traceparent: {traceparent}")
        return "\r\n".join(lines + ["", ""]).encode("latin-1")


def netns_path(layout: Layout, name: str) -> str:
    """A network namespace of a mesh that is up, reached through the supervisor's mounts."""
    try:
        supervisor = json.loads(layout.leftovers.read_text())["supervisor"]
    except FileNotFoundError:
        raise MeshError("the mesh is down: start it with `mesh up`") from None
    return f"/proc/{supervisor}/root{layout.netns(name)}"


def gateway_of(layout: Layout) -> Target:
    """The gateway of a mesh that is up."""
    address = next(pod.address for pod in make_pods() if pod.gateway)
    return Target(netns_path(layout, OUTSIDE), address, GATEWAY_PORT)


@dataclass
class _Connection:
    socket: socket.socket
    received: bytearray = field(default_factory=bytearray)
    request_id: str = ""
    due_nanos: int = 0
    start_nanos: int = 0
    busy: bool = False
    used: bool = False


class LoadGenerator:
    """Sends evenly spaced requests and hands each one's sample to `on_sample`. One thread runs it; any may stop it."""

    def __init__(
        self,
        target: Target,
        path: str,
        on_sample: Callable[[Sample], None],
        own_request_ids: bool = False,
        max_connections: int = _MAX_CONNECTIONS,
    ) -> None:
        self._target = target
        self._path = path
        self._on_sample = on_sample
        self._own_request_ids = own_request_ids
        self._max_connections = max_connections
        self._selector = selectors.DefaultSelector()
        self._connections: list[_Connection] = []
        self._idle: list[_Connection] = []
        self._backlog: deque[int] = deque()
        self._stopped = threading.Event()

    def stop(self) -> None:
        """Sends no more; what was sent is still waited for."""
        self._stopped.set()

    def run(self, rps: float, seconds: float) -> None:
        """Sends for that long, waits for the last responses and closes the connections."""
        # Counted, not timed: the last request is not to depend on how the interval was rounded.
        interval_nanos = round(1e9 / rps)
        self.send(round(seconds * 1e9 / interval_nanos), interval_nanos)
        self.close()

    def send(self, count: int, interval_nanos: int, together: int = 1) -> None:
        """Sends so many times `together` requests, waits for the last responses and keeps the connections."""
        due = time.monotonic_ns()
        end = due + count * interval_nanos
        sent = 0
        while True:
            now = time.monotonic_ns()
            sending = sent < count and not self._stopped.is_set()
            if not sending and not self._backlog and not any(connection.busy for connection in self._connections):
                break
            while sending and sent < count and due <= now:
                self._backlog.extend([due] * together)
                due += interval_nanos
                sent += 1
            self._send_backlog()
            self._expire(now)
            wait_nanos = max(0, due - time.monotonic_ns()) if sending and due < end else 50_000_000
            for key, _ in self._selector.select(min(wait_nanos, 200_000_000) / 1e9):
                self._read(key.data)

    def close(self) -> None:
        """Closes the connections."""
        for connection in list(self._connections):
            self._close(connection)

    def _send_backlog(self) -> None:
        while self._backlog:
            connection = self._idle.pop() if self._idle else None
            if connection is None:
                if len(self._connections) >= self._max_connections:
                    return
                connection = self._connect()
            due = self._backlog.popleft()
            if connection is None:
                now = time.monotonic_ns()
                self._on_sample(Sample("", due, now, now, 0))
            else:
                self._send(connection, due, str(uuid.uuid4()) if self._own_request_ids else "")

    def _connect(self) -> _Connection | None:
        try:
            connection = _Connection(self._target.connect())
        except OSError:
            return None
        self._connections.append(connection)
        self._selector.register(connection.socket, selectors.EVENT_READ, connection)
        return connection

    def _send(self, connection: _Connection, due: int, request_id: str) -> None:
        connection.busy, connection.due_nanos, connection.request_id = True, due, request_id
        request = self._target.request(self._path, request_id)
        connection.start_nanos = time.monotonic_ns()
        try:
            connection.socket.sendall(request)
        except OSError:
            self._fail(connection)

    def _read(self, connection: _Connection) -> None:
        try:
            chunk = connection.socket.recv(65536)
        except OSError:
            chunk = b""
        end = time.monotonic_ns()
        if not chunk:
            self._fail(connection)
            return
        connection.received += chunk
        response = parse_response(connection.received)
        if response is None:
            return
        connection.received.clear()
        connection.busy, connection.used = False, True
        status, keep = response
        self._on_sample(Sample(connection.request_id, connection.due_nanos, connection.start_nanos, end, status))
        if keep:
            self._idle.append(connection)
        else:
            self._close(connection)

    def _fail(self, connection: _Connection) -> None:
        """A kept connection that was closed before it answered anything gets its request repeated; else it is an error."""
        busy, retry = connection.busy, connection.used and not connection.received
        self._close(connection)
        if not busy:
            return
        if retry:
            self._backlog.appendleft(connection.due_nanos)
        else:
            now = time.monotonic_ns()
            self._on_sample(Sample(connection.request_id, connection.due_nanos, connection.start_nanos, now, 0))

    def _expire(self, now: int) -> None:
        for connection in list(self._connections):
            if connection.busy and now - connection.start_nanos > _REQUEST_SECONDS * 1e9:
                connection.used = False
                self._fail(connection)

    def _close(self, connection: _Connection) -> None:
        self._selector.unregister(connection.socket)
        connection.socket.close()
        self._connections.remove(connection)
        if connection in self._idle:
            self._idle.remove(connection)


def parse_response(received: bytearray) -> tuple[int, bool] | None:
    """Status and whether the connection stays open; none while part of the response is missing."""
    head_end = received.find(b"\r\n\r\n")
    if head_end < 0:
        return None
    head = received[:head_end].decode("latin-1").lower()
    length = 0
    for line in head.split("\r\n")[1:]:
        name, _, value = line.partition(":")
        if name == "content-length":
            length = int(value)
        elif name == "transfer-encoding" and not received.endswith(b"0\r\n\r\n"):
            return None
    if len(received) < head_end + 4 + length:
        return None
    return int(head.split(" ", 2)[1]), "\r\nconnection: close" not in head


def send_one(target: Target, path: str, request_id: str, traceparent: str = "") -> tuple[Sample, int]:
    """One request on a connection of its own; answers its sample and the bytes of the response."""
    received = bytearray()
    with target.connect() as connection:
        connection.settimeout(_REQUEST_SECONDS)
        request = target.request(path, request_id, traceparent)
        start = end = time.monotonic_ns()
        connection.sendall(request)
        while (response := parse_response(received)) is None:
            chunk = connection.recv(65536)
            end = time.monotonic_ns()
            if not chunk:
                raise MeshError("the gateway closed the connection before it had answered: `mesh logs istio-ingressgateway.envoy`")
            received += chunk
    return Sample(request_id, start, start, end, response[0]), len(received)


class Summary:
    """Counts samples and knows their percentiles."""

    def __init__(self) -> None:
        self.ok = 0
        self.errors = 0
        self._durations_nanos: list[int] = []

    def add(self, sample: Sample) -> None:
        """Takes one sample in."""
        self._durations_nanos.append(sample.end_monotonic_nanos - sample.due_monotonic_nanos)
        if 200 <= sample.status < 400:
            self.ok += 1
        else:
            self.errors += 1

    def as_dict(self) -> dict[str, float | int]:
        """The figures, milliseconds for times."""
        ordered = sorted(self._durations_nanos)
        return {
            "sent": len(ordered),
            "ok": self.ok,
            "errors": self.errors,
            **{f"p{percent}Milliseconds": round(percentile(ordered, percent) / 1e6, 3) for percent in (50, 95, 99)},
        }


def percentile(ordered: list[int], percent: int) -> float:
    """Nearest rank; 0 where there is nothing."""
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)] if ordered else 0.0


def write_samples(samples: Iterable[Sample], path: str) -> None:
    """Writes one JSON line a request."""
    try:
        with open(path, "w", encoding="utf-8") as file:
            file.writelines(sample.as_json() + "\n" for sample in samples)
    except OSError as error:
        raise MeshError(f"cannot write {path}: {error.strerror}") from None
