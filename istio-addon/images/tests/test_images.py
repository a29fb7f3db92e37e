# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""What is in the images, what is not, and that they can be made again."""

import hashlib
import json
import stat
import subprocess
import tempfile
import unittest
import zipfile
from pathlib import Path
from typing import Any

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from tests import pod_spec
from tests.engine import IMAGES, TARGET, Engine, version

_NAMES = ("controller", "probe")
_MAX_BYTES = 200_000_000

# Half of all classes, made from .proto files and OpenAPI by generators that use what their own libraries use.
_GENERATED = ("io/envoyproxy/", "io/fabric8/kubernetes/api/model/")

# Modules that jars name and do without: each looks for them and goes on where they are missing.
_OPTIONAL = {
    # Jackson: constructors annotated for JavaBeans.
    "java.desktop",
    # error-prone's annotations name javac's types.
    "java.compiler",
}


class ImagesTest(unittest.TestCase):
    """The two images as they were built."""

    engine: Engine

    @classmethod
    def setUpClass(cls) -> None:
        cls.engine = cls.enterClassContext(Engine())

    def test_archives_areSmall(self) -> None:
        for name in _NAMES:
            with self.subTest(name):
                self.assertLess((TARGET / f"{name}.tar").stat().st_size, _MAX_BYTES)
                unpacked = sum(path.lstat().st_size for path in self.engine.rootfs(name).rglob("*") if not path.is_symlink())
                self.assertLess(unpacked, _MAX_BYTES)

    def test_names_areTheManifests(self) -> None:
        for name, spec in (("controller", pod_spec.pod("Deployment", "sidelight-controller")), ("probe", pod_spec.pod("DaemonSet", "sidelight-probe"))):
            with self.subTest(name):
                self.assertEqual(spec["containers"][0]["image"], f"sidelight/{name}:{version()}")
                self.assertNotIn("command", spec["containers"][0])

    def test_users_areTheManifests(self) -> None:
        context = pod_spec.pod("Deployment", "sidelight-controller")["securityContext"]
        self.assertEqual(self.engine.configuration("controller")["User"], f"{context['runAsUser']}:{context['runAsGroup']}")
        self.assertEqual(self.engine.configuration("probe")["User"], "0:0")

    def test_files_grantNothing(self) -> None:
        for name in _NAMES:
            for path in self.engine.rootfs(name).rglob("*"):
                mode = path.lstat().st_mode
                if path.is_symlink():
                    continue
                with self.subTest(name, path=path):
                    self.assertFalse(mode & (stat.S_ISUID | stat.S_ISGID) and path.is_file(), "runs as another than who calls it")
                    self.assertFalse(mode & stat.S_IWOTH and not mode & stat.S_ISVTX, "anybody may change it")

    def test_nothing_ofThisMachine(self) -> None:
        for name in _NAMES:
            root = self.engine.rootfs(name)
            for file in ("bin/sh", "usr/bin/sh", "etc/hostname", "etc/resolv.conf", "etc/apt", "var/lib/apt", "var/cache", "var/log"):
                with self.subTest(name, file=file):
                    self.assertFalse((root / file).exists())

    def test_java_hasTheModulesThatJarsUse(self) -> None:
        roots = [self.engine.rootfs(name) for name in _NAMES]
        used = _modules_used(roots)
        self.assertIn("java.net.http", used)
        for root in roots:
            there = set((root / "opt/java/release").read_text().partition('MODULES="')[2].partition('"')[0].split())
            self.assertLessEqual(used - there, _OPTIONAL)

    def test_sbom_namesAllThatIsThere(self) -> None:
        for name in _NAMES:
            with self.subTest(name):
                root = self.engine.rootfs(name)
                sbom = json.loads((root / "app/sbom.cdx.json").read_text())
                self.assertEqual(sbom, json.loads((TARGET / f"{name}.cdx.json").read_text()))
                hashes = {entry["content"] for component in sbom["components"] for entry in component.get("hashes", []) if entry["alg"] == "SHA-256"}
                jars = {jar.name: hashlib.sha256(jar.read_bytes()).hexdigest() for jar in (root / "app").rglob("*.jar")}
                self.assertEqual({jar for jar, digest in jars.items() if digest not in hashes}, set())
                packages = _fields(root / "var/lib/dpkg/status", "Package")
                self.assertEqual(set(packages), {component["name"] for component in _of_kind(sbom, "pkg:deb/")})
                self.assertGreater(len(packages), 5)
                self.assertEqual([component["name"] for component in _of_kind(sbom, "pkg:generic/")], ["openjdk"])

    def test_sbom_isCycloneDxs(self) -> None:
        validator = JsonStrictValidator(SchemaVersion.V1_6)
        for name in _NAMES:
            with self.subTest(name):
                self.assertIsNone(validator.validate_str((TARGET / f"{name}.cdx.json").read_text()))

    def test_build_givesTheSameAgain(self) -> None:
        with tempfile.TemporaryDirectory(prefix="sidelight-images-") as directory:
            subprocess.run([str(IMAGES / "build"), directory], check=True, capture_output=True)
            for name in _NAMES:
                with self.subTest(name):
                    self.assertEqual((Path(directory) / f"{name}.digest").read_text(), (TARGET / f"{name}.digest").read_text())
                    self.assertEqual((Path(directory) / f"{name}.cdx.json").read_bytes(), (TARGET / f"{name}.cdx.json").read_bytes())


def _modules_used(roots: list[Path]) -> set[str]:
    """By jdeps, which does not take jars that name modules which are not there: all classes in one jar that names none."""
    jars = {jar.name: jar for root in roots for jar in (root / "app").rglob("*.jar")}
    with tempfile.TemporaryDirectory() as directory:
        merged = Path(directory) / "classes.jar"
        with zipfile.ZipFile(merged, "w") as classes:
            names: set[str] = set()
            for jar in jars.values():
                with zipfile.ZipFile(jar) as content:
                    for name in set(content.namelist()) - names:
                        if name.endswith(".class") and not name.endswith("module-info.class") and not name.startswith(_GENERATED):
                            names.add(name)
                            classes.writestr(name, content.read(name))
        jdeps = subprocess.run(["jdeps", "-summary", "--multi-release", "17", "--ignore-missing-deps", str(merged)], check=True, capture_output=True, text=True)
    return {line.partition(" -> ")[2] for line in jdeps.stdout.splitlines()} - {"not found"}


def _of_kind(sbom: dict[str, Any], prefix: str) -> list[dict[str, Any]]:
    return [component for component in sbom["components"] if component.get("purl", "").startswith(prefix)]


def _fields(file: Path, field: str) -> list[str]:
    return [line.partition(": ")[2] for line in file.read_text().splitlines() if line.startswith(f"{field}: ")]


if __name__ == "__main__":
    unittest.main()
