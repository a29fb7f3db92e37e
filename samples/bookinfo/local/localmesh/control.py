# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""Commands between `mesh` and the supervisor: a JSON line there, JSON lines back, the last one with `result` or `error`."""

import json
import socket
from collections.abc import Callable, Iterable
from typing import Any

from localmesh.errors import MeshError
from localmesh.layout import Layout

Progress = Callable[[str], None]


class Answers:
    """The supervisor's side of one command."""

    def __init__(self, write: Callable[[bytes], object]) -> None:
        self._write = write

    def progress(self, text: str) -> None:
        """One line for the reader at the terminal."""
        self._line({"progress": text})

    def result(self, value: object) -> None:
        """The command's end."""
        self._line({"result": value})

    def error(self, text: str) -> None:
        """The command's end where it failed."""
        self._line({"error": text})

    def _line(self, value: dict[str, object]) -> None:
        # The other side may have gone; what it asked for is done all the same.
        try:
            self._write(json.dumps(value).encode() + b"\n")
        except OSError:
            pass


def read_answers(lines: Iterable[bytes], progress: Progress) -> Any:
    """Reads to the end of one command; answers its result."""
    for line in lines:
        answer = json.loads(line)
        if "progress" in answer:
            progress(answer["progress"])
        elif "error" in answer:
            raise MeshError(answer["error"])
        else:
            return answer["result"]
    raise MeshError("the supervisor ended before it answered; `mesh up` starts anew and removes what is left")


def is_up(layout: Layout) -> bool:
    """Whether a supervisor takes commands."""
    try:
        with _connect(layout):
            return True
    except OSError:
        return False


def ask(layout: Layout, command: str, progress: Progress, **arguments: object) -> Any:
    """Sends one command; MeshError where the mesh is down or refuses."""
    try:
        connection = _connect(layout)
    except OSError:
        raise MeshError(f"the mesh is down (nothing at {layout.control_socket}): start it with `mesh up`") from None
    with connection, connection.makefile("rwb") as lines:
        lines.write(json.dumps({"command": command, **arguments}).encode() + b"\n")
        lines.flush()
        return read_answers(lines, progress)


def _connect(layout: Layout) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.connect(str(layout.control_socket))
    except OSError:
        connection.close()
        raise
    return connection
