# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""`mesh truth`: brings a mesh up where none is, runs a plan on it and prints the matrix."""

import time

from localmesh import control, lifecycle
from localmesh.control import Progress
from localmesh.errors import MeshError
from localmesh.layout import Layout
from localmesh.pods import Variant
from localmesh.traffic import LoadGenerator, gateway_of
from localmesh.truth import report
from localmesh.truth.calls import fetch
from localmesh.truth.drive import Driver, Record
from localmesh.truth.judge import Verdict, judge
from localmesh.truth.plan import Cell, Plan

# An idle end is told after its silence, an entry after Envoy's flush: asked before, the controller would be asked twice.
_JOIN_SECONDS = 4.0
_TRY_AGAIN_SECONDS = 820.0
_WARM_REQUESTS, _WARM_RPS = 200, 50


class Lane:
    """Runs a plan and judges each cell as soon as its calls are joined."""

    def __init__(self, layout: Layout, progress: Progress, http_port: int) -> None:
        self._driver = Driver(layout)
        self._progress = progress
        self._http_port = http_port
        self._pending: list[Record] = []
        self._verdicts: list[Verdict] = []
        self._started_seconds = time.monotonic()

    def run(self, plan: Plan) -> list[Verdict]:
        """All cells in the plan's order; those that the machine did not bear have a second try at the end."""
        for number, lanes in enumerate(plan.rounds, 1):
            count = sum(len(lane) for lane in lanes)
            self._progress(f"round {number} of {len(plan.rounds)}: {count} cells at a request a second, {2 * plan.pairs} s or more")
            self._take(self._driver.run_round(lanes, plan.pairs))
        for number, step in enumerate(plan.steps, 1):
            self._progress(f"step {number} of {len(plan.steps)}: {', '.join(f'{cell.name} on {cell.edge}' for cell in step)}")
            self._take(self._driver.run_step(step))
        self._judge_joined(everything=True)
        self._try_again([cell for step in plan.steps for cell in step])
        return self._verdicts

    def _try_again(self, cells: list[Cell]) -> None:
        """Cells of steps that the machine did not bear, each by itself, while there is time."""
        for verdict in [verdict for verdict in self._verdicts if verdict.skipped and verdict.cell in cells]:
            if time.monotonic() - self._started_seconds > _TRY_AGAIN_SECONDS:
                return
            self._progress(f"again: {verdict.cell.name} on {verdict.cell.edge}")
            place = self._verdicts.index(verdict)
            self._take(self._driver.run_step((verdict.cell,)))
            self._judge_joined(everything=True)
            self._verdicts[place] = self._verdicts.pop()

    def _take(self, records: list[Record]) -> None:
        self._pending += records
        self._judge_joined()

    def _judge_joined(self, everything: bool = False) -> None:
        while self._pending and (everything or time.time() - self._pending[0].ended_seconds > _JOIN_SECONDS):
            record = self._pending.pop(0)
            time.sleep(max(0.0, record.ended_seconds + _JOIN_SECONDS - time.time()))
            verdict = judge(record, fetch(self._http_port, record))
            self._verdicts.append(verdict)
            self._progress(f"  {verdict.cell.name} on {verdict.cell.edge}: {report.outcome(verdict)} (cpu {100 * record.cpu_share:.0f}%)")


def run(layout: Layout, progress: Progress, plan: Plan, variant: Variant = Variant.BOOKINFO) -> bool:
    """Prints the matrix and the result; answers whether the aim was met."""
    own = not control.is_up(layout)
    started = time.monotonic()
    try:
        status = lifecycle.up(layout, progress, bound=own, variant=variant)
        if status["faults"]:
            raise MeshError("a fault is in force on the mesh that is up: `mesh fault clear` first")
        warm = LoadGenerator(gateway_of(layout), "/productpage", lambda sample: None)
        warm.send(_WARM_REQUESTS, round(1e9 / _WARM_RPS))
        warm.close()
        try:
            verdicts = Lane(layout, progress, int(status["ports"]["http"])).run(plan)
        finally:
            control.ask(layout, "clear", progress)
    finally:
        if own:
            progress("cleaning up")
            lifecycle.down(layout, progress)
    met, line = report.result(verdicts)
    print(f"{report.LEGEND}\n\n{report.matrix(verdicts)}\n")
    progress(f"{time.monotonic() - started:.0f} s in all")
    print(line)
    return met
