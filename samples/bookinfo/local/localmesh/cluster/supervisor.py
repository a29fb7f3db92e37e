# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""The process that owns a control plane of its own: it makes the network namespace, starts everything, takes commands, and everything ends with it.

As the mesh's supervisor it lives in a private mount namespace, whose mount is all that keeps the network namespace; what it starts dies with it by the kernel's doing.
"""

import json
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from localmesh import leftovers
from localmesh.cluster import fabric
from localmesh.cluster.control_plane import ControlPlane, Wanted
from localmesh.cluster.layout import ClusterLayout, cluster_layout_from_environment
from localmesh.cluster.memory import resident_bytes
from localmesh.control import Answers, Progress, listen, serve
from localmesh.errors import MeshError
from localmesh.namespaces import die_with_parent, unmount
from localmesh.signals import Terminated, raise_on_termination


class ClusterSupervisor:
    """One control plane in a network namespace of its own."""

    def __init__(self, layout: ClusterLayout) -> None:
        self._layout = layout
        self._control_plane = ControlPlane(layout, layout.netns, lambda pids: leftovers.record(layout, [], pids))
        self._started_seconds = time.monotonic()

    def boot(self, wanted: Wanted, progress: Progress) -> dict[str, Any]:
        """Brings everything up and says what there is."""
        leftovers.clean(self._layout, self._layout.run / "cgroup")
        (self._layout.run / "logs").mkdir()
        self._layout.run.chmod(0o700)
        log = os.open(self._layout.log("supervisor"), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        os.dup2(log, 2)
        fabric.create(self._layout)
        self._control_plane.boot(wanted, progress)
        return {**self.status(), "readySeconds": round(time.monotonic() - self._started_seconds, 2)}

    def status(self) -> dict[str, Any]:
        """What runs, and where it is reached."""
        now = time.monotonic()
        return {
            "state": "up",
            "run": str(self._layout.run),
            "supervisor": os.getpid(),
            "uptimeSeconds": round(now - self._started_seconds, 1),
            "address": self._layout.address,
            "relayPort": self._control_plane.relay_port(),
            "components": [self._component(name) for name in self._control_plane.running()],
        }

    def _component(self, name: str) -> dict[str, Any]:
        running = self._control_plane.running()[name]
        if not running.alive():
            return {"name": name, "alive": False, "ready": False}
        ready = self._control_plane.is_ready(name)
        return {"name": name, "alive": True, "ready": ready, "pid": running.pid, "residentBytes": resident_bytes(running.pid)}

    def start(self, component: str) -> dict[str, Any]:
        """Starts one component and waits until it serves."""
        pid = self._control_plane.start(component)
        return {"component": component, "pid": pid}

    def end(self, component: str, number: signal.Signals) -> dict[str, Any]:
        """Ends one component."""
        self._control_plane.end(component, number)
        return {"component": component}

    def restart(self, component: str) -> dict[str, Any]:
        """Ends one component cleanly and starts it again."""
        self._control_plane.end(component)
        return self.start(component)

    def obey(self, request: dict[str, Any], answers: Answers) -> bool:
        """Does one command; answers whether it was the last."""
        arguments = {key: value for key, value in request.items() if key != "command"}
        commands: dict[str, Callable[..., Any]] = {
            "status": self.status,
            "start": self.start,
            "stop": lambda component: self.end(component, signal.SIGTERM),
            "kill": lambda component: self.end(component, signal.SIGKILL),
            "restart": self.restart,
        }
        if request["command"] == "down":
            self.tear_down()
            answers.result({"state": "down"})
            return True
        answers.result(commands[request["command"]](**arguments))
        return False

    def tear_down(self) -> None:
        """Ends and removes everything; may be called at any stage."""
        self._control_plane.tear_down()
        unmount(self._layout.netns)
        leftovers.remove_directory(self._layout)


def main() -> None:
    """Arguments: the pid of the process that wants it, and as JSON: whether Istio is wanted, IstioOperator files, names of kwok's nodes, Services' addresses, whether it ends with that process also later."""
    parent, asked = int(sys.argv[1]), json.loads(sys.argv[2])
    raise_on_termination()
    die_with_parent(signal.SIGTERM, parent)
    answers = Answers(lambda data: os.write(1, data))
    supervisor = None
    try:
        layout = replace(cluster_layout_from_environment(), service_range=asked["serviceRange"])
        lock = leftovers.lock(layout)
        supervisor = ClusterSupervisor(layout)
        wanted = Wanted(asked["istio"], [Path(overlay) for overlay in asked["overlays"]], tuple(asked["nodes"]), asked["serviceRange"])
        status = supervisor.boot(wanted, answers.progress)
        listener = listen(layout.control_socket)
        if not asked["bound"]:
            die_with_parent(0, parent)
        answers.result(status)
        os.dup2(2, 1)
        serve(listener, supervisor.obey)
        supervisor = None
        os.close(lock)
    except MeshError as error:
        answers.error(str(error))
    except (Terminated, OSError) as error:
        answers.error(f"{type(error).__name__}: {error}")
    finally:
        if supervisor is not None:
            supervisor.tear_down()


if __name__ == "__main__":
    main()
