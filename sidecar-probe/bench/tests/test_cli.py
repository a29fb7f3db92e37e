# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0

import unittest

from probebench import plan
from probebench.cli import chosen_plan
from probebench.errors import BenchError


class ChosenPlanTest(unittest.TestCase):
    def test_nothing_said_is_the_whole(self) -> None:
        self.assertEqual(chosen_plan({}), plan.FULL)

    def test_short_judges_losses_only(self) -> None:
        self.assertFalse(chosen_plan({"BENCH": "short"}).judged)

    def test_rounds_can_be_set(self) -> None:
        self.assertEqual(chosen_plan({"ROUNDS": "3"}).rounds, 3)

    def test_what_cannot_be_used_is_refused(self) -> None:
        for environment in ({"BENCH": "long"}, {"ROUNDS": "0"}, {"ROUNDS": "many"}):
            with self.subTest(environment), self.assertRaises(BenchError):
                chosen_plan(environment)
