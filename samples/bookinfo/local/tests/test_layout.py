# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""Settings from the environment, and what is never deleted."""

import os
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from localmesh import leftovers
from localmesh.errors import MeshError
from localmesh.layout import layout_from_environment, require_traversable


class LayoutTest(unittest.TestCase):
    """Run directory and ports."""

    def layout(self, **environment: str):
        with mock.patch.dict(os.environ, environment):
            return layout_from_environment()

    def test_wrong_port_names_the_variable(self) -> None:
        for text in ("http", "0", "65536", "-1"):
            with self.subTest(text=text), self.assertRaisesRegex(MeshError, f"SIDELIGHT_HOP_PORT={text} "):
                self.layout(SIDELIGHT_HOP_PORT=text)

    def test_environment_leads_another_process_to_the_same_mesh(self) -> None:
        layout = self.layout(SIDELIGHT_RUN="/run/another", SIDELIGHT_HOP_PORT="18092")
        self.assertEqual(layout, self.layout(**layout.environment()))

    def test_path_too_long_for_a_socket_is_refused(self) -> None:
        with self.assertRaisesRegex(MeshError, "SIDELIGHT_RUN"):
            self.layout(SIDELIGHT_RUN="/" + "x" * 100)

    def test_directory_with_other_files_is_not_claimed(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            layout = self.layout(SIDELIGHT_RUN=directory)
            (layout.run / "precious").touch()
            with self.assertRaisesRegex(MeshError, "holds other files"):
                leftovers.claim(layout)
            leftovers.clean(layout, layout.run / "cgroup")
            self.assertTrue((layout.run / "precious").exists())

    def test_claimed_directory_is_removed_whole(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            layout = self.layout(SIDELIGHT_RUN=f"{directory}/run")
            leftovers.claim(layout)
            (layout.run / "logs").mkdir()
            layout.log("controller").touch()
            leftovers.record(layout, [], [os.getpid()])
            leftovers.remove_directory(layout)
            self.assertFalse(layout.run.exists())

    def test_second_lock_is_refused(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            layout = self.layout(SIDELIGHT_RUN=directory)
            lock = leftovers.lock(layout)
            with self.assertRaisesRegex(MeshError, "at work"):
                leftovers.lock(layout)
            os.close(lock)
            os.close(leftovers.lock(layout))

    def test_directory_closed_to_others_is_named(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            Path(directory).chmod(0o700)
            with self.assertRaisesRegex(MeshError, directory):
                require_traversable(Path(directory) / "run")


if __name__ == "__main__":
    unittest.main()
