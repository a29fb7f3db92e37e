# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""Programs, started, asked and ended."""

import contextlib
import json
import os
import select
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from probebench.errors import BenchError

_END_SECONDS = 20
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Where:
    """Where a program runs: a network namespace (none: this one), a processor (none: any), and whether in real time."""

    netns: str | None = None
    cpu: int | None = None
    real_time: bool = False

    def words(self) -> list[str]:
        """What goes before the program's own words. Each executes the next: the process stays the same."""
        enter = ["ip", "netns", "exec", self.netns] if self.netns else []
        pin = ["taskset", "-c", str(self.cpu)] if self.cpu is not None else []
        first = ["chrt", "--fifo", "1"] if self.real_time else []
        return enter + pin + first


class Running:
    """A program that runs. Its standard output is read line by line."""

    def __init__(self, name: str, words: list[str], where: Where) -> None:
        self._name = name
        self._errors = tempfile.TemporaryFile()
        self._process = subprocess.Popen(
            where.words() + words,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            bufsize=0,
            start_new_session=True,
        )
        self._unread = b""

    @property
    def pid(self) -> int:
        """Its process."""
        return self._process.pid

    def await_line(self, start: str, seconds: float = 30) -> str:
        """The first line that begins so; BenchError where the program ends before or takes longer."""
        deadline = time.monotonic() + seconds
        while True:
            line = self._line(deadline)
            if line.startswith(start):
                return line

    def ask(self) -> dict[str, Any]:
        """One line to it, one line of JSON back."""
        self.tell()
        return self.result()

    def tell(self) -> None:
        """An empty line to it."""
        assert self._process.stdin is not None
        self._process.stdin.write(b"\n")

    def result(self, seconds: float = 30) -> dict[str, Any]:
        """The next line of JSON."""
        return json.loads(self.await_line("{", seconds))

    def end(self, with_signal: bool) -> None:
        """Ends it and waits: by SIGTERM, or by the end of its input."""
        if with_signal:
            self._process.terminate()
        try:
            self._process.communicate(timeout=_END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()

    def complaint(self) -> str:
        """The end of what it wrote to standard error, or how it ended."""
        code = self._process.poll()
        self._errors.seek(0)
        lines = self._errors.read().decode(errors="replace").strip().splitlines()
        return " | ".join(lines[-3:]) or ("it runs" if code is None else f"exit code {code}")

    def _line(self, deadline: float) -> str:
        assert self._process.stdout is not None
        while b"\n" not in self._unread:
            ready, _, _ = select.select([self._process.stdout], [], [], max(0, deadline - time.monotonic()))
            if not ready:
                raise BenchError(f"{self._name} said nothing in time")
            piece = os.read(self._process.stdout.fileno(), 65536)
            if not piece:
                raise BenchError(f"{self._name} ended: {self.complaint()}")
            self._unread += piece
        line, self._unread = self._unread.split(b"\n", 1)
        return line.decode(errors="replace")


@contextlib.contextmanager
def running(name: str, words: list[str], where: Where, with_signal: bool = True) -> Iterator[Running]:
    """A program for as long as the block runs."""
    program = Running(name, words, where)
    try:
        yield program
    finally:
        program.end(with_signal)


def cpu_seconds(pid: int) -> float:
    """User and system time of all threads that a process has or had."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def memory_bytes(pid: int, field: str) -> int:
    """VmRSS or VmHWM of a process."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1]) * 1024
    raise BenchError(f"process {pid} has no {field}")
