# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""Owns a mesh of Istio's: control plane, nodes, bookinfo and Sidelight as their objects say; all of it ends with this process."""

import contextlib
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from localmesh import cgroups, components, control, faults, leftovers, network
from localmesh.cluster import fabric
from localmesh.cluster import lifecycle as cluster_lifecycle
from localmesh.cluster import nodes as node_objects
from localmesh.cluster.api import ApiClient
from localmesh.cluster.cluster import Cluster, wait_until
from localmesh.cluster.control_plane import Wanted
from localmesh.control import Answers, Progress
from localmesh.errors import MeshError
from localmesh.istio import bookinfo, sidelight
from localmesh.istio.faults import IstioFaults
from localmesh.istio.images import images, unpack
from localmesh.istio.node import Node, cluster_layout, make_nodes
from localmesh.istio.pod import workload
from localmesh.layout import Layout
from localmesh.namespaces import bind_file, mount, share, unmount
from localmesh.pods import GATEWAY_PORT, NAMESPACE, OUTSIDE, OUTSIDE_ADDRESS, Variant
from localmesh.processes import Program, Running, stop
from localmesh.readiness import http_status

_SERVICE_PROXY = "service-proxy"
_HTTP_RELAY = "http-relay"
_READY_SECONDS = 120.0
_FIRST_REQUEST_SECONDS = 30.0
_END_SECONDS = 10.0
_MOUNTED = ("images", "nodes", "netns")


