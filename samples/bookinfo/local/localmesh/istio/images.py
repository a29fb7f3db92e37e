# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""What stands for a container image: this machine's root with a few files laid over it."""

import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from localmesh import envoy
from localmesh.cluster.layout import ClusterLayout
from localmesh.errors import MeshError
from localmesh.layout import Layout

APPS = "/opt/bookinfo"
_JAVA = ["java", "-XX:+UseSerialGC", "-Xmx64m", "-XX:TieredStopAtLevel=1", "-jar", f"{APPS}/reviews.jar"]


@dataclass(frozen=True)
class Image:
    """Which files lie where, what is started where the container says no command, and as whom where it names no user."""

    entrypoint: list[str]
    files: dict[str, Path]
    user: int = 0
    environment: dict[str, str] = field(default_factory=dict)


def images(layout: Layout, cluster: ClusterLayout) -> dict[str, Image]:
    """By repository, without registry and tag."""
    apps = layout.apps
    return {
        "proxyv2": Image(
            ["/usr/local/bin/pilot-agent"],
            {
                "/usr/local/bin/pilot-agent": cluster.binary("pilot-agent"),
                "/usr/local/bin/envoy": Path(envoy.find_binary()),
                "/var/lib/istio/envoy/envoy_bootstrap_tmpl.json": cluster.bootstrap_template,
            },
            user=1337,
            # libevent reads the kernel's coarse clock otherwise, and a delay of 5 ms then takes 5 to 9 (CONFIG_HZ=250).
            environment={"EVENT_PRECISE_TIMER": "1"},
        ),
        "sidelight/controller": Image(
            ["java", "@/app/jvm.options", "-jar", "/app/mesh-controller.jar"],
            {"/app/mesh-controller.jar": layout.controller_jar, "/app/lib": layout.controller_jar.with_name("lib"), "/app/jvm.options": layout.controller_jvm_options},
            user=65532,
        ),
        "sidelight/probe": Image(
            ["java", "@/app/jvm.options", "-jar", "/app/sidecar-probe.jar"],
            {"/app/sidecar-probe.jar": layout.probe_jar, "/app/lib": layout.probe_jar.with_name("lib"), "/app/jvm.options": layout.probe_jvm_options},
        ),
        "sidelight/bookinfo-productpage": Image(["/usr/bin/python3", "-B", f"{APPS}/productpage/productpage.py"], {f"{APPS}/productpage": apps / "productpage"}, user=1000),
        "sidelight/bookinfo-details": Image(["ruby", f"{APPS}/details/details.rb"], {f"{APPS}/details": apps / "details"}, user=1000),
        "sidelight/bookinfo-reviews": Image(_JAVA, {f"{APPS}/reviews.jar": layout.reviews_jar}, user=1000),
        "sidelight/bookinfo-ratings": Image(["node", f"{APPS}/ratings/ratings.js"], {f"{APPS}/ratings": apps / "ratings"}, user=1000),
    }


def repository(reference: str, known: dict[str, Image]) -> str:
    """Which of them a reference means; MeshError where none."""
    name = reference.partition("@")[0]
    name = name[: name.rindex(":")] if ":" in name.rpartition("/")[2] else name
    for candidate in known:
        if name == candidate or name.endswith(f"/{candidate}"):
            return candidate
    raise MeshError(f"no image {reference} here; there are {', '.join(known)}")


def unpack(root: Path, known: dict[str, Image]) -> None:
    """Writes a directory an image below `root`, readable by everyone."""
    for name, image in known.items():
        for place, source in image.files.items():
            target = root / name / place.lstrip("/")
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, target)
        for path in [root / name, *(root / name).rglob("*")]:
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
