# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""The file from which the controller's xDS knows services, gateways, identities and the delays wanted of Envoy."""

import json
import os
from pathlib import Path
from typing import Any

from localmesh.pods import APP_PORT, GATEWAY_PORT, NAMESPACE, SERVICES, TRUST_DOMAIN, Pod


def content(members: tuple[Pod, ...], pki: Path, delays: list[dict[str, Any]]) -> dict[str, Any]:
    """The file's content; `delays` are its faults."""
    return {
        "trustDomain": TRUST_DOMAIN,
        "pki": str(pki),
        "services": [
            {
                "name": service.name,
                "namespace": NAMESPACE,
                "address": service.address,
                "port": APP_PORT,
                "protocol": service.protocol,
                "appTls": any(pod.serves_tls for pod in members if pod.app == service.name),
                "endpoints": [
                    {"workload": pod.workload, "address": pod.address, "serviceAccount": pod.service_account}
                    for pod in members
                    if pod.app == service.name
                ],
            }
            for service in SERVICES
            if any(pod.app == service.name for pod in members)
        ],
        "gateways": [
            {
                "workload": pod.workload,
                "namespace": pod.namespace,
                "serviceAccount": pod.service_account,
                "port": GATEWAY_PORT,
                "service": "productpage",
                "serviceNamespace": NAMESPACE,
            }
            for pod in members
            if pod.gateway
        ],
        "faults": delays,
    }


def replace(path: Path, text: str, mode: int = 0o644) -> None:
    """Writes a file so that a reader sees the old one or the new one, never a part."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_text(text)
    os.chmod(fresh, mode)
    os.rename(fresh, path)


def write(path: Path, members: tuple[Pod, ...], pki: Path, delays: list[dict[str, Any]]) -> None:
    """Writes the mesh file."""
    replace(path, json.dumps(content(members, pki, delays), indent=1))
