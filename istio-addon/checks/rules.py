# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""The rules and their tests, read; and the series that recording rules add."""

from pathlib import Path
from typing import Any

from checks import promql, reference, yaml_files

PROMETHEUS = reference.TOP / "istio-addon/prometheus"

# What each level of a recorded series' name says of its labels.
LEVELS = {
    "edge": frozenset(
        {"source_workload_namespace", "source_workload", "destination_workload_namespace", "destination_workload", "request_protocol"}
    ),
    "sidecar": frozenset({"namespace", "workload", "direction"}),
}


def files(folder: str) -> dict[Path, Any]:
    """The YAML files of `rules` or `tests`."""
    return {path: yaml_files.load(path) for path in sorted((PROMETHEUS / folder).glob("*.yaml"))}


def all_rules() -> list[dict[str, Any]]:
    """Every rule, in order."""
    return [rule for content in files("rules").values() for group in content["groups"] for rule in group["rules"]]


def alerts() -> list[dict[str, Any]]:
    """The alerting rules."""
    return [rule for rule in all_rules() if "alert" in rule]


def records() -> list[dict[str, Any]]:
    """The recording rules."""
    return [rule for rule in all_rules() if "record" in rule]


def series() -> dict[str, frozenset[str]]:
    """The scraped series and the recorded ones, with their labels."""
    found = reference.series()
    for rule in records():
        found[rule["record"]] = _labels_of_record(rule, found)
    return found


def _labels_of_record(rule: dict[str, Any], known: dict[str, frozenset[str]]) -> frozenset[str]:
    """Those of its level, and those that its aggregations keep beside them."""
    names = promql.names_of(rule["expr"])
    kept = names.labels_of("by")
    if not kept:
        of_recorded = [known[metric] for metric in names.metrics if ":" in metric and metric in known]
        kept = {label for labels in of_recorded for label in labels} - names.labels_of("without")
        kept -= LEVELS["edge"] | LEVELS["sidecar"]
    return LEVELS[rule["record"].split(":")[0]] | (kept - {"le"})


def complaints(expression: str, known: dict[str, frozenset[str]]) -> list[str]:
    """What an expression names that there is not."""
    names = promql.names_of(expression)
    found = [f"no such metric: {metric}" for metric in sorted(names.metrics - known.keys())]
    for metric, labels in names.selectors:
        found += [f"{metric} has no label {label}" for label in sorted(labels - known.get(metric, labels))]
    of_any = {label for metric in names.metrics for label in known.get(metric, ())}
    found += [f"none of its metrics has a label {label}" for _, labels in names.label_lists for label in sorted(labels - of_any)]
    return found