class IstioSupervisor:
    """One mesh, from its first file to its last. One thread: it alone starts programs, so that none is bound to the end of another thread."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._nodes = make_nodes(layout)
        self._cluster_layout = cluster_layout(layout)
        self._cluster = Cluster(self._cluster_layout)
        self._processes: dict[str, Running] = {}
        self._faults: IstioFaults | None = None
        self._client: ApiClient | None = None
        self._started_seconds = time.monotonic()

    def boot(self, progress: Progress) -> dict[str, Any]:
        """Brings everything up; MeshError with a cause where something does not come."""
        self._prepare()
        progress("starting the control plane")
        self._start_control_plane(progress)
        self._link()
        progress(f"linked nodes {', '.join(node.name for node in self._nodes)}")
        self._start(self._python(_SERVICE_PROXY, "service_proxy", netns=self._nodes[0].fabric))
        for node in self._nodes:
            self._start(self._kubelet(node))
        sidelight.install(self._layout, self._cluster)
        for document in bookinfo.documents(self._layout, self._nodes):
            self._api().apply(document)
        progress("bookinfo and Sidelight are applied")
        self._await_rollout(progress)
        self._start(self._http_relay())
        self._faults = IstioFaults(self._layout, self._api())
        self._first_request(progress)
        return self.status()

    def _prepare(self) -> None:
        components.require_built(self._layout, Variant.ISTIO)
        hierarchy = self._layout.run / "cgroup"
        hierarchy.mkdir(exist_ok=True)
        mount("none", hierarchy, "cgroup2")
        leftovers.clean(self._layout, hierarchy)
        self._record()
        for directory in ("logs", *_MOUNTED):
            (self._layout.run / directory).mkdir()
        log = os.open(self._layout.log("supervisor"), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        os.dup2(log, 2)
        for directory in _MOUNTED:
            # Containers' roots are laid over this machine's root, so they cannot be a part of that.
            mount("none", self._layout.run / directory, "tmpfs")
        # Kubelets mount the pods' network namespaces there, each from a mount namespace of its own.
        share(self._layout.run / "netns")
        unpack(self._layout.run / "images", images(self._layout, self._cluster_layout))
        faults.make_files(self._layout, bookinfo.apps(), components.APP_UID)

    def _start_control_plane(self, progress: Progress) -> None:
        gateway = self._layout.run / "gateway.json"
        gateway.write_text(json.dumps(bookinfo.GATEWAY_OVERLAY, indent=1))
        wanted = Wanted(istio_overlays=[gateway, sidelight.overlay(self._layout)], kwok_nodes=(), service_range=self._cluster_layout.service_range)
        cluster_lifecycle.up(self._cluster_layout, wanted, progress, bound=True)
        self._record()

    def _link(self) -> None:
        bind_file(self._cluster.netns, self._nodes[0].fabric)
        network.make_router(self._nodes[0].fabric)
        # Where whoever is in the fabric itself sends what is then led elsewhere.
        network.run_inside(self._nodes[0].fabric, ["ip", "route", "add", self._cluster_layout.service_range, "dev", fabric.BRIDGE])
        network.link(self._nodes[0].fabric, self._layout.netns(OUTSIDE), OUTSIDE_ADDRESS)
        for node in self._nodes:
            network.link(node.fabric, node.netns, node.address)
            node_objects.add(self._api(), node.name, node.address, node.zone)

    def _api(self) -> ApiClient:
        if self._client is None:
            self._client = self._cluster.client()
        return self._client

    def _python(self, name: str, module: str, *arguments: str, netns: Path | None = None, around: tuple[str, ...] = ()) -> Program:
        argv = [*around, sys.executable, "-m", f"localmesh.{module if '.' in module else f'istio.{module}'}", *arguments]
        environment = {**os.environ, "PYTHONPATH": str(self._layout.python_path), "PYTHONDONTWRITEBYTECODE": "1"}
        return Program(name, argv, self._layout.log(name), environment, netns=netns)

    def _kubelet(self, node: Node) -> Program:
        around = ("unshare", "--pid", "--fork", "--kill-child", "--mount", "--propagation", "unchanged", "--mount-proc")
        return self._python(f"kubelet.{node.name}", "kubelet", node.name, netns=node.netns, around=around)

    def _http_relay(self) -> Program:
        service = self._api().get(f"/api/v1/namespaces/{sidelight.NAMESPACE}/services/{sidelight.CONTROLLER}")
        port = next(port["port"] for port in service["spec"]["ports"] if port["name"] == "http")
        arguments = (str(self._nodes[0].fabric), service["spec"]["clusterIP"], str(port), str(self._layout.run / "http.port"), str(self._layout.ports.http))
        return self._python(_HTTP_RELAY, "cluster.relay", *arguments)

    def _start(self, program: Program) -> Running:
        running = Running(program)
        self._processes[program.name] = running
        self._record()
        return running

    def _record(self) -> None:
        pids = [running.pid for running in self._processes.values() if running.alive()]
        if control.is_up(self._cluster_layout):
            pids.append(int(self._cluster.status()["supervisor"]))
        leftovers.record(self._layout, [node.cgroup for node in self._nodes], pids)

    def _await_rollout(self, progress: Progress) -> None:
        deadline, told = time.monotonic() + _READY_SECONDS, set[str]()
        while True:
            for running in self._processes.values():
                running.require_alive()
            missing = [name for name, ready in self._rollouts() if not ready]
            for name in {name for name, ready in self._rollouts() if ready} - told:
                progress(f"{name} is ready")
                told.add(name)
            if not missing and told:
                return
            if time.monotonic() > deadline:
                raise MeshError(f"not ready within {_READY_SECONDS:.0f} s: {', '.join(missing)}\n{self._why_not()}")
            time.sleep(0.2)

    def _rollouts(self) -> list[tuple[str, bool]]:
        found = []
        for namespace in (NAMESPACE, sidelight.NAMESPACE):
            path = f"/apis/apps/v1/namespaces/{namespace}"
            for each in self._api().get(f"{path}/deployments")["items"]:
                found.append((each["metadata"]["name"], each["status"].get("readyReplicas", 0) >= each["spec"]["replicas"] > 0))
            for each in self._api().get(f"{path}/daemonsets")["items"]:
                found.append((each["metadata"]["name"], each["status"].get("numberReady", 0) >= len(self._nodes)))
        return found

    def _why_not(self) -> str:
        pods_now = self._api().get("/api/v1/pods")["items"]
        lines = [f"    {pod['metadata']['name']}: {pod['status'].get('message') or pod['status'].get('phase')}" for pod in pods_now if not _is_ready(pod)]
        return "\n".join(lines)

    def _first_request(self, progress: Progress) -> None:
        address = (bookinfo.GATEWAY_ADDRESS, GATEWAY_PORT)
        outside = str(self._layout.netns(OUTSIDE))
        wait_until(lambda: http_status(outside, address, "/productpage", 5.0) == 200, _FIRST_REQUEST_SECONDS, "an answer to a first request through the gateway")
        progress("a first request went through the mesh")

    def repair(self, progress: Progress, variant: str) -> dict[str, Any]:
        """Starts again what has ended of this process's own; pods are their kubelets' affair."""
        if variant != Variant.ISTIO:
            raise MeshError(f"the mesh that is up is {Variant.ISTIO}, not {variant}: `mesh down` first, or ask for the same")
        for name, running in list(self._processes.items()):
            if not running.alive():
                progress(f"starting {name}")
                self._start(running.program)
        return self.status()

    def status(self) -> dict[str, Any]:
        """What runs, where, and which faults are in force."""
        members = self._api().get("/api/v1/pods")["items"]
        own = [{"name": name, "alive": running.alive(), "ready": running.alive(), "pid": running.pid} for name, running in self._processes.items()]
        return {
            "state": "up",
            "run": str(self._layout.run),
            "cluster": str(self._cluster_layout.run),
            "supervisor": os.getpid(),
            "uptimeSeconds": round(time.monotonic() - self._started_seconds, 1),
            "ports": vars(self._layout.ports),
            "components": [*own, *({"name": pod["metadata"]["name"], "alive": True, "ready": _is_ready(pod)} for pod in members)],
            "pods": [_described(pod) for pod in members],
            "faults": self._faults.active if self._faults else [],
            "variant": Variant.ISTIO,
        }

    def end(self, component: str, number: signal.Signals) -> dict[str, Any]:
        """Ends one program of this process's own; MeshError names them."""
        if component not in self._processes:
            raise MeshError(f"no such component: {component}; there are {', '.join(self._processes)}; for pods see `mesh cluster kubectl`")
        _stop([self._processes[component]], number)
        self._record()
        return {"component": component, "monotonicNanos": time.monotonic_ns()}

    def start(self, component: str) -> dict[str, Any]:
        """Starts one of them again; nothing where it runs."""
        if component not in self._processes:
            raise MeshError(f"no such component: {component}; there are {', '.join(self._processes)}")
        if not self._processes[component].alive():
            self._start(self._processes[component].program)
        return {"component": component, "pid": self._processes[component].pid}

    def obey(self, request: dict[str, Any], answers: Answers) -> bool:
        """Does one command; answers whether it was the last."""
        assert self._faults is not None
        arguments = {key: value for key, value in request.items() if key != "command"}
        commands: dict[str, Callable[..., Any]] = {
            "status": self.status,
            "repair": lambda variant: self.repair(answers.progress, variant),
            "start": self.start,
            "stop": lambda component: self.end(component, signal.SIGTERM),
            "kill": lambda component: self.end(component, signal.SIGKILL),
            "fault": self._faults.set,
            "clear": self._faults.clear,
        }
        if request["command"] == "down":
            self.tear_down()
            answers.result({"state": "down"})
            return True
        if request["command"] not in commands:
            raise MeshError(f"`mesh {request['command']}` is not known in a mesh of Istio's")
        answers.result(commands[request["command"]](**arguments))
        return False

    def tear_down(self) -> None:
        """Ends and removes everything; may be called at any stage."""
        _stop(list(self._processes.values()))
        if self._client is not None:
            self._client.close()
        cgroups.remove(self._layout.run / "cgroup", [node.cgroup for node in self._nodes])
        with contextlib.suppress(MeshError, OSError):
            cluster_lifecycle.down(self._cluster_layout, lambda text: None)
        for mounted in (*(self._layout.run / "netns").glob("*"), *(self._layout.run / name for name in (*_MOUNTED, "cgroup"))):
            unmount(mounted)
        leftovers.remove_directory(self._layout)


def _stop(processes: list[Running], number: signal.Signals = signal.SIGTERM) -> None:
    """A kubelet is the child of the program that made its namespaces, which takes no signal but SIGKILL."""
    for running in processes:
        children = Path(f"/proc/{running.pid}/task/{running.pid}/children")
        if running.alive() and number == signal.SIGTERM and running.program.name.startswith("kubelet."):
            for child in children.read_text().split():
                os.kill(int(child), number)
            with contextlib.suppress(MeshError):
                wait_until(lambda running=running: not running.alive(), _END_SECONDS, "a kubelet's end")
    stop(processes, number)


def _is_ready(pod: dict[str, Any]) -> bool:
    return any(condition["type"] == "Ready" and condition["status"] == "True" for condition in pod["status"].get("conditions", []))


def _described(pod: dict[str, Any]) -> dict[str, Any]:
    metadata = pod["metadata"]
    return {
        "workload": workload(pod),
        "namespace": metadata["namespace"],
        "name": metadata["name"],
        "uid": metadata["uid"],
        "address": pod["status"].get("podIP", ""),
        "node": pod["spec"].get("nodeName", ""),
    }
