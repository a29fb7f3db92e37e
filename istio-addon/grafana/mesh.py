# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""The mesh as a whole: whose time it is, and which edges and sidecars stand out."""

from grafana.panels import Dashboard, Panel, Query, Variable, stat, table

_TO = 'destination_workload_namespace=~"$namespace"'
_EDGE = "{{source_workload}} -> {{destination_workload}}"
_SIDECAR = "{{workload}} {{direction}}"
_LINK = "/d/sidelight-edge?var-source=${__data.fields.Source}&var-destination=${__data.fields.Destination}&${__url_time_range}"


def dashboard() -> Dashboard:
    """Made of recorded series, so that it stays light with many edges."""
    return Dashboard(
        uid="sidelight-mesh",
        title="Sidelight Mesh Dashboard",
        description="Whose time calls take in the mesh: the sidecars', the network's, the applications'.",
        variables=[Variable("namespace", "Namespace of the destination", "label_values(sidelight_edge_requests_total, destination_workload_namespace)")],
        rows={"Now": _now(), "Whose time": _whose_time(), "Edges": _edges(), "Sidecars": _sidecars(), "Network": _network(), "Alerts": [_alerts()]},
    )


def _now() -> list[Panel]:
    seconds = f"sum(edge:sidelight_edge_component_seconds:rate5m{{{_TO}}})"
    sidecars = f"sum(edge:sidelight_edge_sidecar_seconds:rate5m{{{_TO}}})"
    requests = f"sum(edge:sidelight_edge_requests:rate5m{{{_TO}}})"
    errors = f"sum(edge:sidelight_edge_request_errors:rate5m{{{_TO}}})"
    full = f'sum(rate(sidelight_edge_coverage_total{{coverage="full",{_TO}}}[5m])) / sum(rate(sidelight_edge_coverage_total{{{_TO}}}[5m]))'
    return [
        stat("Requests", "Calls on all edges, over 5 minutes. A call that leads to others counts on each edge.", "reqps", requests),
        stat("Errors", "Calls that ended with a 5xx or without a response.", "percentunit", f"{errors} / {requests}"),
        stat("Sidecars' share", "Seconds that calls spend in sidecars over all their seconds.", "percentunit", f"{sidecars} / {seconds}", "SidelightSidecarShareHigh"),
        stat("Sidecars, a call", "Mean time that a call spends in the two sidecars of its edge.", "s", f"{sidecars} / {requests}"),
        stat("Seen in full", "Calls that kernel and access log saw at both proxies. What comes from outside cannot be.", "percentunit", full),
        stat("Alerts", "Sidelight's alerts that fire.", "short", 'count(ALERTS{alertname=~"Sidelight.+",alertstate="firing"}) or vector(0)'),
    ]


def _whose_time() -> list[Panel]:
    return [
        Panel(
            "Time by component",
            "Seconds of calls a second by component: how many calls are there at a time, in the mean. An app's own calls are in its component application, and again in their own.",
            "short",
            [Query(f"sum by (component) (edge:sidelight_edge_component_seconds:rate5m{{{_TO}}})", "{{component}}")],
            stacking="normal",
        ),
        Panel(
            "Share by part",
            "The same by who it is charged to. What is missing to the total is retry and unknown.",
            "percentunit",
            [Query(f'sum by (part) (rate(sidelight_edge_duration_seconds_sum{{part!="total",{_TO}}}[5m]))', "{{part}}")],
            stacking="percent",
        ),
    ]


