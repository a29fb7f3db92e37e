# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""Expressions judged by promtool, as recording rules of a file of their own."""

import json
import subprocess
import tempfile
from pathlib import Path


def complaint(expressions: list[str]) -> str:
    """What promtool says against them; empty where it takes all."""
    rules = [{"record": f"sidelight:expression:{number}", "expr": expression} for number, expression in enumerate(expressions)]
    with tempfile.TemporaryDirectory() as directory:
        # JSON is YAML.
        path = Path(directory) / "rules.yaml"
        path.write_text(json.dumps({"groups": [{"name": "expressions", "rules": rules}]}))
        judged = subprocess.run(["promtool", "check", "rules", str(path)], capture_output=True, text=True)
    return "" if judged.returncode == 0 else judged.stderr + judged.stdout
