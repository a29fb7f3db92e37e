# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""Sidelight itself: what comes in, what became of it, what it costs."""

from grafana.panels import Dashboard, Panel, Query, Variable, stat, table

_CONTROLLER = 'instance=~"$controller"'
_PROBE = 'instance=~"$probe"'
_EITHER = 'instance=~"$controller|$probe"'


def dashboard() -> Dashboard:
    """Controllers and probes; counters must balance, so they are shown by outcome."""
    return Dashboard(
        uid="sidelight-itself",
        title="Sidelight Dashboard",
        description="Whether Sidelight's figures can be relied on: what came in, what became of it, and what it costs.",
        variables=[
            Variable("controller", "Controller", 'label_values(up{job="sidelight-controller"}, instance)'),
            Variable("probe", "Probe", 'label_values(up{job="sidelight-probe"}, instance)'),
        ],
        rows={
            "Now": _now(),
            "What comes in": _ingest(),
            "Correlator": _correlator(),
            "Edges kept": _edges(),
            "Probes": _probes(),
            "Cost": _cost(),
        },
    )


def _controller(metric: str, by: str = "", matchers: str = "") -> str:
    grouping = f" by ({by})" if by else ""
    return f"sum{grouping} (rate({metric}{{{matchers}{_CONTROLLER}}}[$__rate_interval]))"


def _probe(metric: str, by: str = "", matchers: str = "") -> str:
    grouping = f" by ({by})" if by else ""
    return f"sum{grouping} (rate({metric}{{{matchers}{_PROBE}}}[$__rate_interval]))"


def _now() -> list[Panel]:
    lost = _controller("sidelight_correlator_records_total", matchers='outcome=~"expired|dropped",reason!~"duplicate|superseded|late_supersede",')
    return [
        stat("Controllers", "Controllers that answer.", "short", f"sum(up{{job=\"sidelight-controller\",{_CONTROLLER}}})"),
        stat("Probes", "Probes that answer.", "short", f"sum(up{{job=\"sidelight-probe\",{_PROBE}}})"),
        stat("Access log streams", "Streams that Envoys have open, one a worker thread.", "short", f"sum(sidelight_als_streams{{{_CONTROLLER}}})"),
        stat("Streams of probes", "One a probe.", "short", f"sum(sidelight_hop_streams{{{_CONTROLLER}}})"),
        stat(
            "Records in no call",
            "Of what the correlator took, what expired or was dropped; duplicates and superseded ends are no loss.",
            "percentunit",
            f"({lost} or vector(0)) / {_controller('sidelight_correlator_received_total')}",
            "SidelightCorrelatorLosesRecords",
        ),
        stat("Pods watched", "Pods that all probes watch.", "short", f"sum(sidelight_probe_pods{{{_PROBE}}})"),
    ]


def _ingest() -> list[Panel]:
    lag = "histogram_quantile(0.95, sum by (le) (rate({}_bucket{{" + _CONTROLLER + "}}[$__rate_interval])))"
    return [
        Panel(
            "Access log entries",
            "Entries a second by outcome: accepted are the correlator's, counted are of TCP connections, ignored say nothing new, refused are lost.",
            "cps",
            [Query(_controller("sidelight_als_entries_total", "outcome, reason"), "{{outcome}} {{reason}}")],
            width=8,
            stacking="normal",
        ),
        Panel(
            "Ends from probes",
            "Ends of exchanges a second by outcome.",
            "cps",
            [Query(_controller("sidelight_hop_ends_total", "outcome, reason"), "{{outcome}} {{reason}}")],
            width=8,
            stacking="normal",
        ),
        Panel(
            "Messages",
            "Access log messages, probes' batches and their clock samples a second. Missing are those that a stream's numbers skipped.",
            "cps",
            [
                Query(_controller("sidelight_als_messages_total", "outcome, reason"), "log message {{outcome}} {{reason}}"),
                Query(_controller("sidelight_hop_batches_total", "outcome, reason"), "batch {{outcome}} {{reason}}"),
                Query(_controller("sidelight_hop_clock_samples_total", "outcome"), "clock sample {{outcome}}"),
            ],
            width=8,
        ),
        Panel(
            "Delay",
            "How long after its request or exchange a record comes (p95). What is later than correlator.windowSeconds (10 s) joins nothing.",
            "s",
            [Query(lag.format("sidelight_als_lag_seconds"), "access log"), Query(lag.format("sidelight_hop_lag_seconds"), "probes")],
            alert="SidelightAlsLate",
        ),
        Panel(
            "Contradictions about peers",
            "What was said of a proxy's peer and more trusted evidence contradicts, a second.",
            "cps",
            [Query(_controller("sidelight_als_peer_contradictions_total", "evidence"), "{{evidence}}")],
        ),
    ]


