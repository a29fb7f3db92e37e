# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""The command `mesh`."""

import argparse
import json
import subprocess
import sys
from typing import Any

from localmesh import control
from localmesh.cluster.cli import add_cluster_commands
from localmesh.console import Console
from localmesh.errors import MeshError
from localmesh.layout import Layout, layout_from_environment
from localmesh.pods import Variant

_DESCRIPTION = """Bookinfo on this machine: pods as network namespaces with real Envoy sidecars, Sidelight's controller and probe.
Everything lies in $SIDELIGHT_RUN (/run/sidelight-local) and ends with the supervisor."""
_FAULT_HELP = """kinds:
  app-sleep               the app waits before it answers                        -> application
  app-queue               the request lies in the app's socket                   -> application_queue
  slow-body               half the response, the wait, the rest                  -> response_transfer
  slow-upload             the workload sends its requests in two halves          -> request_transfer
  late-read               the workload leaves responses unread                   -> source_application_read
  sidecar-delay-inbound   its Envoy delays what comes in                         -> destination_sidecar
  sidecar-delay-outbound  its Envoy delays what goes out                         -> source_sidecar
  sidecar-starve          its Envoy is stopped, then runs four times as long     -> that sidecar's queue and sidecar
  network                 packets towards it are held                            -> network
  slow-link               1 MB towards it takes that long, whatever the amount   -> network
  pool-limit              its Envoy has MILLISECONDS (a number) connections to
                          each service: requests wait for one                    -> source_sidecar_connect
`mesh fault clear` ends all faults, `mesh fault clear WORKLOAD` one workload's; a workload has one at a time."""
_TRUTH_HELP = """Without options the whole plan, under 15 minutes; `--short` a few of it. With `--fault` one cell of your choice.
The result is on standard output, progress on standard error; exit code 1 where the aim was missed. See localmesh/truth/README.md."""


# The apps make a body of any size; more than this, a call would be nothing but its body.
_MAX_BODY_BYTES = 64 * 1024 * 1024


def main() -> int:
    """Runs one command; answers the exit code."""
    console = Console()
    arguments = _parser().parse_args()
    try:
        return int(arguments.run(layout_from_environment(), arguments, console) or 0)
    except MeshError as error:
        console.error(str(error))
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return 141


def _parser() -> argparse.ArgumentParser:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog="mesh", description=_DESCRIPTION, formatter_class=raw)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Any, text: str, epilog: str | None = None) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=text, description=text, epilog=epilog, formatter_class=raw)
        added.set_defaults(run=run)
        return added

    _add_variant(command("up", _up, "start the mesh; on a running one start again what has ended"))
    command("down", _down, "end the mesh and remove all of it, also what a killed one left")
    command("status", _status, "show what runs (exit code 3 where the mesh is down)").add_argument("--json", action="store_true")
    _add_traffic_commands(command)
    fault = command("fault", _fault, "inject a known delay in a known place, or end all: fault clear", _FAULT_HELP)
    fault.add_argument("kind", metavar="KIND|clear")
    fault.add_argument("workload", nargs="?", metavar="WORKLOAD")
    fault.add_argument("milliseconds", nargs="?", type=float, metavar="MILLISECONDS")
    fault.add_argument("--json", action="store_true", help="print what was done and when, by the monotonic clock")
    drop = command("drop", _drop, "drop the next packet with data on a link towards a workload and print which it was")
    drop.add_argument("workload", metavar="WORKLOAD")
    component_help = "as `mesh status` names it: controller, probe, reviews-v1, reviews-v1.envoy, ..."
    ends = {"kill": "end a component by SIGKILL", "stop": "end a component cleanly", "start": "start a component and wait until it serves"}
    for name, text in ends.items():
        added = command(name, _component, text)
        added.set_defaults(command=name)
        added.add_argument("component", metavar="COMPONENT", help=component_help)
    logs = command("logs", _logs, "print a component's output")
    logs.add_argument("component", metavar="COMPONENT")
    logs.add_argument("-f", "--follow", action="store_true", help="go on as it grows")
    table = command("edges", _edges, "print each edge: requests, times, and whose time it was")
    table.add_argument("--window", default="60s", help="how far to look back, 5s to 15m (default: %(default)s)")
    demo = command("demo", _demo, "mesh, traffic and the table of edges, until Ctrl-C")
    demo.add_argument("--once", action="store_true", help="print the table once and clean up; exit code 1 where an edge of bookinfo is missing")
    demo.add_argument("--rps", type=_positive, default=20.0, help="requests a second (default: %(default)s)")
    _add_variant(demo)
    add_cluster_commands(commands)
    _add_truth(command("truth", _truth, "hold each fault against the component that it has to move, and print the matrix", _TRUTH_HELP))
    return parser


