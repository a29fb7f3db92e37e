# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""Who is in the mesh: pods, services, and the names that Istio would give them."""

import hashlib
import secrets
import uuid
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

APP_PORT = 9080
GATEWAY_PORT = 8080
ISTIO_VERSION = "1.30.0"
TRUST_DOMAIN = "cluster.local"
CLUSTER_ID = "Kubernetes"
OUTSIDE = "outside"
OUTSIDE_ADDRESS = "10.77.0.100"


class Variant(StrEnum):
    """What a mesh consists of."""

    BOOKINFO = "bookinfo"
    # The details app itself serves TLS.
    DETAILS_TLS = "details-tls"
    # Instead of bookinfo a caller and two apps that follow a plan and read the clock around each system call.
    ORACLE = "oracle"
    # Bookinfo in a mesh of Istio's own: control plane, injection, agents.
    ISTIO = "istio"


@dataclass(frozen=True)
class Pod:
    """One pod: an app with its sidecar, or a gateway, which is an Envoy alone."""

    workload: str
    namespace: str
    address: str
    service_account: str
    app: str
    version: str = ""
    gateway: bool = False
    # What it calls; empty for an app that calls nobody.
    calls: tuple[str, ...] = ()
    # Whether the app itself serves TLS, so that its sidecar originates TLS to it.
    serves_tls: bool = False
    # Whether the app logs what it serves, by its own clock.
    logs_served: bool = False
    # A new pod each time, as on a node: the probe must not take an old cgroup for a new pod.
    uid: str = field(default_factory=lambda: str(uuid.uuid4()))
    app_container_id: str = field(default_factory=lambda: secrets.token_hex(32))
    proxy_container_id: str = field(default_factory=lambda: secrets.token_hex(32))

    @property
    def template_hash(self) -> str:
        """Stands for the replica set, the same in every run."""
        return hashlib.sha256(self.workload.encode()).hexdigest()[:9]

    @property
    def name(self) -> str:
        """The pod's name, as a deployment would choose it."""
        return f"{self.workload}-{self.template_hash}-{self.uid[:5]}"

    @property
    def envoy(self) -> str:
        """The component's name of its Envoy."""
        return f"{self.workload}.envoy"

    @property
    def node_id(self) -> str:
        """Istio's form, from which the controller knows address, pod and namespace."""
        kind = "router" if self.gateway else "sidecar"
        return f"{kind}~{self.address}~{self.name}.{self.namespace}~{self.namespace}.svc.{TRUST_DOMAIN}"

    @property
    def spiffe_id(self) -> str:
        """Its identity in mutual TLS."""
        return f"spiffe://{TRUST_DOMAIN}/ns/{self.namespace}/sa/{self.service_account}"

    def labels(self) -> dict[str, str]:
        """The pod's labels, with those that Istio's injection adds."""
        labels = {
            "app": self.app,
            "pod-template-hash": self.template_hash,
            "service.istio.io/canonical-name": self.app,
            "service.istio.io/canonical-revision": self.version or "latest",
        }
        if self.version:
            labels["version"] = self.version
        if self.gateway:
            labels["istio"] = "ingressgateway"
        else:
            labels["security.istio.io/tlsMode"] = "istio"
        return labels

    def node_metadata(self) -> dict[str, Any]:
        """What a sidecar tells about itself on ADS and ALS."""
        return {
            "NAME": self.name,
            "NAMESPACE": self.namespace,
            "WORKLOAD_NAME": self.workload,
            "LABELS": self.labels(),
            "CLUSTER_ID": CLUSTER_ID,
            "SERVICE_ACCOUNT": self.service_account,
            "INSTANCE_IPS": self.address,
            "ISTIO_VERSION": ISTIO_VERSION,
            "MESH_ID": TRUST_DOMAIN,
            "OWNER": f"kubernetes://apis/apps/v1/namespaces/{self.namespace}/deployments/{self.workload}",
        }


@dataclass(frozen=True)
class Service:
    """A service and its virtual address, which exists only as a listener in the sidecars."""

    name: str
    address: str
    protocol: str = "http"


NAMESPACE = "bookinfo"
SERVICES = (
    Service("productpage", "10.78.0.11"),
    Service("details", "10.78.0.12"),
    Service("reviews", "10.78.0.13"),
    Service("ratings", "10.78.0.16"),
    Service("http1", "10.78.0.21"),
    Service("http2", "10.78.0.22", "http2"),
)


def _app(workload: str, host: int, calls: tuple[str, ...] = (), serves_tls: bool = False, logs_served: bool = False) -> Pod:
    name, _, version = workload.rpartition("-")
    address, account = f"10.77.0.{host}", f"bookinfo-{name}"
    return Pod(workload, NAMESPACE, address, account, name, version, calls=calls, serves_tls=serves_tls, logs_served=logs_served)


def make_pods(variant: Variant = Variant.BOOKINFO) -> tuple[Pod, ...]:
    """The pods of one run; uids and container ids are new each time."""
    if variant == Variant.ORACLE:
        return (
            _app("caller-v1", 20, ("http1", "http2")),
            _app("http1-v1", 21, logs_served=True),
            _app("http2-v1", 22, logs_served=True),
        )
    gateway = Pod(
        "istio-ingressgateway",
        "istio-system",
        "10.77.0.10",
        "istio-ingressgateway-service-account",
        "istio-ingressgateway",
        gateway=True,
        calls=("productpage",),
    )
    return (
        gateway,
        _app("productpage-v1", 11, ("details", "reviews", "ratings")),
        _app("details-v1", 12, serves_tls=variant == Variant.DETAILS_TLS),
        _app("reviews-v1", 13),
        _app("reviews-v2", 14, ("ratings",)),
        _app("reviews-v3", 15, ("ratings",)),
        _app("ratings-v1", 16),
    )
