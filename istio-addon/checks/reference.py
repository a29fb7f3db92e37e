# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""The metrics that there are, with their labels, as the reference pages of controller and probe state them."""

import functools
import re
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]

# Of every series that is scraped.
TARGET_LABELS = frozenset({"job", "instance"})
# EDGE and the like, which stand for several labels.
_ABBREVIATION = re.compile(r"\b[A-Z]{3,}\b")
_ASIDE = re.compile(r"\([^()]*\)")
_WORDS = re.compile(r"`(\w+)`")
_API_ROW = re.compile(r"^\| `(?P<name>sidelight_\w+|kiali_ext_\w+|istio_\w+)` \| (?P<type>\w+) \|(?P<labels>[^|]*)\|")
_PROBE_NAME = re.compile(r"`(sidelight_\w+)(?:\{([^}]*)\})?`")
_HISTOGRAM_LABELS = frozenset({"le"})

# Neither ours nor in our pages: Prometheus's own, those of simpleclient's hotspot exports that the dashboards show, and one of cAdvisor's in a runbook.
FOREIGN = {
    "up": frozenset(),
    "ALERTS": frozenset({"alertname", "alertstate", "severity"}),
    "jvm_memory_bytes_used": frozenset({"area"}),
    "jvm_memory_bytes_max": frozenset({"area"}),
    "jvm_gc_collection_seconds_sum": frozenset({"gc"}),
    "process_cpu_seconds_total": frozenset(),
    "process_resident_memory_bytes": frozenset(),
    "process_open_fds": frozenset(),
    "container_cpu_cfs_throttled_periods_total": frozenset({"container"}),
}


def series() -> dict[str, frozenset[str]]:
    """The labels of each series by its name; a histogram is three names."""
    found: dict[str, frozenset[str]] = dict(FOREIGN)
    for (name, kind), labels in {**_of_controller(), **_of_probe()}.items():
        if kind == "histogram":
            found[f"{name}_bucket"] = labels | _HISTOGRAM_LABELS
            found[f"{name}_count"] = found[f"{name}_sum"] = labels
        else:
            found[name] = labels
    return {name: labels | TARGET_LABELS for name, labels in found.items()}


def histograms() -> set[str]:
    """The base names of histograms."""
    return {name.removesuffix("_bucket") for name in series() if name.endswith("_bucket")}


def _of_controller() -> dict[tuple[str, str], frozenset[str]]:
    page = (TOP / "mesh-controller/API.md").read_text()
    rows: dict[tuple[str, str], frozenset[str]] = {}
    for line in page.splitlines():
        row = _API_ROW.match(line)
        if row:
            labels = frozenset(_WORDS.findall(row["labels"]))
            abbreviations = _ABBREVIATION.findall(row["labels"])
            rows[row["name"], row["type"]] = labels.union(*(_labels_of(page, each) for each in abbreviations))
    return rows


@functools.cache
def _labels_of(page: str, abbreviation: str) -> frozenset[str]:
    """What the page's sentence says that it stands for."""
    start = page.index(f"{abbreviation} stands for")
    sentence = re.split(r"[.:]\s", _ASIDE.sub("", page[start:]), maxsplit=1)[0]
    labels = {word for word in _WORDS.findall(sentence) if not word.endswith("_")}
    if "`destination_`" not in sentence:
        return frozenset(labels)
    return frozenset(labels | {label.replace("source_", "destination_", 1) for label in labels if label.startswith("source_")})


def _of_probe() -> dict[tuple[str, str], frozenset[str]]:
    page = (TOP / "sidecar-probe/README.md").read_text()
    common = re.search(r"carry the labels\s+`\{([^}]*)\}`", page)
    if common is None:
        raise ValueError("sidecar-probe/README.md no longer states the labels of connections as it did")
    rows: dict[tuple[str, str], frozenset[str]] = {}
    for line in page.splitlines():
        if not line.startswith("| `sidelight_"):
            continue
        for name, labels in _PROBE_NAME.findall(line.split(" | ")[0]):
            kind = "histogram" if name.endswith("_seconds") else "other"
            own = frozenset(labels.split(",")) if labels else frozenset()
            rows[name, kind] = own | frozenset(common[1].split(",")) if name.startswith("sidelight_tcp_") else own
    return rows