def _add_truth(truth: argparse.ArgumentParser) -> None:
    truth.add_argument("--short", action="store_true", help="a part that takes a minute")
    truth.add_argument("--fault", metavar="KIND", help="one cell: of this fault (`mesh fault --help`)")
    truth.add_argument("--ms", type=_positive, help="how long (default: 20)")
    truth.add_argument("--workload", help="who has the fault (default: details-v1, or reviews-v2 for a caller's fault)")
    truth.add_argument("--rps", type=_positive, help="requests a second on the edge (default: 50)")
    truth.add_argument("--istio", action="store_true", help="in a mesh of Istio's own (faults of apps, and sidecar-delay-outbound)")
    truth.add_argument("--bytes", type=_body_bytes, metavar="N", help="size of the response's body (default: what the app answers)")


def _add_variant(command: argparse.ArgumentParser) -> None:
    added = command.add_mutually_exclusive_group()
    added.set_defaults(variant=Variant.BOOKINFO)

    def variant(option: str, value: Variant, text: str) -> None:
        added.add_argument(option, dest="variant", action="store_const", const=value, help=text)

    variant("--details-tls", Variant.DETAILS_TLS, "the details app itself serves TLS, and its Envoy originates TLS to it")
    variant("--istio", Variant.ISTIO, "in a mesh of Istio's own: Deployments, injection, agents, strict mutual TLS, Sidelight by istio-addon's manifest")
    variant("--oracle", Variant.ORACLE, "instead of bookinfo a caller and apps that follow a plan and time their own system calls")


def _add_traffic_commands(command: Any) -> None:
    traffic = command("traffic", _traffic, "send evenly spaced requests through the gateway (exit code 1 on errors)")
    traffic.add_argument("rps", type=_positive, metavar="RPS")
    traffic.add_argument("seconds", type=_positive, metavar="SECONDS")
    traffic.add_argument("--path", default="/productpage")
    traffic.add_argument("--output", metavar="FILE", help="write one JSON line a request")
    traffic.add_argument("--request-ids", action="store_true", help="give each request an id of its own; else the gateway does")
    traffic.add_argument("--allow-errors", action="store_true", help="exit code 0 also where requests failed")
    traffic.add_argument("--json", action="store_true", help="print the summary as JSON")
    oracle = command("oracle", _oracle, "have the oracle's caller make its planned calls (in a mesh of `up --oracle`)")
    oracle.add_argument("protocol", choices=("http1", "http2"))
    oracle.add_argument("--calls", type=int, default=1000, help="how many (default: %(default)s)")
    oracle.add_argument("--first", type=int, default=0, help="the first one's number: no number twice in a mesh (default: %(default)s)")
    oracle.add_argument("--at-once", type=int, default=64, help="connections, or streams of the one connection (default: %(default)s)")
    oracle.add_argument("--work", type=float, default=200.0, help="the longest that the app works on a call, in milliseconds (default: %(default)s)")
    oracle.add_argument("--seed", type=int, default=1, help="of the plan and the request ids (default: %(default)s)")
    request = command("request", _request, "send one request through the gateway and print how it went, as JSON")
    request.add_argument("--request-id", default="", metavar="ID")
    request.add_argument("--traceparent", default="", metavar="HEADER", help="the trace that it is of, by W3C's Trace Context")
    request.add_argument("--path", default="/productpage")


def _positive(text: str) -> float:
    number = float(text)
    if not 0 < number < 1e6:
        raise argparse.ArgumentTypeError(f"{text} is out of range")
    return number


def _body_bytes(text: str) -> int:
    number = int(text)
    if not 0 < number <= _MAX_BODY_BYTES:
        raise argparse.ArgumentTypeError(f"{text} is out of range: a whole number from 1 to {_MAX_BODY_BYTES}")
    return number


def _up(layout: Layout, arguments: argparse.Namespace, console: Console) -> None:
    from localmesh import lifecycle

    status = lifecycle.up(layout, console.progress, variant=arguments.variant)
    print(f"the mesh is up: http://127.0.0.1:{status['ports']['http']}/, files in {status['run']}")


def _down(layout: Layout, arguments: argparse.Namespace, console: Console) -> None:
    from localmesh import lifecycle

    lifecycle.down(layout, console.progress)


def _status(layout: Layout, arguments: argparse.Namespace, console: Console) -> int:
    if not control.is_up(layout):
        print(json.dumps({"state": "down", "run": str(layout.run)}) if arguments.json else "the mesh is down")
        return 3
    status = control.ask(layout, "status", console.progress)
    if arguments.json:
        print(json.dumps(status))
        return 0
    output = Console(sys.stdout)
    print(f"up for {status['uptimeSeconds']:.0f} s, supervisor {status['supervisor']}, files in {status['run']}")
    for component in status["components"]:
        state = "ready" if component["ready"] else "not ready" if component["alive"] else "ended"
        shown = output.paint(f"{state:<10}", "32" if component["ready"] else "31")
        print(f"  {component['name']:<28} {shown} {component.get('pid', '')}")
    for fault in status["faults"]:
        print(f"  fault: {fault['kind']} {fault['milliseconds']:g} ms on {fault['workload']}")
    return 0