def _correlator() -> list[Panel]:
    return [
        Panel(
            "Received",
            "Records a second that the correlator took.",
            "cps",
            [Query(_controller("sidelight_correlator_received_total", "type"), "{{type}}")],
            width=8,
        ),
        Panel(
            "What became of them",
            "Records a second that left it, each in one way. Received = correlated + partial + expired + dropped + pending.",
            "cps",
            [Query(_controller("sidelight_correlator_records_total", "type, outcome"), "{{type}} {{outcome}}")],
            width=8,
            stacking="normal",
        ),
        Panel(
            "Why not in full",
            "Records a second that left it in a partial call, or in none, by reason.",
            "cps",
            [Query(_controller("sidelight_correlator_records_total", "type, outcome, reason", 'outcome!="correlated",'), "{{type}} {{outcome}} {{reason}}")],
            width=8,
            stacking="normal",
        ),
        Panel(
            "Pending",
            "Records that wait for the rest of their call.",
            "short",
            [Query(f"sum by (type) (sidelight_correlator_pending{{{_CONTROLLER}}})", "{{type}}")],
        ),
        Panel(
            "Overflow and failures",
            "Records a second that found the queue before the correlator full, and those on which it threw.",
            "cps",
            [Query(_controller("sidelight_router_overflow_total", "type"), "overflow {{type}}"), Query(_controller("sidelight_correlator_failures_total"), "failures")],
        ),
    ]


def _edges() -> list[Panel]:
    return [
        Panel(
            "Edges",
            "Edges with calls in the window of the edges API.",
            "short",
            [Query(f"sum(sidelight_edge_window_edges{{{_CONTROLLER}}})", "edges")],
            width=8,
        ),
        Panel(
            "Memory of the window",
            "Heap of its packed seconds.",
            "bytes",
            [Query(f"sum by (instance) (sidelight_edge_window_bytes{{{_CONTROLLER}}})", "{{instance}}")],
            width=8,
        ),
        Panel(
            "What the API does not tell",
            "Calls a second that the API shows under the edge other, and calls outside of its window.",
            "cps",
            [
                Query(_controller("sidelight_edge_window_merged_requests_total"), "merged"),
                Query(_controller("sidelight_edge_window_out_of_range_requests_total"), "out of the window"),
            ],
            width=8,
        ),
        Panel(
            "What has series",
            "Edges, sidecars and the like on the controller's metrics page.",
            "short",
            [Query(f"sum by (kind) (sidelight_metrics_kept{{{_CONTROLLER}}})", "{{kind}}")],
        ),
        Panel(
            "What has none",
            "Calls a second beyond the bounds, counted under other; and what left the page for being unused.",
            "cps",
            [
                Query(_controller("sidelight_metrics_merged_total", "kind"), "merged {{kind}}"),
                Query(_controller("sidelight_metrics_dropped_total", "kind"), "unused {{kind}}"),
            ],
        ),
    ]


