# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""The matrix of faults and components, and the line that says how it went."""

from localmesh.truth.judge import Verdict

# component -> column
_COLUMNS = {
    "request_transfer": "rq_transf",
    "request_transfer_blocked": "rq_block",
    "source_hop": "s_hop",
    "source_sidecar_queue": "s_queue",
    "source_sidecar": "s_sidecar",
    "source_sidecar_connect": "s_connect",
    "retry": "retry",
    "network": "network",
    "link_unsplit": "link?",
    "destination_sidecar_queue": "d_queue",
    "destination_sidecar": "d_sidecar",
    "destination_sidecar_connect": "d_connect",
    "destination_hop": "d_hop",
    "application_queue": "app_queue",
    "application": "app",
    "response_transfer": "rs_transf",
    "response_transfer_blocked": "rs_block",
    "destination_unsplit": "dest?",
    "source_application_read": "s_read",
}
_SHOWN_FROM_MILLIS = 0.05
_MAX_SKIPPED_SHARE = 0.10

LEGEND = (
    "Change by the fault in milliseconds: median of the paired differences / change of the 95th percentile. An empty place moved by less\n"
    f"than {_SHOWN_FROM_MILLIS} ms in both; the right component stands in brackets; sidecar-starve shows the change of the mean.\n"
    "s_ source, d_ destination, rq_ request, rs_ response, _queue before it was read, _transf first to last send, _block the same where\n"
    "the app waited for room, _read left unread, ? not split."
)


def matrix(verdicts: list[Verdict]) -> str:
    """A row a cell, a column a component that moved anywhere."""
    shown = [name for name in _COLUMNS if any(_text(verdict, name) for verdict in verdicts)]
    rows = [["fault ms rate body", "edge", "n", *(_COLUMNS[name] for name in shown), "outcome"]]
    for verdict in verdicts:
        cells = [_text(verdict, name) for name in shown]
        rows.append([verdict.cell.name, verdict.cell.edge, str(min(verdict.samples)), *cells, outcome(verdict)])
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(_aligned(text, widths[column], column, len(widths)) for column, text in enumerate(row)).rstrip() for row in rows]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])


def _aligned(text: str, width: int, column: int, columns: int) -> str:
    return text.ljust(width) if column < 2 or column == columns - 1 else text.rjust(width)


def _text(verdict: Verdict, name: str) -> str:
    change = verdict.changes.get(name)
    right = name in verdict.cell.aim.components
    if change is None or verdict.skipped:
        return ""
    middle = change.mean if verdict.cell.by_mean else change.median
    if not right and max(abs(middle), abs(change.p95)) < _SHOWN_FROM_MILLIS:
        return ""
    text = f"{middle:.1f}/{change.p95:.1f}"
    return f"[{text}]" if right else text


def outcome(verdict: Verdict) -> str:
    """One word, and why where it is not `ok`."""
    if verdict.skipped:
        return f"skipped {verdict.why}"
    return "ok" if verdict.passed else f"MISSED {verdict.why}"


def result(verdicts: list[Verdict]) -> tuple[bool, str]:
    """Whether the aim was met, and the last line."""
    passed, skipped = sum(verdict.passed for verdict in verdicts), sum(verdict.skipped for verdict in verdicts)
    met = bool(verdicts) and passed + skipped == len(verdicts) and skipped <= _MAX_SKIPPED_SHARE * len(verdicts)
    worst = max((abs(verdict.off_millis) for verdict in verdicts if verdict.off_millis is not None and not verdict.skipped), default=0.0)
    figures = f"cells={len(verdicts)} passed={passed} skipped={skipped} worst_off_ms={worst:.2f}"
    return met, f"RESULT truth={'ok' if met else 'missed'} {figures}"
