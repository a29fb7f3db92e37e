# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""The table of edges."""

import unittest
from typing import Any

from localmesh import edges


def edge(source: str, destination: str, requests: int = 10) -> dict[str, Any]:
    """An edge as the controller answers it."""
    return {
        "source": {"workload": source},
        "destination": {"workload": destination},
        "requests": requests,
        "coverage": {"full": 9, "alsOnly": 1, "oneSided": 0},
        "total": {"p50Seconds": 0.0015, "p95Seconds": 0.004, "p99Seconds": 0.02},
        "rollups": {"sidecar": {"meanSeconds": 0.001}},
        "shares": {"sidecar": 0.5},
    }


class EdgesTest(unittest.TestCase):
    """Rows and what is missing."""

    def test_row_shows_times_in_milliseconds_and_shares(self) -> None:
        row = edges.table([edge("productpage-v1", "details-v1")]).splitlines()[2]
        self.assertEqual(row.split()[:3], ["productpage-v1", "->", "details-v1"])
        self.assertEqual(row.split()[3:10], ["10", "90.0%", "1.50", "4.00", "20.00", "1.00", "50.0%"])

    def test_what_was_not_measured_is_a_dash(self) -> None:
        row = edges.table([{"source": None, "destination": {"workload": "x"}, "requests": 1}]).splitlines()[2]
        self.assertEqual(row.split(), ["unknown", "->", "x", "1", *["-"] * 8])

    def test_rows_follow_the_call_path(self) -> None:
        rows = [edge(*pair) for pair in reversed(edges.EXPECTED_EDGES)]
        first = edges.table([edge("unknown", "istio-ingressgateway"), *rows]).splitlines()[2]
        self.assertTrue(first.startswith("istio-ingressgateway -> productpage-v1"))

    def test_edge_without_requests_is_missing(self) -> None:
        rows = [edge(*pair) for pair in edges.EXPECTED_EDGES]
        self.assertEqual(edges.missing(rows), [])
        rows[1]["requests"] = 0
        self.assertEqual(edges.missing(rows[:6]), ["productpage-v1 -> details-v1", "reviews-v3 -> ratings-v1"])


if __name__ == "__main__":
    unittest.main()
