# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""Commands between `mesh` and a supervisor: a JSON line there, JSON lines back, the last one with `result` or `error`."""

import json
import os
import socket
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from localmesh.errors import MeshError
from localmesh.layout import RunDirectory

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
    raise MeshError("the supervisor ended before it answered; `up` starts anew and removes what is left")


def is_up(layout: RunDirectory) -> bool:
    """Whether a supervisor takes commands."""
    try:
        with _connect(layout):
            return True
    except OSError:
        return False


def ask(layout: RunDirectory, command: str, progress: Progress, **arguments: object) -> Any:
    """Sends one command; MeshError where the mesh is down or refuses."""
    try:
        connection = _connect(layout)
    except OSError:
        raise MeshError(f"nothing is up at {layout.control_socket}: start it with `{layout.command} up`") from None
    with connection, connection.makefile("rwb") as lines:
        lines.write(json.dumps({"command": command, **arguments}).encode() + b"\n")
        lines.flush()
        return read_answers(lines, progress)


def _connect(layout: RunDirectory) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.connect(str(layout.control_socket))
    except OSError:
        connection.close()
        raise
    return connection


def listen(path: Path) -> socket.socket:
    """A supervisor's socket, which is there only once it takes commands."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    fresh = path.with_suffix(".new")
    listener.bind(str(fresh))
    os.chmod(fresh, 0o600)
    listener.listen(16)
    fresh.rename(path)
    return listener


def serve(listener: socket.socket, obey: Callable[[dict[str, Any], Answers], bool]) -> None:
    """Takes commands until `obey` says that one was the last."""
    while True:
        connection, _ = listener.accept()
        with connection, connection.makefile("rwb", buffering=0) as lines:
            line = lines.readline()
            answers = Answers(connection.sendall)
            if not line:
                continue
            try:
                if obey(json.loads(line), answers):
                    return
            except MeshError as error:
                answers.error(str(error))
            except (OSError, TypeError, KeyError, ValueError) as error:
                answers.error(f"{line.decode(errors='replace').strip()}: {type(error).__name__}: {error}")
