# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""How a supervisor is told to end: by an exception, so that it takes down what it has made."""

import signal
from types import FrameType


class Terminated(BaseException):
    """SIGTERM, or the end of the process that wanted the supervisor."""


def raise_on_termination() -> None:
    """From now on SIGTERM and SIGINT raise Terminated, once; later ones do not disturb the taking down."""
    signal.signal(signal.SIGTERM, _terminate)
    signal.signal(signal.SIGINT, _terminate)
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)


def _terminate(number: int, frame: FrameType | None) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise Terminated(number)
