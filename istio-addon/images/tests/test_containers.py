# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""Both images run by an engine as the addon's manifest has them: same user, capabilities, read-only root, seccomp, memory, files, settings."""

import os
import re
import subprocess
import unittest
from pathlib import Path

from tests import pod_spec
from tests.engine import ULIMITS, Engine, EngineError

_CONTROLLER = pod_spec.pod("Deployment", "sidelight-controller")
_PROBE = pod_spec.pod("DaemonSet", "sidelight-probe")

# There is no API server here (istio-addon/tests_cluster has one): who the pods are is not asked, the certificate comes from a file.
_NO_CLUSTER = {
    "SIDELIGHT_KUBERNETES_ENABLED": "off",
    "SIDELIGHT_ISTIO_ACCESS_LOGS": "off",
    "SIDELIGHT_HOP_AUTHENTICATION": "none",
    "SIDELIGHT_HOP_TLS": "files",
    "SIDELIGHT_HOP_TLS_CERTIFICATE_FILE": "/etc/sidelight/api/tls.crt",
    "SIDELIGHT_HOP_TLS_KEY_FILE": "/etc/sidelight/api/tls.key",
}
# Both containers are in one network namespace, which has nothing but loopback.
_NO_NAMES = {"SIDELIGHT_PODS_REGISTRY": "none", "SIDELIGHT_CONTROLLER_HOST": "127.0.0.1"}


class ContainersTest(unittest.TestCase):
    """One controller and one probe that sends to it."""

    engine: Engine

    @classmethod
    def setUpClass(cls) -> None:
        cls.engine = cls.enterClassContext(Engine())
        certificate, key = _certificate(cls.engine.path, "sidelight-controller.istio-system.svc")
        # The one volume of the controller that takes files carries the certificate too.
        secret = cls.engine.directory("secret", {"token": "a-token", "tls.crt": certificate, "tls.key": key})
        files = {"tmp": cls.engine.directory("controller-tmp"), "api-token": secret}
        cls.engine.run("controller", "none", pod_spec.podman_arguments(_CONTROLLER, "controller", files, _NO_CLUSTER))
        cls.engine.wait_for("controller", "http://127.0.0.1:8090/readyz", "ready")
        profiles = cls.engine.directory("kubelet-seccomp")
        (profiles / "sidelight").mkdir()
        files = {
            "tmp": cls.engine.directory("probe-tmp"),
            "ca": cls.engine.directory("ca", {"ca.crt": certificate}),
            "token": cls.engine.directory("token", {"token": "of-nobody"}),
            "seccomp-profile": cls.engine.directory("seccomp-profile", pod_spec.config_map("sidelight-probe-seccomp")),
            "node-seccomp": profiles / "sidelight",
        }
        # It lays the profile into the node's directory, where the next container's is looked for.
        cls.engine.podman("run", "--rm", "--network", "none", *ULIMITS, *pod_spec.podman_arguments(_PROBE, "seccomp-profile", files))
        cls.engine.run("probe", "container:controller", pod_spec.podman_arguments(_PROBE, "probe", files, _NO_NAMES, profiles))
        cls.engine.wait_for("probe", "http://127.0.0.1:8094/metrics", "\nsidelight_probe_controller_connected 1.0")

    def test_controller_has_no_privileges(self) -> None:
        status = _status_file(self.engine.pid("controller"))
        self.assertEqual(status["Uid"].split(), ["65532"] * 4)
        self.assertEqual([int(status[f"Cap{which}"], 16) for which in ("Inh", "Prm", "Eff", "Bnd", "Amb")], [0] * 5)
        self.assertEqual((status["NoNewPrivs"], status["Seccomp"]), ("1", "2"))

    def test_probe_hasTheManifestsCapabilitiesAlone(self) -> None:
        status = _status_file(self.engine.pid("probe"))
        wanted = pod_spec.capabilities(_PROBE)
        self.assertEqual([int(status[f"Cap{which}"], 16) for which in ("Prm", "Eff", "Bnd")], [wanted] * 3)
        self.assertEqual(status["NoNewPrivs"], "1")
        seccomp = _PROBE["containers"][0]["securityContext"].get("seccompProfile", {"type": "Unconfined"})
        self.assertEqual(status["Seccomp"], "0" if seccomp["type"] == "Unconfined" else "2")

    def test_roots_areReadOnly(self) -> None:
        for name in ("controller", "probe"):
            mounts = Path(f"/proc/{self.engine.pid(name)}/mountinfo").read_text().splitlines()
            (root,) = (line for line in mounts if line.split()[4] == "/")
            self.assertIn("ro", root.split()[5].split(","))

    def test_probe_attachesWhatTheKernelHas(self) -> None:
        metrics = self.engine.get("probe", "http://127.0.0.1:8094/metrics")
        attached = set(re.findall(r'sidelight_probe_hook\{hook="(\w+)",way="[^"]+",state="attached",?\}', metrics))
        # Those that no kernel since 6.1 lacks.
        self.assertLessEqual({"send", "arrival", "read", "state", "destroy", "idle", "drop", "reports", "listeners"}, attached)
        self.engine.get("probe", "http://127.0.0.1:8094/healthz")

    def test_probe_seesTheNodesProcesses(self) -> None:
        self.assertEqual(_namespace(self.engine.pid("probe"), "pid"), _namespace(os.getpid(), "pid"))
        self.assertNotEqual(_namespace(self.engine.pid("controller"), "pid"), _namespace(os.getpid(), "pid"))

    def test_commandLine_inTheContainer(self) -> None:
        status = self.engine.execute("controller", "java", "@/app/sidelight", "status")
        self.assertIn("Sidelight mesh controller", status)
        self.assertRegex(status, r"probes +node-1")

    def test_nothing_isMissingInTheirJava(self) -> None:
        for name in ("controller", "probe"):
            log = self.engine.logs(name)
            self.assertNotRegex(log, "NoClassDefFound|ClassNotFound|UnsatisfiedLink|UnsupportedOperation")
            self.assertIn("ready", log)

    def test_api_asksForTheSecretsToken(self) -> None:
        profile = ["--json", '{"pod": "node-1/1", "durationSeconds": 1}', "--header"]
        url = "http://127.0.0.1:8090/api/v1/profiles"
        with self.assertRaisesRegex(EngineError, "401"):
            self.engine.get("controller", url, *profile, "Authorization: Bearer another")
        with self.assertRaisesRegex(EngineError, "404"):
            self.engine.get("controller", url, *profile, "Authorization: Bearer a-token")


