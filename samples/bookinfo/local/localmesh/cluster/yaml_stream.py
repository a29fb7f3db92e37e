# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""YAML, read by Ruby's Psych: bookinfo's details needs Ruby anyway, and Python brings no reader of YAML."""

import json
import subprocess
from typing import Any

from localmesh.errors import MeshError

_READ = "require 'yaml'; require 'json'; print JSON.generate(YAML.load_stream($stdin.read).compact)"


def documents(text: str) -> list[dict[str, Any]]:
    """All documents of a stream but the empty ones."""
    read = subprocess.run(["ruby", "-e", _READ], input=text, capture_output=True, text=True)
    if read.returncode != 0:
        raise MeshError(f"not YAML: {read.stderr.strip()}")
    return list(json.loads(read.stdout))
