# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""The kinds of faults: which workloads can have which, and how each is switched on and off."""

import json
import os
import select
import signal
import threading
import time
from collections.abc import Callable
from typing import Any

from localmesh import meshfile, network
from localmesh.errors import MeshError
from localmesh.layout import Layout
from localmesh.namespaces import exact_timers
from localmesh.pods import Pod
from localmesh.processes import Running

NO_FAULT = "none 0\n"
_DROP_SECONDS = 10.0
_STARVE_RUNNING_FACTOR = 4
# A slow link's bucket: small beside a body that it is to slow down, and room for the largest packet that a socket hands over (64 KB and its
# headers). Of a larger one the sender's own processor would have to cut packets, in the middle of its sidecar's work.
BURST_BYTES = 80_000
_QUEUE_BYTES = 64_000_000
_APP = "an app of its own"
_CALLER = "an app that calls another service"
_FORWARDER = "something that calls another service"
_PROXY = "an Envoy"

# kind -> who can have it
KINDS = {
    "app-sleep": _APP,
    "app-queue": _APP,
    "slow-body": _APP,
    "slow-upload": _CALLER,
    "late-read": _CALLER,
    "sidecar-delay-inbound": _APP,
    "sidecar-delay-outbound": _FORWARDER,
    "sidecar-starve": _PROXY,
    "network": _PROXY,
    "slow-link": _PROXY,
    "pool-limit": _FORWARDER,
}
_BY_THE_SIDECAR = ("sidecar-delay-inbound", "sidecar-delay-outbound", "pool-limit")
BY_THE_APP = ("app-sleep", "app-queue", "slow-body", "slow-upload", "late-read")


def workloads_for(kind: str, members: tuple[Pod, ...]) -> list[str]:
    """The workloads that can have a fault of that kind."""
    needs = KINDS[kind]
    return [
        pod.workload
        for pod in members
        if (not pod.gateway or needs in (_FORWARDER, _PROXY)) and (pod.calls or needs not in (_CALLER, _FORWARDER))
    ]


def check(kind: str, workload: str, milliseconds: float, members: tuple[Pod, ...]) -> Pod:
    """The workload's pod; MeshError says what would be possible instead."""
    if kind not in KINDS:
        raise MeshError(f"no such fault: {kind}; there are {', '.join(KINDS)}")
    if not 0 < milliseconds <= 10_000:
        raise MeshError(f"{milliseconds:g} is out of range: more than 0 and at most 10000; `mesh fault clear` ends all faults")
    if kind == "pool-limit" and milliseconds != round(milliseconds):
        raise MeshError(f"{milliseconds:g} is no number of connections: give a whole one")
    possible = workloads_for(kind, members)
    if workload not in possible:
        raise MeshError(f"{kind} needs {KINDS[kind]}, which {workload} is not: it can be had by {', '.join(possible)}")
    return next(pod for pod in members if pod.workload == workload)


def _sidecar_effect(kind: str, amount: int) -> dict[str, Any]:
    if kind == "pool-limit":
        return {"direction": "outbound", "maxConnections": amount}
    return {"direction": kind.removeprefix("sidecar-delay-"), "delayMillis": amount}


class Starving:
    """Stops a process for a while and lets it run four times as long, again and again."""

    def __init__(self, running: Callable[[], Running | None], seconds: float) -> None:
        self._running = running
        self._seconds = seconds
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        exact_timers()
        while not self._end.is_set():
            self._signal(signal.SIGSTOP)
            time.sleep(self._seconds)
            self._signal(signal.SIGCONT)
            self._end.wait(self._seconds * _STARVE_RUNNING_FACTOR)

    def _signal(self, number: signal.Signals) -> None:
        process = self._running()
        if process is not None and process.popen.returncode is None:
            process.popen.send_signal(number)

    def stop(self) -> None:
        """Ends it, the process running."""
        self._end.set()
        self._thread.join()


class FaultsInForce:
    """At most one a workload; those of the apps by their files, the others by what the mesh is. Used by the supervisor's thread."""

    def __init__(self, layout: Layout, members: tuple[Pod, ...]) -> None:
        self._layout = layout
        self._members = members
        self._active: dict[str, dict[str, Any]] = {}

    @property
    def active(self) -> list[dict[str, Any]]:
        """What is in force."""
        return list(self._active.values())

    def clear(self, workload: str | None = None) -> dict[str, Any]:
        """Ends one workload's fault, or all; answers when they were."""
        for faulted in list(self._active) if workload is None else [workload]:
            self._clear_workload(faulted)
        return {"monotonicNanos": time.monotonic_ns()}

    def _clear_workload(self, workload: str) -> None:
        fault = self._active.pop(workload, None)
        if fault is None:
            return
        if fault["kind"] in BY_THE_APP:
            meshfile.replace(self._layout.fault(workload), NO_FAULT)
        else:
            self._end(fault["kind"], next(pod for pod in self._members if pod.workload == workload))

    def _end(self, kind: str, pod: Pod) -> None:
        """Ends a fault that is none of the app's, and is in force no more."""
        raise NotImplementedError


