# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""The Prometheus operator's own CustomResourceDefinitions, from its Go module."""

import json
import os
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from localmesh.cluster import yaml_stream
from manifests import rendering

_MODULE = "github.com/prometheus-operator/prometheus-operator@v0.85.0"
_SUM = "h1:M5xLCLEoaW2IJfnuCwFzzpL+jSVQu3KGT84Pye+fW8s="
_GO = rendering.ADDON.parent / ".tools/control-plane/toolchain/go/bin/go"


def definitions() -> list[dict[str, Any]]:
    """Of the kinds that the addon has objects of."""
    folder = _module() / "example/prometheus-operator-crd"
    return [yaml_stream.documents((folder / f"monitoring.coreos.com_{kind}.yaml").read_text())[0] for kind in ("podmonitors", "servicemonitors", "prometheusrules")]


def _module() -> Path:
    with tempfile.TemporaryDirectory() as directory:
        environment = {**os.environ, "GOTOOLCHAIN": "local", "GOFLAGS": "-mod=mod", "GOWORK": "off"}
        asked = subprocess.run([str(_GO), "mod", "download", "-json", _MODULE], cwd=directory, env=environment, check=True, capture_output=True, text=True)
    found = json.loads(asked.stdout)
    if found["Sum"] != _SUM:
        raise AssertionError(f"{_MODULE} is not what it was: {found['Sum']}")
    return Path(found["Dir"])
