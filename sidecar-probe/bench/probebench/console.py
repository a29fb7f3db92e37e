# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""What a person at the terminal sees; colours only there."""

import sys
import time
from typing import TextIO


class Console:
    """Progress on standard error, so that standard output holds results only."""

    def __init__(self, stream: TextIO = sys.stderr) -> None:
        self._stream = stream
        self._colour = stream.isatty()
        self._start_seconds = time.monotonic()

    def progress(self, text: str) -> None:
        """One step, with the seconds since the command began."""
        elapsed = f"[{time.monotonic() - self._start_seconds:5.1f} s]"
        print(f"{self._paint(elapsed, '2')} {text}", file=self._stream, flush=True)

    def error(self, text: str) -> None:
        """What went wrong."""
        print(f"{self._paint('bench-probe:', '1;31')} {text}", file=self._stream, flush=True)

    def _paint(self, text: str, code: str) -> str:
        return f"\033[{code}m{text}\033[0m" if self._colour else text
