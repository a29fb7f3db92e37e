# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""How each program of the control plane is started."""

import sys
from pathlib import Path

from localmesh.cluster import credentials
from localmesh.cluster.istio import IstiodPod
from localmesh.cluster.layout import (
    API_PORT,
    ETCD_PEER_PORT,
    ETCD_PORT,
    ISTIOD_HTTP_PORT,
    ISTIOD_MONITORING_PORT,
    ISTIOD_SECURE_XDS_PORT,
    ISTIOD_WEBHOOK_PORT,
    ISTIOD_XDS_PORT,
    ClusterLayout,
)
from localmesh.cluster.nodes import KWOK_ANNOTATION
from localmesh.processes import Program

RELAY = "relay"
ETCD = "etcd"
API_SERVER = "kube-apiserver"
CONTROLLER_MANAGER = "kube-controller-manager"
SCHEDULER = "kube-scheduler"
ISTIOD = "istiod"
KWOK = "kwok"

ISSUER = "https://kubernetes.default.svc.cluster.local"

_STAGES = Path(__file__).with_name("kwok-stages.yaml")
_ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/nonexistent"}
# Clients of one machine's API server need not hold back as those of a shared one.
_IMPATIENT = ["--kube-api-qps=500", "--kube-api-burst=1000"]


def relay(layout: ClusterLayout, netns: Path) -> Program:
    """The way in from the root network namespace, in which it runs."""
    argv = [sys.executable, "-m", "localmesh.cluster.relay", str(netns), layout.address, str(API_PORT), str(layout.relay_port)]
    return Program(RELAY, argv, layout.log(RELAY), {**_ENVIRONMENT, "PYTHONPATH": str(layout.python_path)})


def etcd(layout: ClusterLayout, netns: Path) -> Program:
    """Keeps all objects; nothing has to survive a power cut, so nothing is synced to the disk."""
    client, peer = f"http://127.0.0.1:{ETCD_PORT}", f"http://127.0.0.1:{ETCD_PEER_PORT}"
    return _program(
        layout,
        netns,
        ETCD,
        f"--data-dir={layout.run / 'etcd'}",
        "--unsafe-no-fsync",
        f"--listen-client-urls={client}",
        f"--advertise-client-urls={client}",
        f"--listen-peer-urls={peer}",
        f"--initial-advertise-peer-urls={peer}",
        f"--initial-cluster=default={peer}",
    )


def api_server(layout: ClusterLayout, netns: Path) -> Program:
    """As kubeadm configures it, but for tokens in place of client certificates.

    `--enable-aggregator-routing` makes it find a webhook's Service by its EndpointSlice, as no kube-proxy serves cluster addresses here: so Istio's webhooks work as they are.
    """
    pki = layout.pki
    return _program(
        layout,
        netns,
        API_SERVER,
        f"--etcd-servers=http://127.0.0.1:{ETCD_PORT}",
        f"--bind-address={layout.address}",
        f"--advertise-address={layout.address}",
        f"--secure-port={API_PORT}",
        f"--tls-cert-file={pki / 'kube-apiserver.crt'}",
        f"--tls-private-key-file={pki / 'kube-apiserver.key'}",
        f"--token-auth-file={pki / 'tokens.csv'}",
        f"--service-account-issuer={ISSUER}",
        f"--service-account-key-file={pki / 'service-account.crt'}",
        f"--service-account-signing-key-file={pki / 'service-account.key'}",
        f"--service-cluster-ip-range={layout.service_range}",
        "--authorization-mode=Node,RBAC",
        "--enable-admission-plugins=NodeRestriction",
        "--enable-aggregator-routing=true",
        "--allow-privileged=true",
        "--profiling=false",
        f"--audit-policy-file={layout.run / 'audit-policy.json'}",
        f"--audit-log-path={layout.audit_log}",
    )


def controller_manager(layout: ClusterLayout, netns: Path) -> Program:
    """All controllers but the one that would mark our nodes, which have no kubelet, as lost."""
    return _program(
        layout,
        netns,
        CONTROLLER_MANAGER,
        _kubeconfig(layout, credentials.CONTROLLER_MANAGER),
        "--controllers=*,-node-lifecycle-controller",
        "--use-service-account-credentials=true",
        f"--service-account-private-key-file={layout.pki / 'service-account.key'}",
        f"--root-ca-file={layout.authority}",
        "--leader-elect=false",
        "--secure-port=0",
        *_IMPATIENT,
    )


def scheduler(layout: ClusterLayout, netns: Path) -> Program:
    """Assigns pods to nodes."""
    return _program(layout, netns, SCHEDULER, _kubeconfig(layout, credentials.SCHEDULER), "--leader-elect=false", "--secure-port=0", *_IMPATIENT)


def kwok(layout: ClusterLayout, netns: Path) -> Program:
    """Says of pods on its nodes that they run; nodes without its annotation are another's."""
    return _program(
        layout,
        netns,
        KWOK,
        _kubeconfig(layout, credentials.KWOK),
        f"--config={_STAGES}",
        f"--manage-nodes-with-annotation-selector={KWOK_ANNOTATION}=fake",
        f"--cidr={layout.kwok_pod_range}",
        f"--node-ip={layout.address}",
        "--node-lease-duration-seconds=0",
    )


def istiod(layout: ClusterLayout, netns: Path, pod: IstiodPod) -> Program:
    """With the arguments and the environment of Istio's own Deployment, but for where it listens."""
    directory = layout.run / ISTIOD
    directory.mkdir(exist_ok=True)
    argv = [
        str(layout.binary("pilot-discovery")),
        *pod.arguments,
        _kubeconfig(layout, credentials.ISTIOD),
        f"--httpAddr={layout.address}:{ISTIOD_HTTP_PORT}",
        f"--httpsAddr={layout.address}:{ISTIOD_WEBHOOK_PORT}",
        f"--grpcAddr={layout.address}:{ISTIOD_XDS_PORT}",
        f"--secureGRPCAddr={layout.address}:{ISTIOD_SECURE_XDS_PORT}",
        f"--monitoringAddr={layout.address}:{ISTIOD_MONITORING_PORT}",
        "--ctrlz_port=0",
    ]
    return Program(ISTIOD, argv, layout.log(ISTIOD), {**_ENVIRONMENT, **pod.environment}, netns=netns, directory=directory)


def _program(layout: ClusterLayout, netns: Path, name: str, *arguments: str) -> Program:
    return Program(name, [str(layout.binary(name)), *arguments], layout.log(name), _ENVIRONMENT, netns=netns)


def _kubeconfig(layout: ClusterLayout, user: str) -> str:
    return f"--kubeconfig={layout.kubeconfig(user, inside=True)}"
