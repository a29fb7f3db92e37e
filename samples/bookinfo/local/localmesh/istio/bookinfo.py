# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""Bookinfo's objects, in the form of Istio's samples/bookinfo, for the apps of this mesh."""

from pathlib import Path
from typing import Any

from localmesh import pods
from localmesh.istio.node import Node
from localmesh.layout import Layout
from localmesh.pods import APP_PORT, GATEWAY_PORT, NAMESPACE, SERVICES, Pod

ISTIO_NAMESPACE = "istio-system"
GATEWAY = "istio-ingressgateway"
GATEWAY_ADDRESS = "10.77.0.10"
_FAULTS, _CALLS = "/faults", "/calls"
_STAR_COLORS = {"v1": "", "v2": "black", "v3": "red"}
# Who calls whom, and who calls across nodes: each way is there.
_NODE_OF = {"productpage-v1": 0, "details-v1": 1, "reviews-v1": 0, "reviews-v2": 1, "reviews-v3": 0, "ratings-v1": 1}

# The gateway of Istio's charts, at an address and port of our choice.
GATEWAY_OVERLAY = {
    "apiVersion": "install.istio.io/v1alpha1",
    "kind": "IstioOperator",
    "spec": {
        "components": {
            "ingressGateways": [
                {
                    "name": GATEWAY,
                    "enabled": True,
                    "k8s": {
                        "service": {
                            "type": "ClusterIP",
                            "externalIPs": [GATEWAY_ADDRESS],
                            "ports": [{"name": "status-port", "port": 15021, "targetPort": 15021}, {"name": "http2", "port": GATEWAY_PORT, "targetPort": GATEWAY_PORT}],
                        }
                    },
                }
            ]
        }
    },
}


def apps() -> tuple[Pod, ...]:
    """Those of the pods that are apps; of their fields only names count here."""
    return tuple(pod for pod in pods.make_pods() if not pod.gateway)


def documents(layout: Layout, nodes: tuple[Node, ...]) -> list[dict[str, Any]]:
    """All of bookinfo, its namespace first."""
    found: list[dict[str, Any]] = [
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE, "labels": {"istio-injection": "enabled"}}},
        {
            "apiVersion": "security.istio.io/v1",
            "kind": "PeerAuthentication",
            "metadata": {"name": "default", "namespace": ISTIO_NAMESPACE},
            "spec": {"mtls": {"mode": "STRICT"}},
        },
    ]
    members = apps()
    for name in dict.fromkeys(pod.app for pod in members):
        found += [_service_account(name), _service(name)]
    found += [_deployment(layout, pod, nodes[_NODE_OF[pod.workload]]) for pod in members]
    return found + [_gateway(), _virtual_service()]


def _meta(name: str, **labels: str) -> dict[str, Any]:
    return {"name": name, "namespace": NAMESPACE, **({"labels": labels} if labels else {})}


def _service_account(name: str) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": _meta(f"bookinfo-{name}", account=name)}


def _service(name: str) -> dict[str, Any]:
    address = next(service.address for service in SERVICES if service.name == name)
    spec = {"clusterIP": address, "ports": [{"port": APP_PORT, "name": "http"}], "selector": {"app": name}}
    return {"apiVersion": "v1", "kind": "Service", "metadata": _meta(name, app=name, service=name), "spec": spec}


def _deployment(layout: Layout, pod: Pod, node: Node) -> dict[str, Any]:
    labels = {"app": pod.app, "version": pod.version}
    environment = {
        "WORKLOAD": pod.workload,
        "PORT": str(APP_PORT),
        "FAULT_FILE": f"{_FAULTS}/{layout.fault(pod.workload).name}",
        "CALL_LOG": f"{_CALLS}/{layout.calls(pod.workload).name}" if pod.calls else "/dev/null",
        "STAR_COLOR": _STAR_COLORS[pod.version],
    }
    container = {
        "name": pod.app,
        "image": f"sidelight/bookinfo-{pod.app}:local",
        "imagePullPolicy": "IfNotPresent",
        "ports": [{"containerPort": APP_PORT}],
        "env": [
            {"name": "POD_NAME", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}},
            *({"name": name, "value": value} for name, value in environment.items()),
        ],
        "readinessProbe": {"httpGet": {"path": "/health", "port": APP_PORT}, "periodSeconds": 30},
        "volumeMounts": [{"name": "faults", "mountPath": _FAULTS, "readOnly": True}, {"name": "calls", "mountPath": _CALLS}],
    }
    spec = {
        "serviceAccountName": f"bookinfo-{pod.app}",
        "nodeSelector": {"kubernetes.io/hostname": node.name},
        "containers": [container],
        "volumes": [_host_path("faults", layout.fault("x").parent), _host_path("calls", layout.calls("x").parent)],
    }
    template = {"metadata": {"labels": labels}, "spec": spec}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": _meta(pod.workload, **labels),
        "spec": {"replicas": 1, "selector": {"matchLabels": labels}, "template": template},
    }


def _host_path(name: str, path: Path) -> dict[str, Any]:
    return {"name": name, "hostPath": {"path": str(path), "type": "Directory"}}


def _gateway() -> dict[str, Any]:
    servers = [{"port": {"number": GATEWAY_PORT, "name": "http", "protocol": "HTTP"}, "hosts": ["*"]}]
    spec = {"selector": {"istio": "ingressgateway"}, "servers": servers}
    return {"apiVersion": "networking.istio.io/v1", "kind": "Gateway", "metadata": _meta("bookinfo-gateway"), "spec": spec}


def _virtual_service() -> dict[str, Any]:
    route = [{"destination": {"host": "productpage", "port": {"number": APP_PORT}}}]
    spec = {"hosts": ["*"], "gateways": ["bookinfo-gateway"], "http": [{"route": route}]}
    return {"apiVersion": "networking.istio.io/v1", "kind": "VirtualService", "metadata": _meta("bookinfo"), "spec": spec}
