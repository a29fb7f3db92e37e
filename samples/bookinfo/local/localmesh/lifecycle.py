# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""Bringing the mesh up and down from outside: the supervisor's birth and end."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from typing import Any

from localmesh import control, leftovers
from localmesh.control import Progress
from localmesh.errors import MeshError
from localmesh.layout import Layout, RunDirectory
from localmesh.pods import Variant

# command -> Debian package
_NEEDED = {
    "unshare": "util-linux",
    "nsenter": "util-linux",
    "setpriv": "util-linux",
    "ip": "iproute2",
    "iptables-restore": "iptables",
    "openssl": "openssl",
    "java": "openjdk-17-jdk-headless",
    "ruby": "ruby",
    "node": "nodejs",
}
_END_SECONDS = 15.0
# Kept so that each is waited for when it has ended: by the next one's start, or by this process's end.
_supervisors: list[subprocess.Popen[bytes]] = []


def require_machine() -> None:
    """MeshError where this user or machine cannot have a mesh."""
    if os.geteuid() != 0:
        raise MeshError("network namespaces, cgroups and BPF need root: run this as root")
    missing = {package for command, package in _NEEDED.items() if shutil.which(command) is None}
    if missing:
        raise MeshError(f"missing packages: `apt-get install {' '.join(sorted(missing))}`")


def up(layout: Layout, progress: Progress, bound: bool = False, variant: Variant = Variant.BOOKINFO) -> dict[str, Any]:
    """Starts the mesh or repairs a running one; `bound` ends it with this process, however that ends."""
    require_machine()
    if control.is_up(layout):
        return dict(control.ask(layout, "repair", progress, variant=variant))
    environment = {"PYTHONPATH": str(layout.python_path), **layout.environment()}
    return start_supervisor("localmesh.supervisor", [str(os.getpid()), variant, *(["bound"] if bound else [])], environment, progress)


def start_supervisor(module: str, arguments: list[str], environment: dict[str, str], progress: Progress) -> dict[str, Any]:
    """Starts a supervisor in a mount namespace of its own and waits until it is up; answers its status."""
    argv = ["unshare", "--mount", "--propagation", "private", sys.executable, "-m", module, *arguments]
    supervisor = subprocess.Popen(
        argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, env={**os.environ, **environment}, start_new_session=True, cwd="/"
    )
    assert supervisor.stdout is not None
    _supervisors[:] = [earlier for earlier in _supervisors if earlier.poll() is None] + [supervisor]
    try:
        with supervisor.stdout as answers:
            return dict(control.read_answers(answers, progress))
    except BaseException:
        # It removes what it has made so far; a second mesh must not begin before that.
        with contextlib.suppress(ProcessLookupError):
            supervisor.send_signal(signal.SIGTERM)
        supervisor.wait()
        raise


def down(layout: Layout, progress: Progress) -> None:
    """Ends the mesh and removes all of it; fine where it is down."""
    if os.geteuid() != 0:
        raise MeshError("the mesh is root's: run this as root")
    if control.is_up(layout):
        control.ask(layout, "down", progress)
        await_removal(layout)
    elif layout.run.exists():
        lock = leftovers.lock(layout)
        argv = ["unshare", "--mount", "--propagation", "private", sys.executable, "-m", "localmesh.leftovers"]
        subprocess.run(argv, check=True, env={**os.environ, "PYTHONPATH": str(layout.python_path), **layout.environment()}, cwd="/")
        leftovers.remove_directory(layout)
        os.close(lock)
    progress("the mesh is down, nothing of it is left")


def await_removal(layout: RunDirectory) -> None:
    """Waits until a supervisor that was told to end takes no more commands."""
    deadline = time.monotonic() + _END_SECONDS
    while control.is_up(layout) and time.monotonic() < deadline:
        time.sleep(0.02)
