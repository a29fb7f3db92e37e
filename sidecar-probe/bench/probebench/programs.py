# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""The programs of the measurement, with their arguments."""

import contextlib
import json
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass

from probebench import layout
from probebench.errors import BenchError
from probebench.namespaces import inode
from probebench.processes import Running, Where, running

SERVER_CPU = 0
# Where everything goes that is neither measured nor the probe.
OTHER_CPU = 1

_SERVER_PORT = 9080
# So that the server takes about 6.5 us a request here.
_SERVER_WORK = 2
_CONNECTIONS = 64
# What the probe is told to take for a sidecar: other Envoys of this machine, and other probes, stay out of it.
_ENVOY = "bench-envoy"
_READY_SECONDS = 60


def build() -> None:
    """Compiles the C programs."""
    subprocess.run(["make", "-s", "-C", str(layout.BENCH)], check=True)


def require_built() -> None:
    """BenchError where a jar or a command is missing."""
    for jar in (layout.PROBE_JAR, layout.CONTROLLER_JAR):
        if not jar.exists():
            raise BenchError(f"{jar} is missing: run `make build`")
    for command in ("ip", "taskset", "java", "bpftrace", "bpftool"):
        if shutil.which(command) is None:
            raise BenchError(f"{command} is missing: run `make prerequisites`")


@contextlib.contextmanager
def server(netns: str) -> Iterator[Running]:
    """The application, on a processor of its own."""
    words = [str(layout.PROGRAMS / "server"), str(_SERVER_PORT), str(_SERVER_WORK)]
    with running("the server", words, Where(netns, SERVER_CPU, real_time=True), with_signal=False) as program:
        program.await_line("ready")
        yield program


@contextlib.contextmanager
def load(netns: str, as_envoy: bool, seconds: float, rate: int) -> Iterator[Running]:
    """The load generator, under the name that makes its namespace a pod, or under its own. It begins when told."""
    path = layout.PROGRAMS / (_ENVOY if as_envoy else "load")
    words = [str(path), str(_SERVER_PORT), str(_CONNECTIONS), str(seconds), str(rate)]
    with running("the load generator", words, Where(netns, SERVER_CPU, real_time=True)) as program:
        program.await_line("ready")
        yield program


def bystander_nanos(iterations: int) -> float:
    """CPU time of an iteration of a process without TCP."""
    words = [str(layout.PROGRAMS / "bystander"), str(iterations)]
    with running("the bystander", words, Where(cpu=SERVER_CPU)) as program:
        result = program.result()
    return result["cpuNanos"] / result["iterations"]


@contextlib.contextmanager
def bpftrace(netns: str) -> Iterator[None]:
    """bpftrace, with debugfs mounted where only it can see it."""
    command = (
        "mount --make-rprivate / && mount -t debugfs debugfs /sys/kernel/debug && "
        'mount -t tracefs tracefs /sys/kernel/debug/tracing && exec bpftrace "$@"'
    )
    words = ["unshare", "--mount", "sh", "-c", command, "sh", str(layout.BPFTRACE_SCRIPT), str(inode(netns))]
    with running("bpftrace", words, Where()) as program:
        program.await_line("ready")
        yield


@contextlib.contextmanager
def controller() -> Iterator[int]:
    """The real controller, to receive; gives its port for hops. It comes last, since elsewhere it has a node of its own."""
    ports = {"http.port": 0, "als.port": 0, "hop.port": _free_port()}
    words = ["nice", "java", "-Xmx1g", "-jar", str(layout.CONTROLLER_JAR), *_settings(ports)]
    with running("the controller", words, Where(cpu=OTHER_CPU)) as program:
        program.await_line("sidelight-controller ready", _READY_SECONDS)
        yield ports["hop.port"]


@dataclass(frozen=True)
class Probe:
    """The probe that runs."""

    program: Running
    metrics_port: int

    @property
    def pid(self) -> int:
        """Its process."""
        return self.program.pid

    def metrics(self) -> dict[str, float]:
        """Every sample of /metrics by its name with labels."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.metrics_port}/metrics", timeout=10) as answer:
                return parse_metrics(answer.read().decode())
        except OSError as e:
            raise BenchError(f"the probe does not answer: {e}; {self.program.complaint()}") from e

    def await_pods(self, count: int) -> None:
        """Waits until so many pods are watched."""
        deadline = time.monotonic() + 10
        while self.metrics()["sidelight_probe_pods"] != count:
            if time.monotonic() > deadline:
                raise BenchError(f"the probe does not watch {count} pods; {self.program.complaint()}")
            time.sleep(0.02)


@contextlib.contextmanager
def probe(hop_port: int) -> Iterator[Probe]:
    """The probe as it ships, in a JVM of its own, beside the processor that the pod has to itself."""
    port = _free_port()
    settings = {
        "probe.nodeName": "bench",
        "probe.requestPrefixBytes": 256,
        "pods.envoyExecutables": _ENVOY,
        "pods.envoyUids": "",
        "controller.hopPort": hop_port,
        "metrics.port": port,
    }
    words = ["java", f"@{layout.JVM_OPTIONS}", "-jar", str(layout.PROBE_JAR), *_settings(settings)]
    with running("the probe", words, Where(cpu=OTHER_CPU)) as program:
        program.await_line("sidelight-probe ready", _READY_SECONDS)
        yield Probe(program, port)


def foreign_programs() -> list[str]:
    """Names of BPF programs of probes, which would be measured as well while they are loaded."""
    listed = json.loads(subprocess.run(["bpftool", "-j", "prog", "show"], check=True, capture_output=True).stdout)
    return [program["name"] for program in listed if program.get("name", "").startswith("hop_")]


def parse_metrics(text: str) -> dict[str, float]:
    """Prometheus's text, by sample."""
    samples = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            name, _, value = line.rpartition(" ")
            samples[name] = float(value)
    return samples


def _settings(values: dict[str, object]) -> list[str]:
    return [f"--{key}={value}" for key, value in values.items()]


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]
