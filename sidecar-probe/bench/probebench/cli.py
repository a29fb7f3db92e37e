# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""The command: settings from the environment, progress on standard error, figures on standard output."""

import dataclasses
import os
import subprocess

from probebench import agent, plan, programs
from probebench.console import Console
from probebench.costs import Costs
from probebench.errors import BenchError
from probebench.namespaces import network_namespace
from probebench.plan import Plan
from probebench.report import Report


def main() -> int:
    """0 where every limit that is judged holds; 1 where one does not or nothing could be measured."""
    console = Console()
    try:
        chosen = chosen_plan(dict(os.environ))
        programs.require_built()
        programs.build()
        report = _measure(chosen, console)
    except (BenchError, OSError, subprocess.SubprocessError) as e:
        console.error(str(e))
        return 1
    except KeyboardInterrupt:
        return 130
    print("\n".join(report.lines()))
    print(report.result())
    return 1 if report.missed() else 0


def chosen_plan(environment: dict[str, str]) -> Plan:
    """BENCH=short for a smoke test; ROUNDS for another number of rounds."""
    kind = environment.get("BENCH", "")
    if kind not in ("", "short"):
        raise BenchError(f"BENCH={kind} is unknown; there is only BENCH=short")
    chosen = plan.SHORT if kind == "short" else plan.FULL
    rounds = environment.get("ROUNDS", "")
    if not rounds:
        return chosen
    if not rounds.isdigit() or int(rounds) < 1:
        raise BenchError(f"ROUNDS={rounds} must be a whole number from 1")
    return dataclasses.replace(chosen, rounds=int(rounds))


def _measure(chosen: Plan, console: Console) -> Report:
    with network_namespace("pod") as pod, network_namespace("outside") as outside, programs.controller() as hop_port:
        console.progress(f"{chosen.rounds} rounds at {chosen.rate} requests a second")
        rounds = Costs(chosen, pod, outside, hop_port, console.progress).rounds()
        seconds = chosen.agent_warm_seconds + chosen.agent_seconds
        console.progress(f"the agent at {chosen.rate} exchanges a second, {seconds:.0f} s")
        return Report(chosen, rounds, agent.measure(chosen, pod, hop_port))
