# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""The demonstration: a mesh, traffic and the table of what each call's time was spent on."""

import signal
import threading
import time
from types import FrameType

from localmesh import control, edges, lifecycle
from localmesh.control import Progress
from localmesh.errors import MeshError
from localmesh.layout import Layout
from localmesh.pods import Variant
from localmesh.traffic import LoadGenerator, Sample, gateway_of

_ONCE_SECONDS = 40.0
_LATE_SECONDS = 20.0
_REPRINT_SECONDS = 10.0
_WINDOW = "60s"
_FOREVER_SECONDS = 365 * 86_400.0


class _Interrupted(Exception):
    pass


def run(layout: Layout, progress: Progress, rps: float, once: bool, variant: Variant) -> None:
    """Brings a mesh up, or takes the one that is up, and shows its edges; MeshError where an edge is missing at the end of `once`."""
    signal.signal(signal.SIGTERM, _interrupt)
    own = not control.is_up(layout)
    try:
        status = lifecycle.up(layout, progress, bound=own, variant=variant)
        port = int(status["ports"]["http"])
        generator = LoadGenerator(gateway_of(layout), "/productpage", _ignore)
        thread = threading.Thread(target=generator.run, args=(rps, _ONCE_SECONDS + _LATE_SECONDS if once else _FOREVER_SECONDS), daemon=True)
        thread.start()
        progress(f"traffic flows: {rps:g} requests a second; page and API at http://127.0.0.1:{port}/")
        if once:
            _print_once(port, progress)
        else:
            _print_again_and_again(port, progress)
    except (KeyboardInterrupt, _Interrupted):
        progress("interrupted")
    finally:
        if own:
            progress("cleaning up")
            lifecycle.down(layout, progress)


def _print_once(port: int, progress: Progress) -> None:
    progress(f"collecting for {_ONCE_SECONDS:.0f} s")
    time.sleep(_ONCE_SECONDS)
    deadline = time.monotonic() + _LATE_SECONDS
    while (missing := edges.missing(rows := edges.fetch(port, _WINDOW))) and time.monotonic() < deadline:
        time.sleep(1)
    print(edges.table(rows), flush=True)
    if missing:
        raise MeshError(f"edges are missing: {', '.join(missing)}; `mesh up`, `mesh traffic 20 30` and `mesh logs controller` show why")


def _print_again_and_again(port: int, progress: Progress) -> None:
    progress("Ctrl-C ends it")
    while True:
        time.sleep(_REPRINT_SECONDS)
        try:
            print(edges.table(edges.fetch(port, _WINDOW)) + "\n", flush=True)
        except MeshError as error:
            progress(str(error))


def _ignore(sample: Sample) -> None:
    pass


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise _Interrupted
