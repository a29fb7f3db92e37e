# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""A pod's volumes as the kubelet makes them, and keeps those that come from the API server as they are there."""

import base64
import os
import shutil
import time
from pathlib import Path
from typing import Any

from localmesh.istio.node import Node, field
from localmesh.meshfile import replace

_REFRESH_SECONDS = 2.0
# Of a token's life; the kubelet's own figure.
_RENEW_SHARE = 0.8
_SHORTEST_TOKEN_SECONDS = 600
_DATA = "..data"

Content = dict[str, bytes]


class Volumes:
    """Those of one pod. For the kubelet's thread."""

    def __init__(self, node: Node, pod: dict[str, Any], address: str, directory: Path) -> None:
        self._node = node
        self._pod = pod
        self._address = address
        self._directory = directory
        self._client = node.client()
        self._written: dict[str, Content] = {}
        # (volume, path) -> the token and when it is to be replaced
        self._tokens: dict[tuple[str, str], tuple[bytes, float]] = {}
        self._due = 0.0

    def make(self) -> None:
        """Makes them all; MeshError where one's source is not there."""
        self._directory.mkdir(parents=True)
        for volume in self._pod["spec"].get("volumes", []):
            self._make(volume)
        self._due = time.monotonic() + _REFRESH_SECONDS

    def _make(self, volume: dict[str, Any]) -> None:
        path = self.path(volume["name"])
        if "hostPath" in volume:
            if volume["hostPath"].get("type") == "DirectoryOrCreate":
                path.mkdir(parents=True, exist_ok=True)
            return
        path.mkdir()
        path.chmod(0o777)
        if "emptyDir" not in volume:
            self._write(volume)

    def refresh(self) -> None:
        """Now and then looks whether a source has changed; what cannot be asked now is asked later."""
        if time.monotonic() < self._due:
            return
        self._due = time.monotonic() + _REFRESH_SECONDS
        for volume in self._pod["spec"].get("volumes", []):
            if "hostPath" not in volume and "emptyDir" not in volume:
                self._write(volume)

    def path(self, name: str) -> Path:
        """Where a volume lies."""
        volume = next(volume for volume in self._pod["spec"]["volumes"] if volume["name"] == name)
        return self._node.host_path(volume["hostPath"]["path"]) if "hostPath" in volume else self._directory / name

    def _write(self, volume: dict[str, Any]) -> None:
        name = volume["name"]
        sources = volume["projected"]["sources"] if "projected" in volume else [volume]
        content: Content = {}
        for source in sources:
            content |= self._content(name, source)
        if content == self._written.get(name):
            return
        # Readers see the old files or the new ones: the directory behind a link is replaced.
        path, fresh = self.path(name), self.path(name) / f"..{time.monotonic_ns()}"
        fresh.mkdir()
        for key, value in content.items():
            file = fresh / key
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(value)
            file.chmod(0o644)
        old = os.readlink(path / _DATA) if (path / _DATA).is_symlink() else None
        os.symlink(fresh.name, path / f"{_DATA}.new")
        os.rename(path / f"{_DATA}.new", path / _DATA)
        for key in content:
            first = key.split("/")[0]
            if not (path / first).is_symlink():
                os.symlink(f"{_DATA}/{first}", path / first)
        if old:
            shutil.rmtree(path / old)
        self._written[name] = content

    def _content(self, volume: str, source: dict[str, Any]) -> Content:
        if "configMap" in source:
            wanted = source["configMap"]
            found = self._find("configmaps", wanted["name"], wanted.get("optional", False))
            data = {key: value.encode() for key, value in (found.get("data") or {}).items()}
            data |= {key: base64.b64decode(value) for key, value in (found.get("binaryData") or {}).items()}
            return _items(data, wanted)
        if "secret" in source:
            wanted = source["secret"]
            found = self._find("secrets", wanted.get("secretName") or wanted["name"], wanted.get("optional", False))
            return _items({key: base64.b64decode(value) for key, value in (found.get("data") or {}).items()}, wanted)
        if "downwardAPI" in source:
            return {item["path"]: field(self._pod, self._address, self._node, item["fieldRef"]["fieldPath"]).encode() for item in source["downwardAPI"].get("items", [])}
        if "serviceAccountToken" in source:
            wanted = source["serviceAccountToken"]
            return {wanted["path"]: self._token(volume, wanted)}
        raise NotImplementedError(f"a volume of {', '.join(source)}")

    def _find(self, resource: str, name: str, optional: bool) -> dict[str, Any]:
        path = f"/api/v1/namespaces/{self._pod['metadata']['namespace']}/{resource}/{name}"
        return dict((self._client.find(path) or {}) if optional else self._client.get(path))

    def _token(self, volume: str, wanted: dict[str, Any]) -> bytes:
        token, renew = self._tokens.get((volume, wanted["path"]), (b"", 0.0))
        if time.monotonic() < renew:
            return token
        metadata = self._pod["metadata"]
        seconds = max(_SHORTEST_TOKEN_SECONDS, int(wanted.get("expirationSeconds", 3600)))
        spec: dict[str, Any] = {
            "expirationSeconds": seconds,
            "boundObjectRef": {"kind": "Pod", "apiVersion": "v1", "name": metadata["name"], "uid": metadata["uid"]},
        }
        if wanted.get("audience"):
            spec["audiences"] = [wanted["audience"]]
        account = self._pod["spec"].get("serviceAccountName", "default")
        path = f"/api/v1/namespaces/{metadata['namespace']}/serviceaccounts/{account}/token"
        request = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": spec}
        token = str(self._client.request("POST", path, request)["status"]["token"]).encode()
        self._tokens[volume, wanted["path"]] = (token, time.monotonic() + _RENEW_SHARE * seconds)
        return token

    def close(self) -> None:
        """Ends the connection to the API server."""
        self._client.close()


def _items(data: Content, wanted: dict[str, Any]) -> Content:
    items = wanted.get("items")
    return data if items is None else {item["path"]: data[item["key"]] for item in items if item["key"] in data or not wanted.get("optional")}


def write_hosts(path: Path, node: Node, pod_name: str, address: str, services: list[dict[str, Any]], namespace: str) -> None:
    """/etc/hosts in place of a cluster's DNS: all Services, those of the pod's own namespace by their bare names too."""
    lines = ["127.0.0.1 localhost", f"{address} {pod_name}"]
    for service in services:
        cluster_address = service["spec"].get("clusterIP", "None")
        if cluster_address not in ("None", ""):
            name, of = service["metadata"]["name"], service["metadata"]["namespace"]
            names = [f"{name}.{of}.svc.cluster.local", f"{name}.{of}.svc", f"{name}.{of}", *([name] if of == namespace else [])]
            lines.append(f"{cluster_address} {' '.join(names)}")
    replace(path, "\n".join(lines) + "\n")
