# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""Panels, rows and dashboards in Grafana's JSON. Panels are laid out from left to right, as the rows name them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

_COLUMNS = 24
_HEIGHT = 8
_STAT_HEIGHT = 4
_SCHEMA_VERSION = 39
_DATASOURCE = {"type": "prometheus", "uid": "${datasource}"}

# Where an alert begins to look; a test holds them against the rules.
ALERT_THRESHOLDS = {
    "SidelightSidecarShareHigh": 0.5,
    "SidelightSidecarOverheadHigh": 0.025,
    "SidelightPoolWaitHigh": 0.005,
    "SidelightSidecarStarved": 0.005,
    "SidelightRetransmitsHigh": 0.01,
    "SidelightNetworkSlow": 0.01,
    "SidelightRttHigh": 0.05,
    "SidelightCorrelatorLosesRecords": 0.05,
    "SidelightAlsLate": 5,
}


@dataclass(frozen=True)
class Query:
    """An expression and the name of its lines; with exemplars where its series have some."""

    expr: str
    legend: str = ""
    exemplars: bool = False


@dataclass(frozen=True)
class Panel:
    """
    One panel.

    kind is Grafana's; unit is Grafana's id of one; alert names the alert whose threshold is drawn; options are those of the kind.
    """

    title: str
    description: str
    unit: str
    queries: Sequence[Query]
    kind: str = "timeseries"
    width: int = 12
    stacking: str = "none"
    alert: str = ""
    highest: float | None = None
    options: dict[str, Any] = field(default_factory=dict)
    transformations: Sequence[dict[str, Any]] = ()
    overrides: Sequence[dict[str, Any]] = ()

    @property
    def height(self) -> int:
        """In Grafana's rows."""
        return _STAT_HEIGHT if self.kind == "stat" else _HEIGHT


@dataclass(frozen=True)
class Variable:
    """A variable of the dashboard: the values of a label."""

    name: str
    label: str
    query: str
    all: bool = True


@dataclass(frozen=True)
class Dashboard:
    """A dashboard: rows by title."""

    uid: str
    title: str
    description: str
    variables: Sequence[Variable]
    rows: dict[str, Sequence[Panel]]

    def json(self) -> dict[str, Any]:
        """As Grafana imports it."""
        return {
            "uid": self.uid,
            "title": self.title,
            "description": self.description,
            "tags": ["sidelight", "istio"],
            "schemaVersion": _SCHEMA_VERSION,
            "version": 1,
            "editable": True,
            "graphTooltip": 1,
            "refresh": "30s",
            "time": {"from": "now-1h", "to": "now"},
            "timezone": "browser",
            "links": [_link_to_the_others()],
            "templating": {"list": [_datasource_variable(), *map(_variable, self.variables)]},
            "panels": _laid_out(self.rows),
        }


def stat(title: str, description: str, unit: str, expr: str, alert: str = "") -> Panel:
    """One number, six in a line."""
    return Panel(title, description, unit, [Query(expr)], kind="stat", width=4, alert=alert)


def table(title: str, description: str, columns: dict[str, tuple[str, str]], queries: Sequence[Query], **more: Any) -> Panel:
    """
    A table of what the queries say now, joined on their labels.

    columns: what Grafana calls a column (a label, or "Value #A" of the first query) -> its title and unit; others are hidden.
    """
    hidden = {"Time": True, **more.pop("hidden", {})}
    organize = {"excludeByName": hidden, "renameByName": {name: title for name, (title, _) in columns.items()}}
    organize["indexByName"] = {name: number for number, name in enumerate(columns)}
    overrides = [
        {"matcher": {"id": "byName", "options": title}, "properties": [{"id": "unit", "value": unit}]} for title, unit in columns.values() if unit
    ]
    return Panel(
        title,
        description,
        "short",
        queries,
        kind="table",
        transformations=[{"id": "merge", "options": {}}, {"id": "organize", "options": organize}],
        overrides=[*overrides, *more.pop("overrides", [])],
        **more,
    )


