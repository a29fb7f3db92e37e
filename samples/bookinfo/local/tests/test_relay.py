# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""The relay, between two ends in this network namespace."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

_LOCAL = Path(__file__).resolve().parents[1]


@unittest.skipUnless(os.geteuid() == 0, "entering a network namespace needs root")
class RelayTest(unittest.TestCase):
    """Bytes go both ways, and an end on either side ends the other."""

    def setUp(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(self.listener.close)
        self.listener.settimeout(10)
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        port_file = Path(directory.name) / "port"
        target = self.listener.getsockname()
        argv = [sys.executable, "-m", "localmesh.cluster.relay", "/proc/self/ns/net", target[0], str(target[1]), str(port_file)]
        relay = subprocess.Popen(argv, env={**os.environ, "PYTHONPATH": str(_LOCAL)})
        self.addCleanup(relay.wait)
        self.addCleanup(relay.send_signal, signal.SIGKILL)
        deadline = time.monotonic() + 10
        while not port_file.exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        self.port = int(port_file.read_text())

    def connect(self) -> tuple[socket.socket, socket.socket]:
        near = socket.create_connection(("127.0.0.1", self.port), 10)
        far, _ = self.listener.accept()
        far.settimeout(10)
        for end in (near, far):
            self.addCleanup(end.close)
        return near, far

    def test_bytes_go_both_ways(self) -> None:
        near, far = self.connect()
        near.sendall(b"there")
        self.assertEqual(b"there", far.recv(100))
        far.sendall(b"and back")
        self.assertEqual(b"and back", near.recv(100))

    def test_end_of_one_side_is_the_end_of_the_other(self) -> None:
        for index in (0, 1):
            ends = self.connect()
            ends[index].close()
            with self.subTest(index=index), contextlib.suppress(ConnectionResetError):
                self.assertEqual(b"", ends[1 - index].recv(100))

    def test_nobody_behind_it_is_an_end(self) -> None:
        self.listener.close()
        near = socket.create_connection(("127.0.0.1", self.port), 10)
        self.addCleanup(near.close)
        with contextlib.suppress(ConnectionResetError):
            self.assertEqual(b"", near.recv(100))


if __name__ == "__main__":
    unittest.main()
