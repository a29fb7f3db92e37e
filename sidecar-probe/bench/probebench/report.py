# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""Medians, ranges, limits and the line that tells them."""

import statistics
from dataclasses import dataclass

from probebench.agent import Agent
from probebench.costs import BARE, BPFTRACE, CONFIGURATIONS, FILTER, FULL, Round
from probebench.plan import Plan

FULL_LIMIT_PERCENT, FULL_AIM_PERCENT = 25.0, 10.0
FILTER_LIMIT_MICROS = 0.15
AGENT_LIMIT_MICROS, AGENT_AIM_MICROS = 2.0, 1.0
RSS_LIMIT_MB = 150
# A generator that was held up makes a little less than it was asked for.
_RATE_SHARE = 0.99

_WHAT = {
    BARE: "no probe",
    FILTER: "probe, this namespace not watched",
    FULL: "all points, 256 bytes of the request",
    BPFTRACE: "bpftrace, times and a count",
}


@dataclass(frozen=True)
class Spread:
    """Median and range."""

    median: float
    least: float
    most: float

    @staticmethod
    def of(values: list[float]) -> "Spread":
        """Of at least one value."""
        return Spread(statistics.median(values), min(values), max(values))

    def __str__(self) -> str:
        return f"{self.median:7.2f} {self.least:7.2f} .. {self.most:.2f}"


class Report:
    """What the rounds and the agent's run say. Differences are taken within a round, then their median."""

    def __init__(self, plan: Plan, rounds: list[Round], agent: Agent) -> None:
        self._plan = plan
        self._rounds = rounds
        self._agent = agent

    def added_micros(self, configuration: str) -> float:
        """CPU that a request takes more than without a probe."""
        return statistics.median(one.micros[configuration] - one.micros[BARE] for one in self._rounds)

    def added_percent(self, configuration: str) -> float:
        """The same as a share of what it takes without."""
        return statistics.median(100 * (one.micros[configuration] / one.micros[BARE] - 1) for one in self._rounds)

    @property
    def bystander_nanos(self) -> float:
        """CPU that an iteration without TCP takes more beside the probe."""
        return statistics.median(one.bystander_probe_nanos - one.bystander_bare_nanos for one in self._rounds)

    @property
    def noise_nanos(self) -> float:
        """The range of the bystander without a probe."""
        spread = Spread.of([one.bystander_bare_nanos for one in self._rounds])
        return spread.most - spread.least

    @property
    def lost(self) -> int:
        """Ends lost with a reason, and ends of which nothing is known, in the agent's run."""
        return self._agent.ends.lost_count + abs(self._agent.missing)

    def lines(self) -> list[str]:
        """The table."""
        heading = f"{'CPU of the server a request, us':<46} {'median':>7} {'range':>16} {'ratio':>7}"
        rows = [heading]
        for name in CONFIGURATIONS:
            spread = Spread.of([one.micros[name] for one in self._rounds])
            ratio = 1 + self.added_percent(name) / 100
            rows.append(f"{name:<9}{_WHAT[name]:<37} {spread.median:7.2f} {spread.least:7.2f} .. {spread.most:5.2f} {ratio:7.3f}")
        rows.append("")
        rows.append("CPU of a process without TCP, ns an iteration")
        for name, values in (
            ("bare", [one.bystander_bare_nanos for one in self._rounds]),
            ("beside the probe", [one.bystander_probe_nanos for one in self._rounds]),
        ):
            rows.append(f"{name:<46} {Spread.of(values)}")
        return rows + self._agent_lines()

    def _agent_lines(self) -> list[str]:
        agent, ends = self._agent, self._agent.ends
        reasons = ", ".join(f"{count} {reason}" for reason, count in ends.lost.items() if count) or "none"
        return [
            "",
            f"The probe at {agent.rate:,.0f} exchanges/s: {agent.micros_an_end:.2f} us of CPU an end ({agent.cpu_share:.0%} of a processor), "
            f"RSS {agent.rss_bytes / 1e6:.0f} MB, at most {agent.rss_peak_bytes / 1e6:.0f} MB",
            f"{agent.requests:,} requests: {ends.distinct:,} ends seen, {ends.repeated:,} of them sent again, lost: {reasons}, "
            f"unknown: {agent.missing}",
        ]

    def missed(self) -> list[str]:
        """The limits that do not hold; what a busy machine moves only where it is judged."""
        # A flush that was lost comes again with the record proper: then there are more than expected.
        limits = [("unknown", self._agent.missing <= 0)]
        if self._plan.judged:
            limits += [
                ("lost", self.lost == 0),
                ("full", self.added_percent(FULL) <= FULL_LIMIT_PERCENT),
                ("filter", self.added_micros(FILTER) <= FILTER_LIMIT_MICROS),
                ("bystander", self.bystander_nanos <= self.noise_nanos),
                ("agent", self._agent.micros_an_end <= AGENT_LIMIT_MICROS),
                ("rss", self._agent.rss_peak_bytes <= RSS_LIMIT_MB * 1e6),
                ("rate", self._agent.rate >= self._plan.rate * _RATE_SHARE),
            ]
        return [name for name, holds in limits if not holds]

    def result(self) -> str:
        """The one line at the end."""
        missed = self.missed()
        words = [
            f"bench-probe={'ok' if not missed else 'missed:' + ','.join(missed)}",
            f"judged={'all' if self._plan.judged else 'accounting'}",
            f"rounds={len(self._rounds)}",
            f"bare_us={statistics.median(one.micros[BARE] for one in self._rounds):.2f}",
            f"full_percent={self.added_percent(FULL):+.1f} full_limit={FULL_LIMIT_PERCENT:.0f} full_aim={FULL_AIM_PERCENT:.0f}",
            f"filter_us={self.added_micros(FILTER):+.2f} filter_limit={FILTER_LIMIT_MICROS}",
            f"bpftrace_percent={self.added_percent(BPFTRACE):+.1f}",
            f"bystander_ns={self.bystander_nanos:+.1f} bystander_limit={self.noise_nanos:.1f}",
            f"agent_us={self._agent.micros_an_end:.2f} agent_limit={AGENT_LIMIT_MICROS:.0f} agent_aim={AGENT_AIM_MICROS:.0f}",
            f"rss_mb={self._agent.rss_peak_bytes / 1e6:.0f} rss_limit={RSS_LIMIT_MB}",
            f"rate={self._agent.rate:.0f} rate_limit={self._plan.rate}",
            f"lost={self.lost} lost_limit=0 unknown={self._agent.missing}",
            # Of a JVM that has just started, in the rounds; there is no limit on it.
            f"cold_lost={sum(one.lost for one in self._rounds)}",
        ]
        return "RESULT " + " ".join(words)
