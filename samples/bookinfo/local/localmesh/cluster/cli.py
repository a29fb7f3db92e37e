# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""The commands `mesh cluster ...`."""

import argparse
import os
import sys
from pathlib import Path
from typing import Any

from localmesh import control
from localmesh.cluster.layout import cluster_layout_from_environment
from localmesh.console import Console
from localmesh.errors import MeshError
from localmesh.layout import Layout

_DESCRIPTION = """A real Kubernetes control plane with Istio's, without containers, in a network namespace of its own: etcd, kube-apiserver,
kube-controller-manager, kube-scheduler, istiod, and kwok in place of kubelets. Everything lies in $SIDELIGHT_CLUSTER_RUN
(/run/sidelight-cluster) and ends with its supervisor. `.ci/control-plane/build istio` builds what it runs."""
_MEBIBYTE = 1024 * 1024


def add_cluster_commands(commands: Any) -> None:
    """Adds `cluster` and what belongs to it."""
    raw = argparse.RawDescriptionHelpFormatter
    cluster = commands.add_parser("cluster", help="a real Kubernetes and Istio control plane: up, down, kubectl, ...", description=_DESCRIPTION, formatter_class=raw)
    nested = cluster.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Any, text: str, **options: Any) -> argparse.ArgumentParser:
        added = nested.add_parser(name, help=text, description=text, **options)
        added.set_defaults(run=run)
        return added

    _add_wanted(command("up", _up, "start a control plane"))
    command("down", _down, "end it and remove all of it, also what a killed one left")
    command("status", _status, "show what runs (exit code 3 where it is down)")
    run = command("run", _run, "run a command with a new control plane, which ends with it: KUBECONFIG is set, kubectl and istioctl are on its path")
    _add_wanted(run)
    run.add_argument("argv", nargs=argparse.REMAINDER, metavar="COMMAND")
    for name in ("kubectl", "istioctl"):
        # Options are the program's own, `--help` too.
        command(name, _tool, f"run {name} as the administrator", add_help=False, prefix_chars="\0").add_argument("argv", nargs="*", metavar="ARGUMENT")
        nested.choices[name].set_defaults(tool=name)
    token = command("token", _token, "print a token of a ServiceAccount")
    token.add_argument("service_account", metavar="NAMESPACE/NAME")
    token.add_argument("--audience", default="", help="for whom (default: the API server)")
    token.add_argument("--seconds", type=int, default=3600, help="how long it is good (default: %(default)s; at least 600)")
    kubeconfig = command("kubeconfig", _kubeconfig, "print the path of the administrator's kubeconfig, or write a ServiceAccount's and print that")
    kubeconfig.add_argument("service_account", nargs="?", metavar="NAMESPACE/NAME")
    ends = {"kill": "by SIGKILL", "stop": "cleanly", "start": "again, until it serves", "restart": "cleanly and again"}
    for name, how in ends.items():
        added = command(name, _component, f"{name} a component, {how}")
        added.set_defaults(command=name)
        added.add_argument("component", metavar="COMPONENT", help="as `mesh cluster status` names it")
    command("compact", _compact, "make etcd forget old revisions: watches that resume from one expire once the API server has restarted")
    command("logs", _logs, "print a component's output").add_argument("component", metavar="COMPONENT")


def _add_wanted(command: argparse.ArgumentParser) -> None:
    command.add_argument("--no-istio", dest="istio", action="store_false", help="Kubernetes alone")
    command.add_argument("--overlay", action="append", default=[], metavar="FILE", type=Path, help="an IstioOperator overlay, as for `istioctl install -f`; may be repeated")
    command.add_argument("--nodes", default="kwok-1,kwok-2", metavar="NAMES", help="nodes on which kwok plays the kubelet (default: %(default)s)")


def _wanted(arguments: argparse.Namespace) -> Any:
    from localmesh.cluster.control_plane import Wanted

    return Wanted(arguments.istio, arguments.overlay, tuple(name for name in arguments.nodes.split(",") if name))


