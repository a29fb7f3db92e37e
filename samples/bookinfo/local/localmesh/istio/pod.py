# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""One pod's life on a node: its namespace, its containers one after the other, what is reported of it, its end."""

import os
import secrets
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from typing import Any

from localmesh import cgroups, network
from localmesh.errors import MeshError
from localmesh.istio import containers, probes
from localmesh.istio.containers import Place
from localmesh.istio.images import Image
from localmesh.istio.node import Node
from localmesh.istio.volumes import Volumes, write_hosts
from localmesh.processes import Running

_FIRST_BACKOFF_SECONDS = 0.5
_LONGEST_BACKOFF_SECONDS = 10.0
_QOS_SLICES = {"Guaranteed": "", "Burstable": "burstable", "BestEffort": "besteffort"}
_CONDITIONS = ("PodReadyToStartContainers", "PodScheduled", "Initialized", "ContainersReady", "Ready")


def cgroup(pod: dict[str, Any], container_id: str) -> str:
    """A container's, relative to the hierarchy's root, by the names that systemd's driver gives."""
    quality = _QOS_SLICES[pod["status"].get("qosClass", "BestEffort")]
    above = f"kubepods.slice/kubepods-{quality}.slice" if quality else "kubepods.slice"
    prefix = f"kubepods-{quality}" if quality else "kubepods"
    return f"{above}/{prefix}-pod{pod['metadata']['uid'].replace('-', '_')}.slice/cri-containerd-{container_id}.scope"


def workload(pod: dict[str, Any]) -> str:
    """The Deployment's name where one made it, else its owner's or its own."""
    owner = next(iter(pod["metadata"].get("ownerReferences", [])), None)
    if owner is None:
        return str(pod["metadata"]["name"])
    return str(owner["name"].rpartition("-")[0] if owner["kind"] == "ReplicaSet" else owner["name"])


def is_sidecar(container: dict[str, Any]) -> bool:
    """Whether an init container stays."""
    return container.get("restartPolicy") == "Always"


class Container:
    """One of a pod's, through its restarts."""

    def __init__(self, place: Place, spec: dict[str, Any], known: dict[str, Image]) -> None:
        self.spec = spec
        self.name = str(spec["name"])
        self.restarts = -1
        self.id = ""
        self.running: Running | None = None
        self.exit_code: int | None = None
        self.started_at = ""
        self.scopes: list[str] = []
        self._place = place
        self._known = known
        self._probes: dict[str, probes.Probe] = {}
        self._backoff_seconds = _FIRST_BACKOFF_SECONDS
        self._again = 0.0

    @property
    def started(self) -> bool:
        """Whether its startup probe has succeeded, or it has none and runs."""
        return self.alive and ("startup" not in self._probes or self._probes["startup"].succeeded)

    @property
    def ready(self) -> bool:
        """Whether it serves."""
        return self.started and ("readiness" not in self._probes or self._probes["readiness"].succeeded)

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self.running is not None and self.running.alive()

    def start(self) -> None:
        """Starts it, or starts it again."""
        place = self._place
        self.restarts += 1
        self.id = secrets.token_hex(32)
        scope = cgroup(place.pod, self.id)
        cgroups.create(place.node.cgroups, [scope])
        self.scopes.append(scope)
        running = Running(containers.program(place, self.spec, self._known, place.node.cgroups / scope, self.id))
        self.running = running
        self.started_at = _now()
        self._probes = {
            kind: probes.Probe(self.spec[f"{kind}Probe"], lambda probe=self.spec[f"{kind}Probe"]: probes.ask(probe, self.spec, place.address, running))
            for kind in ("startup", "readiness", "liveness")
            if self.spec.get(f"{kind}Probe")
        }

    def look(self) -> None:
        """Asks its probes, and starts it again where it has ended or its liveness probe has failed."""
        if not self.alive:
            self._start_again()
            return
        if "startup" in self._probes and not self._probes["startup"].succeeded:
            self._probes["startup"].look()
            return
        for kind in ("readiness", "liveness"):
            if kind in self._probes:
                self._probes[kind].look()
        if "liveness" in self._probes and self._probes["liveness"].failed:
            self.end(signal.SIGKILL)

    def _start_again(self) -> None:
        assert self.running is not None
        now = time.monotonic()
        if not self._again:
            self.exit_code = self.running.popen.returncode
            self._again = now + self._backoff_seconds
            self._backoff_seconds = min(2 * self._backoff_seconds, _LONGEST_BACKOFF_SECONDS)
        elif now >= self._again:
            self._again = 0.0
            self.start()

    def end(self, number: signal.Signals) -> None:
        """Sends a signal to its first process; SIGKILL goes to all of it."""
        if number == signal.SIGKILL and self.scopes:
            (self._place.node.cgroups / self.scopes[-1] / "cgroup.kill").write_text("1")
        elif self.alive:
            assert self.running is not None
            self.running.popen.send_signal(number)

    def before_end(self) -> None:
        """Its preStop hook."""
        hook = self.spec.get("lifecycle", {}).get("preStop", {})
        if self.alive and "exec" in hook:
            assert self.running is not None
            probes.execute(self.running, hook["exec"]["command"], float(self._place.pod["spec"].get("terminationGracePeriodSeconds", 30)))
        elif "sleep" in hook:
            time.sleep(float(hook["sleep"]["seconds"]))

    def status(self) -> dict[str, Any]:
        """As the pod's status has it."""
        common = {
            "name": self.name,
            "image": self.spec["image"],
            "imageID": "",
            "containerID": f"containerd://{self.id}" if self.id else "",
            "ready": self.ready if self.exit_code != 0 else True,
            "started": self.started,
            "restartCount": max(0, self.restarts),
        }
        if self.running is None:
            return {**common, "state": {"waiting": {"reason": "PodInitializing"}}}
        if self.alive:
            return {**common, "state": {"running": {"startedAt": self.started_at}}}
        return {**common, "state": {"terminated": {"exitCode": self.running.popen.returncode, "startedAt": self.started_at, "finishedAt": _now()}}}


