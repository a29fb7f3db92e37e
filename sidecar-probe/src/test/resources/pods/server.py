# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""A small HTTP/1.1 server whose answers name the process: server.py PORT threads|prefork|reuseport|forking WORKERS"""

import os
import signal
import socket
import sys
import threading


def listen(port: int, shared: bool) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if shared:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen(64)
    return listener


def serve(connection: socket.socket) -> None:
    with connection, connection.makefile("rb") as requests:
        while requests.readline():
            while requests.readline() not in (b"\r\n", b""):
                pass
            body = str(os.getpid()).encode()
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))


def accept_all(listener: socket.socket) -> None:
    while True:
        serve(listener.accept()[0])


def accept_in_threads(listener: socket.socket) -> None:
    while True:
        threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()


def accept_by_fork(listener: socket.socket) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        connection = listener.accept()[0]
        if os.fork() == 0:
            serve(connection)
            os._exit(0)
        connection.close()


def main() -> None:
    port, mode, workers = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    listener = listen(port, mode == "reuseport")
    if mode == "threads":
        accept_in_threads(listener)
    if mode == "forking":
        accept_by_fork(listener)
    children = []
    for _ in range(workers):
        child = os.fork()
        if child == 0:
            accept_all(listen(port, True) if mode == "reuseport" else listener)
        children.append(child)

    def end(*_: object) -> None:
        for child in children:
            os.kill(child, signal.SIGKILL)
        os._exit(0)

    signal.signal(signal.SIGTERM, end)
    if mode == "reuseport":
        accept_all(listener)
    signal.pause()


main()
