# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""Where a control plane's files lie, and its addresses."""

import os
from dataclasses import dataclass
from pathlib import Path

from localmesh.errors import MeshError

RUN_VARIABLE = "SIDELIGHT_CLUSTER_RUN"
ISTIO_NAMESPACE = "istio-system"
CLUSTER_DOMAIN = "cluster.local"

API_PORT = 6443
ETCD_PORT = 2379
ETCD_PEER_PORT = 2380
# Istiod's own.
ISTIOD_HTTP_PORT = 8080
ISTIOD_XDS_PORT = 15010
ISTIOD_SECURE_XDS_PORT = 15012
ISTIOD_MONITORING_PORT = 15014
ISTIOD_WEBHOOK_PORT = 15017

_DEFAULT_RUN = "/run/sidelight-cluster"
# sun_path holds 108 bytes with its terminator; the longest socket adds /control.sock.
_MAX_RUN_LENGTH = 90
_LOCAL = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class ClusterLayout:
    """The files of one control plane; nothing of it lies outside the run directory."""

    run: Path
    binaries: Path = _LOCAL.parents[2] / ".tools" / "control-plane"
    address: str = "10.77.0.1"
    """Of the API server and istiod in their network namespace; /16 of it is for pods."""
    service_range: str = "10.96.0.0/16"
    """Where Services' addresses lie; lifecycle.up says it."""
    kwok_pod_range: str = "10.244.0.0/16"

    command = "mesh cluster"
    variable = RUN_VARIABLE

    @property
    def control_socket(self) -> Path:
        """Where the supervisor takes commands."""
        return self.run / "control.sock"

    @property
    def leftovers(self) -> Path:
        """Which processes a killed supervisor left dying."""
        return self.run / "leftovers.json"

    @property
    def pki(self) -> Path:
        """Certificates, keys and the tokens of the components."""
        return self.run / "pki"

    @property
    def authority(self) -> Path:
        """The certificate by which the API server is known."""
        return self.pki / "ca.crt"

    @property
    def netns(self) -> Path:
        """The control plane's network namespace, mounted privately to the supervisor."""
        return self.run / "netns"

    @property
    def relay_port(self) -> Path:
        """The file that says on which port of loopback the API server is reached from the root network namespace."""
        return self.run / "relay.port"

    @property
    def audit_log(self) -> Path:
        """A JSON line for each request that was not the control plane's own: who asked for what, and whether it was allowed."""
        return self.run / "logs" / "audit.jsonl"

    def kubeconfig(self, user: str, inside: bool = False) -> Path:
        """A user's kubeconfig; `inside` is for programs in the control plane's network namespace, the other works anywhere on this machine."""
        return self.run / "kubeconfigs" / (f"{user}.inside" if inside else user)

    def log(self, component: str) -> Path:
        """A component's output."""
        return self.run / "logs" / f"{component}.log"

    def binary(self, name: str) -> Path:
        """A program of the control plane; MeshError where it has not been built."""
        path = self.binaries / name
        if not os.access(path, os.X_OK):
            raise MeshError(f"{path} is missing: `.ci/control-plane/build istio` builds it")
        return path

    @property
    def bootstrap_template(self) -> Path:
        """From which pilot-agent writes Envoy's bootstrap."""
        return self.binaries / "envoy_bootstrap_tmpl.json"

    @property
    def python_path(self) -> Path:
        """The directory from which `python3 -m localmesh...` works."""
        return _LOCAL


def cluster_layout_from_environment() -> ClusterLayout:
    """Reads SIDELIGHT_CLUSTER_RUN."""
    run = Path(os.environ.get(RUN_VARIABLE) or _DEFAULT_RUN).absolute()
    if len(str(run)) > _MAX_RUN_LENGTH:
        raise MeshError(f"{RUN_VARIABLE}={run} is longer than {_MAX_RUN_LENGTH} characters, too long for a Unix socket: choose a shorter one")
    return ClusterLayout(run)
