# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""Writes the dashboards, or with --check says whether they are as the code makes them."""

import json
import sys
from pathlib import Path

from grafana import edge, itself, mesh, workload

FOLDER = Path(__file__).parent / "dashboards"


def made() -> dict[Path, str]:
    """The files and their text."""
    dashboards = [module.dashboard() for module in (mesh, edge, workload, itself)]
    return {FOLDER / f"{dashboard.uid}.json": json.dumps(dashboard.json(), indent=1, ensure_ascii=True) + "\n" for dashboard in dashboards}


def stale() -> list[str]:
    """Files that are missing, too many, or not as made."""
    wanted = made()
    there = {path: path.read_text() for path in FOLDER.glob("*.json")}
    return sorted(path.name for path in wanted.keys() | there.keys() if wanted.get(path) != there.get(path))


def main() -> int:
    """Answers the exit code."""
    if "--check" in sys.argv[1:]:
        for name in stale():
            print(f"{name} is not as the code makes it: run `make dashboards`", file=sys.stderr)
        return 1 if stale() else 0
    FOLDER.mkdir(exist_ok=True)
    for path in FOLDER.glob("*.json"):
        path.unlink()
    for path, text in made().items():
        path.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
