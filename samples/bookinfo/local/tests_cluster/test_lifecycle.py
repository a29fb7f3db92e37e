# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""Nothing of a control plane outlives its supervisor; these tests start small ones of their own, beside the shared one."""

import contextlib
import os
import signal
import tempfile
import unittest
from pathlib import Path

from localmesh import control
from localmesh.cluster import lifecycle
from localmesh.cluster.cluster import wait_until
from localmesh.cluster.control_plane import Wanted
from localmesh.cluster.layout import ClusterLayout

_KUBERNETES = Wanted(istio=False, kwok_nodes=())
_SECONDS = 30.0


def _quiet(text: str) -> None:
    del text


def _is_running(pid: int) -> bool:
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


class LifecycleTest(unittest.TestCase):
    """Up and down, and down the hard way."""

    def setUp(self) -> None:
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.layout = ClusterLayout(Path(directory.name) / "run")
        self.addCleanup(lifecycle.down, self.layout, _quiet)

    def assert_all_end(self, pids: list[int]) -> None:
        wait_until(lambda: not any(map(_is_running, pids)), _SECONDS, "all processes to end")

    def test_killed_supervisor_takes_all_with_it_and_the_next_begins_anew(self) -> None:
        status = lifecycle.up(self.layout, _KUBERNETES, _quiet)
        pids = [component["pid"] for component in status["components"]]
        os.kill(status["supervisor"], signal.SIGKILL)
        self.assert_all_end(pids)
        self.assertFalse(control.is_up(self.layout))
        again = lifecycle.up(self.layout, _KUBERNETES, _quiet)
        self.assertTrue(all(component["ready"] for component in again["components"]))
        lifecycle.down(self.layout, _quiet)
        self.assert_all_end([component["pid"] for component in again["components"]])
        self.assertFalse(self.layout.run.exists())

    def test_control_plane_of_a_block_ends_with_it_also_by_an_exception(self) -> None:
        pids: list[int] = []
        with self.assertRaises(ZeroDivisionError), lifecycle.running(self.layout, _quiet, _KUBERNETES) as cluster:
            pids += [component["pid"] for component in cluster.status()["components"]]
            raise ZeroDivisionError
        self.assertTrue(pids)
        self.assert_all_end(pids)
        self.assertFalse(self.layout.run.exists())


if __name__ == "__main__":
    unittest.main()
