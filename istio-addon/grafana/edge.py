# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""One edge: its calls, and where their time passes."""

from grafana.panels import Dashboard, Panel, Query, Variable

_ON = 'source_workload=~"$source",destination_workload=~"$destination",destination_workload_namespace=~"$namespace"'
_DURATION = "sidelight_edge_duration_seconds"


def dashboard() -> Dashboard:
    """Several edges at once are summed."""
    edges = "sidelight_edge_requests_total"
    return Dashboard(
        uid="sidelight-edge",
        title="Sidelight Edge Dashboard",
        description="The calls from one workload to another, and where their time passes.",
        variables=[
            Variable("namespace", "Namespace of the destination", f"label_values({edges}, destination_workload_namespace)"),
            Variable("source", "Source", f'label_values({edges}{{destination_workload_namespace=~"$namespace"}}, source_workload)'),
            Variable(
                "destination",
                "Destination",
                f'label_values({edges}{{destination_workload_namespace=~"$namespace",source_workload=~"$source"}}, destination_workload)',
            ),
        ],
        rows={"Calls": _calls(), "Whose time": _whose_time(), "Sidecars": _sidecars(), "Network": _network(), "How much was seen": [_coverage()]},
    )


def _quantile(quantile: float, part: str) -> str:
    return f'histogram_quantile({quantile}, sum by (le) (rate({_DURATION}_bucket{{part="{part}",{_ON}}}[$__rate_interval])))'


def _calls() -> list[Panel]:
    return [
        Panel(
            "Requests by response code",
            "Calls a second. Code 0 is no response.",
            "reqps",
            [Query(f"sum by (response_code) (rate(sidelight_edge_requests_total{{{_ON}}}[$__rate_interval]))", "{{response_code}}")],
            width=8,
            stacking="normal",
        ),
        Panel(
            "Errors by response flags",
            "Calls that ended with a 5xx or without a response, by Envoy's response flags.",
            "reqps",
            [
                Query(
                    f'sum by (response_flags) (rate(sidelight_edge_requests_total{{response_code=~"0|5..",{_ON}}}[$__rate_interval]))',
                    "{{response_flags}}",
                )
            ],
            width=8,
            stacking="normal",
        ),
        Panel(
            "Duration",
            "From the source app's first send to its last read. Dots are exemplars: their request id finds the call in the API.",
            "s",
            [Query(_quantile(quantile, "total"), f"p{quantile * 100:g}", exemplars=quantile == 0.99) for quantile in (0.5, 0.95, 0.99)],
            width=8,
        ),
    ]


def _whose_time() -> list[Panel]:
    seconds = f"sum by (component) (rate(sidelight_edge_component_seconds_total{{{_ON}}}[$__rate_interval]))"
    requests = f"sum(rate(sidelight_edge_requests_total{{{_ON}}}[$__rate_interval]))"
    return [
        Panel(
            "Mean by component",
            "Components stand on one another: their sum is the mean duration of a call.",
            "s",
            [Query(f"{seconds} / ignoring (component) group_left () {requests}", "{{component}}")],
            stacking="normal",
        ),
        Panel(
            "Share by part",
            "Seconds over seconds. What is missing to the total is retry and unknown.",
            "percentunit",
            [Query(f'sum by (part) (rate({_DURATION}_sum{{part!="total",{_ON}}}[$__rate_interval]))', "{{part}}")],
            stacking="percent",
        ),
        Panel(
            "p95 by part",
            "What one call in twenty exceeds, part by part. They do not sum to the total's.",
            "s",
            [
                Query(
                    f'histogram_quantile(0.95, sum by (part, le) (rate({_DURATION}_bucket{{{_ON}}}[$__rate_interval])))',
                    "{{part}}",
                )
            ],
        ),
        Panel(
            "Share of sidecars",
            "Of all seconds of calls on this edge, those in the two Envoys.",
            "percentunit",
            [
                Query(
                    f'sum(rate({_DURATION}_sum{{part="sidecar",{_ON}}}[$__rate_interval])) / sum(rate({_DURATION}_sum{{part="total",{_ON}}}[$__rate_interval]))',
                    "sidecars",
                )
            ],
            alert="SidelightSidecarShareHigh",
            highest=1,
        ),
    ]


def _sidecars() -> list[Panel]:
    requests = f"sum(rate(sidelight_edge_requests_total{{{_ON}}}[$__rate_interval]))"
    of_sidecars = f'sidelight_edge_component_seconds_total{{component=~"(source|destination)_sidecar.*",{_ON}}}'
    return [
        Panel(
            "Sidecars by component",
            "Mean time a call. Queue: data waits in a socket of the Envoy. Connect: the request waits for an upstream connection. The rest: the Envoy at work.",
            "s",
            [Query(f"sum by (component) (rate({of_sidecars}[$__rate_interval])) / ignoring (component) group_left () {requests}", "{{component}}")],
            width=8,
        ),
        Panel(
            "Overhead of sidecars",
            "What the two Envoys of the edge add to a call.",
            "s",
            [Query(_quantile(quantile, "sidecar"), f"p{quantile * 100:g}", exemplars=quantile == 0.99) for quantile in (0.5, 0.95, 0.99)],
            width=8,
            alert="SidelightSidecarOverheadHigh",
        ),
        Panel(
            "Spread of the overhead",
            "How many calls spend how long in the two Envoys.",
            "s",
            [Query(f'sum by (le) (increase({_DURATION}_bucket{{part="sidecar",{_ON}}}[$__rate_interval]))', "{{le}}")],
            kind="heatmap",
            width=8,
        ),
    ]


def _network() -> list[Panel]:
    return [
        Panel(
            "Network",
            "The passage between the two proxies, there and back, by durations only.",
            "s",
            [Query(_quantile(quantile, "network"), f"p{quantile * 100:g}") for quantile in (0.5, 0.95, 0.99)],
            alert="SidelightNetworkSlow",
        ),
        Panel(
            "TCP round trip",
            "The kernel's smoothed round trip on the link and on the two hops inside the pods (p50). A delayed acknowledgement counts, up to 40 ms.",
            "s",
            [Query(f"histogram_quantile(0.5, sum by (segment, le) (rate(sidelight_edge_rtt_seconds_bucket{{{_ON}}}[$__rate_interval])))", "{{segment}}")],
            alert="SidelightRttHigh",
        ),
        Panel(
            "Retransmits",
            "TCP segments sent again a second.",
            "cps",
            [Query(f"sum by (segment) (rate(sidelight_edge_retransmits_total{{{_ON}}}[$__rate_interval]))", "{{segment}}")],
        ),
        Panel(
            "Bytes",
            "Bytes of requests and of responses a second.",
            "Bps",
            [Query(f"sum by (direction) (rate(sidelight_edge_bytes_total{{{_ON}}}[$__rate_interval]))", "{{direction}}")],
        ),
    ]


def _coverage() -> Panel:
    return Panel(
        "Coverage",
        "Calls a second by how much of them was seen, and why not all.",
        "reqps",
        [Query(f"sum by (coverage, reason) (rate(sidelight_edge_coverage_total{{{_ON}}}[$__rate_interval]))", "{{coverage}} {{reason}}")],
        width=24,
        stacking="normal",
    )
