# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""The arithmetic of `mesh truth`, and that its plan is one that can be run."""

import unittest

from localmesh import faults
from localmesh.errors import MeshError
from localmesh.pods import make_pods
from localmesh.truth import plan, report
from localmesh.truth.drive import Record
from localmesh.truth.judge import Components, judge, percentile95
from localmesh.truth.plan import FOUR_MEGABYTES, FULL, SHORT, Cell

MILLI = 1e6
SLEEP = Cell("app-sleep", 20, 50, "productpage-v1", "details-v1")
STARVE = Cell("sidecar-starve", 20, 50, "reviews-v2", "ratings-v1")


def record(cell: Cell, pairs: int = 50, cpu_share: float = 0.5, with_fault_millis: float = 0.0) -> Record:
    """One whose ids are f0, f1, ... and b0, b1, ..."""
    made = Record(cell, 0.0, cpu_share=cpu_share)
    for i in range(pairs):
        made.add(True, f"f{i}", 200, with_fault_millis)
        made.add(False, f"b{i}", 200, 10.0)
    return made


def calls(pairs: int, with_fault: Components, without: Components) -> dict[str, Components]:
    """The same components in each call of a side, milliseconds; each pair a little slower than the one before."""
    made = {}
    for i in range(pairs):
        for side, components in (("f", with_fault), ("b", without)):
            made[f"{side}{i}"] = {name: (value + i * 0.01) * MILLI for name, value in components.items()}
    return made


