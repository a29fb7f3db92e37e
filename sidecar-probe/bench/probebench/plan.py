# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""How much is measured."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Plan:
    """Rounds, and seconds of each of their parts."""

    # Exchanges a second.
    rate: int
    rounds: int
    settle_seconds: float
    measure_seconds: float
    bystander_iterations: int
    agent_warm_seconds: float
    agent_seconds: float
    # Whether limits on times are judged: not on a machine that others use meanwhile.
    judged: bool


FULL = Plan(40_000, 9, 1.0, 3.0, 1_000_000, 20, 30, judged=True)
SHORT = Plan(10_000, 2, 0.5, 1.0, 200_000, 4, 4, judged=False)
