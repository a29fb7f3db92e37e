# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0

import dataclasses
import unittest

from probebench import plan
from probebench.agent import Agent
from probebench.costs import BARE, BPFTRACE, FILTER, FULL, Round
from probebench.ends import Ends
from probebench.report import Report

AGENT = Agent(
    micros_an_end=0.9,
    cpu_share=0.07,
    rate=40_000,
    rss_bytes=120_000_000,
    rss_peak_bytes=130_000_000,
    requests=1000,
    ends=Ends(seen=2010, sent=2000, repeated=10, held=0, lost={"ring_full": 0}),
    late=0,
)


def a_round(bare: float, added_percent: float, lost: int = 0) -> Round:
    full = bare * (1 + added_percent / 100)
    return Round({BARE: bare, FILTER: bare + 0.1, FULL: full, BPFTRACE: 2 * bare}, 900, 901, lost)


class ReportTest(unittest.TestCase):
    def test_differences_are_taken_within_a_round(self) -> None:
        report = Report(plan.FULL, [a_round(6, 10), a_round(12, 10), a_round(7, 40)], AGENT)
        self.assertAlmostEqual(report.added_percent(FULL), 10)
        self.assertAlmostEqual(report.added_micros(FILTER), 0.1)

    def test_limits_that_hold_miss_nothing(self) -> None:
        report = Report(plan.FULL, [a_round(6, 10), a_round(6.5, 12), Round(a_round(6, 9).micros, 905, 904)], AGENT)
        self.assertEqual(report.missed(), [])
        self.assertIn("bench-probe=ok", report.result())

    def test_a_limit_that_does_not_hold_is_named(self) -> None:
        report = Report(plan.FULL, [a_round(6, 30)], dataclasses.replace(AGENT, micros_an_end=2.5))
        self.assertEqual(report.missed(), ["full", "bystander", "agent"])

    def test_times_are_not_judged_in_the_short_run(self) -> None:
        self.assertEqual(Report(plan.SHORT, [a_round(6, 300)], AGENT).missed(), [])

    def test_a_counted_loss_is_judged_in_the_long_run(self) -> None:
        ends = dataclasses.replace(AGENT.ends, lost={"ring_full": 1})
        agent = dataclasses.replace(AGENT, ends=ends)
        self.assertEqual(Report(plan.SHORT, [a_round(6, 10)], agent).missed(), [])
        self.assertIn("lost", Report(plan.FULL, [a_round(6, 10)], agent).missed())

    def test_an_unknown_end_is_judged_always(self) -> None:
        agent = dataclasses.replace(AGENT, requests=AGENT.requests + 1)
        self.assertEqual(Report(plan.SHORT, [a_round(6, 10)], agent).missed(), ["unknown"])

    def test_a_cold_start_s_loss_is_told(self) -> None:
        report = Report(plan.SHORT, [a_round(6, 10, lost=3)], AGENT)
        self.assertEqual(report.missed(), [])
        self.assertIn("cold_lost=3", report.result())

    def test_an_end_of_which_nothing_is_known_is_lost(self) -> None:
        report = Report(plan.FULL, [a_round(6, 10)], dataclasses.replace(AGENT, requests=1001))
        self.assertEqual(report.lost, 2)

    def test_a_configuration_has_a_row(self) -> None:
        rows = [line for line in Report(plan.FULL, [a_round(6, 10)], AGENT).lines() if line.startswith("full")]
        self.assertEqual(len(rows), 1)
        self.assertTrue(rows[0].endswith("1.100"))
