#!/usr/bin/env python3
# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""Prints an image's SBOM (CycloneDX): what Maven's plugin says of the jars, with Debian's packages and the Java added."""

import argparse
import hashlib
import json
import re
import sys
from email.parser import Parser
from pathlib import Path
from typing import Any

Component = dict[str, Any]


def debian_packages(status: Path) -> list[Component]:
    """The installed packages of a dpkg status file, which holds paragraphs of mail-like headers."""
    paragraphs = (Parser().parsestr(text) for text in status.read_text().strip().split("\n\n"))
    return [_debian_package(paragraph["Package"], paragraph["Version"], paragraph["Architecture"]) for paragraph in paragraphs]


def _debian_package(name: str, version: str, architecture: str) -> Component:
    purl = f"pkg:deb/debian/{name}@{version.replace(':', '%3A').replace('+', '%2B')}?arch={architecture}&distro=debian-12"
    return {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl}


def java(release: Path) -> Component:
    """The Java that jlink made, by the file that it leaves at its root."""
    fields = dict(re.findall(r'^(\w+)="(.*)"$', release.read_text(), re.MULTILINE))
    purl = f"pkg:generic/openjdk@{fields['JAVA_VERSION']}"
    return {
        "type": "platform",
        "bom-ref": purl,
        "name": "openjdk",
        "version": fields["JAVA_VERSION"],
        "description": f"jlink: {fields['MODULES']}",
        "licenses": [{"expression": "GPL-2.0-only WITH Classpath-exception-2.0"}],
        "purl": purl,
    }


def image_sbom(jars: dict[str, Any], jar: Path, name: str, version: str, others: list[Component]) -> dict[str, Any]:
    """The SBOM of the jars turned into one of the image: Maven's module becomes one of its components, with its own jar's hash."""
    sbom = dict(jars)
    module = {**jars["metadata"]["component"], "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(jar.read_bytes()).hexdigest()}]}
    image = {"type": "container", "bom-ref": f"pkg:oci/{name.rpartition('/')[2]}@{version}", "name": name, "version": version}
    components = sorted([module, *jars["components"], *others], key=lambda component: component["bom-ref"])
    sbom["metadata"] = {**jars["metadata"], "component": image}
    sbom["components"] = components
    sbom["dependencies"] = [{"ref": image["bom-ref"], "dependsOn": [module["bom-ref"], *(other["bom-ref"] for other in others)]}, *jars["dependencies"]]
    return sbom


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--image", required=True, help="name of the image")
    parser.add_argument("--version", required=True)
    parser.add_argument("--maven", required=True, type=Path, help="SBOM of the jars")
    parser.add_argument("--jar", required=True, type=Path, help="the jar that these are for")
    parser.add_argument("--dpkg", required=True, type=Path, help="dpkg's status file of the base")
    parser.add_argument("--java", required=True, type=Path, help="the Java's release file")
    given = parser.parse_args()
    others = [java(given.java), *debian_packages(given.dpkg)]
    json.dump(image_sbom(json.loads(given.maven.read_text()), given.jar, given.image, given.version, others), sys.stdout, indent=1)
    print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
