# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""What an expression names, and what is said of it."""

import unittest

from checks import promql, rules


class NamesTest(unittest.TestCase):
    """Reading of expressions."""

    def test_metrics_matchers_and_lists_are_told_apart(self) -> None:
        names = promql.names_of(
            """
            # rate(not_this[5m])
            sum by (a, le) (rate(x_total{b=~"c{d}",e!="f"}[5m])) / ignoring (a) group_left () (edge:y:rate5m offset 1h > bool 2e3)
            or on () label_replace(z, "g", "h", "", "")
            """
        )
        self.assertEqual({"x_total", "edge:y:rate5m", "z"}, names.metrics)
        self.assertIn(("x_total", frozenset({"b", "e"})), names.selectors)
        self.assertEqual({"a", "le"}, names.labels_of("by"))
        self.assertEqual({"a"}, names.labels_of("ignoring"))

    def test_aggregation_before_its_list_is_no_metric(self) -> None:
        self.assertEqual({"x"}, promql.names_of("max without (a) (x)").metrics)

    def test_selector_without_a_name_is_refused(self) -> None:
        with self.assertRaisesRegex(ValueError, "without a metric's name"):
            promql.names_of('sum({a="b"})')


class ComplaintsTest(unittest.TestCase):
    """What is said of names that there are not."""

    known = {"x_total": frozenset({"a", "job"})}

    def test_what_exists_is_taken(self) -> None:
        self.assertEqual([], rules.complaints('sum by (job) (rate(x_total{a="b"}[5m]))', self.known))

    def test_unknown_metric(self) -> None:
        self.assertEqual(["no such metric: y_total"], rules.complaints("rate(y_total[5m])", self.known))

    def test_unknown_label_in_a_matcher(self) -> None:
        self.assertEqual(["x_total has no label b"], rules.complaints('x_total{b="c"}', self.known))

    def test_unknown_label_in_an_aggregation(self) -> None:
        self.assertEqual(["none of its metrics has a label b"], rules.complaints("sum by (b) (x_total)", self.known))


class ReferenceTest(unittest.TestCase):
    """What is read of the reference pages."""

    def test_pages_are_understood(self) -> None:
        known = rules.series()
        edge = {"source_workload", "source_canonical_revision", "destination_workload_namespace", "destination_canonical_service", "request_protocol"}
        self.assertLessEqual(edge | {"response_code", "response_flags"}, known["sidelight_edge_requests_total"])
        self.assertLessEqual(edge | {"part", "le"}, known["sidelight_edge_duration_seconds_bucket"])
        self.assertLessEqual({"type", "outcome", "reason"}, known["sidelight_correlator_records_total"])
        self.assertLessEqual({"hook", "way", "state"}, known["sidelight_probe_hook"])
        self.assertLessEqual({"process", "peer_kind", "tls", "closer"}, known["sidelight_tcp_close_total"])
        self.assertIn("sidelight_tcp_rtt_seconds_bucket", known)
        self.assertEqual({"job", "instance"}, known["sidelight_als_streams"])

    def test_records_have_the_labels_of_their_level_and_what_they_keep(self) -> None:
        known = rules.series()
        self.assertEqual(rules.LEVELS["edge"] | {"component"}, known["edge:sidelight_edge_component_seconds:mean5m"])
        self.assertEqual(rules.LEVELS["edge"], known["edge:sidelight_edge_sidecar_seconds:mean5m"])
        self.assertEqual(rules.LEVELS["sidecar"] | {"component"}, known["sidecar:sidelight_sidecar_duration_seconds:p95_rate5m"])
