# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""Which faults are held against which components, where, how long, at which rate, and what is measured at once.

Cells of one request a second run in rounds of lanes: a lane is one workload whose fault is switched request by request, its cells
take turns within the second, each on an edge of its own (two share one in two places). Cells of a higher rate run in steps: fault and baseline alternate in blocks.
"""

from dataclasses import dataclass, replace

from localmesh.errors import MeshError
from localmesh.faults import BURST_BYTES

GATEWAY = "istio-ingressgateway"
KILOBYTE, FOUR_MEGABYTES = 1024, 4 * 1024 * 1024
LOW, MIDDLE, HIGH = 1.0, 50.0, 200.0
VALUES = (5.0, 20.0, 100.0, 1200.0)
_TOLERANCE_MILLIS, _TOLERANCE_SHARE = 2.0, 0.05
# What a slow link counts for each 1448 bytes of a stream: Ethernet's, IP's and TCP's headers with them, and TLS's record.
_WIRE_SHARE = 1514 / 1448 * (1 + 22 / 16384)


@dataclass(frozen=True)
class Aim:
    """What a fault has to move. `at_source`: it is the caller's; `by_app`: the caller's app itself has to call."""

    components: tuple[str, ...]
    at_source: bool = False
    by_app: bool = False
    # In force until its request is over, not only when that begins.
    lasting: bool = False


AIMS = {
    "app-sleep": Aim(("application",)),
    "app-queue": Aim(("application_queue",)),
    "slow-body": Aim(("response_transfer",)),
    "slow-upload": Aim(("request_transfer",), at_source=True, by_app=True),
    "late-read": Aim(("source_application_read",), at_source=True, by_app=True),
    "sidecar-delay-inbound": Aim(("destination_sidecar",)),
    "sidecar-delay-outbound": Aim(("source_sidecar",), at_source=True),
    "sidecar-starve": Aim(("source_sidecar_queue", "source_sidecar", "source_sidecar_connect"), at_source=True, lasting=True),
    "network": Aim(("network",), lasting=True),
    "slow-link": Aim(("network",), at_source=True, lasting=True),
    "pool-limit": Aim(("source_sidecar_connect",), at_source=True, lasting=True),
}


@dataclass(frozen=True)
class Cell:
    """One fault on one edge. `milliseconds`: as in `mesh fault`; of pool-limit, how long a request waits for the one connection."""

    kind: str
    milliseconds: float
    rps: float
    source: str
    destination: str
    body_bytes: int = 0
    # Of how many workloads behind the destination's service the fault is at one.
    spread: int = 1

    @property
    def aim(self) -> Aim:
        """What it has to move."""
        return AIMS[self.kind]

    @property
    def workload(self) -> str:
        """Who has the fault."""
        return self.source if self.aim.at_source else self.destination

    @property
    def by_mean(self) -> bool:
        """Whether it is not the same delay for each request."""
        return self.kind == "sidecar-starve"

    @property
    def expected_millis(self) -> float:
        """By how much the right component has to grow; at most, where it `hides`."""
        if self.kind == "slow-link":
            return self.milliseconds * max(0.0, self.body_bytes * _WIRE_SHARE - BURST_BYTES) / 1e6
        return self.milliseconds

    @property
    def hides(self) -> bool:
        """Whether part of the delay passes while the rest of the body is on its way, so that the caller waits less than that longer."""
        return self.kind in ("late-read", "slow-link") and self.body_bytes >= FOUR_MEGABYTES

    @property
    def tolerance_millis(self) -> float:
        """By how much the right component may be off, and a wrong one move."""
        return max(_TOLERANCE_MILLIS, _TOLERANCE_SHARE * self.expected_millis)

    @property
    def name(self) -> str:
        """What a row of the matrix begins with."""
        body = {0: "", KILOBYTE: "1KB", FOUR_MEGABYTES: "4MB"}.get(self.body_bytes, f"{self.body_bytes}B")
        return " ".join(filter(None, [self.kind, f"{self.milliseconds:g}", f"{self.rps:g}/s", body]))

    @property
    def edge(self) -> str:
        """Source and destination."""
        return f"{self.source} -> {self.destination}"


Lane = tuple[Cell, ...]
Round = tuple[Lane, ...]
Step = tuple[Cell, ...]


@dataclass(frozen=True)
class Plan:
    """Rounds and steps follow one another; what is in one runs at once. Repeated faults a cell of a round, seconds a block."""

    rounds: tuple[Round, ...]
    steps: tuple[Step, ...]
    pairs: int = 41

    def cells(self) -> list[Cell]:
        """All of it, in its order."""
        in_rounds = [cell for lanes in self.rounds for lane in lanes for cell in lane]
        return in_rounds + [cell for step in self.steps for cell in step]


def _lane(kind: str, edges: str, values: tuple[float, ...] = VALUES, body_bytes: int = 0) -> Lane:
    """A value an edge; edges as `source>destination`, separated by blanks."""
    pairs = [edge.split(">") for edge in edges.split()]
    return tuple(Cell(kind, value, LOW, _full(a), _full(b), body_bytes) for value, (a, b) in zip(values, pairs, strict=True))


def _full(name: str) -> str:
    return {"product": "productpage-v1", "details": "details-v1", "ratings": "ratings-v1", "gateway": GATEWAY}.get(name, f"reviews-{name}")


_ROUNDS: tuple[Round, ...] = (
    (
        _lane("app-sleep", "product>details v1>details v2>details v3>details"),
        _lane("slow-body", "v2>ratings v3>ratings v1>ratings product>ratings"),
        _lane("sidecar-delay-inbound", "gateway>product v1>product details>product ratings>product"),
    ),
    (
        # Not from productpage: what holds the packets towards it holds the responses to its calls too.
        _lane("app-queue", "v1>details v1>details v2>details v3>details"),
        _lane("network", "v2>ratings v3>ratings v1>ratings", (5, 20, 100)),
        _lane("network", "gateway>product", (1200,)),
    ),
    (
        _lane("late-read", "product>details product>ratings", (5, 20), FOUR_MEGABYTES),
        _lane("slow-upload", "v2>ratings", (5,)) + _lane("late-read", "v2>ratings", (20,), KILOBYTE),
        _lane("sidecar-delay-outbound", "v3>details v3>ratings v3>product", (5, 20, 100)),
        _lane("sidecar-delay-outbound", "gateway>product", (1200,)),
        _lane("slow-link", "v1>details", (286,), FOUR_MEGABYTES),
    ),
    (
        _lane("late-read", "product>details product>ratings", (100, 1200), FOUR_MEGABYTES),
        _lane("slow-upload", "v2>ratings", (100,)),
        _lane("slow-upload", "v3>ratings", (20,)),
        _lane("sidecar-starve", "v1>details v1>ratings v1>product", (5, 20, 100)),
        _lane("sidecar-starve", "gateway>product", (1200,)),
    ),
    (
        _lane("late-read", "product>details", (5,), KILOBYTE) + _lane("slow-upload", "product>ratings", (1200,)),
        _lane("late-read", "v2>ratings", (100,), KILOBYTE),
        _lane("late-read", "v3>ratings", (1200,), KILOBYTE),
        _lane("slow-link", "v1>details v1>ratings", (20, 100), KILOBYTE)
        + _lane("slow-link", "v1>details v1>ratings v1>ratings", (1.2, 4.8, 24), FOUR_MEGABYTES),
    ),
)
_AT_DESTINATION = ("app-sleep", "app-queue", "slow-body", "sidecar-delay-inbound", "network")


def _destination_cell(kind: str, value: float, rps: float) -> Cell:
    return Cell(kind, value, rps, "productpage-v1", "details-v1")


def _source_cell(kind: str, value: float, rps: float) -> Cell:
    return Cell(kind, value, rps, "reviews-v2", "ratings-v1", KILOBYTE if kind == "late-read" else 0)


def _large_cell(kind: str, value: float, rps: float) -> Cell:
    source = "productpage-v1" if kind == "late-read" else "reviews-v1"
    return Cell(kind, value, rps, source, "details-v1", FOUR_MEGABYTES)


_AT_SOURCE = ("slow-upload", "late-read", "sidecar-delay-outbound", "sidecar-starve")


def _steps() -> tuple[Step, ...]:
    middle = [
        (_destination_cell(_AT_DESTINATION[i], value, MIDDLE), _source_cell(_AT_SOURCE[i % 4], value, MIDDLE))
        if i < len(_AT_SOURCE)
        else (_destination_cell(_AT_DESTINATION[i], value, MIDDLE),)
        for value in VALUES
        for i in range(len(_AT_DESTINATION))
    ]
    high = [(_destination_cell(kind, value, HIGH),) for value in VALUES for kind in _AT_DESTINATION]
    high += [(_source_cell(kind, value, HIGH),) for value in VALUES for kind in _AT_SOURCE]
    pools = [(Cell("pool-limit", value, rps, "reviews-v3", "ratings-v1"),) for value, rps in ((5.0, MIDDLE), (20.0, 20.0))]
    links = [
        (Cell("slow-link", 20.0, 4.0, "reviews-v1", "details-v1", FOUR_MEGABYTES), Cell("slow-link", 50.0, 4.0, "reviews-v3", "ratings-v1", FOUR_MEGABYTES))
    ]
    loaded = [(_large_cell(kind, value, MIDDLE),) for kind, value in [("late-read", value) for value in VALUES] + [("slow-link", 1.2), ("slow-link", 2.4)]]
    # 800 MB/s through two proxies and two apps: no machine of a few cores bears it.
    loaded += [(_large_cell(kind, value, HIGH),) for kind, value in (("late-read", 20.0), ("late-read", 100.0), ("slow-link", 0.6))]
    return tuple(middle + high + pools + links + loaded + _pairs())


def _pairs() -> list[Step]:
    """Faults on different edges at once, each to be found where it is: beside one another, and one behind the other's workload."""
    first = [_destination_cell(kind, 20.0, MIDDLE) for kind in ("app-sleep", "network", "sidecar-delay-inbound", "slow-body")]
    second = [_source_cell(kind, 100.0, MIDDLE) for kind in ("sidecar-delay-outbound", "late-read", "slow-upload")]
    second.append(Cell("network", 100.0, MIDDLE, "reviews-v3", "ratings-v1"))
    return list(zip(first, second, strict=True))