class Faults(FaultsInForce):
    """Of the local mesh."""

    def __init__(self, layout: Layout, members: tuple[Pod, ...], processes: dict[str, Running], holder: Callable[[], Running]) -> None:
        super().__init__(layout, members)
        self._processes = processes
        self._holder = holder
        self._starving: dict[str, Starving] = {}
        self._netem = network.has_netem(layout)

    def set(self, kind: str, workload: str, milliseconds: float) -> dict[str, Any]:
        """Puts a fault in force in place of the workload's former one; answers when it was."""
        pod = check(kind, workload, milliseconds, self._members)
        self._clear_workload(workload)
        self._active[workload] = {"kind": kind, "workload": workload, "milliseconds": milliseconds}
        if kind in BY_THE_APP:
            meshfile.replace(self._layout.fault(workload), f"{kind} {milliseconds:g}\n")
        elif kind == "network":
            self._hold(pod, milliseconds)
        elif kind == "slow-link":
            rate = ["rate", f"{round(8e9 / milliseconds)}bit", "burst", f"{BURST_BYTES}b", "limit", f"{_QUEUE_BYTES}b"]
            self._in_fabric("tc", "qdisc", "replace", "dev", network.interface(pod.address), "root", "tbf", *rate)
        elif kind == "sidecar-starve":
            self._starving[workload] = Starving(lambda: self._processes.get(pod.envoy), milliseconds / 1000)
        else:
            self._write_sidecar_faults()
        return {**self._active[workload], "monotonicNanos": time.monotonic_ns()}

    def _end(self, kind: str, pod: Pod) -> None:
        if kind == "network":
            self._release(pod)
        elif kind == "slow-link":
            self._in_fabric("tc", "qdisc", "del", "dev", network.interface(pod.address), "root")
        elif kind == "sidecar-starve":
            self._starving.pop(pod.workload).stop()
        else:
            self._write_sidecar_faults()

    def _write_sidecar_faults(self) -> None:
        wanted = [
            {
                "workload": fault["workload"],
                "namespace": next(pod.namespace for pod in self._members if pod.workload == fault["workload"]),
                **_sidecar_effect(fault["kind"], round(fault["milliseconds"])),
            }
            for fault in self._active.values()
            if fault["kind"] in _BY_THE_SIDECAR
        ]
        meshfile.write(self._layout.mesh_file, self._members, self._layout.pki, wanted)

    def _hold(self, pod: Pod, milliseconds: float) -> None:
        if self._netem:
            delay = ["netem", "delay", f"{milliseconds:g}ms", "limit", "10000"]
            self._in_fabric("tc", "qdisc", "replace", "dev", network.interface(pod.address), "root", *delay)
            return
        self._tell_holder(pod, delayNanos=round(milliseconds * 1e6))
        self._divert(pod, "add")

    def _release(self, pod: Pod) -> None:
        if self._netem:
            self._in_fabric("tc", "qdisc", "del", "dev", network.interface(pod.address), "root")
            return
        self._tell_holder(pod, delayNanos=0)
        self._divert(pod, "del")

    def drop(self, workload: str) -> dict[str, Any]:
        """Drops the next data-carrying packet of a link towards the workload; answers which it was."""
        pod = next((pod for pod in self._members if pod.workload == workload), None)
        if pod is None:
            raise MeshError(f"no such workload: {workload}; there are {', '.join(pod.workload for pod in self._members)}")
        diverted = not self._netem and self._active.get(workload, {}).get("kind") == "network"
        self._tell_holder(pod, dropNext=True)
        if not diverted:
            self._divert(pod, "add")
        try:
            return self._await_drop(workload)
        finally:
            if not diverted:
                self._divert(pod, "del")
            self._tell_holder(pod, dropNext=False)

    def _await_drop(self, workload: str) -> dict[str, Any]:
        output = self._holder().popen.stdout
        assert output is not None
        if not select.select([output], [], [], _DROP_SECONDS)[0]:
            raise MeshError(f"no data went to {workload} within {_DROP_SECONDS:.0f} s, so nothing was dropped: send traffic meanwhile")
        dropped = json.loads(output.readline())
        return {
            "source": dropped["source"],
            "destination": dropped["destination"],
            "sequence": dropped["sequence"],
            "payloadBytes": dropped["payload_bytes"],
            "monotonicNanos": dropped["monotonicNanos"],
        }

    def _tell_holder(self, pod: Pod, **settings: object) -> None:
        pipe = self._holder().popen.stdin
        assert pipe is not None
        pipe.write(json.dumps({"address": pod.address, **settings}).encode() + b"\n")
        pipe.flush()

    def _divert(self, pod: Pod, operation: str) -> None:
        rule = ["to", f"{pod.address}/32", "lookup", str(network.HOLD_TABLE), "priority", str(network.HOLD_PRIORITY)]
        self._in_fabric("ip", "rule", operation, *rule)

    def _in_fabric(self, *argv: str) -> None:
        network.run_inside(self._layout.netns(network.FABRIC), list(argv))


def make_files(layout: Layout, members: tuple[Pod, ...], uid: int) -> None:
    """Makes the apps' fault files and the directory in which they log their calls."""
    layout.fault("x").parent.mkdir()
    layout.calls("x").parent.mkdir()
    os.chown(layout.calls("x").parent, uid, uid)
    for pod in members:
        if not pod.gateway:
            meshfile.replace(layout.fault(pod.workload), NO_FAULT)
