# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""The API server's certificate, the key that signs ServiceAccounts' tokens, a token a component, and kubeconfigs; all new in each run."""

import json
import secrets
from pathlib import Path
from typing import Any

from localmesh import openssl
from localmesh.cluster.layout import API_PORT, ISTIO_NAMESPACE, ClusterLayout

ADMIN = "admin"
CONTROLLER_MANAGER = "kube-controller-manager"
SCHEDULER = "kube-scheduler"
ISTIOD = "istiod"
KWOK = "kwok"

# user -> name and groups as the API server sees them. Kwok acts for all kubelets, which no role of Kubernetes covers.
USERS: dict[str, tuple[str, list[str]]] = {
    ADMIN: (ADMIN, ["system:masters"]),
    CONTROLLER_MANAGER: ("system:kube-controller-manager", []),
    SCHEDULER: ("system:kube-scheduler", []),
    ISTIOD: (
        f"system:serviceaccount:{ISTIO_NAMESPACE}:istiod",
        ["system:serviceaccounts", f"system:serviceaccounts:{ISTIO_NAMESPACE}", "system:authenticated"],
    ),
    KWOK: (KWOK, ["system:masters"]),
}
_DAYS = "30"


def issue(layout: ClusterLayout) -> None:
    """Writes certificates, keys and tokens."""
    layout.pki.mkdir(mode=0o700)
    stem = layout.pki
    openssl.finish(
        [
            openssl.certificate(_DAYS, stem / "ca", "/CN=control-plane", ["basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign"]),
            openssl.certificate(_DAYS, stem / "service-account", "/CN=service-account", []),
        ]
    )
    first_service = layout.service_range.rsplit(".", 1)[0] + ".1"
    names = ["kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local", "localhost"]
    alternatives = [f"DNS:{name}" for name in names] + [f"IP:{address}" for address in ("127.0.0.1", layout.address, first_service)]
    extensions = [f"subjectAltName={','.join(alternatives)}", "extendedKeyUsage=serverAuth", "basicConstraints=critical,CA:FALSE"]
    signer = ["-CA", str(layout.authority), "-CAkey", str(stem / "ca.key")]
    openssl.finish([openssl.certificate(_DAYS, stem / "kube-apiserver", "/CN=kube-apiserver", extensions, signer)])
    (layout.pki / "tokens.csv").write_text("".join(_token_line(user) for user in USERS))


def _token_line(user: str) -> str:
    name, groups = USERS[user]
    return f'{secrets.token_hex(16)},{name},{user},"{",".join(groups)}"\n'


def component_token(layout: ClusterLayout, user: str) -> str:
    """The token of a component or of the administrator."""
    for line in (layout.pki / "tokens.csv").read_text().splitlines():
        token, _, uid, _ = line.split(",", 3)
        if uid == user:
            return token
    raise KeyError(user)


def write_component_kubeconfigs(layout: ClusterLayout, relay_port: int) -> None:
    """A kubeconfig a component, for inside the network namespace, and the administrator's for both sides."""
    layout.kubeconfig(ADMIN).parent.mkdir(mode=0o700, exist_ok=True)
    for user in USERS:
        write_kubeconfig(layout, layout.kubeconfig(user, inside=True), f"https://{layout.address}:{API_PORT}", component_token(layout, user))
    write_kubeconfig(layout, layout.kubeconfig(ADMIN), f"https://127.0.0.1:{relay_port}", component_token(layout, ADMIN))


def write_kubeconfig(layout: ClusterLayout, path: Path, server: str, token: str, namespace: str = "default") -> Path:
    """Writes one, readable by its owner only."""
    path.touch(mode=0o600)
    path.write_text(json.dumps(kubeconfig(layout, server, token, namespace), indent=1))
    return path


def kubeconfig(layout: ClusterLayout, server: str, token: str, namespace: str) -> dict[str, Any]:
    """Its content."""
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "sidelight", "cluster": {"server": server, "certificate-authority": str(layout.authority)}}],
        "users": [{"name": "user", "user": {"token": token}}],
        "contexts": [{"name": "sidelight", "context": {"cluster": "sidelight", "user": "user", "namespace": namespace}}],
        "current-context": "sidelight",
    }
