# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""Keys and certificates by the program openssl."""

import os
import subprocess
from pathlib import Path

from localmesh.errors import MeshError


def certificate(days: str, stem: Path, subject: str, extensions: list[str], signer: list[str] | None = None) -> subprocess.Popen[str]:
    """Starts making STEM.key and STEM.crt, self-signed or by a signer (`-CA`, `-CAkey`)."""
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


def finish(requests: list[subprocess.Popen[str]]) -> None:
    """Waits for all; MeshError with what the first failing one said."""
    errors = [request.communicate()[1] for request in requests]
    for request, error in zip(requests, errors, strict=True):
        if request.returncode != 0:
            raise MeshError(f"openssl could not issue a certificate (OpenSSL 3 is needed): {error.strip()}")
