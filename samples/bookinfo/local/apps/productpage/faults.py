# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""The delay that `mesh fault` wants of this program, read from a file of one line: `KIND MILLISECONDS`."""

import os
from typing import NamedTuple


class Fault(NamedTuple):
    """One injected delay; kind `none` means that there is none."""

    kind: str
    seconds: float


NO_FAULT = Fault("none", 0.0)


class FaultFile:
    """Rereads the file only when it was replaced: one stat a request is all that a healthy program pays."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._version: tuple[int, int] | None = None
        self._fault = NO_FAULT

    def current(self) -> Fault:
        """The fault in force now; none where the file is absent."""
        try:
            status = os.stat(self._path)
            version = (status.st_mtime_ns, status.st_ino)
            if version != self._version:
                with open(self._path, encoding="ascii") as file:
                    kind, milliseconds = file.read().split()
                self._fault = Fault(kind, float(milliseconds) / 1000)
                self._version = version
        except FileNotFoundError:
            self._fault, self._version = NO_FAULT, None
        return self._fault
