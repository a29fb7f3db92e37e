# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""The controller as a process of this machine, with the environment of the manifest's Deployment and the rights of its ServiceAccount."""

import os
import re
import subprocess
import tempfile
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any

from localmesh.cluster.cluster import Cluster, wait_until
from manifests import rendering
from tests_cluster import addon
from tests_cluster.addon import NAMESPACE, SECONDS

_JAR = rendering.ADDON.parent / "mesh-controller/target/mesh-controller.jar"
# It stands beside others on this machine, and holds little.
_JVM = ("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
_READY = re.compile(r"^sidelight-controller ready .*\bhttp=\S*:(\d+)", re.MULTILINE)


class Controller:
    """Runs for as long as the block lasts."""

    def __init__(self, cluster: Cluster, deployment: dict[str, Any], **changes: str) -> None:
        if not _JAR.is_file():
            raise AssertionError(f"{_JAR} is missing: `make build`")
        self._directory = tempfile.TemporaryDirectory()
        directory = Path(self._directory.name)
        (container,) = deployment["spec"]["template"]["spec"]["containers"]
        manifest = {variable["name"]: variable["value"] for variable in container["env"]}
        here = {name: "127.0.0.1" for name in manifest if name.endswith("_HOST") and manifest[name] == "0.0.0.0"}
        ports = {f"SIDELIGHT_{server}_PORT": "0" for server in ("HTTP", "ALS", "HOP", "OVERLAY")}
        kubeconfig = cluster.service_account_kubeconfig(NAMESPACE, "sidelight-controller")
        # Nobody scrapes it here.
        ports["SIDELIGHT_STOP_DRAIN_SECONDS"] = "0"
        settings = {**manifest, **here, **ports, "SIDELIGHT_API_TOKEN_FILE": str(directory / "token"), "KUBECONFIG": str(kubeconfig), **changes}
        self._log = directory / "log"
        self._environment = {**{name: value for name, value in os.environ.items() if not name.startswith("SIDELIGHT_")}, **settings}
        self._process: subprocess.Popen[bytes] | None = None
        self._port = 0

    def __enter__(self) -> "Controller":
        with open(self._log, "wb") as log:
            self._process = subprocess.Popen(["java", *_JVM, "-jar", str(_JAR)], env=self._environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            self._port = int(wait_until(self._ready_line, SECONDS, "the controller to listen")[1])
            wait_until(self.is_ready, SECONDS, "the controller to be ready")
        except Exception as error:
            error.add_note(self.log())
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if error is not None:
            error.add_note(self.log())
        assert self._process is not None
        self._process.terminate()
        try:
            self._process.wait(SECONDS)
        finally:
            self._process.kill()
            self._process.wait()
            self._directory.cleanup()

    def _ready_line(self) -> re.Match[str] | None:
        assert self._process is not None
        if self._process.poll() is not None:
            raise AssertionError(f"the controller ended with {self._process.returncode}")
        return _READY.search(self.log())

    def is_ready(self) -> bool:
        """Whether /readyz says so."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self._port}/readyz", timeout=5) as answer:
                return bool(answer.status == 200)
        except urllib.error.URLError:
            return False

    def log(self) -> str:
        """What it has said."""
        return self._log.read_text(errors="replace")


def deployment() -> dict[str, Any]:
    """That of the manifest."""
    return addon.the(addon.documents(addon.MANIFEST.read_text()), "Deployment", "sidelight-controller")
