# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""Envoy's administration, as it is reached within a pod."""

import http.client

from localmesh.namespaces import connect_in

_ADDRESS = ("127.0.0.1", 15000)
_ANSWER_SECONDS = 5.0


def ask(netns: str, path: str) -> str:
    """What the Envoy of that network namespace answers; empty where it cannot be asked."""
    connection = http.client.HTTPConnection(*_ADDRESS)
    try:
        connection.sock = connect_in(netns, _ADDRESS, _ANSWER_SECONDS)
        connection.request("GET", path)
        return connection.getresponse().read().decode()
    except (OSError, http.client.HTTPException):
        return ""
    finally:
        connection.close()
