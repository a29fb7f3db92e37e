# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""What a request costs the server: without a probe, beside one, under one, under bpftrace."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from probebench import programs
from probebench.ends import await_all
from probebench.errors import BenchError
from probebench.plan import Plan
from probebench.programs import Probe

BARE, FILTER, FULL, BPFTRACE = "bare", "filter", "full", "bpftrace"
CONFIGURATIONS = (BARE, FILTER, FULL, BPFTRACE)
_ATTEMPTS = 4
_QUIET_SECONDS = 180


@dataclass
class Round:
    """One round: microseconds of CPU a request, nanoseconds an iteration of the bystander, and what was lost."""

    micros: dict[str, float] = field(default_factory=dict)
    bystander_bare_nanos: float = 0
    bystander_probe_nanos: float = 0
    lost: int = 0


class Costs:
    """Measures round by round; `pod` and `outside` are namespaces."""

    def __init__(self, plan: Plan, pod: str, outside: str, hop_port: int, say: Callable[[str], None]) -> None:
        self._plan = plan
        self._pod = pod
        self._outside = outside
        self._hop_port = hop_port
        self._say = say

    def rounds(self) -> list[Round]:
        """All of them, each with every configuration once, in the same order."""
        done: list[Round] = []
        while len(done) < self._plan.rounds:
            done.append(self._undisturbed(len(done) + 1))
        return done

    def _undisturbed(self, number: int) -> Round:
        for _ in range(_ATTEMPTS):
            self._await_quiet()
            one = self._round()
            if not programs.foreign_programs():
                times = "  ".join(f"{name} {micros:.2f}" for name, micros in one.micros.items())
                self._say(f"round {number} of {self._plan.rounds}: {times} us")
                return one
            self._say(f"round {number}: another probe was loaded meanwhile; once more")
        raise BenchError("another probe runs on this machine again and again; stop it first")

    def _await_quiet(self) -> None:
        deadline = time.monotonic() + _QUIET_SECONDS
        while programs.foreign_programs():
            if time.monotonic() > deadline:
                raise BenchError("another probe runs on this machine, and would be measured too; stop it first")
            time.sleep(1)

    def _round(self) -> Round:
        one = Round()
        one.bystander_bare_nanos = programs.bystander_nanos(self._plan.bystander_iterations)
        one.micros[BARE], _ = self._request_micros(self._pod, as_envoy=True)
        with programs.probe(self._hop_port) as probe:
            one.bystander_probe_nanos = programs.bystander_nanos(self._plan.bystander_iterations)
            one.micros[FILTER], _ = self._request_micros(self._outside, as_envoy=False)
            one.micros[FULL], answered = self._request_micros(self._pod, as_envoy=True, probe=probe)
            one.lost = await_all(probe.metrics, 2 * answered).lost_count
        with programs.bpftrace(self._pod):
            one.micros[BPFTRACE], _ = self._request_micros(self._pod, as_envoy=True)
        return one

    def _request_micros(self, netns: str, as_envoy: bool, probe: Probe | None = None) -> tuple[float, int]:
        """CPU time of the server a request, in the middle of a run, and the requests of the whole run."""
        plan = self._plan
        seconds = plan.settle_seconds + plan.measure_seconds + 0.5
        with programs.server(netns) as server, programs.load(netns, as_envoy, seconds, plan.rate) as load:
            if probe:
                probe.await_pods(1)
            load.tell()
            time.sleep(plan.settle_seconds)
            before = server.ask()
            time.sleep(plan.measure_seconds)
            after = server.ask()
            answered = load.result()["answered"]
        requests = after["requests"] - before["requests"]
        if requests == 0:
            raise BenchError("the server answered nothing")
        return (after["cpuNanos"] - before["cpuNanos"]) / requests / 1000, answered
