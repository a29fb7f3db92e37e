# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""Calls to the other services over kept connections, each timed by this program's own monotonic clock.

The two clock readings enclose the send and the reads and nothing else: tests hold Sidelight's total against them.
"""

import json
import select
import socket
import time
from typing import NamedTuple

from faults import Fault

_TIMEOUT_SECONDS = 15
_UPLOAD_BODY = b'{"note":"sent in two halves"}'


class Response(NamedTuple):
    """What a service answered; status 0 where it did not."""

    status: int
    body: bytes


class CallLog:
    """One JSON line a call, written only when the caller has answered its own request."""

    def __init__(self, path: str, caller: str) -> None:
        self._file = open(path, "a", buffering=1, encoding="utf-8")
        self._caller = caller
        self._pending: list[dict[str, object]] = []

    def add(self, **call: object) -> None:
        """Keeps a call for the next flush."""
        self._pending.append(call)

    def flush(self) -> None:
        """Writes what was kept, each line in one write so that workers do not mix."""
        for call in self._pending:
            self._file.write(json.dumps({"caller": self._caller, **call}) + "\n")
        self._pending.clear()


class Upstream:
    """One service; at most one connection, as each worker does one thing at a time."""

    def __init__(self, name: str, host: str, port: int, log: CallLog) -> None:
        self._name = name
        self._host = host
        self._port = port
        self._log = log
        self._connection: socket.socket | None = None

    def get(self, path: str, headers: dict[str, str], fault: Fault) -> Response:
        """Calls once, and once more where a kept connection turned out to be closed."""
        new_connection = self._connection is None
        try:
            return self._call(path, headers, fault, new_connection)
        except OSError:
            self._drop()
            if not new_connection:
                try:
                    return self._call(path, headers, fault, True)
                except OSError:
                    self._drop()
            return Response(0, b"")

    def _call(self, path: str, headers: dict[str, str], fault: Fault, new_connection: bool) -> Response:
        connection = self._connection or self._connect()
        head, body = self._request(path, headers, fault)
        received = bytearray()
        status, complete, keep = 0, False, True
        if fault.kind == "slow-upload":
            half = len(body) // 2
            start_nanos = time.monotonic_ns()
            connection.sendall(head + body[:half])
            time.sleep(fault.seconds)
            connection.sendall(body[half:])
        else:
            request = head + body
            start_nanos = time.monotonic_ns()
            connection.sendall(request)
        if fault.kind == "late-read":
            select.select([connection], [], [], _TIMEOUT_SECONDS)
            time.sleep(fault.seconds)
        while not complete:
            chunk = connection.recv(65536)
            end_nanos = time.monotonic_ns()
            if not chunk:
                raise ConnectionError(f"{self._name} closed the connection in the middle of a response")
            received += chunk
            status, response_body, complete, keep = _parse_response(received)
        self._log.add(
            requestId=headers.get("x-request-id", ""),
            destination=self._name,
            startMonotonicNanos=start_nanos,
            endMonotonicNanos=end_nanos,
            status=status,
            newConnection=new_connection,
        )
        if not keep:
            self._drop()
        return Response(status, response_body)

    def _request(self, path: str, headers: dict[str, str], fault: Fault) -> tuple[bytes, bytes]:
        upload = fault.kind == "slow-upload"
        lines = [f"{'POST' if upload else 'GET'} {path} HTTP/1.1", f"host: {self._name}:{self._port}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        if upload:
            lines += ["content-type: application/json", f"content-length: {len(_UPLOAD_BODY)}"]
        return "\r\n".join(lines + ["", ""]).encode("latin-1"), _UPLOAD_BODY if upload else b""

    def _connect(self) -> socket.socket:
        connection = socket.create_connection((self._host, self._port), _TIMEOUT_SECONDS)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # A socket with a Python timeout polls before each read; the kernel's own timeout does not add a call.
        connection.settimeout(None)
        seconds = _TIMEOUT_SECONDS.to_bytes(8, "little") + bytes(8)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, seconds)
        self._connection = connection
        return connection

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _parse_response(received: bytearray) -> tuple[int, bytes, bool, bool]:
    """Status, body, whether all of it is there, and whether the connection may be kept."""
    head_end = received.find(b"\r\n\r\n")
    if head_end < 0:
        return 0, b"", False, True
    lines = received[:head_end].decode("latin-1").split("\r\n")
    length, keep = 0, True
    for line in lines[1:]:
        name, _, value = line.partition(":")
        if name.lower() == "content-length":
            length = int(value)
        elif name.lower() == "connection" and value.strip().lower() == "close":
            keep = False
    status = int(lines[0].split(" ", 2)[1])
    if len(received) < head_end + 4 + length:
        return status, b"", False, keep
    return status, bytes(received[head_end + 4 :]), True, keep
