# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""Holds packets on their way to a pod, and drops single ones: a TUN device in the fabric, for kernels without netem.

Policy routing sends a pod's packets here; they are written back as they came, so that addresses and sequence numbers stay.
Commands come as JSON lines on standard input; a dropped packet is told on standard output.
"""

import fcntl
import heapq
import json
import os
import select
import struct
import sys
import time
from dataclasses import dataclass
from typing import NamedTuple

from localmesh.namespaces import exact_timers

_TUNSETIFF = 0x400454CA
_IFF_TUN = 0x0001
_IFF_NO_PI = 0x1000
_TCP = 6
_SIDECAR_PORT = 9080


class Segment(NamedTuple):
    """The part of a TCP segment that names it."""

    source: str
    destination: str
    sequence: int
    payload_bytes: int
    on_link: bool


def parse_segment(packet: bytes) -> Segment | None:
    """Reads an IPv4 packet; none where it is no TCP."""
    if len(packet) < 40 or packet[0] >> 4 != 4 or packet[9] != _TCP:
        return None
    header = (packet[0] & 15) * 4
    source_port, destination_port, sequence = struct.unpack_from("!HHI", packet, header)
    payload = struct.unpack_from("!H", packet, 2)[0] - header - (packet[header + 12] >> 4) * 4
    return Segment(
        f"{_address(packet[12:16])}:{source_port}",
        f"{_address(packet[16:20])}:{destination_port}",
        sequence,
        payload,
        _SIDECAR_PORT in (source_port, destination_port),
    )


def _address(raw: bytes) -> str:
    return ".".join(str(byte) for byte in raw)


@dataclass
class Path:
    """What happens to the packets towards one address."""

    delay_nanos: int = 0
    drop_next: bool = False
    last_release_nanos: int = 0


class Queue:
    """Packets with the time at which each leaves; those to one address keep their order."""

    def __init__(self) -> None:
        self._paths: dict[str, Path] = {}
        # When it leaves, then in which order it came.
        self._held: list[tuple[int, int, bytes]] = []
        self._count = 0

    def path(self, address: str) -> Path:
        """The settings of one address."""
        return self._paths.setdefault(address, Path())

    def arrive(self, packet: bytes, now_nanos: int) -> Segment | None:
        """Takes a packet in; answers the segment where it was the one to drop."""
        path = self.path(_address(packet[16:20]))
        if path.drop_next:
            segment = parse_segment(packet)
            if segment is not None and segment.payload_bytes > 0 and segment.on_link:
                path.drop_next = False
                return segment
        path.last_release_nanos = max(path.last_release_nanos, now_nanos + path.delay_nanos)
        self._count += 1
        heapq.heappush(self._held, (path.last_release_nanos, self._count, packet))
        return None

    def flush(self, address: str) -> None:
        """Lets all that is held for an address leave now: packets by the direct way must not overtake it."""
        destination = bytes(int(part) for part in address.split("."))
        self._held = [(0 if packet[16:20] == destination else release, count, packet) for release, count, packet in self._held]
        heapq.heapify(self._held)
        self.path(address).last_release_nanos = 0

    def due(self, now_nanos: int) -> list[bytes]:
        """Packets that leave now."""
        packets = []
        while self._held and self._held[0][0] <= now_nanos:
            packets.append(heapq.heappop(self._held)[2])
        return packets

    def wait_seconds(self, now_nanos: int) -> float | None:
        """Until the next one leaves; none where nothing is held."""
        return max(0, self._held[0][0] - now_nanos) / 1e9 if self._held else None


def _open_tun(name: str) -> int:
    tun = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(tun, _TUNSETIFF, struct.pack("16sH", name.encode(), _IFF_TUN | _IFF_NO_PI))
    return tun


def _obey(queue: Queue, line: str) -> None:
    command = json.loads(line)
    path = queue.path(command["address"])
    path.delay_nanos = command.get("delayNanos", path.delay_nanos)
    path.drop_next = command.get("dropNext", path.drop_next)
    if path.delay_nanos == 0:
        queue.flush(command["address"])


def _take(queue: Queue, tun: int) -> None:
    while True:
        try:
            packet = os.read(tun, 65536)
        except BlockingIOError:
            return
        dropped = queue.arrive(packet, time.monotonic_ns())
        if dropped is not None:
            print(json.dumps({"monotonicNanos": time.monotonic_ns(), **dropped._asdict()}), flush=True)


def main() -> None:
    """Runs until standard input ends."""
    exact_timers()
    # A held packet has to leave on time also while the mesh uses every core.
    os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
    tun, queue = _open_tun(sys.argv[1]), Queue()
    pending = b""
    while True:
        readable, _, _ = select.select([tun, 0], [], [], queue.wait_seconds(time.monotonic_ns()))
        if 0 in readable:
            chunk = os.read(0, 65536)
            if not chunk:
                return
            *lines, pending = (pending + chunk).split(b"\n")
            for line in lines:
                _obey(queue, line.decode())
        if tun in readable:
            _take(queue, tun)
        for packet in queue.due(time.monotonic_ns()):
            os.write(tun, packet)


if __name__ == "__main__":
    main()
