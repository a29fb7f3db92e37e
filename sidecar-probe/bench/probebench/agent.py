# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""What the probe itself takes while the machine makes 40,000 exchanges a second, and whether it loses any."""

import time
from dataclasses import dataclass

from probebench import programs
from probebench.ends import Ends, await_all, ends_of
from probebench.plan import Plan
from probebench.processes import cpu_seconds, memory_bytes


@dataclass(frozen=True)
class Agent:
    """The agent's figures: CPU an end and its memory in the steady state, exchanges made, ends accounted for."""

    micros_an_end: float
    cpu_share: float
    rate: float
    rss_bytes: int
    rss_peak_bytes: int
    requests: int
    ends: Ends
    late: int

    @property
    def missing(self) -> int:
        """Ends of which nothing is known."""
        return 2 * self.requests - self.ends.distinct


def measure(plan: Plan, pod: str, hop_port: int) -> Agent:
    """One run: warm-up, the measured stretch, the end; then every end is looked for."""
    seconds = plan.agent_warm_seconds + plan.agent_seconds + 1
    with programs.probe(hop_port) as probe, programs.server(pod), programs.load(pod, True, seconds, plan.rate) as load:
        probe.await_pods(1)
        load.tell()
        time.sleep(plan.agent_warm_seconds)
        ends_before, cpu_before = ends_of(probe.metrics()), cpu_seconds(probe.pid)
        start = time.monotonic()
        time.sleep(plan.agent_seconds)
        ends_after, cpu_after = ends_of(probe.metrics()), cpu_seconds(probe.pid)
        elapsed = time.monotonic() - start
        rss = memory_bytes(probe.pid, "VmRSS")
        result = load.result()
        load.end(with_signal=True)
        ends = await_all(probe.metrics, 2 * result["answered"])
        peak = memory_bytes(probe.pid, "VmHWM")
    cpu, seen = cpu_after - cpu_before, ends_after.seen - ends_before.seen
    return Agent(
        micros_an_end=cpu * 1e6 / max(1, seen),
        cpu_share=cpu / elapsed,
        rate=result["answered"] / result["seconds"],
        rss_bytes=rss,
        rss_peak_bytes=peak,
        requests=result["answered"],
        ends=ends,
        late=result["late"],
    )
