# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""Runs cells: switches their faults on and off and calls over the edge under test, keeping each request's id by side.

Calls are made from within the source's network namespace through its sidecar; where the caller's app has the fault, that app is called
past its sidecar and does the call itself.
"""

import contextlib
import math
import time
import uuid
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from localmesh import control
from localmesh.layout import Layout
from localmesh.namespaces import exact_timers
from localmesh.pods import APP_PORT, SERVICES
from localmesh.traffic import LoadGenerator, Sample, Target, gateway_of, netns_path, parse_response
from localmesh.truth.plan import GATEWAY, Cell, Lane, Round, Step

_PATHS = {"details": "/details/0", "ratings": "/ratings/0", "reviews": "/reviews/0", "productpage": "/api/v1/products"}
_PATHS_BY_PRODUCTPAGE = {"details": "/api/v1/products/0", "ratings": "/api/v1/products/0/ratings", "reviews": "/api/v1/products/0/reviews"}
_SETTLE_SECONDS = 0.015
# An Envoy has taken the update by then.
_SETTLE_SIDECAR_SECONDS = 0.1
_BLOCK_SECONDS = 0.4
_MIN_BLOCKS = 3
# A few more than are needed: a call may be seen in part.
_MIN_SAMPLES = 44
# A starved Envoy's calls differ widely: more of them, and whole periods of its stopping.
_STARVE_BLOCK_SECONDS = 1.0
_STARVE_PERIODS = 5
_LATE_SECONDS = 2.0
_BEHIND_FACTOR = 2
_BEHIND_BLOCKS = 2
_SPARE_CONNECTIONS = 12
_LANE_THREADS = 48
_PHASES = 8


@dataclass
class Record:
    """What was sent for a cell; the nth id with the fault and the nth without are a pair."""

    cell: Cell
    started_seconds: float
    with_fault: list[str] = field(default_factory=list)
    without: list[str] = field(default_factory=list)
    failed: int = 0
    # How long each of them took by the generator's clock, milliseconds.
    with_fault_millis: list[float] = field(default_factory=list)
    without_millis: list[float] = field(default_factory=list)
    # What was injected into each request with the fault, milliseconds, where that is measured and not known before.
    injected_millis: list[float] = field(default_factory=list)
    # Share of all cores that was busy meanwhile, by whomever.
    cpu_share: float = 0.0
    # True where requests did not leave or were not answered in time.
    late: bool = False
    # In how many blocks requests without the fault did not keep up with their rate.
    blocks_behind: int = 0
    ended_seconds: float = 0.0

    @property
    def behind(self) -> bool:
        """Whether that was no accident."""
        return self.blocks_behind >= _BEHIND_BLOCKS

    def add(self, faulted: bool, request_id: str, status: int, millis: float) -> None:
        """One answered request."""
        if 200 <= status < 400:
            (self.with_fault if faulted else self.without).append(request_id)
            (self.with_fault_millis if faulted else self.without_millis).append(millis)
        else:
            self.failed += 1


class Faults:
    """Switches faults by the supervisor."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout

    def set(self, kind: str, workload: str, milliseconds: float) -> None:
        """In force when this returns, and known to whoever applies it."""
        amount = 1 if kind == "pool-limit" else milliseconds
        control.ask(self._layout, "fault", _quiet, kind=kind, workload=workload, milliseconds=amount)
        self._settle(kind)

    def clear(self, kind: str, workload: str) -> None:
        """Ends one workload's."""
        control.ask(self._layout, "clear", _quiet, workload=workload)
        self._settle(kind)

    def clear_all(self) -> None:
        """Ends all."""
        control.ask(self._layout, "clear", _quiet)

    @staticmethod
    def _settle(kind: str) -> None:
        # A starved process is stopped at once, and the request has to come while it is.
        if kind != "sidecar-starve":
            time.sleep(_SETTLE_SIDECAR_SECONDS if kind.startswith("sidecar-") or kind == "pool-limit" else _SETTLE_SECONDS)


def _quiet(text: str) -> None:
    pass


def route(layout: Layout, cell: Cell) -> tuple[Target, str]:
    """Where a cell's requests go, and their path."""
    app, service = cell.source.rpartition("-")[0], cell.destination.rpartition("-")[0]
    query = f"?bytes={cell.body_bytes}" if cell.body_bytes else ""
    if cell.source == GATEWAY:
        return gateway_of(layout), _PATHS[service]
    netns = netns_path(layout, cell.source)
    if cell.aim.by_app:
        path = _PATHS_BY_PRODUCTPAGE[service] if app == "productpage" else _PATHS[app]
        return Target(netns, "127.0.0.1", APP_PORT, app), path + query
    address = next(s.address for s in SERVICES if s.name == service)
    return Target(netns, address, APP_PORT, f"{service}:{APP_PORT}"), _PATHS[service] + query