class StopTest(unittest.TestCase):
    """What the kubelet does at the end."""

    def test_controller_endsByItself(self) -> None:
        with Engine() as engine:
            files = {"tmp": engine.directory("tmp"), "api-token": engine.directory("secret", {"token": "a-token"})}
            alone = {"SIDELIGHT_KUBERNETES_ENABLED": "off", "SIDELIGHT_ISTIO_ACCESS_LOGS": "off", "SIDELIGHT_HOP_TLS": "off", "SIDELIGHT_HOP_AUTHENTICATION": "none"}
            engine.run("controller", "none", pod_spec.podman_arguments(_CONTROLLER, "controller", files, alone))
            engine.wait_for("controller", "http://127.0.0.1:8090/readyz", "ready")
            # What the JVM answers after its hooks have run at a SIGTERM.
            self.assertEqual(engine.stop("controller", _CONTROLLER["terminationGracePeriodSeconds"]), 143)


def _status_file(pid: int) -> dict[str, str]:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def _namespace(pid: int, kind: str) -> str:
    return str(Path(f"/proc/{pid}/ns/{kind}").readlink())


def _certificate(directory: Path, name: str) -> tuple[str, str]:
    """A certificate that is its own authority, and its key."""
    certificate, key = directory / "tls.crt", directory / "tls.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
        + ["-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}", "-keyout", str(key), "-out", str(certificate)],
        check=True,
        capture_output=True,
    )
    return certificate.read_text(), key.read_text()


if __name__ == "__main__":
    unittest.main()
