# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""Stands for a sidecar: relay.py LISTEN:TARGET... passes each connection on."""

import contextlib
import socket
import sys
import threading


def pump(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)


def relay(downstream: socket.socket, port: int) -> None:
    with downstream, socket.create_connection(("127.0.0.1", port)) as upstream:
        back = threading.Thread(target=pump, args=(upstream, downstream))
        back.start()
        pump(downstream, upstream)
        back.join()


def listen(port: int, target: int) -> None:
    listener = socket.create_server(("127.0.0.1", port), backlog=64)
    while True:
        threading.Thread(target=relay, args=(listener.accept()[0], target), daemon=True).start()


threads = [threading.Thread(target=listen, args=tuple(map(int, pair.split(":")))) for pair in sys.argv[1:]]
for thread in threads:
    thread.start()