class Caller:
    """Single requests on kept connections, from any thread."""

    def __init__(self, target: Target, path: str) -> None:
        self._target = target
        self._path = path
        self._idle: deque = deque()

    def call(self) -> tuple[str, int, float]:
        """The request's id, the status, 0 where no response came, and how many milliseconds it took."""
        request_id = str(uuid.uuid4())
        began = time.monotonic_ns()
        try:
            connection = self._idle.pop() if self._idle else self._target.connect()
            connection.settimeout(15)
            connection.sendall(self._target.request(self._path, request_id))
            received = bytearray()
            while (response := parse_response(received)) is None:
                chunk = connection.recv(262_144)
                if not chunk:
                    return request_id, 0, 0.0
                received += chunk
            self._idle.append(connection)
            return request_id, response[0], (time.monotonic_ns() - began) / 1e6
        except OSError:
            return request_id, 0, 0.0

    def close(self) -> None:
        """Closes what is idle."""
        while self._idle:
            self._idle.pop().close()


class Driver:
    """Runs rounds and steps on a mesh that is up."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._faults = Faults(layout)
        self._warm: dict[tuple[str, str, bool], int] = {}

    def run_round(self, lanes: Round, pairs: int) -> list[Record]:
        """Its lanes at once, request by request."""
        with ThreadPoolExecutor(_LANE_THREADS, initializer=exact_timers) as callers, ThreadPoolExecutor(len(lanes), initializer=exact_timers) as threads:
            begin = time.monotonic() + 0.1
            with busy_share() as cpu:
                futures = [threads.submit(self._run_lane, lane, begin + i / _PHASES / 2, pairs, callers) for i, lane in enumerate(lanes)]
                records = [record for future in futures for record in future.result()]
        for record in records:
            record.cpu_share = cpu[0]
        return records

    def _run_lane(self, lane: Lane, begin_seconds: float, pairs: int, pool: ThreadPoolExecutor) -> list[Record]:
        records = [Record(cell, time.time()) for cell in lane]
        callers = [Caller(*route(self._layout, cell)) for cell in lane]
        for caller in callers:
            for future in [pool.submit(caller.call) for _ in range(3)]:
                future.result()
        sent: list[tuple[Record, bool, Future]] = []
        due = begin_seconds
        for turn in range(2 * pairs):
            # Cells that take turns keep their places in the second.
            free = time.monotonic() if len(lane) == 1 else begin_seconds + math.ceil(time.monotonic() - begin_seconds)
            due = max(due + 1, free)
            for i, (cell, caller, record) in enumerate(zip(lane, callers, records, strict=True)):
                time.sleep(max(0.0, due + i / len(lane) - time.monotonic()))
                if turn % 2 == 0:
                    self._faults.set(cell.kind, cell.workload, cell.milliseconds)
                elif i == 0:
                    self._faults.clear(cell.kind, cell.workload)
                future = pool.submit(caller.call)
                sent.append((record, turn % 2 == 0, future))
                if cell.aim.lasting:
                    future.result()
                    if cell.by_mean and turn % 2 == 0:
                        self._faults.clear(cell.kind, cell.workload)
        for record, faulted, future in sent:
            record.add(faulted, *future.result())
        self._faults.clear(lane[0].kind, lane[0].workload)
        for record, caller in zip(records, callers, strict=True):
            caller.close()
            record.ended_seconds = time.time()
        return records

    def run_step(self, step: Step) -> list[Record]:
        """Its cells at once, fault and baseline in blocks."""
        for cell in step:
            self._warm_up(cell)
        seconds = max(_block_seconds(cell) for cell in step)
        runs = [_BlockRun(self._layout, cell, seconds) for cell in step]
        blocks = max(run.blocks for run in runs)
        with ThreadPoolExecutor(len(runs), initializer=exact_timers) as threads, busy_share() as cpu:
            for turn in range(2 * blocks):
                faulted = turn % 2 == 0
                for run in runs:
                    run.switch(self._faults, faulted)
                list(threads.map(lambda run, faulted=faulted: run.send(faulted), runs))
                if any(run.record.late or run.record.behind for run in runs):
                    break
        for run in runs:
            run.end(self._faults)
            run.record.cpu_share = cpu[0]
        return [run.record for run in runs]

    def _warm_up(self, cell: Cell) -> None:
        """Opens the connections that the cell's requests need at once, so that none is opened under its fault."""
        wanted = math.ceil(cell.rps * cell.spread * cell.expected_millis / 1000 * 1.2) + _SPARE_CONNECTIONS
        place = (cell.source, cell.destination, cell.aim.by_app)
        if cell.kind == "pool-limit" or self._warm.get(place, 0) >= wanted:
            return
        target, path = route(self._layout, cell)
        generator = LoadGenerator(target, path.partition("?")[0], lambda sample: None, max_connections=wanted)
        self._faults.set("app-sleep", cell.destination, 300 + 5 * wanted)
        generator.send(1, 1, together=wanted)
        self._faults.clear("app-sleep", cell.destination)
        generator.close()
        self._warm[place] = wanted