def _edges() -> list[Panel]:
    labels = "source_workload_namespace, source_workload, destination_workload_namespace, destination_workload, request_protocol"
    network = f'edge:sidelight_edge_duration_seconds:p50_rate5m{{part="network",{_TO}}}'
    of_all = table(
        "Edges",
        "Each edge over the last 5 minutes; a click on a source leads to the edge.",
        {
            "source_workload": ("Source", ""),
            "destination_workload": ("Destination", ""),
            "request_protocol": ("Protocol", ""),
            "Value #A": ("Requests", "reqps"),
            "Value #B": ("p95", "s"),
            "Value #C": ("p99", "s"),
            "Value #D": ("Sidecars' share", "percentunit"),
            "Value #E": ("Sidecars, mean", "s"),
            "Value #F": ("Network, p50", "s"),
            "Value #G": ("Seen in full", "percentunit"),
        },
        [
            Query(f"edge:sidelight_edge_requests:rate5m{{{_TO}}}"),
            Query(f'sum by ({labels}) (edge:sidelight_edge_duration_seconds:p95_rate5m{{part="total",{_TO}}})'),
            Query(f'sum by ({labels}) (edge:sidelight_edge_duration_seconds:p99_rate5m{{part="total",{_TO}}})'),
            Query(f"edge:sidelight_edge_sidecar_seconds_per_component_seconds:ratio_rate5m{{{_TO}}}"),
            Query(f"edge:sidelight_edge_sidecar_seconds:mean5m{{{_TO}}}"),
            Query(f"sum by ({labels}) ({network})"),
            Query(f"edge:sidelight_edge_coverage_full:ratio_rate5m{{{_TO}}}"),
        ],
        width=24,
        hidden={"__name__": True, "source_workload_namespace": True, "destination_workload_namespace": True},
        overrides=[
            {
                "matcher": {"id": "byName", "options": "Source"},
                "properties": [{"id": "links", "value": [{"title": "This edge", "url": _LINK}]}],
            }
        ],
    )
    return [
        of_all,
        Panel(
            "Most time in sidecars",
            "The ten edges whose calls spend the most time in sidecars, in the mean.",
            "s",
            [Query(f"topk(10, edge:sidelight_edge_sidecar_seconds:mean5m{{{_TO}}})", _EDGE)],
        ),
        Panel(
            "Largest share of sidecars",
            "The ten edges of which sidecars take the largest share.",
            "percentunit",
            [Query(f"topk(10, edge:sidelight_edge_sidecar_seconds_per_component_seconds:ratio_rate5m{{{_TO}}})", _EDGE)],
            alert="SidelightSidecarShareHigh",
            highest=1,
        ),
    ]


def _sidecars() -> list[Panel]:
    place = 'namespace=~"$namespace"'
    return [
        Panel(
            "Longest queues",
            "The ten sidecars before which data waits the longest until it is read (p95): who does not get the processor.",
            "s",
            [Query(f'topk(10, sidecar:sidelight_sidecar_duration_seconds:p95_rate5m{{component="queue",{place}}})', _SIDECAR)],
        ),
        Panel(
            "Longest waits for a connection",
            "The ten sidecars whose requests wait the longest for an upstream connection, in the mean over all their requests.",
            "s",
            [Query(f'topk(10, sidecar:sidelight_sidecar_duration_seconds:mean5m{{component="connect",{place}}})', _SIDECAR)],
            alert="SidelightPoolWaitHigh",
        ),
    ]


def _network() -> list[Panel]:
    return [
        Panel(
            "Slowest networks",
            "The ten edges between whose proxies calls travel the longest (p50), there and back.",
            "s",
            [Query(f'topk(10, edge:sidelight_edge_duration_seconds:p50_rate5m{{part="network",{_TO}}})', _EDGE)],
            alert="SidelightNetworkSlow",
        ),
        Panel(
            "Retransmits",
            "TCP segments sent again a call, of the ten edges with the most.",
            "short",
            [Query(f"topk(10, edge:sidelight_edge_retransmits_per_request:ratio_rate5m{{{_TO}}})", _EDGE + " {{segment}}")],
            alert="SidelightRetransmitsHigh",
        ),
    ]


def _alerts() -> Panel:
    return table(
        "Firing",
        "Sidelight's alerts that fire; the runbooks are in istio-addon/prometheus/RUNBOOKS.md.",
        {"alertname": ("Alert", ""), "severity": ("Severity", "")},
        [Query('ALERTS{alertname=~"Sidelight.+",alertstate="firing"}')],
        width=24,
        hidden={"__name__": True, "alertstate": True, "Value": True},
    )
