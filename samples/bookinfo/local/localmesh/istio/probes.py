# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""A container's probes as the kubelet asks them: startup, readiness, liveness."""

import contextlib
import http.client
import socket
import ssl
import subprocess
import time
from collections.abc import Callable
from typing import Any

from localmesh.processes import Running

_STARTING_SECONDS = 0.1


def ask(probe: dict[str, Any], container: dict[str, Any], address: str, running: Running) -> bool:
    """Asks once, from the node; NotImplementedError where it is of a kind that is not known here."""
    seconds = float(probe.get("timeoutSeconds", 1))
    if "httpGet" in probe:
        return _http_get(probe["httpGet"], container, address, seconds)
    if "tcpSocket" in probe:
        with contextlib.suppress(OSError), socket.create_connection((address, _port(probe["tcpSocket"]["port"], container)), seconds):
            return True
        return False
    if "exec" in probe:
        return execute(running, probe["exec"]["command"], seconds) == 0
    raise NotImplementedError(f"a probe of {', '.join(probe)}")


def _http_get(wanted: dict[str, Any], container: dict[str, Any], address: str, seconds: float) -> bool:
    place = (wanted.get("host") or address, _port(wanted["port"], container))
    if wanted.get("scheme", "HTTP") == "HTTPS":
        connection: http.client.HTTPConnection = http.client.HTTPSConnection(*place, timeout=seconds, context=ssl._create_unverified_context())
    else:
        connection = http.client.HTTPConnection(*place, timeout=seconds)
    headers = {"User-Agent": "kube-probe/1.36", **{header["name"]: header["value"] for header in wanted.get("httpHeaders", [])}}
    try:
        connection.request("GET", wanted.get("path", "/"), headers=headers)
        return 200 <= connection.getresponse().status < 400
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _port(port: int | str, container: dict[str, Any]) -> int:
    return port if isinstance(port, int) else next(named["containerPort"] for named in container["ports"] if named.get("name") == port)


def execute(running: Running, command: list[str], seconds: float) -> int:
    """Runs a command in a container; answers its exit code, 1 where it takes too long."""
    argv = ["nsenter", f"--target={running.pid}", "--mount", "--net", "--root", "--wd", *command]
    try:
        return subprocess.run(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=seconds, env=running.program.environment).returncode
    except subprocess.TimeoutExpired:
        return 1


class Probe:
    """One probe over time. Until it has succeeded once it is asked often, so that nothing waits for a period."""

    def __init__(self, probe: dict[str, Any], asks: Callable[[], bool]) -> None:
        self._asks = asks
        self._period_seconds = float(probe.get("periodSeconds", 10))
        self._failures_allowed = int(probe.get("failureThreshold", 3))
        self._failures = 0
        self._due = 0.0
        self.succeeded = False
        """Whether it holds now: from the first success on until so many failures in a row."""

    @property
    def failed(self) -> bool:
        """Whether so many failures in a row have been seen as are allowed; only after a success, as whoever starts is given time."""
        return self._failures >= self._failures_allowed

    def look(self) -> None:
        """Asks where it is time to."""
        now = time.monotonic()
        if now < self._due:
            return
        if self._asks():
            self._failures, self.succeeded = 0, True
        elif self.succeeded or self._failures:
            self._failures += 1
            self.succeeded = self.succeeded and not self.failed
        self._due = time.monotonic() + (self._period_seconds if self.succeeded or self._failures else _STARTING_SECONDS)
