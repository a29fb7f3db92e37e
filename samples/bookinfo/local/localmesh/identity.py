# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""The mesh's certificate authority and one SPIFFE identity a workload, all new in each run."""

import os
import subprocess
from pathlib import Path

from localmesh.errors import MeshError
from localmesh.network import PROXY_UID
from localmesh.pods import TRUST_DOMAIN, Pod

_CA_DAYS = "30"
_WORKLOAD_DAYS = "7"


def issue(directory: Path, members: tuple[Pod, ...]) -> None:
    """Writes ca.crt, and WORKLOAD.crt and WORKLOAD.key for each pod; keys are readable by Envoy's user only."""
    directory.mkdir(mode=0o755)
    authority = _request(_CA_DAYS, directory / "ca", f"/O={TRUST_DOMAIN}", ["basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign"])
    _finish([authority])
    signer = ["-CA", str(directory / "ca.crt"), "-CAkey", str(directory / "ca.key")]
    _finish([_request(_WORKLOAD_DAYS, directory / pod.workload, "/", _extensions(pod), signer) for pod in members])
    for pod in members:
        os.chown(directory / f"{pod.workload}.key", PROXY_UID, PROXY_UID)
        os.chmod(directory / f"{pod.workload}.key", 0o400)
    # Nothing more is signed in this run.
    (directory / "ca.key").unlink()


def _extensions(pod: Pod) -> list[str]:
    return [
        f"subjectAltName=critical,URI:{pod.spiffe_id}",
        "keyUsage=critical,digitalSignature",
        "extendedKeyUsage=serverAuth,clientAuth",
        "basicConstraints=critical,CA:FALSE",
    ]


def _request(days: str, stem: Path, subject: str, extensions: list[str], signer: list[str] | None = None) -> subprocess.Popen[str]:
    key, certificate = f"{stem}.key", f"{stem}.crt"
    argv = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", days, "-subj", subject]
    argv += ["-keyout", key, "-out", certificate, *(signer or [])]
    for extension in extensions:
        argv += ["-addext", extension]
    # The system's configuration would add extensions of its own, twice where we add the same.
    return subprocess.Popen(
        argv,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        stdin=subprocess.DEVNULL,
        env={**os.environ, "OPENSSL_CONF": str(_configuration(stem.parent))},
    )


def _configuration(directory: Path) -> Path:
    path = directory / "openssl.cnf"
    if not path.exists():
        path.write_text("[req]\ndistinguished_name = subject\n[subject]\n")
    return path


def _finish(requests: list[subprocess.Popen[str]]) -> None:
    errors = [request.communicate()[1] for request in requests]
    for request, error in zip(requests, errors, strict=True):
        if request.returncode != 0:
            raise MeshError(f"openssl could not issue a certificate (OpenSSL 3 is needed): {error.strip()}")
