# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""Follows a list of the API server, as informers do."""

import http.client
import queue
import threading
import time
from typing import Any, NamedTuple

from localmesh.cluster.api import ApiClient, ApiError, ApiServer

DELETED = "DELETED"
_AGAIN_SECONDS = 0.5
_GONE = 410


class Event(NamedTuple):
    """What happened to an object; one that was in the list when the watch began is as good as a new one."""

    deleted: bool
    object: dict[str, Any]


class Watch:
    """A thread of its own lists and watches, through all breaks of the connection; its user takes the events when it likes."""

    def __init__(self, server: ApiServer, token: str, path: str, events: "queue.SimpleQueue[Event]") -> None:
        self._client = ApiClient(server, token)
        self._path = path
        self._events = events
        self._known: dict[str, dict[str, Any]] = {}
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        version = ""
        while True:
            try:
                version = self._follow(version or self._list())
            except ApiError as error:
                version = "" if error.status == _GONE else version
                time.sleep(_AGAIN_SECONDS)
            except (OSError, http.client.HTTPException, ValueError):
                time.sleep(_AGAIN_SECONDS)

    def _list(self) -> str:
        found = self._client.get(self._path)
        present = {item["metadata"]["uid"]: item for item in found["items"]}
        for uid in set(self._known) - set(present):
            self._events.put(Event(True, self._known.pop(uid)))
        for item in present.values():
            self._take(item)
        return str(found["metadata"]["resourceVersion"])

    def _take(self, item: dict[str, Any]) -> None:
        self._known[item["metadata"]["uid"]] = item
        self._events.put(Event(False, item))

    def _follow(self, version: str) -> str:
        for event in self._client.watch(self._path, version):
            item = event["object"]
            version = item["metadata"]["resourceVersion"]
            if event["type"] == DELETED:
                self._known.pop(item["metadata"]["uid"], None)
                self._events.put(Event(True, item))
            elif event["type"] != "BOOKMARK":
                self._take(item)
        return version
