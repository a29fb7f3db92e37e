# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""The process that owns a mesh: it starts everything, takes commands, and everything ends with it.

It lives in a private mount namespace, whose mounts are all that keeps the network namespaces; what it starts dies with it by the
kernel's doing. So after a SIGKILL only files and empty cgroups are left, which the next `mesh up` or `mesh down` removes.
"""

import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from localmesh import cgroups, components, envoy, faults, identity, leftovers, meshfile, network, pods, registry
from localmesh.components import CONTROLLER, HOLDER
from localmesh.control import Answers, Progress, listen, serve
from localmesh.errors import MeshError
from localmesh.istio.supervisor import IstioSupervisor
from localmesh.layout import Layout, layout_from_environment, require_traversable
from localmesh.namespaces import bind_file, die_with_parent, mount, unmount
from localmesh.pods import Variant
from localmesh.processes import Running, stop
from localmesh.readiness import Readiness, http_status
from localmesh.signals import Terminated, raise_on_termination

_READY_SECONDS = 60.0
_FIRST_REQUEST_SECONDS = 20.0
_ENVOY_GROUP_SOCKET_MODE = 0o2750
_HOSTS = Path("/etc/hosts")


class Supervisor:
    """One mesh, from its first file to its last. One thread: it alone starts programs, so that none is bound to the end of another thread."""

    def __init__(self, layout: Layout, variant: Variant) -> None:
        self._layout = layout
        self._variant = variant
        self._members = pods.make_pods(variant)
        self._cgroup_root = layout.run / "cgroup"
        self._scopes = cgroups.scopes(self._members)
        self._components = components.Components(layout, self._members, self._cgroup_root)
        self._readiness = Readiness(layout, self._components)
        self._processes: dict[str, Running] = {}
        self._faults: faults.Faults | None = None
        self._started_seconds = time.monotonic()

    def boot(self, progress: Progress) -> dict[str, Any]:
        """Brings everything up; MeshError with a cause where something does not come."""
        progress("preparing identities, cgroups and settings")
        self._prepare()
        progress(f"starting the controller, linking {len(self._members)} pods")
        offsets: dict[str, int] = {}
        controller = self._start(CONTROLLER)
        network.create(self._layout, self._members)
        early = [self._start(name) for name in self._components.names() if name not in (CONTROLLER, *self._components.envoys())]
        self._readiness.await_ready([controller], _READY_SECONDS, lambda name: progress(f"{name} is ready"), offsets)
        self._faults = faults.Faults(self._layout, self._members, self._processes, lambda: self._processes[HOLDER])
        late = [self._start(name) for name in self._components.envoys()]
        self._readiness.await_ready(early + late, _READY_SECONDS, lambda name: progress(f"{name} is ready"), offsets)
        self._first_request(progress)
        return self.status()

    def _prepare(self) -> None:
        components.require_built(self._layout, self._variant)
        self._cgroup_root.mkdir(exist_ok=True)
        mount("none", self._cgroup_root, "cgroup2")
        leftovers.clean(self._layout, self._cgroup_root)
        leftovers.record(self._layout, self._scopes, [])
        for directory in ("logs", "bin", "als"):
            (self._layout.run / directory).mkdir()
        log = os.open(self._layout.log("supervisor"), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        os.dup2(log, 2)
        os.chown(self._layout.als_socket.parent, 0, network.PROXY_UID)
        os.chmod(self._layout.als_socket.parent, _ENVOY_GROUP_SOCKET_MODE)
        bind_file(envoy.find_binary(), self._layout.run / "bin" / "envoy")
        self._bind_hosts()
        cgroups.create(self._cgroup_root, self._scopes)
        identity.issue(self._layout.pki, self._members, components.APP_UID)
        components.write_settings(self._layout, self._members)
        components.copy_apps(self._layout, self._variant)
        faults.make_files(self._layout, self._members, components.APP_UID)
        meshfile.write(self._layout.mesh_file, self._members, self._layout.pki, [])
        registry.write(self._layout.registry_file, self._members)

    def _bind_hosts(self) -> None:
        # The apps call services by name, and no DNS server is wanted: names of this mount namespace only.
        hosts = self._layout.run / "hosts"
        names = "".join(f"{service.address} {service.name} {service.name}.{pods.NAMESPACE}\n" for service in pods.SERVICES)
        hosts.write_text(_HOSTS.read_text() + names)
        bind_file(str(hosts), _HOSTS)

    def _start(self, name: str) -> Running:
        running = Running(self._components.program(name))
        self._processes[name] = running
        self._record()
        return running

    def _record(self) -> None:
        leftovers.record(self._layout, self._scopes, [running.pid for running in self._processes.values() if running.alive()])

    def _first_request(self, progress: Progress) -> None:
        deadline = time.monotonic() + _FIRST_REQUEST_SECONDS
        for netns, address, path in self._first_requests():
            while (status := http_status(str(self._layout.netns(netns)), address, path, 5.0)) != 200:
                if time.monotonic() > deadline:
                    raise MeshError(f"a request from {netns} for {path} answers {status or 'nothing'} after {_FIRST_REQUEST_SECONDS:.0f} s")
                time.sleep(0.02)
        progress("a first request went through the mesh")

    def _first_requests(self) -> list[tuple[str, tuple[str, int], str]]:
        """From where, to whom, for what."""
        for pod in self._members:
            if pod.gateway:
                return [(pods.OUTSIDE, (pod.address, pods.GATEWAY_PORT), "/productpage")]
        return [
            (pod.workload, (service.address, pods.APP_PORT), "/health")
            for pod in self._members
            for service in pods.SERVICES
            if service.name in pod.calls
        ]

    def repair(self, progress: Progress, variant: str) -> dict[str, Any]:
        """Starts again what has ended; MeshError where another variant is wanted."""
        if variant != self._variant:
            raise MeshError(f"the mesh that is up is {self._variant}, not {variant}: `mesh down` first, or ask for the same")
        dead = [name for name in self._components.names() if name not in self._processes or not self._processes[name].alive()]
        self._start_and_wait(dead, progress)
        if not dead:
            progress("the mesh is up, nothing to repair")
        return self.status()

    def start(self, progress: Progress, component: str) -> dict[str, Any]:
        """Starts one component and waits until it serves; nothing where it runs."""
        self._require_component(component)
        if component in self._processes and self._processes[component].alive():
            progress(f"{component} runs already")
        else:
            self._start_and_wait([component], progress)
        return {"component": component, "pid": self._processes[component].pid}

    def _start_and_wait(self, names: list[str], progress: Progress) -> None:
        offsets = {name: self._log_size(name) for name in names}
        for name in names:
            progress(f"starting {name}")
        started = [self._start(name) for name in names]
        self._readiness.await_ready(started, _READY_SECONDS, lambda name: progress(f"{name} is ready"), offsets)

    def _log_size(self, name: str) -> int:
        log = self._layout.log(name)
        return len(log.read_text(errors="replace")) if log.exists() else 0

    def end(self, progress: Progress, component: str, kill: bool) -> dict[str, Any]:
        """Ends one component, cleanly or by SIGKILL; fine where it has ended."""
        self._require_component(component)
        running = self._processes.get(component)
        if running is None or not running.alive():
            progress(f"{component} does not run")
        else:
            stop([running], signal.SIGKILL if kill else signal.SIGTERM)
            self._record()
        return {"component": component, "monotonicNanos": time.monotonic_ns()}

    def _require_component(self, component: str) -> None:
        if component not in self._components.names():
            raise MeshError(f"no such component: {component}; there are {', '.join(self._components.names())}")

    def status(self) -> dict[str, Any]:
        """What runs, where, and which faults are in force."""
        now = time.monotonic()
        return {
            "state": "up",
            "run": str(self._layout.run),
            "supervisor": os.getpid(),
            "uptimeSeconds": round(now - self._started_seconds, 1),
            "ports": vars(self._layout.ports),
            "components": [self._component_status(name, now) for name in self._components.names()],
            "pods": [
                {"workload": pod.workload, "namespace": pod.namespace, "name": pod.name, "uid": pod.uid, "address": pod.address}
                for pod in self._members
            ],
            "faults": self._faults.active if self._faults else [],
            "variant": self._variant,
        }

    def _component_status(self, name: str, now: float) -> dict[str, Any]:
        running = self._processes.get(name)
        if running is None or not running.alive():
            return {"name": name, "alive": False, "ready": False}
        ready = self._readiness.is_ready(running)
        return {"name": name, "alive": True, "ready": ready, "pid": running.pid, "uptimeSeconds": round(now - running.started_seconds, 1)}

    def obey(self, request: dict[str, Any], answers: Answers) -> bool:
        """Does one command; answers whether it was the last."""
        assert self._faults is not None
        arguments = {key: value for key, value in request.items() if key != "command"}
        commands: dict[str, Callable[..., Any]] = {
            "status": self.status,
            "repair": lambda variant: self.repair(answers.progress, variant),
            "start": lambda component: self.start(answers.progress, component),
            "stop": lambda component: self.end(answers.progress, component, kill=False),
            "kill": lambda component: self.end(answers.progress, component, kill=True),
            "fault": self._faults.set,
            "clear": self._faults.clear,
            "drop": self._faults.drop,
        }
        if request["command"] == "down":
            self.tear_down()
            answers.result({"state": "down"})
            return True
        answers.result(commands[request["command"]](**arguments))
        return False

    def tear_down(self) -> None:
        """Ends and removes everything; may be called at any stage."""
        if self._faults is not None:
            with contextlib.suppress(MeshError, OSError):
                self._faults.clear()
        first = [running for name, running in self._processes.items() if name != CONTROLLER]
        stop(first)
        stop([running for name, running in self._processes.items() if name == CONTROLLER])
        cgroups.remove(self._cgroup_root, self._scopes)
        for mounted in (self._cgroup_root, _HOSTS, *self._layout.netns("").glob("*"), *(self._layout.run / "bin").glob("*")):
            unmount(mounted)
        leftovers.remove_directory(self._layout)


def main() -> None:
    """Arguments: the pid of the process that wants the mesh, its variant, `bound` where the mesh is to end with it also later."""
    parent, variant, bound = int(sys.argv[1]), Variant(sys.argv[2]), "bound" in sys.argv
    raise_on_termination()
    die_with_parent(signal.SIGTERM, parent)
    answers = Answers(lambda data: os.write(1, data))
    supervisor: Supervisor | IstioSupervisor | None = None
    try:
        layout = layout_from_environment()
        require_traversable(layout.run)
        lock = leftovers.lock(layout)
        supervisor = IstioSupervisor(layout) if variant == Variant.ISTIO else Supervisor(layout, variant)
        status = supervisor.boot(answers.progress)
        listener = listen(layout.control_socket)
        if not bound:
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
