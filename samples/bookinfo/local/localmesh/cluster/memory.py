# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""What a process holds."""

from pathlib import Path

_KIBIBYTE = 1024


def resident_bytes(pid: int) -> int:
    """Memory of its own (anonymous): pages of a binary that several programs share, and that the kernel may drop, are not counted. 0 where it has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return next((int(line.split()[1]) * _KIBIBYTE for line in lines if line.startswith("RssAnon:")), 0)
