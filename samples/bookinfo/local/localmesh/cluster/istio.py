# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""Istio as istioctl renders it from its own charts: what is applied when, and how its Deployment would have started istiod."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from localmesh.cluster import yaml_stream
from localmesh.cluster.layout import (
    ISTIO_NAMESPACE,
    ISTIOD_HTTP_PORT,
    ISTIOD_MONITORING_PORT,
    ISTIOD_SECURE_XDS_PORT,
    ISTIOD_WEBHOOK_PORT,
    ISTIOD_XDS_PORT,
    ClusterLayout,
)
from localmesh.errors import MeshError

# What the Envoy release that runs here lacks of Istio's own build: the filters istio.stats, metadata exchange and ALPN.
PLAIN_ENVOY = {
    "apiVersion": "install.istio.io/v1alpha1",
    "kind": "IstioOperator",
    "spec": {
        "profile": "minimal",
        "hub": "registry.istio.io/release",
        "tag": "1.31.0",
        "values": {
            # `istioctl install` makes the webhook that validates objects without a revision, `manifest generate` only if told.
            "defaultRevision": "default",
            "telemetry": {"enabled": False},
            "pilot": {"env": {"PILOT_ENABLE_METADATA_EXCHANGE": "false", "PILOT_ENABLE_ALPN_FILTER": "false"}},
        },
    },
}

# Istiod is a process of ours here, and there is one of it and of each gateway.
_NOT_APPLIED = ("HorizontalPodAutoscaler", "PodDisruptionBudget")
_CRD = "CustomResourceDefinition"
_WEBHOOKS = ("MutatingWebhookConfiguration", "ValidatingWebhookConfiguration")
_PORTS = {
    "grpc-xds": ISTIOD_XDS_PORT,
    "https-dns": ISTIOD_SECURE_XDS_PORT,
    "https-webhook": ISTIOD_WEBHOOK_PORT,
    "http-monitoring": ISTIOD_MONITORING_PORT,
}


@dataclass(frozen=True)
class IstiodPod:
    """What the Deployment says of istiod's container."""

    arguments: list[str]
    environment: dict[str, str]


class Manifest(NamedTuple):
    """Istio's objects in the order in which they can be applied: webhooks only when istiod answers them."""

    crds: list[dict[str, Any]]
    objects: list[dict[str, Any]]
    webhooks: list[dict[str, Any]]
    istiod: IstiodPod


def start_rendering(layout: ClusterLayout, overlays: list[Path]) -> subprocess.Popen[str]:
    """Starts `istioctl manifest generate` with our overlay and more after it."""
    base = layout.run / "istio.json"
    base.write_text(json.dumps(PLAIN_ENVOY, indent=1))
    argv = [str(layout.binary("istioctl")), "manifest", "generate"]
    for overlay in [base, *overlays]:
        argv += ["-f", str(overlay)]
    return subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finish_rendering(rendering: subprocess.Popen[str]) -> Manifest:
    """Its result; MeshError with what istioctl said."""
    text, errors = rendering.communicate()
    if rendering.returncode != 0:
        raise MeshError(f"`istioctl manifest generate` failed: {errors.strip()}")
    return split(yaml_stream.documents(text))


def split(documents: list[dict[str, Any]]) -> Manifest:
    """Sorts the objects of a rendered manifest."""
    deployment = next(document for document in documents if document["kind"] == "Deployment" and document["metadata"]["name"] == "istiod")
    applied = [document for document in documents if document["kind"] not in _NOT_APPLIED and document is not deployment]
    crds = [document for document in applied if document["kind"] == _CRD]
    webhooks = [document for document in applied if document["kind"] in _WEBHOOKS]
    others = [document for document in applied if document["kind"] not in (_CRD, *_WEBHOOKS)]
    return Manifest(crds, others, webhooks, istiod_pod(deployment))


def istiod_pod(deployment: dict[str, Any]) -> IstiodPod:
    """Arguments and environment of istiod's container, less where it listens, for the caller says that."""
    container = next(c for c in deployment["spec"]["template"]["spec"]["containers"] if c["name"] == "discovery")
    arguments = [argument for argument in container["args"] if not argument.startswith(("--monitoringAddr", "--httpsAddr"))]
    fields = {"metadata.name": "istiod-0", "metadata.namespace": ISTIO_NAMESPACE, "spec.serviceAccountName": "istiod"}
    environment = {}
    for variable in container["env"]:
        source = variable.get("valueFrom", {}).get("fieldRef", {}).get("fieldPath")
        # Limits of processor and memory (resourceFieldRef) are the container's, which is none here.
        if source or "value" in variable:
            environment[variable["name"]] = fields[source] if source else variable["value"]
    return IstiodPod(arguments, environment)


def endpoint_slice(layout: ClusterLayout) -> dict[str, Any]:
    """Where istiod's Service leads: to our process, as its selector finds no pod."""
    return {
        "apiVersion": "discovery.k8s.io/v1",
        "kind": "EndpointSlice",
        "metadata": {
            "name": "istiod-process",
            "namespace": ISTIO_NAMESPACE,
            "labels": {"kubernetes.io/service-name": "istiod", "endpointslice.kubernetes.io/managed-by": "sidelight-cluster"},
        },
        "addressType": "IPv4",
        "ports": [{"name": name, "port": port, "protocol": "TCP"} for name, port in _PORTS.items()],
        "endpoints": [{"addresses": [layout.address], "conditions": {"ready": True}}],
    }


def namespace() -> dict[str, Any]:
    """Istio's own, which its charts leave to whoever installs them."""
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": ISTIO_NAMESPACE}}


def ready_address(layout: ClusterLayout) -> tuple[str, int]:
    """Where istiod answers /ready."""
    return layout.address, ISTIOD_HTTP_PORT