FULL = Plan(_ROUNDS, _steps())
SHORT = Plan(
    (),
    tuple(
        step
        for value in (20.0,)
        for step in [(_destination_cell(a, value, MIDDLE), _source_cell(b, value, MIDDLE)) for a, b in zip(_AT_DESTINATION, _AT_SOURCE, strict=False)]
    )
    + (
        (_destination_cell("network", 20.0, MIDDLE),),
        (_destination_cell("app-sleep", 1200.0, MIDDLE), _source_cell("late-read", 5.0, MIDDLE)),
        (_destination_cell("app-sleep", 5.0, HIGH),),
        (Cell("pool-limit", 20.0, 20.0, "reviews-v3", "ratings-v1"),),
    ),
)


def single(kind: str, milliseconds: float, workload: str, rps: float, body_bytes: int) -> Plan:
    """One cell of anyone's choice; MeshError says what would be possible."""
    if kind not in AIMS:
        raise MeshError(f"no such fault: {kind}; there are {', '.join(AIMS)}")
    if AIMS[kind].at_source:
        workload = workload or "reviews-v2"
        destination = {GATEWAY: "productpage-v1", "productpage-v1": "details-v1", "ratings-v1": "details-v1"}.get(workload, "ratings-v1")
        cell = Cell(kind, milliseconds, rps, workload, destination, body_bytes or (KILOBYTE if kind == "slow-link" else 0))
    else:
        workload = workload or "details-v1"
        source = {"ratings-v1": "reviews-v2", "productpage-v1": GATEWAY}.get(workload, "productpage-v1")
        cell = Cell(kind, milliseconds, rps, source, workload, body_bytes)
        if workload.startswith("reviews-"):
            cell = replace(cell, spread=3)
    return Plan((), ((cell,),))
