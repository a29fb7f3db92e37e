# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""The load generator against a small server on loopback."""

import socket
import threading
import unittest

from localmesh.traffic import LoadGenerator, Sample, Summary, Target, parse_response, percentile

RESPONSE = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"


class LoopbackGateway(Target):
    """Connects within the own namespace, so that the test needs no root."""

    def connect(self) -> socket.socket:
        return socket.create_connection((self.address, self.port), 2)


class Server:
    """Answers each request that it reads; with `close_after_first` each connection answers one."""

    def __init__(self, close_after_first: bool = False) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._close_after_first = close_after_first
        self.gateway = LoopbackGateway("", "127.0.0.1", self._listener.getsockname()[1])
        self.requests: list[bytes] = []
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            while request := connection.recv(65536):
                self.requests.append(request)
                connection.sendall(RESPONSE)
                if self._close_after_first:
                    return

    def close(self) -> None:
        """Listens no more."""
        self._listener.close()


class TrafficTest(unittest.TestCase):
    """Samples, counts and percentiles."""

    def run_load(self, gateway: Target, rps: float, seconds: float, own_ids: bool = False) -> list[Sample]:
        samples: list[Sample] = []
        LoadGenerator(gateway, "/productpage", samples.append, own_ids).run(rps, seconds)
        return samples

    def test_every_request_is_sent_and_counted(self) -> None:
        server = Server()
        self.addCleanup(server.close)
        samples = self.run_load(server.gateway, 300, 0.1, own_ids=True)
        self.assertEqual([sample.status for sample in samples], [200] * 30)
        self.assertEqual(len({sample.request_id for sample in samples}), 30)
        self.assertTrue(all(sample.due_monotonic_nanos <= sample.start_monotonic_nanos <= sample.end_monotonic_nanos for sample in samples))

    def test_closed_connection_repeats_the_request(self) -> None:
        server = Server(close_after_first=True)
        self.addCleanup(server.close)
        samples = self.run_load(server.gateway, 100, 0.1)
        self.assertEqual([sample.status for sample in samples], [200] * 10)

    def test_absent_gateway_gives_errors_not_exceptions(self) -> None:
        summary = Summary()
        with socket.socket() as taken_but_not_listening:
            taken_but_not_listening.bind(("127.0.0.1", 0))
            gateway = LoopbackGateway("", *taken_but_not_listening.getsockname())
            for sample in self.run_load(gateway, 100, 0.05):
                summary.add(sample)
        self.assertEqual(summary.as_dict()["errors"], 5)

    def test_response_is_complete_with_its_last_byte(self) -> None:
        self.assertIsNone(parse_response(bytearray(RESPONSE[:-1])))
        self.assertEqual(parse_response(bytearray(RESPONSE)), (200, True))
        closing = b"HTTP/1.1 503 Unavailable\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
        self.assertEqual(parse_response(bytearray(closing)), (503, False))
        chunked = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n"
        self.assertIsNone(parse_response(bytearray(chunked)))
        self.assertEqual(parse_response(bytearray(chunked + b"0\r\n\r\n")), (200, True))

    def test_percentile_is_the_nearest_rank(self) -> None:
        self.assertEqual([percentile(list(range(1, 101)), percent) for percent in (50, 95, 99)], [50, 95, 99])
        self.assertEqual(percentile([7], 99), 7)
        self.assertEqual(percentile([], 50), 0)


if __name__ == "__main__":
    unittest.main()
