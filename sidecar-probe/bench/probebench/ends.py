# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""The probe's accounting of ends, read from its metrics."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass

_SETTLE_SECONDS = 10
_SAMPLE = re.compile(r'sidelight_probe_ends_total\{outcome="(\w+)",reason="(\w*)",?\}')


@dataclass(frozen=True)
class Ends:
    """Ends of exchanges since the probe started: seen = sent + repeated + lost of every reason + held."""

    seen: int
    sent: int
    repeated: int
    held: int
    lost: dict[str, int]

    @property
    def lost_count(self) -> int:
        """Of every reason."""
        return sum(self.lost.values())

    @property
    def distinct(self) -> int:
        """Without what an idle connection's end was sent again for."""
        return self.seen - self.repeated


def ends_of(metrics: dict[str, float]) -> Ends:
    """The accounting in a scrape."""
    outcomes: dict[str, int] = {}
    lost: dict[str, int] = {}
    for name, value in metrics.items():
        sample = _SAMPLE.fullmatch(name)
        if sample and sample[1] == "lost":
            lost[sample[2]] = int(value)
        elif sample:
            outcomes[sample[1]] = int(value)
    return Ends(outcomes["seen"], outcomes["sent"], outcomes["repeated"], int(metrics["sidelight_probe_held_ends"]), lost)


def await_all(scrape: Callable[[], dict[str, float]], expected: int) -> Ends:
    """The accounting once so many ends are accounted for and none is held; as it is, where that does not come."""
    deadline = time.monotonic() + _SETTLE_SECONDS
    while True:
        ends = ends_of(scrape())
        if (ends.distinct >= expected and ends.held == 0) or time.monotonic() > deadline:
            return ends
        time.sleep(0.1)
