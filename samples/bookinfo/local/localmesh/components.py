# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""What runs in the mesh and with which settings: controller, probe, packet holder, apps and Envoys."""

import json
import os
import shutil
import sys
from pathlib import Path

from localmesh import cgroups, envoy, identity
from localmesh.errors import MeshError
from localmesh.layout import Layout
from localmesh.network import FABRIC, PROXY_UID, TUN
from localmesh.pods import APP_PORT, Pod, Variant
from localmesh.processes import Program

CONTROLLER = "controller"
PROBE = "probe"
HOLDER = "packet-holder"
APP_UID = 1000

_ORACLE_PROGRAMS = ("http1-app", "http1-caller", "http2-app", "http2-caller")
_STAR_COLORS = {"v1": "", "v2": "black", "v3": "red"}


class Components:
    """Makes each component's program; the run directory's files have to be there first."""

    def __init__(self, layout: Layout, members: tuple[Pod, ...], cgroup_root: Path) -> None:
        self._layout = layout
        self._cgroup_root = cgroup_root
        self._pods = {pod.workload: pod for pod in members}

    def names(self) -> list[str]:
        """All components, in the order in which they are shown."""
        apps = [pod.workload for pod in self._pods.values() if not pod.gateway]
        return [CONTROLLER, PROBE, HOLDER, *apps, *self.envoys()]

    def envoys(self) -> list[str]:
        """The components that are Envoys."""
        return [pod.envoy for pod in self._pods.values()]

    def pod_of(self, component: str) -> Pod | None:
        """The pod in which a component runs; none for those of the node."""
        return self._pods.get(component.removesuffix(".envoy"))

    def program(self, component: str) -> Program:
        """How to start a component."""
        pod = self.pod_of(component)
        if component == CONTROLLER:
            return self._node_program(CONTROLLER, self._layout.controller_jar, ["-XX:+UseG1GC", "-Xmx256m"])
        if component == PROBE:
            return self._node_program(PROBE, self._layout.probe_jar, [f"@{self._layout.probe_jvm_options}"])
        if component == HOLDER:
            return self._holder()
        assert pod is not None, component
        return self._envoy(pod) if component == pod.envoy else self._app(pod)

    def _node_program(self, name: str, jar: Path, flags: list[str]) -> Program:
        config = self._layout.run / "config" / f"{name}.properties"
        argv = [_find("java", "a JDK 17"), *flags, "-jar", str(jar), "--config", str(config)]
        environment = {key: value for key, value in os.environ.items() if key != "SIDELIGHT_RUN"}
        return Program(name, argv, self._layout.log(name), environment)

    def _holder(self) -> Program:
        return Program(
            HOLDER,
            [sys.executable, "-m", "localmesh.holder", TUN],
            self._layout.log(HOLDER),
            {"PATH": os.environ["PATH"], "PYTHONPATH": str(self._layout.python_path), "PYTHONDONTWRITEBYTECODE": "1"},
            netns=self._layout.netns(FABRIC),
            takes_input=True,
        )

    def _envoy(self, pod: Pod) -> Program:
        binary, config = self._layout.run / "bin" / "envoy", self._layout.run / "config" / f"{pod.envoy}.json"
        argv = [str(binary), "-c", str(config), "--concurrency", "1", "--disable-hot-restart", "-l", "warning"]
        return Program(
            pod.envoy,
            argv,
            self._layout.log(pod.envoy),
            # libevent reads the kernel's coarse clock otherwise, and a delay of 5 ms then takes 5 to 9 (CONFIG_HZ=250).
            {"PATH": os.environ["PATH"], "EVENT_PRECISE_TIMER": "1"},
            uid=PROXY_UID,
            netns=self._layout.netns(pod.workload),
            cgroup=self._cgroup_root / cgroups.scope(pod, pod.proxy_container_id),
        )

    def _app(self, pod: Pod) -> Program:
        apps = self._layout.run / "apps"
        if pod.app == "productpage":
            argv = [_user_python(), "-B", str(apps / "productpage" / "productpage.py")]
        elif pod.app == "details":
            argv = [_find("ruby", "the package ruby"), str(apps / "details" / "details.rb")]
        elif pod.app == "ratings":
            argv = [_find("node", "the package nodejs"), str(apps / "ratings" / "ratings.js")]
        elif pod.app in ("caller", "http1", "http2"):
            argv = [str(apps / "oracle" / ("http2-app" if pod.app == "http2" else "http1-app"))]
        else:
            flags = ["-XX:+UseSerialGC", "-Xmx64m", "-XX:TieredStopAtLevel=1"]
            argv = [_find("java", "a JDK 17"), *flags, "-jar", str(apps / "bookinfo-reviews.jar")]
        certificate = self._layout.pki / identity.app_stem(pod)
        environment = {
            "PATH": os.environ["PATH"],
            "WORKLOAD": pod.workload,
            "POD_NAME": pod.name,
            "PORT": str(APP_PORT),
            "FAULT_FILE": str(self._layout.fault(pod.workload)),
            "CALL_LOG": str(self._layout.calls(pod.workload)) if pod.calls or pod.logs_served else "/dev/null",
            "STAR_COLOR": _STAR_COLORS.get(pod.version, ""),
            "TLS_CERTIFICATE": str(certificate.with_suffix(".crt")) if pod.serves_tls else "",
            "TLS_KEY": str(certificate.with_suffix(".key")) if pod.serves_tls else "",
        }
        return Program(
            pod.workload,
            argv,
            self._layout.log(pod.workload),
            environment,
            uid=APP_UID,
            netns=self._layout.netns(pod.workload),
            cgroup=self._cgroup_root / cgroups.scope(pod, pod.app_container_id),
        )


