# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""The mesh's certificate authority, one SPIFFE identity a workload, and certificates of apps that serve TLS; all new in each run."""

import os
from pathlib import Path

from localmesh import openssl
from localmesh.network import PROXY_UID
from localmesh.pods import TRUST_DOMAIN, Pod

_CA_DAYS = "30"
_WORKLOAD_DAYS = "7"


def issue(directory: Path, members: tuple[Pod, ...], app_uid: int) -> None:
    """Writes ca.crt, and WORKLOAD.crt and WORKLOAD.key for each pod, readable by Envoy's user only; app-WORKLOAD.* for apps that serve TLS."""
    directory.mkdir(mode=0o755)
    authority = openssl.certificate(_CA_DAYS, directory / "ca", f"/O={TRUST_DOMAIN}", ["basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign"])
    openssl.finish([authority])
    signer = ["-CA", str(directory / "ca.crt"), "-CAkey", str(directory / "ca.key")]
    tls_apps = [pod for pod in members if pod.serves_tls]
    requests = [openssl.certificate(_WORKLOAD_DAYS, directory / pod.workload, "/", _extensions(pod), signer) for pod in members]
    requests += [openssl.certificate(_WORKLOAD_DAYS, directory / app_stem(pod), f"/CN={pod.app}", [f"subjectAltName=DNS:{pod.app}"]) for pod in tls_apps]
    openssl.finish(requests)
    for pod in members:
        _give_key(directory / f"{pod.workload}.key", PROXY_UID)
    for pod in tls_apps:
        _give_key(directory / f"{app_stem(pod)}.key", app_uid)
    # Nothing more is signed in this run.
    (directory / "ca.key").unlink()


def app_stem(pod: Pod) -> str:
    """File name, without its ending, of the self-signed certificate with which the app serves."""
    return f"app-{pod.workload}"


def _give_key(path: Path, uid: int) -> None:
    os.chown(path, uid, uid)
    path.chmod(0o400)


def _extensions(pod: Pod) -> list[str]:
    return [
        f"subjectAltName=critical,URI:{pod.spiffe_id}",
        "keyUsage=critical,digitalSignature",
        "extendedKeyUsage=serverAuth,clientAuth",
        "basicConstraints=critical,CA:FALSE",
    ]
