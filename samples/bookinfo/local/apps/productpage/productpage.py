#!/usr/bin/env python3
# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""Bookinfo's productpage: several processes of one thread each on one listening socket.

One thread a process, because a second one would hold the interpreter's lock exactly when the first wants to read its clock.
Settings come by environment: WORKLOAD, FAULT_FILE, CALL_LOG, PORT, WORKERS, DETAILS_HOSTNAME, REVIEWS_HOSTNAME, RATINGS_HOSTNAME.
"""

import ctypes
import gc
import os
import select
import signal
import socket
import sys
import time

from faults import FaultFile
from pages import Answer, Pages
from upstream import CallLog, Upstream

_PR_SET_PDEATHSIG = 1
# A worker that already serves connections leaves a new one to its idle siblings for this long per connection it has.
_ACCEPT_RESERVE_SECONDS = 0.003
_REASONS = {200: "OK", 404: "Not Found", 411: "Length Required", 503: "Service Unavailable"}


class Worker:
    """Serves its connections one request at a time."""

    def __init__(self, listener: socket.socket) -> None:
        workload = os.environ.get("WORKLOAD", "productpage-v1")
        self._listener = listener
        self._faults = FaultFile(os.environ.get("FAULT_FILE", ""))
        self._log = CallLog(os.environ.get("CALL_LOG", "/dev/null"), workload)
        self._pages = Pages(*(self._upstream(name) for name in ("details", "reviews", "ratings")))
        self._poller = select.epoll()
        self._connections: dict[int, socket.socket] = {}
        self._buffers: dict[int, bytearray] = {}
        self._accept_at: float | None = None

    def _upstream(self, name: str) -> Upstream:
        return Upstream(name, os.environ.get(f"{name.upper()}_HOSTNAME", name), 9080, self._log)

    def run(self) -> None:
        """Never returns."""
        self._poller.register(self._listener, select.EPOLLIN)
        while True:
            timeout = -1.0 if self._accept_at is None else max(0.0, self._accept_at - time.monotonic())
            for descriptor, _ in self._poller.poll(timeout):
                if descriptor == self._listener.fileno():
                    self._defer_or_accept()
                else:
                    self._serve(descriptor)
            if self._accept_at is not None and time.monotonic() >= self._accept_at:
                self._accept_at = None
                self._poller.register(self._listener, select.EPOLLIN)
                self._accept()

    def _defer_or_accept(self) -> None:
        if not self._connections:
            self._accept()
            return
        self._poller.unregister(self._listener)
        self._accept_at = time.monotonic() + _ACCEPT_RESERVE_SECONDS * len(self._connections)

    def _accept(self) -> None:
        try:
            connection, _ = self._listener.accept()
        except BlockingIOError:
            return
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.setblocking(True)
        self._connections[connection.fileno()] = connection
        self._buffers[connection.fileno()] = bytearray()
        self._poller.register(connection, select.EPOLLIN)

    def _serve(self, descriptor: int) -> None:
        fault = self._faults.current()
        if fault.kind == "app-queue":
            time.sleep(fault.seconds)
        connection, received = self._connections[descriptor], self._buffers[descriptor]
        try:
            chunk = connection.recv(65536)
            if not chunk:
                self._close(descriptor)
                return
            received += chunk
            request = _parse_request(received)
            if request is None:
                return
            path, headers, length = request
            del received[:length]
            self._respond(connection, path, headers)
        except (OSError, ValueError) as error:
            print(f"productpage: connection closed: {error}", file=sys.stderr)
            self._close(descriptor)
        self._log.flush()

    def _respond(self, connection: socket.socket, path: str, headers: dict[str, str]) -> None:
        fault = self._faults.current()
        answer = self._pages.answer(path, headers, fault)
        response = _render(answer)
        if path != "/health" and fault.kind == "app-sleep":
            time.sleep(fault.seconds)
        if path != "/health" and fault.kind == "slow-body":
            split = len(response) - len(answer.body) // 2
            connection.sendall(response[:split])
            time.sleep(fault.seconds)
            connection.sendall(response[split:])
        else:
            connection.sendall(response)

    def _close(self, descriptor: int) -> None:
        self._poller.unregister(descriptor)
        self._connections.pop(descriptor).close()
        del self._buffers[descriptor]


def _parse_request(received: bytearray) -> tuple[str, dict[str, str], int] | None:
    """Path, headers and length of the first request, None while part of it is missing; ValueError where it is no request."""
    head_end = received.find(b"\r\n\r\n")
    if head_end < 0:
        return None
    lines = received[:head_end].decode("latin-1").split("\r\n")
    headers = {}
    for line in lines[1:]:
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    if "transfer-encoding" in headers:
        raise ValueError("a chunked request: send content-length")
    length = head_end + 4 + int(headers.get("content-length", "0"))
    return (lines[0].split(" ")[1], headers, length) if len(received) >= length else None


def _render(answer: Answer) -> bytes:
    head = (
        f"HTTP/1.1 {answer.status} {_REASONS.get(answer.status, 'Status')}\r\n"
        f"content-type: {answer.content_type}\r\ncontent-length: {len(answer.body)}\r\n\r\n"
    )
    return head.encode("latin-1") + answer.body


def _die_with(parent: int) -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def main() -> None:
    """Listens, forks the workers and ends with the first of them that ends."""
    listener = socket.create_server(("0.0.0.0", int(os.environ.get("PORT", "9080"))), backlog=512)
    listener.setblocking(False)
    gc.freeze()
    parent = os.getpid()
    for _ in range(int(os.environ.get("WORKERS", "12"))):
        if os.fork() == 0:
            _die_with(parent)
            Worker(listener).run()
    pid, status = os.wait()
    sys.exit(f"productpage: worker {pid} ended with status {status}")


if __name__ == "__main__":
    main()
