# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""YAML, read by Ruby's Psych: bookinfo's details needs Ruby anyway, and Python brings no reader of YAML."""

import json
import subprocess
from pathlib import Path
from typing import Any

_READ = "require 'yaml'; require 'json'; print JSON.generate(YAML.safe_load($stdin.read, aliases: true))"
_READ_STREAM = "require 'yaml'; require 'json'; print JSON.generate(YAML.load_stream($stdin.read).compact)"


def load(path: Path) -> Any:
    """What the file says."""
    return loads(path.read_text())


def loads(text: str) -> Any:
    """What the text says."""
    read = subprocess.run(["ruby", "-e", _READ], input=text, capture_output=True, text=True)
    if read.returncode != 0:
        raise ValueError(f"not YAML: {read.stderr.strip()}")
    return json.loads(read.stdout)


def documents(text: str) -> list[Any]:
    """All documents of a stream but the empty ones."""
    read = subprocess.run(["ruby", "-e", _READ_STREAM], input=text, capture_output=True, text=True)
    if read.returncode != 0:
        raise ValueError(f"not YAML: {read.stderr.strip()}")
    return list(json.loads(read.stdout))
