# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""Packets leave on time and in order; the right one is dropped."""

import struct
import unittest

from localmesh.holder import Queue, parse_segment

DETAILS, RATINGS = "10.77.0.12", "10.77.0.16"
MILLISECOND = 1_000_000


def packet(destination: str, payload: bytes = b"x", sequence: int = 7, ports: tuple[int, int] = (40000, 9080)) -> bytes:
    """A TCP segment from productpage."""
    tcp = struct.pack("!HHIIBBHHH", *ports, sequence, 0, 5 << 4, 0x18, 500, 0, 0)
    total = 20 + len(tcp) + len(payload)
    addresses = [bytes(int(part) for part in address.split(".")) for address in ("10.77.0.11", destination)]
    return struct.pack("!BBHHHBBH4s4s", 0x45, 0, total, 0, 0, 64, 6, 0, *addresses) + tcp + payload


class HolderTest(unittest.TestCase):
    """The queue, with a clock of its own."""

    def setUp(self) -> None:
        self.queue = Queue()

    def test_segment_is_read_from_the_packet(self) -> None:
        segment = parse_segment(packet(DETAILS, b"abc", sequence=4_000_000_000))
        assert segment is not None
        self.assertEqual((segment.source, segment.destination), ("10.77.0.11:40000", "10.77.0.12:9080"))
        self.assertEqual((segment.sequence, segment.payload_bytes), (4_000_000_000, 3))

    def test_packet_that_is_no_tcp_is_no_segment(self) -> None:
        self.assertIsNone(parse_segment(b"\x45" + bytes(60)))
        self.assertIsNone(parse_segment(b"\x60"))

    def test_packet_leaves_after_its_delay(self) -> None:
        self.queue.path(DETAILS).delay_nanos = 20 * MILLISECOND
        self.queue.arrive(packet(DETAILS), 0)
        self.assertEqual(self.queue.due(20 * MILLISECOND - 1), [])
        self.assertEqual(self.queue.wait_seconds(10 * MILLISECOND), 0.01)
        self.assertEqual(self.queue.due(20 * MILLISECOND), [packet(DETAILS)])
        self.assertIsNone(self.queue.wait_seconds(0))

    def test_shorter_delay_does_not_let_packets_overtake(self) -> None:
        first, second = packet(DETAILS, sequence=1), packet(DETAILS, sequence=2)
        self.queue.path(DETAILS).delay_nanos = 20 * MILLISECOND
        self.queue.arrive(first, 0)
        self.queue.path(DETAILS).delay_nanos = MILLISECOND
        self.queue.arrive(second, 0)
        self.assertEqual(self.queue.due(20 * MILLISECOND), [first, second])

    def test_flush_lets_one_address_go_at_once(self) -> None:
        for address in (DETAILS, RATINGS):
            self.queue.path(address).delay_nanos = 20 * MILLISECOND
            self.queue.arrive(packet(address), 0)
        self.queue.flush(DETAILS)
        self.assertEqual(self.queue.due(1), [packet(DETAILS)])

    def test_drop_takes_the_next_packet_with_data_only(self) -> None:
        self.queue.path(DETAILS).drop_next = True
        self.assertIsNone(self.queue.arrive(packet(DETAILS, b""), 0))
        self.assertIsNone(self.queue.arrive(packet(RATINGS), 0))
        dropped = self.queue.arrive(packet(DETAILS, sequence=9), 0)
        assert dropped is not None
        self.assertEqual(dropped.sequence, 9)
        self.assertIsNone(self.queue.arrive(packet(DETAILS, sequence=9), 0))
        self.assertEqual(len(self.queue.due(0)), 3)

    def test_drop_spares_what_is_no_link(self) -> None:
        self.queue.path("10.77.0.10").drop_next = True
        self.assertIsNone(self.queue.arrive(packet("10.77.0.10", ports=(40000, 8080)), 0))


if __name__ == "__main__":
    unittest.main()
