# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""client.py PORT REQUESTS PATH opens a connection a request; REQUESTS=0: one connection until the input ends. Prints what answered."""

import http.client
import os
import socket
import sys
import threading
import time


def connect(port: int) -> http.client.HTTPConnection:
    deadline = time.monotonic() + 10
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return http.client.HTTPConnection("127.0.0.1", port)
        except ConnectionRefusedError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def get(connection: http.client.HTTPConnection, path: str) -> str:
    connection.request("GET", path)
    return connection.getresponse().read().decode()


def keep_asking(port: int, path: str) -> None:
    ended = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
    connection = connect(port)
    connection.connect()
    # http.client would connect again in silence.
    connection.auto_open = 0
    print("READY", flush=True)
    answered = 0
    while not ended.wait(0.01):
        get(connection, path)
        answered += 1
    print(f"OK {answered}", flush=True)


def main() -> None:
    port, requests, path = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    if requests == 0:
        keep_asking(port, path)
    else:
        for _ in range(requests):
            print(get(connect(port), path), flush=True)
        # A process that ends before its records are read has no name: it stays until its pod ends.
        sys.stdout.close()
        os.close(1)
        sys.stdin.read()


main()
