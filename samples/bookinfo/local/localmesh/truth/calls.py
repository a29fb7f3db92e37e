# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""Components of single calls from the controller's API, by request id."""

import json
import math
import time
import urllib.request
from urllib.parse import urlencode

from localmesh.errors import MeshError
from localmesh.truth.drive import Record
from localmesh.truth.judge import Components

_ANSWER_SECONDS = 20
_JOINED_SECONDS = 10.0
_POLL_SECONDS = 0.5


def fetch(http_port: int, record: Record) -> dict[str, Components]:
    """The calls of a cell that were seen in full; waits for those that are not joined yet."""
    wanted = {*record.with_fault, *record.without}
    deadline = record.ended_seconds + _JOINED_SECONDS
    while True:
        late = time.time() > deadline
        calls = _calls(http_port, record)
        found = {call["requestId"]: call["components"] for call in calls if call["coverage"] == "full" and call["requestId"] in wanted}
        if late or len({call["requestId"] for call in calls} & wanted) == len(wanted):
            return found
        time.sleep(_POLL_SECONDS)


def _calls(http_port: int, record: Record) -> list[dict]:
    query = {
        "window": f"{min(900, max(5, math.ceil(time.time() - record.started_seconds) + 2))}s",
        "limit": 100_000,
        "sourceWorkload": record.cell.source,
        "destinationWorkload": record.cell.destination,
    }
    # Never through a proxy that the environment names: this is loopback.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    url = f"http://127.0.0.1:{http_port}/api/v1/requests?{urlencode(query)}"
    try:
        with opener.open(url, timeout=_ANSWER_SECONDS) as response:
            return list(json.load(response)["requests"])
    except (OSError, ValueError, KeyError) as error:
        raise MeshError(f"no calls from the controller at 127.0.0.1:{http_port} ({error}): `mesh status` and `mesh logs controller`") from None
