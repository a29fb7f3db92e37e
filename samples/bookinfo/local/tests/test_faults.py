# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""Which workload can have which fault, and what a refusal says."""

import unittest

from localmesh import faults
from localmesh.errors import MeshError
from localmesh.pods import make_pods


class FaultsTest(unittest.TestCase):
    """Checks before anything is switched."""

    def setUp(self) -> None:
        self.pods = make_pods()

    def test_possible_fault_answers_its_pod(self) -> None:
        self.assertEqual(faults.check("late-read", "reviews-v2", 20, self.pods).workload, "reviews-v2")

    def test_fault_without_sense_names_who_can_have_it(self) -> None:
        with self.assertRaisesRegex(MeshError, "details-v1 is not: .* productpage-v1, reviews-v2, reviews-v3"):
            faults.check("late-read", "details-v1", 20, self.pods)

    def test_gateway_has_no_app_but_forwards(self) -> None:
        with self.assertRaises(MeshError):
            faults.check("app-sleep", "istio-ingressgateway", 20, self.pods)
        for kind in ("sidecar-delay-outbound", "sidecar-starve", "network"):
            faults.check(kind, "istio-ingressgateway", 20, self.pods)

    def test_unknown_kind_lists_the_kinds(self) -> None:
        with self.assertRaisesRegex(MeshError, "app-sleep, app-queue, slow-body"):
            faults.check("sleep", "details-v1", 20, self.pods)

    def test_milliseconds_out_of_range_are_refused(self) -> None:
        for milliseconds in (0, -1, 10_001, float("nan")):
            with self.subTest(milliseconds=milliseconds), self.assertRaisesRegex(MeshError, "out of range"):
                faults.check("app-sleep", "details-v1", milliseconds, self.pods)


if __name__ == "__main__":
    unittest.main()