def _block_seconds(cell: Cell) -> float:
    return max(_STARVE_BLOCK_SECONDS, _STARVE_PERIODS * cell.milliseconds / 1000) if cell.by_mean else _BLOCK_SECONDS


class _BlockRun:
    """One cell of a step."""

    def __init__(self, layout: Layout, cell: Cell, seconds: float) -> None:
        self.record = Record(cell, time.time())
        self._cell = cell
        self._count = max(1, math.ceil(cell.rps * seconds))
        self.blocks = max(2 if seconds > _STARVE_BLOCK_SECONDS else _MIN_BLOCKS, math.ceil(_MIN_SAMPLES / self._count))
        self._interval_nanos = round(1e9 / cell.rps / cell.spread)
        # How many requests come while the process is stopped.
        self._held = round(cell.rps * cell.milliseconds / 1000) if cell.by_mean else 0
        self._together = 2 if cell.kind == "pool-limit" else 1
        self._samples: list[Sample] = []
        target, path = route(layout, cell)
        self._generator = LoadGenerator(target, path, self._samples.append, own_request_ids=True, max_connections=600)
        self._generator.send(1, 1, together=8)

    def switch(self, faults: Faults, faulted: bool) -> None:
        """Puts the fault in force or ends it."""
        cell = self._cell
        if not faulted:
            faults.clear(cell.kind, cell.workload)
        elif cell.kind == "pool-limit":
            # Each request takes that long at the app; the second of two waits that long for the connection.
            faults.set("app-sleep", cell.destination, cell.milliseconds)
            faults.set(cell.kind, cell.workload, cell.milliseconds)
        else:
            faults.set(cell.kind, cell.workload, cell.milliseconds)
        if cell.kind == "pool-limit":
            # A cluster with another limit begins without connections.
            self._generator.send(1, 1, together=self._together)

    def send(self, faulted: bool) -> None:
        """One block, to its last response."""
        self._samples.clear()
        begin = time.monotonic()
        if self._held > 1 and not faulted:
            self._send_held_back()
        else:
            self._generator.send(self._count * self._cell.spread, self._interval_nanos, self._together)
        seconds = self._count / self._cell.rps
        took = time.monotonic() - begin
        expected = (self._cell.expected_millis / 1000 if faulted else 0) * (2 if self._together > 1 else 1)
        self.record.late = took > seconds + expected + _LATE_SECONDS
        self.record.blocks_behind += not faulted and took > _BEHIND_FACTOR * seconds
        ordered = sorted(self._samples, key=lambda sample: (sample.due_monotonic_nanos, sample.end_monotonic_nanos))
        for i in range(self._together - 1, len(ordered), self._together):
            sample = ordered[i]
            self.record.add(faulted, sample.request_id, sample.status, (sample.end_monotonic_nanos - sample.start_monotonic_nanos) / 1e6)
            if faulted and self._together > 1:
                # It had to wait until the other one was over.
                self.record.injected_millis.append((ordered[i - 1].end_monotonic_nanos - sample.start_monotonic_nanos) / 1e6)
        time.sleep(max(0.0, seconds - took))

    def _send_held_back(self) -> None:
        """What comes while a starved process is stopped it lets go at once: so does the generator, in the same periods."""
        period = round(self._cell.rps * self._cell.milliseconds * _STARVE_PERIODS / 1000)
        for _ in range(max(1, round(self._count / period))):
            time.sleep(self._cell.milliseconds / 1000)
            self._generator.send(1, 1, together=self._held)
            self._generator.send(period - self._held, self._interval_nanos)

    def end(self, faults: Faults) -> None:
        """Ends the fault and closes the connections."""
        faults.clear(self._cell.kind, self._cell.workload)
        if self._cell.kind == "pool-limit":
            faults.clear("app-sleep", self._cell.destination)
        self._generator.close()
        self.record.ended_seconds = time.time()


@contextlib.contextmanager
def busy_share() -> Iterator[list[float]]:
    """Yields a list that holds, at the end, the share of all cores that was busy meanwhile."""
    share: list[float] = []
    idle, total = _processor_times()
    yield share
    idle_after, total_after = _processor_times()
    share.append(1 - (idle_after - idle) / max(1, total_after - total))


def _processor_times() -> tuple[int, int]:
    numbers = [int(word) for word in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    return numbers[3] + numbers[4], sum(numbers)