class JudgeTest(unittest.TestCase):
    """What a cell's calls are worth."""

    def test_right_component_passes(self) -> None:
        verdict = judge(record(SLEEP), calls(50, {"application": 20.5, "network": 0.1}, {"application": 0.4, "network": 0.1}))
        self.assertTrue(verdict.passed, verdict.why)
        self.assertAlmostEqual(verdict.off_millis or 0, 0.1)
        self.assertEqual(verdict.samples, (50, 50))

    def test_pairs_are_compared_and_not_medians_of_sides(self) -> None:
        drifting = calls(50, {"application": 20.0}, {"application": 0.0})
        for i in range(50):
            drifting[f"f{i}"]["application"] += i * 10 * MILLI
            drifting[f"b{i}"]["application"] += i * 10 * MILLI
        self.assertAlmostEqual(judge(record(SLEEP), drifting).changes["application"].median, 20.0)

    def test_right_component_off_by_more_than_its_tolerance_misses(self) -> None:
        verdict = judge(record(SLEEP), calls(50, {"application": 22.2}, {"application": 0.1}))
        self.assertFalse(verdict.passed or verdict.skipped)
        self.assertIn("application off by +2.10 ms", verdict.why)

    def test_delay_that_a_body_on_its_way_hides_in_part_is_what_the_caller_waited_longer(self) -> None:
        late = Cell("late-read", 20, 50, "productpage-v1", "details-v1", FOUR_MEGABYTES)
        found = calls(50, {"source_application_read": 17.0}, {"source_application_read": 0.5})
        self.assertAlmostEqual(judge(record(late, with_fault_millis=27.0), found).off_millis or 0, -0.5)
        self.assertTrue(judge(record(late, with_fault_millis=27.0), found).passed)
        self.assertIn("off by -2.50 ms", judge(record(late, with_fault_millis=29.0), found).why)

    def test_component_of_a_slow_link_may_grow_by_more_than_the_caller_waited_longer_up_to_the_links_time(self) -> None:
        slow = Cell("slow-link", 20, 4, "reviews-v1", "details-v1", FOUR_MEGABYTES)
        for grown, off in ((79.0, -1.0), (80.0, 0.0), (86.0, 0.0), (88.2, 1.97)):
            found = calls(50, {"network": grown}, {"network": 0.0})
            self.assertAlmostEqual(judge(record(slow, with_fault_millis=90.0), found).off_millis or 0, off, places=2)

    def test_caller_that_waited_longer_than_the_fault_or_not_long_enough_misses(self) -> None:
        late = Cell("late-read", 20, 50, "productpage-v1", "details-v1", FOUR_MEGABYTES)
        for waited in (17.0, 33.0):
            found = calls(50, {"source_application_read": waited - 10}, {"source_application_read": 0.0})
            self.assertIn("the caller waited", judge(record(late, with_fault_millis=waited), found).why)

    def test_tolerance_grows_with_the_delay(self) -> None:
        second = Cell("app-sleep", 1200, 1, "productpage-v1", "details-v1")
        self.assertTrue(judge(record(second), calls(50, {"application": 1255}, {"application": 0})).passed)
        self.assertFalse(judge(record(second), calls(50, {"application": 1265}, {"application": 0})).passed)

    def test_wrong_component_that_moved_misses_even_where_it_was_not_measured_before(self) -> None:
        verdict = judge(record(SLEEP), calls(50, {"application": 20, "source_sidecar_connect": 3}, {"application": 0}))
        self.assertIn("source_sidecar_connect moved by", verdict.why)

    def test_wrong_component_that_shrank_misses(self) -> None:
        self.assertFalse(judge(record(SLEEP), calls(50, {"application": 20, "network": 1}, {"application": 0, "network": 4})).passed)

    def test_too_few_calls_seen_in_full_miss(self) -> None:
        verdict = judge(record(SLEEP), calls(39, {"application": 20}, {"application": 0}))
        self.assertIn("39 and 39 calls seen in full of 50 and 50", verdict.why)

    def test_call_that_was_not_seen_takes_its_pair_out(self) -> None:
        seen = calls(50, {"application": 20}, {"application": 0})
        del seen["f3"]
        verdict = judge(record(SLEEP), seen)
        self.assertEqual(verdict.samples, (49, 50))
        self.assertAlmostEqual(verdict.changes["application"].median, 20.0)

    def test_miss_on_a_busy_machine_is_skipped_and_a_pass_is_a_pass(self) -> None:
        right, wrong = {"application": 20.0}, {"application": 30.0}
        skipped = judge(record(SLEEP, cpu_share=0.97), calls(50, wrong, {"application": 0}))
        self.assertTrue(skipped.skipped)
        self.assertTrue(skipped.why.startswith("cpu=97%"))
        self.assertTrue(judge(record(SLEEP, cpu_share=0.97), calls(50, right, {"application": 0})).passed)

    def test_late_requests_are_skipped(self) -> None:
        late = record(SLEEP)
        late.late = True
        self.assertTrue(judge(late, {}).skipped)

    def test_measured_injection_takes_the_place_of_the_value(self) -> None:
        made = record(Cell("pool-limit", 20, 20, "reviews-v3", "ratings-v1"))
        made.injected_millis = [23.0] * 50
        verdict = judge(made, calls(50, {"source_sidecar_connect": 23.2}, {"source_sidecar_connect": 0}))
        self.assertAlmostEqual(verdict.off_millis or 0, 0.2)

    def test_starvation_is_judged_by_the_added_mean(self) -> None:
        healthy = {"source_sidecar_queue": 0.1, "application": 1}
        self.assertTrue(judge(record(STARVE), calls(50, {"source_sidecar_queue": 20, "application": 1.05}, healthy)).passed)
        elsewhere = judge(record(STARVE), calls(50, {"source_sidecar_queue": 20, "application": 3}, healthy))
        self.assertIn("90.9% of the 21.90 ms added", elsewhere.why)
        self.assertFalse(judge(record(STARVE), calls(50, healthy, healthy)).passed)

    def test_percentile_is_the_nearest_rank(self) -> None:
        self.assertEqual(percentile95([float(i) for i in range(1, 101)]), 95)
        self.assertEqual(percentile95([7.0]), 7)


