# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""A client of the API server that knows just what the harness and its tests need; everything is JSON as the server has it."""

import contextlib
import http.client
import json
import select
import socket
import ssl
import time
import urllib.parse
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from localmesh.errors import MeshError
from localmesh.namespaces import connect_in

FIELD_MANAGER = "sidelight-cluster"

_ANSWER_SECONDS = 30.0
# Shorter than the answer's time, so that a watch on which nothing happens ends by the server's doing.
_WATCH_SECONDS = 20
_POLL_SECONDS = 0.05


class ApiError(MeshError):
    """The API server refused."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(f"the API server answers {status}: {message}")
        self.status = status
        """The HTTP status."""


@dataclass(frozen=True)
class ApiServer:
    """Where an API server is; without a namespace it is in ours."""

    host: str
    port: int
    authority: Path
    netns: Path | None = None

    @property
    def url(self) -> str:
        """As a kubeconfig has it."""
        return f"https://{self.host}:{self.port}"

    def connect(self, context: ssl.SSLContext) -> socket.socket:
        """A TLS connection to it."""
        address = (self.host, self.port)
        plain = connect_in(self.netns, address, _ANSWER_SECONDS) if self.netns else socket.create_connection(address, _ANSWER_SECONDS)
        try:
            return context.wrap_socket(plain, server_hostname=self.host)
        except OSError:
            plain.close()
            raise


class ApiClient:
    """One user's requests over one kept connection; OSError where the server cannot be reached. For one thread."""

    def __init__(self, server: ApiServer, token: str) -> None:
        self._server = server
        self._token = token
        self._context: ssl.SSLContext | None = None
        self._connection: http.client.HTTPConnection | None = None
        self._resources: dict[str, dict[str, tuple[str, bool]]] = {}

    def request(self, method: str, path: str, body: object = None, content_type: str = "application/json") -> Any:
        """One request; answers what the body says, or ApiError."""
        status, text = self._exchange(method, path, body, content_type)
        with contextlib.suppress(ValueError):
            value = json.loads(text)
            if status < 400:
                return value
            raise ApiError(status, value.get("message", text) if isinstance(value, dict) else text)
        if status < 400:
            return text
        raise ApiError(status, text)

    def get(self, path: str) -> Any:
        """What is at that path."""
        return self.request("GET", path)

    def find(self, path: str) -> Any:
        """What is at that path, or None where nothing is."""
        try:
            return self.get(path)
        except ApiError as error:
            if error.status != 404:
                raise
            return None

    def apply(self, document: dict[str, Any], manager: str = FIELD_MANAGER) -> Any:
        """Server-side apply, by force."""
        query = urllib.parse.urlencode({"fieldManager": manager, "force": "true"})
        return self.request("PATCH", f"{self.path_of(document)}?{query}", document, "application/apply-patch+yaml")

    def merge(self, path: str, change: dict[str, Any]) -> Any:
        """A JSON merge patch."""
        return self.request("PATCH", path, change, "application/merge-patch+json")

    def delete(self, path: str) -> None:
        """Removes what is at that path; fine where nothing is."""
        try:
            self.request("DELETE", path)
        except ApiError as error:
            if error.status != 404:
                raise

    def wait_for(self, path: str, condition: Callable[[Any], object], seconds: float, what: str) -> Any:
        """Asks until what is at that path is there and satisfies the condition; MeshError with `what` was awaited."""
        deadline = time.monotonic() + seconds
        while True:
            value = self.find(path)
            if value is not None and condition(value):
                return value
            if time.monotonic() > deadline:
                raise MeshError(f"not within {seconds:.0f} s: {what}; {path} is {json.dumps(value)[:1000]}")
            time.sleep(_POLL_SECONDS)

    def watch(self, path: str, version: str) -> Iterator[dict[str, Any]]:
        """What happens to the objects of a list from a version of it on, as the server tells it (type, object); ends after a while. ApiError 410 where the version is too old."""
        connection = self._connect()
        try:
            separator = "&" if "?" in path else "?"
            query = f"watch=1&allowWatchBookmarks=true&timeoutSeconds={_WATCH_SECONDS}&resourceVersion={version}"
            connection.request("GET", f"{path}{separator}{query}", headers=self._headers())
            with connection.getresponse() as response:
                if response.status != 200:
                    raise ApiError(response.status, response.read().decode(errors="replace"))
                for line in response:
                    event = json.loads(line)
                    if event["type"] == "ERROR":
                        raise ApiError(int(event["object"].get("code", 500)), event["object"].get("message", ""))
                    yield event
        finally:
            connection.close()

    def path_of(self, document: dict[str, Any]) -> str:
        """Where an object belongs, by the server's own list of its resources."""
        version, kind, metadata = document["apiVersion"], document["kind"], document["metadata"]
        if kind not in self._resources.get(version, {}):
            self._resources[version] = self._discover(version)
        try:
            plural, namespaced = self._resources[version][kind]
        except KeyError:
            raise MeshError(f"the API server has no {kind} in {version}") from None
        namespace = f"/namespaces/{metadata.get('namespace', 'default')}" if namespaced else ""
        return f"{_prefix(version)}{namespace}/{plural}/{metadata['name']}"

    def _discover(self, version: str) -> dict[str, tuple[str, bool]]:
        found = self.find(_prefix(version)) or {"resources": []}
        return {entry["kind"]: (entry["name"], entry["namespaced"]) for entry in found["resources"] if "/" not in entry["name"]}

    def _exchange(self, method: str, path: str, body: object, content_type: str) -> tuple[int, str]:
        headers = {**self._headers(), "content-type": content_type}
        connection = self._kept() or self._connect()
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        with connection.getresponse() as response:
            text = response.read().decode(errors="replace")
            # Kept only after a whole answer: whatever ended it, the next request makes a new one.
            if not response.will_close:
                self._connection = connection
            return response.status, text

    def _kept(self) -> http.client.HTTPConnection | None:
        """The connection of the request before, unless the server has closed it since, as it does after 90 s: what comes unasked is its end."""
        connection, self._connection = self._connection, None
        if connection is not None and select.select([connection.sock], [], [], 0)[0]:
            connection.close()
            return None
        return connection

    def _headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self._token}", "accept": "application/json"}

    def _connect(self) -> http.client.HTTPConnection:
        self._context = self._context or ssl.create_default_context(cafile=str(self._server.authority))
        connection = http.client.HTTPConnection(self._server.host, self._server.port)
        connection.sock = self._server.connect(self._context)
        return connection

    def close(self) -> None:
        """Ends the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _prefix(version: str) -> str:
    return f"/apis/{version}" if "/" in version else f"/api/{version}"
