# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0

import unittest

from probebench.ends import await_all, ends_of
from probebench.programs import parse_metrics

TEXT = """# HELP sidelight_probe_ends_total Ends of exchanges
# TYPE sidelight_probe_ends_total counter
sidelight_probe_ends_total{outcome="seen",reason="",} 12.0
sidelight_probe_ends_total{outcome="sent",reason="",} 8.0
sidelight_probe_ends_total{outcome="repeated",reason="",} 2.0
sidelight_probe_ends_total{outcome="lost",reason="ring_full",} 1.0
sidelight_probe_ends_total{outcome="lost",reason="parse",} 0.0
sidelight_probe_held_ends 1.0
sidelight_probe_ends_created{outcome="seen",reason="",} 1.7E9
"""


class EndsTest(unittest.TestCase):
    def test_accounting_is_read_by_outcome_and_reason(self) -> None:
        ends = ends_of(parse_metrics(TEXT))
        self.assertEqual((ends.seen, ends.sent, ends.repeated, ends.held), (12, 8, 2, 1))
        self.assertEqual(ends.lost, {"ring_full": 1, "parse": 0})
        self.assertEqual((ends.lost_count, ends.distinct), (1, 10))

    def test_waits_until_nothing_is_held(self) -> None:
        scrapes = [parse_metrics(TEXT), parse_metrics(TEXT.replace("held_ends 1.0", "held_ends 0.0"))]
        self.assertEqual(await_all(lambda: scrapes.pop(0), 10).held, 0)