def _laid_out(rows: dict[str, Sequence[Panel]]) -> list[dict[str, Any]]:
    laid: list[dict[str, Any]] = []
    y = 0
    for title, panels in rows.items():
        position = {"x": 0, "y": y, "w": _COLUMNS, "h": 1}
        laid.append({"id": len(laid) + 1, "type": "row", "title": title, "collapsed": False, "panels": [], "gridPos": position})
        y += 1
        x, line = 0, 0
        for panel in panels:
            if x + panel.width > _COLUMNS:
                x, y, line = 0, y + line, 0
            laid.append({"id": len(laid) + 1, **_panel(panel), "gridPos": {"x": x, "y": y, "w": panel.width, "h": panel.height}})
            x, line = x + panel.width, max(line, panel.height)
        y += line
    return laid


def _panel(panel: Panel) -> dict[str, Any]:
    description = panel.description
    if panel.alert:
        description += f" The threshold is that of the alert {panel.alert}."
    defaults: dict[str, Any] = {"unit": panel.unit, "thresholds": _thresholds(panel.alert)}
    if panel.kind == "timeseries":
        defaults |= {"min": 0, "color": {"mode": "palette-classic"}, "custom": _lines(panel)}
    if panel.highest is not None:
        defaults["max"] = panel.highest
    made = {
        "type": panel.kind,
        "title": panel.title,
        "description": description,
        "datasource": _DATASOURCE,
        "fieldConfig": {"defaults": defaults, "overrides": list(panel.overrides)},
        "options": _options(panel),
        "targets": [_target(panel, number, query) for number, query in enumerate(panel.queries)],
    }
    return made | ({"transformations": list(panel.transformations)} if panel.transformations else {})


def _thresholds(alert: str) -> dict[str, Any]:
    steps: list[dict[str, Any]] = [{"color": "green", "value": None}]
    if alert:
        steps.append({"color": "red", "value": ALERT_THRESHOLDS[alert]})
    return {"mode": "absolute", "steps": steps}


def _lines(panel: Panel) -> dict[str, Any]:
    return {
        "drawStyle": "line",
        "lineWidth": 1,
        "fillOpacity": 10 if panel.stacking == "none" else 60,
        "showPoints": "never",
        "stacking": {"mode": panel.stacking, "group": "A"},
        "thresholdsStyle": {"mode": "dashed" if panel.alert else "off"},
    }


def _options(panel: Panel) -> dict[str, Any]:
    of_kind: dict[str, dict[str, Any]] = {
        "timeseries": {
            "legend": {"displayMode": "table", "placement": "right", "showLegend": True, "calcs": ["mean", "max"]},
            "tooltip": {"mode": "multi", "sort": "desc"},
        },
        "stat": {
            "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False},
            "colorMode": "value" if panel.alert else "none",
            "graphMode": "area",
        },
        "table": {"showHeader": True},
        "heatmap": {"calculate": False, "yAxis": {"unit": panel.unit}, "color": {"mode": "scheme", "scheme": "Oranges"}, "cellGap": 0},
    }
    return of_kind[panel.kind] | panel.options


def _target(panel: Panel, number: int, query: Query) -> dict[str, Any]:
    now = panel.kind == "table"
    formats = {"table": "table", "heatmap": "heatmap"}
    return {
        "refId": chr(ord("A") + number),
        "datasource": _DATASOURCE,
        "expr": query.expr,
        "legendFormat": query.legend or "__auto",
        "format": formats.get(panel.kind, "time_series"),
        "instant": now,
        "range": not now,
        "exemplar": query.exemplars,
    }


def _datasource_variable() -> dict[str, Any]:
    return {"name": "datasource", "label": "Data source", "type": "datasource", "query": "prometheus", "hide": 0, "refresh": 1, "regex": ""}


def _variable(variable: Variable) -> dict[str, Any]:
    made = {
        "name": variable.name,
        "label": variable.label,
        "type": "query",
        "datasource": _DATASOURCE,
        "definition": variable.query,
        "query": {"query": variable.query, "refId": variable.name},
        "hide": 0,
        "refresh": 2,
        "sort": 1,
        "multi": variable.all,
        "includeAll": variable.all,
    }
    return made | ({"allValue": ".*", "current": {"text": "All", "value": "$__all"}} if variable.all else {})


def _link_to_the_others() -> dict[str, Any]:
    return {
        "title": "Sidelight",
        "type": "dashboards",
        "tags": ["sidelight"],
        "asDropdown": True,
        "includeVars": False,
        "keepTime": True,
        "targetBlank": False,
    }
