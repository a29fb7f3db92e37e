# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""The table of edges: for each call path, how long it took and whose time that was."""

import json
import urllib.error
import urllib.request
from typing import Any

from localmesh.errors import MeshError

SHOWN_ROLLUPS = ("sidecar", "network", "application", "kernel")
# What a demonstration has to show, from the gateway to the last service.
EXPECTED_EDGES = (
    ("istio-ingressgateway", "productpage-v1"),
    ("productpage-v1", "details-v1"),
    ("productpage-v1", "reviews-v1"),
    ("productpage-v1", "reviews-v2"),
    ("productpage-v1", "reviews-v3"),
    ("reviews-v2", "ratings-v1"),
    ("reviews-v3", "ratings-v1"),
)
_ANSWER_SECONDS = 5


def fetch(http_port: int, window: str) -> list[dict[str, Any]]:
    """The controller's edges of the last `window`."""
    url = f"http://127.0.0.1:{http_port}/api/v1/edges?window={window}"
    # Never through a proxy that the environment names: this is loopback.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=_ANSWER_SECONDS) as response:
            return list(json.load(response)["edges"])
    except urllib.error.HTTPError as error:
        raise MeshError(f"the controller refuses the window {window}: {error.read().decode(errors='replace').strip()}") from None
    except (OSError, ValueError, KeyError) as error:
        raise MeshError(f"no edges from the controller at 127.0.0.1:{http_port} ({error}): `mesh status` and `mesh logs controller`") from None


def names(edge: dict[str, Any]) -> tuple[str, str]:
    """Source and destination workload."""
    return tuple((edge.get(end) or {}).get("workload") or "unknown" for end in ("source", "destination"))  # type: ignore[return-value]


def missing(edges: list[dict[str, Any]]) -> list[str]:
    """Bookinfo's edges that are not there."""
    present = {names(edge) for edge in edges if edge.get("requests", 0) > 0}
    return [f"{source} -> {destination}" for source, destination in EXPECTED_EDGES if (source, destination) not in present]


def table(edges: list[dict[str, Any]]) -> str:
    """A row an edge: times in milliseconds, percentiles of the whole call, means and shares of its parts."""
    header = ["edge", "requests", "full", "p50", "p95", "p99", *(f"{name} ms" for name in SHOWN_ROLLUPS)]
    rows = [header] + [_row(edge) for edge in sorted(edges, key=_order)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(header))]
    lines = ["  ".join(_aligned(cell, widths[column], column) for column, cell in enumerate(row)) for row in rows]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])


def _aligned(cell: str, width: int, column: int) -> str:
    return cell.ljust(width) if column == 0 else cell.rjust(width)


def _order(edge: dict[str, Any]) -> tuple[int, tuple[str, str]]:
    pair = names(edge)
    return (EXPECTED_EDGES.index(pair) if pair in EXPECTED_EDGES else len(EXPECTED_EDGES), pair)


def _row(edge: dict[str, Any]) -> list[str]:
    source, destination = names(edge)
    coverage = edge.get("coverage") or {}
    seen = sum(coverage.get(kind, 0) for kind in ("full", "alsOnly", "oneSided"))
    full = f"{100 * coverage.get('full', 0) / seen:.1f}%" if seen else "-"
    total = edge.get("total") or {}
    cells = [f"{source} -> {destination}", str(edge.get("requests", 0)), full]
    cells += [_milliseconds(total.get(f"p{percent}Seconds")) for percent in (50, 95, 99)]
    return cells + [_rollup(edge, name) for name in SHOWN_ROLLUPS]


def _rollup(edge: dict[str, Any], name: str) -> str:
    mean = ((edge.get("rollups") or {}).get(name) or {}).get("meanSeconds")
    share = (edge.get("shares") or {}).get(name)
    return "-" if mean is None else f"{_milliseconds(mean)} {'' if share is None else f'{100 * share:4.1f}%':>5}"


def _milliseconds(seconds: float | None) -> str:
    return "-" if seconds is None else f"{seconds * 1000:.2f}"
