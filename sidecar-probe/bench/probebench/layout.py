# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""Where things lie."""

from pathlib import Path

BENCH = Path(__file__).resolve().parents[1]
PROGRAMS = BENCH / "target"
PROBE = BENCH.parent
PROBE_JAR = PROBE / "target" / "sidecar-probe.jar"
JVM_OPTIONS = PROBE / "jvm.options"
CONTROLLER_JAR = PROBE.parent / "mesh-controller" / "target" / "mesh-controller.jar"
BPFTRACE_SCRIPT = BENCH / "programs" / "least.bt"
