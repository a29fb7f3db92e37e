# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""What a killed supervisor leaves: files, empty cgroups, and for an instant dying processes."""

import contextlib
import fcntl
import json
import os
import shutil
import signal
import time
from pathlib import Path

from localmesh import cgroups
from localmesh.errors import MeshError
from localmesh.layout import RunDirectory, layout_from_environment
from localmesh.namespaces import mount

# Nothing is deleted from a directory that does not carry this file: a mistyped path must not cost anything.
_MARKER = ".sidelight-local"
_GONE_SECONDS = 5.0


def claim(layout: RunDirectory) -> None:
    """Makes the run directory ours; MeshError where it holds something else."""
    layout.run.mkdir(mode=0o755, parents=True, exist_ok=True)
    if any(layout.run.iterdir()) and not (layout.run / _MARKER).exists():
        raise MeshError(f"{layout.run} holds other files: choose an empty or new directory ({layout.variable})")
    (layout.run / _MARKER).touch()
    layout.run.chmod(0o755)


def lock(layout: RunDirectory) -> int:
    """Makes this process the only one that changes the run directory, until it closes the descriptor or ends."""
    claim(layout)
    directory = os.open(layout.run, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(directory, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(directory)
        raise MeshError(f"another `{layout.command}` is at work in {layout.run}: wait for it, or set {layout.variable} for a second one") from None
    return directory


def record(layout: RunDirectory, scopes: list[str], pids: list[int]) -> None:
    """Notes what has to be removed should this process be killed."""
    fresh = layout.leftovers.with_suffix(".new")
    fresh.write_text(json.dumps({"supervisor": os.getpid(), "cgroups": scopes, "processes": {pid: _start_time(pid) for pid in pids}}))
    fresh.rename(layout.leftovers)


def clean(layout: RunDirectory, cgroup_root: Path) -> None:
    """Removes all of a mesh whose supervisor has ended; needs the cgroup hierarchy mounted."""
    if not (layout.run / _MARKER).exists():
        return
    with contextlib.suppress(FileNotFoundError, json.JSONDecodeError):
        noted = json.loads(layout.leftovers.read_text())
        _await_end({int(pid): start for pid, start in noted["processes"].items() if start})
        cgroups.remove(cgroup_root, noted["cgroups"])
    remove_files(layout, keep=cgroup_root)


def remove_files(layout: RunDirectory, keep: Path | None = None) -> None:
    """Empties the run directory; `keep` is a mount in use."""
    for path in layout.run.iterdir():
        if path == keep or path.name == _MARKER:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def remove_directory(layout: RunDirectory) -> None:
    """Removes the run directory itself."""
    remove_files(layout)
    (layout.run / _MARKER).unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        layout.run.rmdir()


def _await_end(processes: dict[int, str]) -> None:
    deadline = time.monotonic() + _GONE_SECONDS
    while remaining := [pid for pid, start in processes.items() if _start_time(pid) == start]:
        if time.monotonic() > deadline:
            for pid in remaining:
                os.kill(pid, signal.SIGKILL)
            deadline += _GONE_SECONDS
        time.sleep(0.01)


def _start_time(pid: int) -> str:
    """Tells a process from a later one with the same id; empty where it has ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return ""
    return "" if fields[0] == "Z" else fields[19]


def main() -> None:
    """Cleans up from a private mount namespace: `python3 -m localmesh.leftovers`."""
    layout = layout_from_environment()
    cgroup_root = layout.run / "cgroup"
    cgroup_root.mkdir(exist_ok=True)
    mount("none", cgroup_root, "cgroup2")
    clean(layout, cgroup_root)


if __name__ == "__main__":
    main()