def _up(layout: Layout, arguments: argparse.Namespace, console: Console) -> None:
    from localmesh.cluster import lifecycle
    from localmesh.cluster.cluster import Cluster

    cluster_layout = cluster_layout_from_environment()
    lifecycle.up(cluster_layout, _wanted(arguments), console.progress)
    print(f"the control plane is up: KUBECONFIG={Cluster(cluster_layout).kubeconfig}")


def _down(layout: Layout, arguments: argparse.Namespace, console: Console) -> None:
    from localmesh.cluster import lifecycle

    lifecycle.down(cluster_layout_from_environment(), console.progress)


def _status(layout: Layout, arguments: argparse.Namespace, console: Console) -> int:
    cluster_layout = cluster_layout_from_environment()
    if not control.is_up(cluster_layout):
        print("the control plane is down")
        return 3
    status = control.ask(cluster_layout, "status", console.progress)
    memory = sum(component.get("residentBytes", 0) for component in status["components"]) / _MEBIBYTE
    print(f"up for {status['uptimeSeconds']:.0f} s, supervisor {status['supervisor']}, {memory:.0f} MiB of memory, files in {status['run']}")
    output = Console(sys.stdout)
    for component in status["components"]:
        state = "ready" if component["ready"] else "not ready" if component["alive"] else "ended"
        shown = output.paint(f"{state:<10}", "32" if component["ready"] else "31")
        print(f"  {component['name']:<24} {shown} {component.get('pid', ''):>8} {component.get('residentBytes', 0) / _MEBIBYTE:6.0f} MiB")
    return 0


def _run(layout: Layout, arguments: argparse.Namespace, console: Console) -> int:
    from localmesh.cluster import lifecycle

    argv = arguments.argv[1:] if arguments.argv[:1] == ["--"] else arguments.argv
    if not argv:
        raise MeshError("say which command: `mesh cluster run COMMAND ...`")
    return lifecycle.run(lifecycle.layout_of_this_process(), argv, _wanted(arguments), console.progress)


def _tool(layout: Layout, arguments: argparse.Namespace, console: Console) -> None:
    cluster = _cluster()
    os.execve(cluster.layout.binary(arguments.tool), [arguments.tool, *arguments.argv], cluster.environment())


def _token(layout: Layout, arguments: argparse.Namespace, console: Console) -> None:
    print(_cluster().token(*_account(arguments.service_account), arguments.audience, arguments.seconds))


def _kubeconfig(layout: Layout, arguments: argparse.Namespace, console: Console) -> None:
    cluster = _cluster()
    print(cluster.service_account_kubeconfig(*_account(arguments.service_account)) if arguments.service_account else cluster.kubeconfig)


def _component(layout: Layout, arguments: argparse.Namespace, console: Console) -> None:
    control.ask(cluster_layout_from_environment(), arguments.command, console.progress, component=arguments.component)


def _compact(layout: Layout, arguments: argparse.Namespace, console: Console) -> None:
    print(_cluster().compact())


def _logs(layout: Layout, arguments: argparse.Namespace, console: Console) -> None:
    log = cluster_layout_from_environment().log(arguments.component)
    if not log.exists():
        present = sorted(path.stem for path in log.parent.glob("*.log"))
        raise MeshError(f"no log of {arguments.component}; there are {', '.join(present) or 'none, as the control plane is down'}")
    sys.stdout.write(log.read_text(errors="replace"))


def _cluster() -> Any:
    from localmesh.cluster.cluster import Cluster

    return Cluster.from_environment()


def _account(text: str) -> tuple[str, str]:
    namespace, slash, name = text.partition("/")
    if not slash or not namespace or not name:
        raise MeshError(f"{text} is no ServiceAccount: say NAMESPACE/NAME")
    return namespace, name