def require_built(layout: Layout, variant: Variant) -> None:
    """MeshError where a program has not been built."""
    of_variant = [layout.oracle / name for name in _ORACLE_PROGRAMS] if variant == Variant.ORACLE else [layout.reviews_jar]
    for program in [layout.controller_jar, layout.probe_jar, *of_variant]:
        if not program.exists():
            raise MeshError(f"{program} is missing: build it with `mvn package -DskipTests` in the repository's root")


def write_settings(layout: Layout, members: tuple[Pod, ...]) -> None:
    """Writes the settings of controller and probe and the Envoys' bootstraps."""
    config = layout.run / "config"
    config.mkdir()
    ports = layout.ports
    controller = {
        "http.port": ports.http,
        "als.port": ports.als,
        "als.socketPath": layout.als_socket,
        "hop.port": ports.hop,
        "xds.meshFile": layout.mesh_file,
    }
    probe = {
        "probe.nodeName": "local",
        "controller.host": "127.0.0.1",
        "controller.hopPort": ports.hop,
        "metrics.port": ports.metrics,
        "pods.registry": f"file:{layout.registry_file}",
    }
    _write_properties(config / f"{CONTROLLER}.properties", controller)
    _write_properties(config / f"{PROBE}.properties", probe)
    for pod in members:
        bootstrap = envoy.bootstrap(pod, layout.als_socket)
        (config / f"{pod.envoy}.json").write_text(json.dumps(bootstrap, indent=1))


def _write_properties(path: Path, settings: dict[str, object]) -> None:
    path.write_text("".join(f"{key}={value}\n" for key, value in settings.items()))


def copy_apps(layout: Layout, variant: Variant) -> None:
    """Copies the apps out of the checkout, which another user may not be able to read."""
    target = layout.run / "apps"
    shutil.copytree(layout.apps, target, ignore=shutil.ignore_patterns("__pycache__", "reviews"))
    programs = []
    if variant == Variant.ORACLE:
        (target / "oracle").mkdir()
        programs = [Path(shutil.copy(layout.oracle / name, target / "oracle")) for name in _ORACLE_PROGRAMS]
    else:
        shutil.copy(layout.reviews_jar, target / "bookinfo-reviews.jar")
    for path in [target, *target.rglob("*")]:
        path.chmod(0o755 if path.is_dir() or path in programs else 0o644)


def _find(command: str, package: str) -> str:
    path = shutil.which(command)
    if path is None:
        raise MeshError(f"{command} is not installed: install {package}")
    return path


def _user_python() -> str:
    # The interpreter that runs this may lie in root's home.
    system = "/usr/bin/python3"
    return system if os.access(system, os.X_OK) else sys.executable