def _traffic(layout: Layout, arguments: argparse.Namespace, console: Console) -> int:
    from localmesh.traffic import LoadGenerator, Sample, Summary, gateway_of, write_samples

    summary, samples = Summary(), list[Sample]()

    def take(sample: Sample) -> None:
        summary.add(sample)
        if arguments.output:
            samples.append(sample)

    LoadGenerator(gateway_of(layout), arguments.path, take, arguments.request_ids).run(arguments.rps, arguments.seconds)
    if arguments.output:
        write_samples(samples, arguments.output)
    figures = summary.as_dict()
    if arguments.json:
        print(json.dumps(figures))
    else:
        times = ", ".join(f"p{percent} {figures[f'p{percent}Milliseconds']:.2f} ms" for percent in (50, 95, 99))
        print(f"sent {figures['sent']}, ok {figures['ok']}, errors {figures['errors']}; {times}")
    return 1 if summary.errors and not arguments.allow_errors else 0


def _request(layout: Layout, arguments: argparse.Namespace, console: Console) -> int:
    from localmesh.traffic import gateway_of, send_one

    try:
        sample, size = send_one(gateway_of(layout), arguments.path, arguments.request_id, arguments.traceparent)
    except OSError as error:
        raise MeshError(f"the gateway does not answer ({error}): see `mesh status`") from None
    print(json.dumps({**json.loads(sample.as_json()), "bytes": size}))
    return 0 if 200 <= sample.status < 400 else 1


def _oracle(layout: Layout, arguments: argparse.Namespace, console: Console) -> None:
    from localmesh import oracle

    plan = oracle.Plan(arguments.protocol, arguments.calls, arguments.first, arguments.at_once, arguments.work, arguments.seed)
    print(json.dumps(oracle.run(layout, plan)))


def _fault(layout: Layout, arguments: argparse.Namespace, console: Console) -> None:
    if arguments.kind == "clear":
        result = control.ask(layout, "clear", console.progress, **({"workload": arguments.workload} if arguments.workload else {}))
        text = f"no fault is in force{f' on {arguments.workload}' if arguments.workload else ''}"
    elif arguments.milliseconds is None:
        raise MeshError("say `mesh fault KIND WORKLOAD MILLISECONDS` or `mesh fault clear`; `mesh fault --help` lists the kinds")
    else:
        wanted = {"kind": arguments.kind, "workload": arguments.workload, "milliseconds": arguments.milliseconds}
        result = control.ask(layout, "fault", console.progress, **wanted)
        text = f"{arguments.kind} of {arguments.milliseconds:g} ms on {arguments.workload} is in force"
    print(json.dumps(result) if arguments.json else text)


def _drop(layout: Layout, arguments: argparse.Namespace, console: Console) -> None:
    print(json.dumps(control.ask(layout, "drop", console.progress, workload=arguments.workload)))


def _component(layout: Layout, arguments: argparse.Namespace, console: Console) -> None:
    result = control.ask(layout, arguments.command, console.progress, component=arguments.component)
    print(json.dumps(result))


def _logs(layout: Layout, arguments: argparse.Namespace, console: Console) -> int:
    log = layout.log(arguments.component)
    if not log.exists():
        present = sorted(path.stem for path in log.parent.glob("*.log"))
        raise MeshError(f"no log of {arguments.component}; there are {', '.join(present) or 'none, as the mesh is down'}")
    return subprocess.run(["tail", "-n", "+1", *(["-f"] if arguments.follow else []), str(log)]).returncode


def _edges(layout: Layout, arguments: argparse.Namespace, console: Console) -> None:
    from localmesh import edges

    port = layout.ports.http
    if control.is_up(layout):
        port = control.ask(layout, "status", console.progress)["ports"]["http"]
    print(edges.table(edges.fetch(port, arguments.window)))


def _demo(layout: Layout, arguments: argparse.Namespace, console: Console) -> None:
    from localmesh import demo

    demo.run(layout, console.progress, arguments.rps, arguments.once, arguments.variant)


def _truth(layout: Layout, arguments: argparse.Namespace, console: Console) -> int:
    from localmesh import faults, pods
    from localmesh.truth import lane, plan

    wanted = plan.SHORT if arguments.short else plan.FULL
    of_one_cell = (arguments.ms, arguments.workload, arguments.rps, arguments.bytes)
    if not arguments.fault and any(of_one_cell):
        raise MeshError("say which fault: `mesh truth --fault KIND`, of `mesh fault --help`")
    if arguments.fault:
        wanted = plan.single(arguments.fault, arguments.ms or 20.0, arguments.workload or "", arguments.rps or 50.0, arguments.bytes or 0)
        cell = wanted.cells()[0]
        faults.check(cell.kind, cell.workload, 1 if cell.kind == "pool-limit" else cell.milliseconds, pods.make_pods())
    variant = pods.Variant.ISTIO if arguments.istio else pods.Variant.BOOKINFO
    return 0 if lane.run(layout, console.progress, wanted, variant) else 1