def _probes() -> list[Panel]:
    return [
        Panel(
            "Ends",
            "Ends of exchanges a second. Seen = sent + repeated + joined + upgraded + lost + held.",
            "cps",
            [Query(_probe("sidelight_probe_ends_total", "outcome"), "{{outcome}}")],
            width=8,
        ),
        Panel(
            "Lost ends",
            "Ends a second that were lost, by reason; and reads whose arrival no hook was told of.",
            "cps",
            [
                Query(_probe("sidelight_probe_ends_total", "instance, reason", 'outcome="lost",'), "{{instance}} {{reason}}"),
                Query(_probe("sidelight_probe_missed_arrivals_total", "instance"), "{{instance}} arrival missed"),
            ],
            width=8,
        ),
        Panel(
            "Waiting ends",
            "Ends that wait to be paired or acknowledged; of them those in the queue to the controller.",
            "short",
            [
                Query(f"sum by (instance) (sidelight_probe_held_ends{{{_PROBE}}})", "{{instance}} held"),
                Query(f"sum by (instance) (sidelight_probe_queue_ends{{{_PROBE}}})", "{{instance}} in the queue"),
            ],
            width=8,
        ),
        Panel(
            "Pods",
            "Pods that a probe watches, and those of its node that the registry names.",
            "short",
            [
                Query(f"sum by (instance) (sidelight_probe_pods{{{_PROBE}}})", "{{instance}} watched"),
                Query(f"sum by (instance) (sidelight_probe_named_pods{{{_PROBE}}})", "{{instance}} named"),
            ],
            width=8,
        ),
        Panel(
            "Connections",
            "TCP connections that a probe knows, and their series.",
            "short",
            [
                Query(f"sum by (instance) (sidelight_probe_connections{{{_PROBE}}})", "{{instance}} connections"),
                Query(f"sum by (instance) (sidelight_probe_series{{{_PROBE}}})", "{{instance}} series"),
            ],
            width=8,
        ),
        Panel(
            "What it does not tell",
            "Connections a second that a probe could not count, by reason, and what it counted in a series other.",
            "cps",
            [
                Query(_probe("sidelight_probe_connections_lost_total", "instance, reason"), "{{instance}} {{reason}}"),
                Query(_probe("sidelight_probe_series_merged_total", "instance"), "{{instance}} merged"),
            ],
            width=8,
        ),
        Panel(
            "HTTP/2",
            "What was made of connections of HTTP/2, and what could not be, a second.",
            "cps",
            [Query(_probe("sidelight_probe_http2_events_total", "event"), "{{event}}")],
            width=8,
        ),
        Panel(
            "Ties",
            "1 while the controller acknowledges, and while the registry of pods can be read.",
            "short",
            [
                Query(f"min by (instance) (sidelight_probe_controller_connected{{{_PROBE}}})", "{{instance}} controller"),
                Query(f"min by (instance) (sidelight_probe_registry_synced{{{_PROBE}}})", "{{instance}} registry"),
            ],
            width=8,
            highest=1,
        ),
        Panel(
            "OpenSSL",
            "OpenSSLs that processes of watched pods use, by what became of them.",
            "short",
            [Query(f"sum by (instance, state) (sidelight_probe_tls_libraries{{{_PROBE}}})", "{{instance}} {{state}}")],
            width=8,
        ),
        table(
            "Hooks",
            "The ways to each hook of the kernel that were looked at. A hook without an attached way is missing; read_entry may be.",
            {"instance": ("Probe", ""), "hook": ("Hook", ""), "way": ("Way", ""), "state": ("State", "")},
            [Query(f"max by (instance, hook, way, state) (sidelight_probe_hook{{{_PROBE}}})")],
            width=24,
            hidden={"Value": True},
        ),
    ]


def _cost() -> list[Panel]:
    return [
        Panel(
            "Processor",
            "Cores in use.",
            "short",
            [Query(f"sum by (job, instance) (rate(process_cpu_seconds_total{{{_EITHER}}}[$__rate_interval]))", "{{job}} {{instance}}")],
        ),
        Panel(
            "Resident memory",
            "What the process holds.",
            "bytes",
            [Query(f"sum by (job, instance) (process_resident_memory_bytes{{{_EITHER}}})", "{{job}} {{instance}}")],
        ),
        Panel(
            "Heap of the controller",
            "In use, and at the most.",
            "bytes",
            [
                Query(f'sum by (instance) (jvm_memory_bytes_used{{area="heap",{_CONTROLLER}}})', "{{instance}} used"),
                Query(f'sum by (instance) (jvm_memory_bytes_max{{area="heap",{_CONTROLLER}}})', "{{instance}} limit"),
            ],
        ),
        Panel(
            "Garbage collection of the controller",
            "Share of the time that it is stopped for.",
            "percentunit",
            [Query(_controller("jvm_gc_collection_seconds_sum", "instance, gc"), "{{instance}} {{gc}}")],
        ),
    ]
