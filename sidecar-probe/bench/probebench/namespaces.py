# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""Network namespaces of this run's own."""

import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

# An address that is no loopback one, as a pod has (RFC 5737: for documentation, routed nowhere).
_ADDRESS = "192.0.2.1/32"


@contextlib.contextmanager
def network_namespace(role: str) -> Iterator[str]:
    """A namespace with its loopback up, gone afterwards; gives its name."""
    name = f"sl-bench-{role}-{os.getpid()}"
    _ip("netns", "add", name)
    try:
        _ip("-n", name, "link", "set", "lo", "up")
        _ip("-n", name, "address", "add", _ADDRESS, "dev", "lo")
        yield name
    finally:
        _ip("netns", "delete", name)


def inode(name: str) -> int:
    """The namespace's inode, by which the kernel's programs know it."""
    return Path("/run/netns", name).stat().st_ino


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True)
