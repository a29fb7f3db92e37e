# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""A stand-in for kube-proxy: Services' addresses lead to one of their ready endpoints, by rules where all packets pass.

For whoever has no sidecar: a sidecar's Envoy knows the endpoints itself. Argument: none; it runs in the namespace that routes between pods.
"""

import queue
import subprocess
import sys
from collections.abc import Iterable
from typing import Any

from localmesh.istio.node import make_nodes
from localmesh.istio.watch import Event, Watch
from localmesh.layout import layout_from_environment

Endpoint = tuple[str, int]


def endpoints(slices: Iterable[dict[str, Any]], namespace: str, service: str, port: dict[str, Any]) -> list[Endpoint]:
    """Those of one port of a Service that are ready, in an order that does not change by itself."""
    found = set()
    for each in slices:
        metadata = each["metadata"]
        if metadata["namespace"] != namespace or metadata.get("labels", {}).get("kubernetes.io/service-name") != service:
            continue
        numbers = [named["port"] for named in each.get("ports") or [] if (named.get("name") or "") == port.get("name", "")]
        for endpoint in each.get("endpoints") or []:
            if endpoint.get("conditions", {}).get("ready", True):
                found |= {(address, number) for address in endpoint["addresses"] for number in numbers}
    return sorted(found)


def rules(services: Iterable[dict[str, Any]], slices: list[dict[str, Any]]) -> str:
    """For iptables-restore: where packets to a Service's addresses go; connections are spread evenly."""
    lines = ["*nat", ":PREROUTING ACCEPT [0:0]", ":OUTPUT ACCEPT [0:0]", ":SERVICES - [0:0]", "-A PREROUTING -j SERVICES", "-A OUTPUT -j SERVICES"]
    for service in sorted(services, key=lambda each: (each["metadata"]["namespace"], each["metadata"]["name"])):
        metadata, spec = service["metadata"], service["spec"]
        addresses = [address for address in [spec.get("clusterIP", "None"), *spec.get("externalIPs", [])] if address not in ("None", "")]
        for port in spec.get("ports", []):
            if port.get("protocol", "TCP") == "TCP":
                targets = endpoints(slices, metadata["namespace"], metadata["name"], port)
                lines += [line for address in addresses for line in _port_rules(address, port["port"], targets)]
    return "\n".join([*lines, "COMMIT"]) + "\n"


def _port_rules(address: str, port: int, targets: list[Endpoint]) -> list[str]:
    lines = []
    for left, (target, number) in zip(range(len(targets), 0, -1), targets, strict=True):
        chance = f" -m statistic --mode random --probability {1 / left:.6f}" if left > 1 else ""
        lines.append(f"-A SERVICES -d {address}/32 -p tcp -m tcp --dport {port}{chance} -j DNAT --to-destination {target}:{number}")
    return lines


def _take(objects: dict[str, dict[str, Any]], events: "queue.SimpleQueue[Event]", seconds: float | None) -> bool:
    """Takes one event; answers whether there was one in that time."""
    try:
        event = events.get(timeout=seconds)
    except queue.Empty:
        return False
    uid = event.object["metadata"]["uid"]
    if event.deleted:
        objects.pop(uid, None)
    else:
        objects[uid] = event.object
    return True


def main() -> None:
    """Runs until it is ended."""
    node = make_nodes(layout_from_environment())[0]
    events: queue.SimpleQueue[Event] = queue.SimpleQueue()
    Watch(node.api_server(), node.token, "/api/v1/services", events)
    Watch(node.api_server(), node.token, "/apis/discovery.k8s.io/v1/endpointslices", events)
    objects: dict[str, dict[str, Any]] = {}
    written = ""
    while _take(objects, events, None):
        # What comes together is written together.
        while _take(objects, events, 0.02):
            pass
        services = [each for each in objects.values() if "endpoints" not in each]
        wanted = rules(services, [each for each in objects.values() if "endpoints" in each])
        if wanted != written:
            subprocess.run(["iptables-restore"], input=wanted, text=True, check=True, stdout=sys.stdout, stderr=sys.stderr)
            written = wanted


if __name__ == "__main__":
    main()
