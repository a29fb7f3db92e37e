# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""The arithmetic: paired differences of each component with and without a fault, and whether they are what the fault has to make."""

import math
import statistics
from dataclasses import dataclass

from localmesh.truth.drive import Record
from localmesh.truth.plan import Cell

MIN_SAMPLES = 40
# Above that a machine does not bear a cell: others wait for a processor, and so does what is measured.
BUSY_SHARE = 0.85
_STARVE_SHARE = 0.95
_NANOS_PER_MILLI = 1e6

Components = dict[str, float]


@dataclass(frozen=True)
class Change:
    """How a component changed, in milliseconds: median of the paired differences, change of the 95th percentile, change of the mean."""

    median: float
    p95: float
    mean: float


@dataclass(frozen=True)
class Verdict:
    """A cell's outcome; `passed` and `skipped` are both false where it missed its aim."""

    cell: Cell
    samples: tuple[int, int]
    changes: dict[str, Change]
    passed: bool
    skipped: bool
    why: str
    # How far the right component is from what was injected; of starvation, not defined.
    off_millis: float | None = None


def judge(record: Record, calls: dict[str, Components]) -> Verdict:
    """Holds a cell's calls, nanoseconds by component, against what its fault has to do; calls that are not there are left out."""
    with_fault = [calls.get(request_id) for request_id in record.with_fault]
    without = [calls.get(request_id) for request_id in record.without]
    samples = (sum(call is not None for call in with_fault), sum(call is not None for call in without))
    found = changes(with_fault, without)
    off = None
    if min(samples) < MIN_SAMPLES:
        why = f"{samples[0]} and {samples[1]} calls seen in full of {len(with_fault)} and {len(without)}, {record.failed} failed"
    elif record.cell.by_mean:
        why = starve_fault(record.cell, with_fault, without)
    else:
        least, most = expected_range(record)
        grown = right_change(record.cell, with_fault, without)
        off = grown - min(max(grown, least), most)
        why = hidden_fault(record) if record.cell.hides else ""
        why = why or delay_fault(record.cell, off, found)
    unbearable = record.late or record.behind or record.cpu_share > BUSY_SHARE
    if why and unbearable:
        late = ", late" if record.late else ", behind" if record.behind else ""
        return Verdict(record.cell, samples, found, False, True, f"cpu={100 * record.cpu_share:.0f}%{late} ({why})", off)
    return Verdict(record.cell, samples, found, not why, False, why, off)


def expected_range(record: Record) -> tuple[float, float]:
    """
    By how much the right component has to have grown: what was injected. Where a body on its way hides part of that, at least what the
    caller waited longer by the generator's clock, which has more than this edge in it; up to all of it, where others are relieved.
    """
    injected = statistics.median(record.injected_millis) if record.injected_millis else record.cell.expected_millis
    if not record.cell.hides:
        return injected, injected
    longer = caller_waited_longer(record)
    return min(longer, injected), max(longer, injected)


def caller_waited_longer(record: Record) -> float:
    """By the generator's clock, milliseconds in the median of the pairs."""
    return statistics.median(faulted - healthy for faulted, healthy in zip(record.with_fault_millis, record.without_millis, strict=False))


def hidden_fault(record: Record) -> str:
    """Empty where the caller waited no more longer than the fault lasts, and no less than what a body on its way can hide of it."""
    added_millis = caller_waited_longer(record)
    most = record.cell.expected_millis
    limit = record.cell.tolerance_millis
    if most - statistics.median(record.without_millis) - limit <= added_millis <= most + limit:
        return ""
    return f"the caller waited {added_millis:.2f} ms longer for a fault of {most:.2f} ms"


def changes(with_fault: list[Components | None], without: list[Components | None]) -> dict[str, Change]:
    """Each component's change; what was not measured in a call counts as no time."""
    names = sorted({name for call in with_fault + without if call is not None for name in call})
    found = {}
    for name in names:
        faulted = [call.get(name, 0.0) / _NANOS_PER_MILLI for call in with_fault if call is not None]
        healthy = [call.get(name, 0.0) / _NANOS_PER_MILLI for call in without if call is not None]
        if faulted and healthy:
            differences = _paired(with_fault, without, (name,))
            median = statistics.median(differences) if differences else statistics.median(faulted) - statistics.median(healthy)
            found[name] = Change(median, percentile95(faulted) - percentile95(healthy), statistics.fmean(faulted) - statistics.fmean(healthy))
    return found


def _paired(with_fault: list[Components | None], without: list[Components | None], names: tuple[str, ...]) -> list[float]:
    """Milliseconds of difference of the sum of some components, of each pair of which both calls were seen."""
    return [
        sum(faulted.get(name, 0.0) - healthy.get(name, 0.0) for name in names) / _NANOS_PER_MILLI
        for faulted, healthy in zip(with_fault, without, strict=False)
        if faulted is not None and healthy is not None
    ]


def right_change(cell: Cell, with_fault: list[Components | None], without: list[Components | None]) -> float:
    """By how many milliseconds the right component grew, in the median."""
    differences = _paired(with_fault, without, cell.aim.components)
    return statistics.median(differences) if differences else math.inf


def delay_fault(cell: Cell, off_millis: float, found: dict[str, Change]) -> str:
    """What is wrong with a delay that is the same for each request; empty where nothing is."""
    limit = cell.tolerance_millis
    wrong = [
        f"{name} moved by {change.median:+.2f} ms"
        for name, change in found.items()
        if name not in cell.aim.components and abs(change.median) > limit
    ]
    if abs(off_millis) > limit:
        wrong.insert(0, f"{'+'.join(cell.aim.components)} off by {off_millis:+.2f} ms")
    return "; ".join(wrong)


def starve_fault(cell: Cell, with_fault: list[Components | None], without: list[Components | None]) -> str:
    """Empty where enough of the added mean lies in the starved sidecar: what lies elsewhere is not beyond its share by more than chance."""
    names = sorted({name for call in with_fault + without if call is not None for name in call})
    elsewhere = tuple(name for name in names if name not in cell.aim.components)
    added = _mean_difference(with_fault, without, tuple(names))
    outside = _mean_difference(with_fault, without, elsewhere)
    share = 1 - outside / added if added > 0 else 0.0
    chance = 2 * standard_error(with_fault, without, elsewhere)
    if added > 0 and outside - chance <= (1 - _STARVE_SHARE) * added:
        return ""
    return f"{100 * share:.1f}% of the {added:.2f} ms added lie in the sidecar, chance {chance:.2f} ms"


def _sums(calls: list[Components | None], names: tuple[str, ...]) -> list[float]:
    return [sum(call.get(name, 0.0) for name in names) / _NANOS_PER_MILLI for call in calls if call is not None]


def _mean_difference(with_fault: list[Components | None], without: list[Components | None], names: tuple[str, ...]) -> float:
    return statistics.fmean(_sums(with_fault, names)) - statistics.fmean(_sums(without, names))


def standard_error(with_fault: list[Components | None], without: list[Components | None], names: tuple[str, ...]) -> float:
    """Of the difference of the means of some components, milliseconds."""
    return math.sqrt(sum(statistics.variance(sums) / len(sums) for sums in (_sums(with_fault, names), _sums(without, names))))


def percentile95(values: list[float]) -> float:
    """Nearest rank."""
    ordered = sorted(values)
    return ordered[math.ceil(0.95 * len(ordered)) - 1]
