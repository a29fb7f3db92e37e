# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""Programs of the mesh: how one is started so that it cannot outlive the supervisor, and how it is ended."""

import os
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from localmesh.errors import MeshError

# Runs before the change of user, as a cgroup is root's.
_ENTER_CGROUP = '[ -z "$1" ] || echo 0 > "$1/cgroup.procs" || exit 1; shift; exec "$@"'
# The kernel's promise to end this process with its parent holds from setpriv on; a parent that ended before that is seen here.
_HAVE_PARENT = '[ "$PPID" = "$1" ] || exit 1; shift; exec "$@"'
_STOP_SECONDS = 3.0


@dataclass(frozen=True)
class Program:
    """What to run, as whom and where; no netns means the root one."""

    name: str
    argv: list[str]
    log: Path
    environment: dict[str, str] = field(default_factory=dict)
    uid: int | None = None
    netns: Path | None = None
    cgroup: Path | None = None
    takes_input: bool = False
    directory: Path = Path("/")

    def full_argv(self, parent: int) -> list[str]:
        """The command with everything around it that makes it part of its pod."""
        argv = ["sh", "-c", _ENTER_CGROUP, "sh", str(self.cgroup or "")]
        if self.netns is not None:
            argv += ["nsenter", f"--net={self.netns}"]
        argv += ["setpriv"]
        if self.uid is not None:
            argv += ["--reuid", str(self.uid), "--regid", str(self.uid), "--clear-groups"]
        argv += ["--pdeathsig", "KILL", "sh", "-c", _HAVE_PARENT, "sh", str(parent)]
        return argv + self.argv


class Running:
    """One started program."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.started_seconds = time.monotonic()
        with open(program.log, "ab") as log:
            self.popen = subprocess.Popen(
                program.full_argv(os.getpid()),
                stdin=subprocess.PIPE if program.takes_input else subprocess.DEVNULL,
                stdout=subprocess.PIPE if program.takes_input else log,
                stderr=log,
                env=program.environment,
                cwd=self.program.directory,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """The process id, the same from the first shell to the program."""
        return self.popen.pid

    def alive(self) -> bool:
        """Whether it still runs; reaps it if not."""
        return self.popen.poll() is None

    def require_alive(self) -> None:
        """MeshError with the end of its log where it has ended."""
        if not self.alive():
            raise MeshError(f"{self.program.name} ended with {self.popen.returncode}:\n{log_tail(self.program.log)}")

    def log_text(self) -> str:
        """All that it has written since the log began."""
        return self.program.log.read_text(errors="replace")


def stop(running: list[Running], number: signal.Signals = signal.SIGTERM) -> None:
    """Ends programs with a signal, after a while with SIGKILL, and waits for them."""
    for program in running:
        if program.alive():
            program.popen.send_signal(number)
            # A stopped process takes no signal but SIGKILL.
            program.popen.send_signal(signal.SIGCONT)
    deadline = time.monotonic() + _STOP_SECONDS
    for program in running:
        try:
            program.popen.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            program.popen.kill()
            program.popen.wait()


def log_tail(path: Path, lines: int = 15) -> str:
    """The last lines of a log, indented."""
    try:
        return "\n".join(f"    {line}" for line in path.read_text(errors="replace").splitlines()[-lines:])
    except FileNotFoundError:
        return "    (no log)"
