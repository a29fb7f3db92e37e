# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""One workload: its sidecar, its edges, its connections."""

from grafana.panels import Dashboard, Panel, Query, Variable

_OF = 'namespace=~"$namespace",workload=~"$workload"'
_SIDECAR = "sidelight_sidecar_duration_seconds"
_TCP = "sidelight_workload_tcp"


def dashboard() -> Dashboard:
    """Several workloads at once are summed."""
    series = f"{_SIDECAR}_count"
    return Dashboard(
        uid="sidelight-workload",
        title="Sidelight Workload Dashboard",
        description="A workload's sidecar, who calls it and whom it calls, and its TCP connections.",
        variables=[
            Variable("namespace", "Namespace", f"label_values({series}, namespace)"),
            Variable("workload", "Workload", f'label_values({series}{{namespace=~"$namespace"}}, workload)'),
        ],
        rows={"Sidecar": _sidecar(), "Calls": _calls(), "Connections": _connections()},
    )


def _sidecar() -> list[Panel]:
    requests = f'sum(rate({_SIDECAR}_count{{component="total",{_OF}}}[$__rate_interval]))'
    starved = f'sum by (workload, direction, le) (rate({_SIDECAR}_bucket{{component="queue",{_OF}}}[$__rate_interval]))'
    connect = f'sum by (direction) (rate({_SIDECAR}_sum{{component="connect",{_OF}}}[$__rate_interval]))'
    by_direction = f'sum by (direction) (rate({_SIDECAR}_count{{component="total",{_OF}}}[$__rate_interval]))'
    return [
        Panel(
            "Requests through the sidecar",
            "Requests a second. Inbound: to its app. Outbound: from it.",
            "reqps",
            [Query(by_direction, "{{direction}}")],
            width=8,
        ),
        Panel(
            "Time in the sidecar",
            "All that the sidecar adds to a request: queue, work and connect.",
            "s",
            [
                Query(
                    f'histogram_quantile({quantile}, sum by (direction, le) (rate({_SIDECAR}_bucket{{component="total",{_OF}}}[$__rate_interval])))',
                    "{{direction}} " + f"p{quantile * 100:g}",
                    exemplars=quantile == 0.99,
                )
                for quantile in (0.5, 0.95, 0.99)
            ],
            width=8,
        ),
        Panel(
            "Mean by component",
            "Queue: data waits in a socket of the Envoy. Connect: the request waits for an upstream connection. Sidecar: the Envoy at work.",
            "s",
            [Query(f'sum by (component) (rate({_SIDECAR}_sum{{component!="total",{_OF}}}[$__rate_interval])) / ignoring (component) group_left () {requests}', "{{component}}")],
            width=8,
            stacking="normal",
        ),
        Panel(
            "Queue before the sidecar",
            "How long data lies in a socket of the Envoy before it is read (p90): an Envoy that does not get the processor.",
            "s",
            [Query(f"histogram_quantile(0.9, {starved})", "{{workload}} {{direction}}")],
            alert="SidelightSidecarStarved",
        ),
        Panel(
            "Wait for a connection",
            "How long requests wait for an upstream connection, in the mean over all of them.",
            "s",
            [Query(f"{connect} / {by_direction}", "{{direction}}")],
            alert="SidelightPoolWaitHigh",
        ),
    ]


def _calls() -> list[Panel]:
    to = 'destination_workload_namespace=~"$namespace",destination_workload=~"$workload"'
    by = 'source_workload_namespace=~"$namespace",source_workload=~"$workload"'
    return [
        Panel(
            "Calls to it",
            "Calls a second by who calls.",
            "reqps",
            [Query(f"sum by (source_workload) (edge:sidelight_edge_requests:rate5m{{{to}}})", "{{source_workload}}")],
        ),
        Panel(
            "Calls by it",
            "Calls a second by who is called.",
            "reqps",
            [Query(f"sum by (destination_workload) (edge:sidelight_edge_requests:rate5m{{{by}}})", "{{destination_workload}}")],
        ),
        Panel(
            "Duration of calls to it",
            "One call in twenty takes longer (p95), by who calls.",
            "s",
            [Query(f'max by (source_workload) (edge:sidelight_edge_duration_seconds:p95_rate5m{{part="total",{to}}})', "{{source_workload}}")],
        ),
        Panel(
            "Duration of calls by it",
            "One call in twenty takes longer (p95), by who is called.",
            "s",
            [Query(f'max by (destination_workload) (edge:sidelight_edge_duration_seconds:p95_rate5m{{part="total",{by}}})', "{{destination_workload}}")],
        ),
        Panel(
            "Its app's time, a call",
            "Mean of what is the app's in calls to it: until it reads, works and has sent its response. What it waits for its own calls is in it.",
            "s",
            [
                Query(
                    f'sum by (component) (edge:sidelight_edge_component_seconds:rate5m{{component=~"application.*|response_transfer",{to}}})'
                    f" / ignoring (component) group_left () sum(edge:sidelight_edge_requests:rate5m{{{to}}})",
                    "{{component}}",
                )
            ],
            stacking="normal",
        ),
        Panel(
            "Sidecars' share of calls to it",
            "Of all seconds of these calls, those in the two Envoys.",
            "percentunit",
            [Query(f"max by (source_workload) (edge:sidelight_edge_sidecar_seconds_per_component_seconds:ratio_rate5m{{{to}}})", "{{source_workload}}")],
            alert="SidelightSidecarShareHigh",
            highest=1,
        ),
    ]


def _connections() -> list[Panel]:
    def rate(name: str, by: str) -> str:
        return f"sum by ({by}) (rate({_TCP}_{name}{{{_OF}}}[$__rate_interval]))"

    def p95(name: str, by: str) -> str:
        return f"histogram_quantile(0.95, {rate(f'{name}_bucket', f'{by}, le')})"

    return [
        Panel(
            "Bytes",
            "What the processes of the pods write to their connections and read from them, by peer.",
            "Bps",
            [Query(rate("write_bytes_total", "peer"), "to {{peer}}"), Query(rate("read_bytes_total", "peer"), "from {{peer}}")],
        ),
        Panel(
            "Round trip",
            "The kernel's smoothed round trip at each write (p95), by peer.",
            "s",
            [Query(p95("rtt_seconds", "peer"), "{{peer}}")],
        ),
        Panel(
            "Writes and reads",
            "How long a call of the kernel takes that sends or takes bytes (p95), waiting included.",
            "s",
            [Query(p95("write_duration_seconds", "side"), "write, {{side}}"), Query(p95("read_duration_seconds", "side"), "read, {{side}}")],
        ),
        Panel(
            "Connects and accepts",
            "Connect: from SYN to established. Accept: from established to the first read or write of who accepted (p95).",
            "s",
            [Query(p95("connect_duration_seconds", "peer"), "connect {{peer}}"), Query(p95("accept_duration_seconds", "peer"), "accept {{peer}}")],
        ),
        Panel(
            "Connections opened and closed",
            "Connections a second; a close by who sent the first FIN.",
            "cps",
            [
                Query(rate("connect_total", "side"), "connect"),
                Query(rate("accept_total", "side"), "accept"),
                Query(rate("close_total", "closer"), "close by {{closer}}"),
            ],
        ),
        Panel(
            "Retransmits and drops",
            "Segments sent again, and packets that the kernel threw away, by its reason.",
            "cps",
            [Query(rate("retransmits_total", "peer"), "again to {{peer}}"), Query(rate("drops_total", "reason"), "{{reason}}")],
        ),
    ]
