# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""The oracle's caller: runs it in its pod, and tells how busy the machine was meanwhile."""

import json
import os
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from localmesh import control
from localmesh.components import APP_UID
from localmesh.errors import MeshError
from localmesh.layout import Layout
from localmesh.pods import APP_PORT, SERVICES, Variant, make_pods
from localmesh.processes import Program, log_tail

_IDLE_FIELDS = (3, 4)


@dataclass(frozen=True)
class Plan:
    """Which calls; `work`, the longest of the app, in milliseconds."""

    protocol: str
    calls: int
    first: int
    at_once: int
    work: float
    seed: int


def run(layout: Layout, plan: Plan) -> dict[str, Any]:
    """Runs the caller to its end; answers how long that took and the share of the processors' time that was used."""
    status = control.ask(layout, "status", lambda text: None)
    if status["variant"] != Variant.ORACLE:
        raise MeshError(f"the mesh that is up is {status['variant']}: start one with `mesh up --oracle`")
    program = _program(layout, status, plan)
    begin, busy = time.monotonic(), _processor_ticks()
    with open(program.log, "ab") as log:
        code = subprocess.run(program.full_argv(os.getpid()), stdout=log, stderr=log, env=program.environment, cwd="/").returncode
    idle, total = (now - then for now, then in zip(_processor_ticks(), busy, strict=True))
    if code != 0:
        raise MeshError(f"{program.name} ended with {code}:\n{log_tail(program.log)}")
    return {"seconds": round(time.monotonic() - begin, 3), "load": round(1 - idle / max(1, total), 3)}


def _program(layout: Layout, status: dict[str, Any], plan: Plan) -> Program:
    # What the supervisor has mounted is seen through its root.
    mounts = Path(f"/proc/{status['supervisor']}/root")
    pod = next(pod for pod in make_pods(Variant.ORACLE) if pod.calls)
    noted = json.loads(layout.leftovers.read_text())["cgroups"]
    service = next(service for service in SERVICES if service.name == plan.protocol)
    numbers = (APP_PORT, plan.seed, plan.first, plan.calls, plan.at_once, round(plan.work * 1000))
    name = f"{plan.protocol}-caller"
    return Program(
        name,
        [str(layout.run / "apps" / "oracle" / name), service.address, *map(str, numbers)],
        layout.log(name),
        {"PATH": os.environ["PATH"], "CALL_LOG": str(layout.calls(pod.workload))},
        uid=APP_UID,
        netns=Path(f"{mounts}{layout.netns(pod.workload)}"),
        # The pods' uids are the supervisor's; the caller's containers come first.
        cgroup=Path(f"{mounts}{layout.run}/cgroup/{noted[0]}"),
    )


def _processor_ticks() -> tuple[int, int]:
    """Idle and all ticks of all processors since the machine started."""
    fields = [int(field) for field in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    return sum(fields[index] for index in _IDLE_FIELDS), sum(fields)
