# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""`make test-rules`: promtool on rules, their tests and the scrape configuration, then the tests of this folder; prints the result."""

import subprocess
import sys
import unittest
from pathlib import Path

from checks import rules
from grafana import edge, itself, mesh, workload

_ADDON = Path(__file__).resolve().parents[1]


def main() -> int:
    """Runs all of it, also after a failure; answers the exit code."""
    tests = sorted((rules.PROMETHEUS / "tests").glob("*.yaml"))
    ok = [
        _promtool("check", "config", str(rules.PROMETHEUS / "prometheus.yaml")),
        _promtool("test", "rules", *map(str, tests)),
        unittest.TextTestRunner().run(unittest.defaultTestLoader.discover(str(_ADDON / "tests"), top_level_dir=str(_ADDON))).wasSuccessful(),
    ]
    groups = sum(len(content["tests"]) for content in rules.files("tests").values())
    print(
        f"RESULT test-rules={'ok' if all(ok) else 'failed'} alerts={len(rules.alerts())} records={len(rules.records())} "
        f"promtool_tests={groups} panels={_panels()}"
    )
    return 0 if all(ok) else 1


def _panels() -> int:
    dashboards = [module.dashboard() for module in (mesh, edge, workload, itself)]
    return sum(len(row) for dashboard in dashboards for row in dashboard.rows.values())


def _promtool(*arguments: str) -> bool:
    """Whether promtool takes it, with the rules that it names; what it says against it goes to standard error."""
    judged = subprocess.run(["promtool", *arguments], capture_output=True, text=True)
    if judged.returncode != 0:
        print(judged.stdout, judged.stderr, sep="\n", file=sys.stderr)
    return judged.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
