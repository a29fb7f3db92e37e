# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""The file from which the probe knows whose each pod is: here it stands for the Kubernetes API."""

import json
from pathlib import Path
from typing import Any

from localmesh.meshfile import replace
from localmesh.pods import Pod


def content(members: tuple[Pod, ...]) -> list[dict[str, Any]]:
    """One entry a pod; app and version are the canonical ones."""
    return [
        {
            "uid": pod.uid,
            "address": pod.address,
            "namespace": pod.namespace,
            "name": pod.name,
            "workload": pod.workload,
            "app": pod.labels()["service.istio.io/canonical-name"],
            "version": pod.labels()["service.istio.io/canonical-revision"],
        }
        for pod in members
    ]


def write(path: Path, members: tuple[Pod, ...]) -> None:
    """Writes the registry."""
    replace(path, json.dumps(content(members), indent=1))
