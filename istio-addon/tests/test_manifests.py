# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""The rendered manifests against their templates, against one another, and against the reference pages of controller and probe."""

import re
import tempfile
import unittest
from pathlib import Path
from typing import Any

from checks import reference, yaml_files
from manifests import rendering

_LABELS = {"app", "app.kubernetes.io/name", "app.kubernetes.io/part-of"}
_SETTING_OF_CONTROLLER = re.compile(r"^\| `[\w.]+` \| `(SIDELIGHT_\w+)` \|", re.MULTILINE)
_SETTING_OF_PROBE = re.compile(r"^\| `([a-z]+\.\w+)` \|", re.MULTILINE)


def _by_name(objects: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {f"{each['kind']}/{each['metadata']['name']}": each for each in objects}


class ManifestsTest(unittest.TestCase):
    """sidelight.yaml and what lies beside it."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.text = (rendering.ADDON / "sidelight.yaml").read_text()
        cls.objects = _by_name(yaml_files.documents(cls.text))
        cls.controller = cls.objects["Deployment/sidelight-controller"]["spec"]["template"]
        cls.probe = cls.objects["DaemonSet/sidelight-probe"]["spec"]["template"]

    def environment(self, template: dict[str, Any]) -> dict[str, str]:
        (container,) = template["spec"]["containers"]
        return {variable["name"]: variable.get("value", "") for variable in container["env"]}

    def test_rendered_files_are_as_templates_and_values_make_them(self) -> None:
        self.assertEqual([], rendering.stale(), "run `make manifests`")

    def test_no_rendered_file_is_left_over(self) -> None:
        made = set(rendering.files(rendering.values()))
        for folder in ("base", "overlays", "istioctl", "prometheus/operator"):
            there = {str(path.relative_to(rendering.ADDON)) for path in (rendering.ADDON / folder).rglob("*.yaml")}
            self.assertLessEqual(there, made)

    def test_every_value_is_used(self) -> None:
        templates = "".join(path.read_text() for path in rendering.TEMPLATES.rglob("*.yaml"))
        self.assertEqual([], [name for name in rendering.values() if f"${name}" not in templates])

    def test_wrong_values_are_refused(self) -> None:
        for overrides in ({"namespaces": "x"}, {"accessLogs": "on"}):
            with self.subTest(overrides), self.assertRaises(rendering.ValueRefused):
                rendering.values(overrides)

    def test_values_reach_the_manifest(self) -> None:
        overrides = {"namespace": "observability", "namespaceSelector": "sidelight=on", "accessLogs": "telemetry", "istioConfigMap": "istio-canary"}
        with tempfile.TemporaryDirectory() as directory:
            rendering.write(rendering.values(overrides), Path(directory))
            objects = _by_name(yaml_files.documents((Path(directory) / "sidelight.yaml").read_text()))
            self.assertTrue((Path(directory) / "grafana/dashboards/sidelight-mesh.json").is_file())
        namespaces = {name: each["metadata"].get("namespace") for name, each in objects.items()}
        self.assertEqual({"Role/sidelight-controller-meshconfig", "RoleBinding/sidelight-controller-meshconfig"}, {name for name, each in namespaces.items() if each == "istio-system"})
        environment = self.environment(objects["Deployment/sidelight-controller"]["spec"]["template"])
        self.assertEqual("sidelight=on", environment["SIDELIGHT_KUBERNETES_NAMESPACE_SELECTOR"])
        self.assertEqual("telemetry", environment["SIDELIGHT_ISTIO_ACCESS_LOGS"])
        self.assertEqual("observability/sidelight-probe", environment["SIDELIGHT_HOP_SERVICE_ACCOUNT"])
        self.assertEqual(["istio-canary"], objects["Role/sidelight-controller-meshconfig"]["rules"][0]["resourceNames"])

    def test_every_variable_is_a_setting(self) -> None:
        known = set(_SETTING_OF_CONTROLLER.findall((reference.TOP / "mesh-controller/SETTINGS.md").read_text()))
        self.assertLessEqual(self.environment(self.controller).keys(), known)
        keys = _SETTING_OF_PROBE.findall((reference.TOP / "sidecar-probe/README.md").read_text())
        self.assertLessEqual(self.environment(self.probe).keys(), {_variable(key) for key in keys})

    def test_every_object_is_labelled(self) -> None:
        for name, each in self.objects.items():
            with self.subTest(name):
                self.assertLessEqual(_LABELS, set(each["metadata"]["labels"]))
                self.assertEqual("sidelight", each["metadata"]["labels"]["app.kubernetes.io/part-of"])

    def test_every_right_and_capability_has_its_reason(self) -> None:
        lines = self.text.splitlines()
        for before, line in zip(lines, lines[1:], strict=False):
            if line.startswith("- apiGroups:"):
                self.assertTrue(before.startswith("# "), f"no reason above: {line}")
        added = self.text.split("            add:\n", 1)[1].splitlines()[:6]
        self.assertEqual([True, False] * 3, [line.strip().startswith("#") for line in added])

    def test_services_and_probes_name_ports_that_there_are(self) -> None:
        (controller,) = self.controller["spec"]["containers"]
        (probe,) = self.probe["spec"]["containers"]
        ports = {port["name"]: port["containerPort"] for port in controller["ports"]}
        self.assertEqual(ports, {port["targetPort"]: port["port"] for port in self.objects["Service/sidelight-controller"]["spec"]["ports"]})
        for container in (controller, probe):
            names = {port["name"] for port in container["ports"]}
            self.assertEqual(set(), {check["httpGet"]["port"] for key, check in container.items() if key.endswith("Probe")} - names)

    def test_network_policies_open_the_ports_that_there_are(self) -> None:
        for name, template in (("sidelight-controller", self.controller), ("sidelight-probe", self.probe)):
            policy = self.objects[f"NetworkPolicy/{name}"]["spec"]
            opened = {port["port"] for rule in policy["ingress"] for port in rule["ports"]}
            self.assertEqual({port["containerPort"] for port in template["spec"]["containers"][0]["ports"]}, opened)
            self.assertLessEqual(policy["podSelector"]["matchLabels"].items(), template["metadata"]["labels"].items())

    def test_drain_ends_within_the_grace_period(self) -> None:
        # Beside it: access logs and probes' calls are closed (2 s each), the correlator (10 s).
        drain = int(self.environment(self.controller)["SIDELIGHT_STOP_DRAIN_SECONDS"])
        self.assertGreaterEqual(self.controller["spec"]["terminationGracePeriodSeconds"], drain + 15)

    def test_probe_and_controller_speak_of_the_same_name_audience_and_account(self) -> None:
        controller, probe = self.environment(self.controller), self.environment(self.probe)
        self.assertEqual("sidelight-controller.istio-system.svc", probe["SIDELIGHT_CONTROLLER_HOST"])
        self.assertEqual(probe["SIDELIGHT_CONTROLLER_HOST"], probe["SIDELIGHT_CONTROLLER_TLS_SERVER_NAME"])
        tokens = [source["serviceAccountToken"] for volume in self.probe["spec"]["volumes"] for source in volume.get("projected", {}).get("sources", [])]
        self.assertEqual([controller["SIDELIGHT_HOP_TOKEN_AUDIENCE"]], [token["audience"] for token in tokens])
        account = self.objects["ServiceAccount/sidelight-probe"]["metadata"]
        self.assertEqual(f"{account['namespace']}/{self.probe['spec']['serviceAccountName']}", controller["SIDELIGHT_HOP_SERVICE_ACCOUNT"])
        mounts = {mount["mountPath"] for mount in self.probe["spec"]["containers"][0]["volumeMounts"]}
        for variable in ("SIDELIGHT_CONTROLLER_TLS_CA_FILE", "SIDELIGHT_CONTROLLER_TOKEN_FILE"):
            self.assertIn(str(Path(probe[variable]).parent), mounts)

    def test_seccomp_profile_is_where_the_kubelet_looks_for_it(self) -> None:
        volumes = {volume["name"]: volume for volume in self.probe["spec"]["volumes"]}
        (install,) = self.probe["spec"]["initContainers"]
        (container,) = self.probe["spec"]["containers"]
        mounts = {mount["mountPath"]: volumes[mount["name"]] for mount in install["volumeMounts"]}
        target = Path(install["args"][1])
        on_node = Path(mounts[str(target.parent)]["hostPath"]["path"]) / target.name
        self.assertEqual(Path("/var/lib/kubelet/seccomp") / container["securityContext"]["seccompProfile"]["localhostProfile"], on_node)
        # The node's file system is open to the one that installs it, and to nobody else.
        self.assertEqual([], [mount for mount in container["volumeMounts"] if "hostPath" in volumes[mount["name"]]])
        self.assertIn(Path(install["args"][0]).name, self.objects["ConfigMap/sidelight-probe-seccomp"]["data"])


def _variable(key: str) -> str:
    """Of a probe's setting: controller.hopPort is SIDELIGHT_CONTROLLER_HOP_PORT."""
    return "SIDELIGHT_" + re.sub(r"([A-Z])", r"_\1", key).replace(".", "_").upper()


if __name__ == "__main__":
    unittest.main()
