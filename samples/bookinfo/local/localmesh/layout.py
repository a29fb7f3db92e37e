# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""Where everything lies: the run directory, the repository and the ports."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from localmesh.errors import MeshError

_DEFAULT_RUN = "/run/sidelight-local"
# sun_path holds 108 bytes with its terminator; the longest socket adds /control.sock.
_MAX_RUN_LENGTH = 90
_LOCAL = Path(__file__).resolve().parent.parent


class RunDirectory(Protocol):
    """What every supervisor's run directory has: the mesh's, and a control plane's."""

    @property
    def run(self) -> Path:
        """The directory itself."""

    @property
    def control_socket(self) -> Path:
        """Where the supervisor takes commands."""

    @property
    def leftovers(self) -> Path:
        """What a killed supervisor could not remove."""

    @property
    def command(self) -> str:
        """What a person types to bring it up."""

    @property
    def variable(self) -> str:
        """The environment variable that chooses the directory."""


@dataclass(frozen=True)
class Ports:
    """The loopback ports of controller and probe."""

    http: int
    als: int
    hop: int
    metrics: int


@dataclass(frozen=True)
class Layout:
    """The files of one mesh; nothing of it lies outside the run directory."""

    run: Path
    ports: Ports

    command = "mesh"
    variable = "SIDELIGHT_RUN"

    @property
    def control_socket(self) -> Path:
        """Where the supervisor takes commands."""
        return self.run / "control.sock"

    @property
    def als_socket(self) -> Path:
        """Where the Envoys find the controller."""
        return self.run / "als" / "als.sock"

    @property
    def mesh_file(self) -> Path:
        """What the controller's xDS reads."""
        return self.run / "mesh.json"

    @property
    def registry_file(self) -> Path:
        """From which the probe knows the pods' names, as it would from the Kubernetes API."""
        return self.run / "pods.json"

    @property
    def pki(self) -> Path:
        """Certificates and keys."""
        return self.run / "pki"

    @property
    def leftovers(self) -> Path:
        """What a killed supervisor could not remove: cgroups and process ids."""
        return self.run / "leftovers.json"

    def netns(self, name: str) -> Path:
        """A network namespace, mounted privately to the supervisor."""
        return self.run / "netns" / name

    def log(self, component: str) -> Path:
        """A component's output."""
        return self.run / "logs" / f"{component}.log"

    def calls(self, workload: str) -> Path:
        """The calls of a caller by its own clock, one JSON line each."""
        return self.run / "calls" / f"{workload}.jsonl"

    def fault(self, workload: str) -> Path:
        """The delay wanted of an app."""
        return self.run / "faults" / workload

    def environment(self) -> dict[str, str]:
        """By which another process finds this mesh."""
        ports = {f"SIDELIGHT_{name.upper()}_PORT": str(port) for name, port in vars(self.ports).items()}
        return {"SIDELIGHT_RUN": str(self.run), **ports}

    @property
    def apps(self) -> Path:
        """Sources of the apps in the checkout."""
        return _LOCAL / "apps"

    @property
    def reviews_jar(self) -> Path:
        """The reviews app as Maven builds it."""
        return _LOCAL.parent / "target" / "bookinfo-reviews.jar"

    @property
    def oracle(self) -> Path:
        """The oracle's callers and apps, as their Makefile compiles them."""
        return _LOCAL.parent / "oracle" / "target"

    @property
    def controller_jar(self) -> Path:
        """The mesh controller as Maven builds it."""
        return _LOCAL.parents[2] / "mesh-controller" / "target" / "mesh-controller.jar"

    @property
    def controller_jvm_options(self) -> Path:
        """How the controller's JVM is started in an image."""
        return _LOCAL.parents[2] / "mesh-controller" / "jvm.options"

    @property
    def addon(self) -> Path:
        """What a cluster installs."""
        return _LOCAL.parents[2] / "istio-addon"

    @property
    def probe_jar(self) -> Path:
        """The node probe as Maven builds it."""
        return _LOCAL.parents[2] / "sidecar-probe" / "target" / "sidecar-probe.jar"

    @property
    def probe_jvm_options(self) -> Path:
        """How the probe's JVM is started."""
        return _LOCAL.parents[2] / "sidecar-probe" / "jvm.options"

    @property
    def python_path(self) -> Path:
        """The directory from which `python3 -m localmesh...` works."""
        return _LOCAL


def layout_from_environment() -> Layout:
    """Reads SIDELIGHT_RUN and the ports' variables; MeshError names the one that is wrong."""
    run = Path(os.environ.get("SIDELIGHT_RUN") or _DEFAULT_RUN).absolute()
    if len(str(run)) > _MAX_RUN_LENGTH:
        raise MeshError(f"SIDELIGHT_RUN={run} is longer than {_MAX_RUN_LENGTH} characters, too long for a Unix socket: choose a shorter one")
    ports = Ports(
        http=_port("SIDELIGHT_HTTP_PORT", 8090),
        als=_port("SIDELIGHT_ALS_PORT", 8091),
        hop=_port("SIDELIGHT_HOP_PORT", 8092),
        metrics=_port("SIDELIGHT_METRICS_PORT", 8094),
    )
    return Layout(run, ports)


def require_traversable(directory: Path) -> None:
    """The apps and Envoys are not root: each directory above the run directory has to let others through."""
    for parent in directory.parents:
        if parent.exists() and not parent.stat().st_mode & stat.S_IXOTH:
            raise MeshError(f"{parent} does not let other users through, and the apps run as such: set SIDELIGHT_RUN to a directory elsewhere")


def _port(variable: str, default: int) -> int:
    text = os.environ.get(variable) or str(default)
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise MeshError(f"{variable}={text} is no port: give a number from 1 to 65535, or leave it out for {default}")
    return int(text)