class PlanTest(unittest.TestCase):
    """The plan's tables."""

    def test_every_cell_can_be_had_by_its_workload(self) -> None:
        for cell in FULL.cells() + SHORT.cells():
            with self.subTest(cell.name, edge=cell.edge):
                faults.check(cell.kind, cell.workload, cell.milliseconds, make_pods())

    def test_every_fault_has_every_value_at_every_rate(self) -> None:
        present = {(cell.kind, cell.milliseconds, cell.rps) for cell in FULL.cells()}
        for kind in faults.KINDS:
            if kind not in ("slow-link", "pool-limit"):
                for value in plan.VALUES:
                    for rps in (plan.LOW, plan.MIDDLE, plan.HIGH):
                        self.assertIn((kind, value, rps), present)

    def test_cells_of_a_round_do_not_disturb_each_other(self) -> None:
        for lanes in FULL.rounds:
            faulted = [lane[0].workload for lane in lanes]
            self.assertEqual(len(set(faulted)), len(faulted))
            for lane in lanes:
                self.assertEqual({cell.workload for cell in lane}, {lane[0].workload})
                for other in lanes:
                    if other is not lane:
                        at = other[0].workload
                        kinds = {cell.kind for cell in other}
                        on_its_way = {cell.source for cell in lane} if other[0].aim.at_source else {cell.destination for cell in lane}
                        if other[0].kind == "network":
                            on_its_way |= {cell.source for cell in lane}
                        if not kinds <= {"slow-upload", "late-read"}:
                            self.assertNotIn(at, on_its_way)

    def test_pairs_have_two_edges(self) -> None:
        for step in FULL.steps:
            self.assertEqual(len({cell.edge for cell in step}), len(step))

    def test_slow_link_takes_what_the_body_takes_on_the_wire_less_what_its_bucket_lets_through(self) -> None:
        cell = Cell("slow-link", 20, 4, "reviews-v1", "details-v1", FOUR_MEGABYTES)
        self.assertAlmostEqual(cell.expected_millis, 86.2, places=1)

    def test_single_cell_takes_any_workload(self) -> None:
        cell = plan.single("app-sleep", 37, "reviews-v2", 80, 0).cells()[0]
        self.assertEqual((cell.edge, cell.milliseconds, cell.rps, cell.spread), ("productpage-v1 -> reviews-v2", 37, 80, 3))
        self.assertEqual(plan.single("late-read", 5, "productpage-v1", 1, 0).cells()[0].edge, "productpage-v1 -> details-v1")
        with self.assertRaisesRegex(MeshError, "there are app-sleep"):
            plan.single("sleep", 5, "", 1, 0)


class ReportTest(unittest.TestCase):
    """The matrix and the last line."""

    def test_right_component_stands_in_brackets_and_small_moves_are_left_out(self) -> None:
        verdict = judge(record(SLEEP), calls(50, {"application": 20.2, "network": 0.11, "source_hop": 0.5}, {"application": 0, "network": 0.1}))
        text = report.matrix([verdict])
        self.assertIn("[20.2/20.2]", text)
        self.assertNotIn("network", text)
        self.assertIn("s_hop", text)

    def test_result_is_missed_by_one_miss_or_too_many_skips(self) -> None:
        good = judge(record(SLEEP), calls(50, {"application": 20.2}, {"application": 0}))
        bad = judge(record(SLEEP), calls(50, {"application": 30}, {"application": 0}))
        skipped = judge(record(SLEEP, cpu_share=1), calls(50, {"application": 30}, {"application": 0}))
        self.assertEqual(report.result([good] * 9 + [skipped]), (True, "RESULT truth=ok cells=10 passed=9 skipped=1 worst_off_ms=0.20"))
        self.assertFalse(report.result([good] * 8 + [skipped] * 2)[0])
        self.assertEqual(report.result([good, bad])[1], "RESULT truth=missed cells=2 passed=1 skipped=0 worst_off_ms=10.00")
        self.assertFalse(report.result([])[0])


if __name__ == "__main__":
    unittest.main()
