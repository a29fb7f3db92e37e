# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""podman with a store of its own, into which the built images are loaded; nothing of it is left on the machine."""

import json
import subprocess
import tempfile
import time
import unittest
from pathlib import Path
from types import TracebackType

IMAGES = Path(__file__).resolve().parents[1]
TARGET = IMAGES / "target"

# runc, since crun refuses hybrid cgroups; without systemd's cgroups and journal, which need systemd.
_ENGINE = ["--cgroup-manager=cgroupfs", "--events-backend=none", "--runtime=runc"]
# Podman's own bounds are above what a machine may allow.
ULIMITS = ["--ulimit=nofile=20000:20000", "--ulimit=nproc=32768:32768"]


class EngineError(Exception):
    """podman's own words."""


class Engine:
    """One podman store with the images of istio-addon/images/target in it."""

    def __init__(self) -> None:
        if not (TARGET / "controller.tar").exists():
            raise unittest.TestCase.failureException(f"there is no {TARGET}/controller.tar: make images")
        # A short path: podman makes Unix sockets below it.
        self._directory = tempfile.TemporaryDirectory(prefix="sidelight-images-")
        self.path = Path(self._directory.name)
        self._containers: list[str] = []

    def __enter__(self) -> "Engine":
        for image in ("controller", "probe"):
            self.podman("load", "--quiet", "--input", str(TARGET / f"{image}.tar"))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        # One by one: podman takes several at once in any order, and who lends its network goes last.
        for name in reversed(self._containers):
            self.podman("rm", "--force", "--time", "2", name)
        # By force: each mount of an image is counted, and an ordinary one takes back one.
        self.podman("image", "umount", "--all", "--force")
        # The store's own directory is a mount point of its own making.
        subprocess.run(["umount", str(self.path / "root" / "overlay")], capture_output=True)
        self._directory.cleanup()

    def podman(self, *arguments: str) -> str:
        """Standard output of a podman command; EngineError where it fails."""
        ran = self._podman(*arguments)
        if ran.returncode != 0:
            raise EngineError(f"podman {' '.join(arguments)}: {ran.stderr}")
        return ran.stdout.strip()

    def _podman(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        store = ["--root", f"{self.path}/root", "--runroot", f"{self.path}/run", "--tmpdir", f"{self.path}/tmp"]
        return subprocess.run(["podman", *store, *_ENGINE, *arguments], capture_output=True, text=True)

    def directory(self, name: str, files: dict[str, str] | None = None) -> Path:
        """A directory to mount, as the kubelet makes it: anybody may write into it."""
        path = self.path / "volumes" / name
        path.mkdir(parents=True)
        path.chmod(0o777)
        for file, content in (files or {}).items():
            (path / file).write_text(content)
        return path

    def rootfs(self, image: str) -> Path:
        """Where the root of an image is mounted."""
        return Path(self.podman("image", "mount", self._reference(image)))

    def configuration(self, image: str) -> dict[str, object]:
        """The image's own configuration: user, entrypoint, environment."""
        return dict(json.loads(self.podman("image", "inspect", self._reference(image)))[0]["Config"])

    def run(self, name: str, network: str, arguments: list[str]) -> None:
        """Starts a container."""
        self.podman("run", "--detach", "--name", name, "--network", network, *ULIMITS, *arguments)
        self._containers.append(name)

    def pid(self, name: str) -> int:
        """The container's first process, as this machine numbers it."""
        return int(self.podman("inspect", "--format", "{{.State.Pid}}", name))

    def execute(self, name: str, *command: str) -> str:
        """What a program within the container writes to its standard output, whatever its exit code is."""
        return self._podman("exec", name, *command).stdout

    def get(self, name: str, url: str, *options: str) -> str:
        """What a server within the container's network answers to curl; EngineError unless it is a 2xx."""
        curl = ["curl", "-sS", "--fail-with-body", "-m", "5", *options, url]
        ran = subprocess.run(["nsenter", "-t", str(self.pid(name)), "-n", *curl], capture_output=True, text=True)
        if ran.returncode != 0:
            raise EngineError(f"{url}: {ran.stdout} {ran.stderr}")
        return ran.stdout

    def wait_for(self, name: str, url: str, text: str, seconds: float = 60) -> str:
        """Asks until the answer holds the text."""
        deadline = time.monotonic() + seconds
        answer = ""
        while time.monotonic() < deadline:
            try:
                answer = self.get(name, url)
                if text in answer:
                    return answer
            except EngineError as e:
                answer = str(e)
            time.sleep(0.2)
        raise AssertionError(f"{url} of {name} did not say {text!r} within {seconds} s but: {answer}\n{self.logs(name)}")

    def logs(self, name: str) -> str:
        """What the container has written, both ways."""
        ran = self._podman("logs", name)
        return ran.stdout + ran.stderr

    def stop(self, name: str, seconds: int) -> int:
        """Asks the container to end, as the kubelet does, and answers its exit code; 137 where it had to be killed."""
        self.podman("stop", "--time", str(seconds), name)
        return int(self.podman("inspect", "--format", "{{.State.ExitCode}}", name))

    @staticmethod
    def _reference(image: str) -> str:
        return f"docker.io/sidelight/{image}:{version()}"


def version() -> str:
    """The pom's."""
    pom = (IMAGES.parents[1] / "pom.xml").read_text()
    return pom.partition("<version>")[2].partition("</version>")[0]