class Pod:
    """One pod, driven by the kubelet's thread."""

    def __init__(self, node: Node, pod: dict[str, Any], address: str, known: dict[str, Image], services: Callable[[], list[dict[str, Any]]]) -> None:
        self._node = node
        self._object = pod
        self._services = services
        metadata, spec = pod["metadata"], pod["spec"]
        self.key = str(metadata["uid"])
        self.address = node.address if spec.get("hostNetwork") else address
        self._own_netns = not spec.get("hostNetwork")
        netns = node.layout.netns(metadata["name"]) if self._own_netns else node.netns
        directory = node.pods / metadata["uid"]
        self._place = Place(node, pod, self.address, netns, directory, directory / "hosts", Volumes(node, pod, self.address, directory / "volumes"))
        self._init = [Container(self._place, container, known) for container in spec.get("initContainers", [])]
        self._main = [Container(self._place, container, known) for container in spec["containers"]]
        self._reported: dict[str, Any] = {}
        self._transitions: dict[str, tuple[bool, str]] = {}
        self._why = ""
        self._steps = self._live()

    def step(self) -> bool:
        """Goes on as far as it can without waiting; answers whether it has ended."""
        try:
            next(self._steps)
            self._why = ""
        except StopIteration:
            return True
        except (MeshError, OSError, NotImplementedError, KeyError) as error:
            # What a kubelet would say in an event, and try again.
            self._why = f"{type(error).__name__}: {error}"
            print(f"{self._place.name}: {self._why}", flush=True)
            self._steps = self._live() if not self._everyone_started() else self._watch()
        self._report()
        return False

    def pids(self) -> list[int]:
        """Of its containers' first processes that have not been waited for."""
        return [container.running.pid for container in [*self._init, *self._main] if container.running and container.running.popen.returncode is None]

    def _everyone_started(self) -> bool:
        return all(container.running is not None for container in [*self._init, *self._main])

    def _live(self) -> Iterator[None]:
        if not self._place.hosts.exists():
            yield from self._prepare()
        for container in self._init:
            if container.running is None:
                container.start()
            if is_sidecar(container.spec):
                while not container.started:
                    container.look()
                    yield
            else:
                yield from self._to_the_end(container)
        for container in self._main:
            if container.running is None:
                container.start()
        yield from self._watch()

    def _prepare(self) -> Iterator[None]:
        metadata = self._object["metadata"]
        if self._own_netns and not self._place.netns.exists():
            network.link(self._node.fabric, self._place.netns, self.address)
            network.run_inside(self._place.netns, ["sysctl", "-qw", "net.ipv4.ip_unprivileged_port_start=0"])
            self._name_netns()
        yield
        self._place.directory.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(self._place.directory / "volumes", ignore_errors=True)
        self._place.volumes.make()
        write_hosts(self._place.hosts, self._node, metadata["name"], self.address, self._services(), metadata["namespace"])

    def _name_netns(self) -> None:
        """Its workload's name leads to the newest pod's."""
        link = self._node.layout.netns(workload(self._object))
        fresh = link.with_name(f".{link.name}.new")
        os.symlink(self._place.netns.name, fresh)
        os.rename(fresh, link)

    def _to_the_end(self, container: Container) -> Iterator[None]:
        while container.exit_code != 0:
            if container.alive:
                yield
                continue
            assert container.running is not None
            container.exit_code = container.running.popen.returncode
            while container.exit_code != 0 and not container.alive:
                container.look()
                yield

    def _watch(self) -> Iterator[None]:
        staying = [container for container in [*self._init, *self._main] if is_sidecar(container.spec) or container in self._main]
        while True:
            for container in staying:
                container.look()
            self._place.volumes.refresh()
            yield

    def end(self) -> None:
        """Begins its end: from now on each step leads there."""
        self._steps = self._die()

    def _die(self) -> Iterator[None]:
        grace = float(self._object["metadata"].get("deletionGracePeriodSeconds", self._object["spec"].get("terminationGracePeriodSeconds", 30)))
        deadline = time.monotonic() + grace
        sidecars = [container for container in self._init if is_sidecar(container.spec)]
        for group in (self._main, list(reversed(sidecars))):
            for container in group:
                container.before_end()
                container.end(signal.SIGTERM)
            while any(container.alive for container in group) and time.monotonic() < deadline:
                yield
            self._kill(group)
        self.remove()

    def _kill(self, group: list[Container]) -> None:
        for container in group:
            if container.alive:
                container.end(signal.SIGKILL)
                assert container.running is not None
                container.running.popen.wait()

    def remove(self) -> None:
        """Ends at once what is left of it, and takes its files away."""
        everyone = [*self._main, *self._init]
        self._kill(everyone)
        cgroups.remove(self._node.cgroups, [scope for container in everyone for scope in container.scopes])
        self._place.volumes.close()
        if self._own_netns:
            link = self._node.layout.netns(workload(self._object))
            if link.is_symlink() and os.readlink(link) == self._place.netns.name:
                link.unlink()
            network.unlink(self._node.fabric, self._place.netns, self.address)
        shutil.rmtree(self._place.directory, ignore_errors=True)

    def _report(self) -> None:
        status = self._status()
        if status == self._reported:
            return
        metadata = self._object["metadata"]
        client = self._node.client()
        try:
            client.merge(f"/api/v1/namespaces/{metadata['namespace']}/pods/{metadata['name']}/status", {"status": status})
            self._reported = status
        except (MeshError, OSError) as error:
            print(f"{self._place.name}: its status is not taken: {error}", flush=True)
        finally:
            client.close()

    def _status(self) -> dict[str, Any]:
        running = all(container.running is not None for container in self._main)
        ready = running and all(container.ready for container in [*self._main, *(c for c in self._init if is_sidecar(c.spec))])
        holds = {"Initialized": running, "ContainersReady": ready, "Ready": ready}
        status: dict[str, Any] = {
            "phase": "Running" if running else "Pending",
            "hostIP": self._node.address,
            "hostIPs": [{"ip": self._node.address}],
            "conditions": [self._condition(kind, holds.get(kind, True)) for kind in _CONDITIONS],
            "initContainerStatuses": [container.status() for container in self._init],
            "containerStatuses": [container.status() for container in self._main],
            "message": self._why,
        }
        if self._place.hosts.exists():
            status |= {"podIP": self.address, "podIPs": [{"ip": self.address}], "startTime": self._object["metadata"]["creationTimestamp"]}
        return status

    def _condition(self, kind: str, holds: bool) -> dict[str, Any]:
        if self._transitions.get(kind, (None, ""))[0] != holds:
            self._transitions[kind] = (holds, _now())
        return {"type": kind, "status": str(holds), "lastTransitionTime": self._transitions[kind][1]}


def _now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
