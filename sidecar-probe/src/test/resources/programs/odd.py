# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""A server of HTTP/1 that does what ordinary ones seldom do: odd.py PORT. The path's first segment says what:
plain; early (answers 413 before it reads the body); continue (100, then 200 after the body); chunked (three chunks, 5 ms
apart); slow (reads on only after 20 ms); socket (101, then echoes)."""

import re
import socket
import sys
import threading
import time


class Connection:
    def __init__(self, connection):
        self.socket = connection
        self.received = b""

    def serve(self):
        try:
            while self.exchange():
                pass
        except OSError:
            pass
        self.socket.close()

    def more(self):
        data = self.socket.recv(65536)
        self.received += data
        return bool(data)

    def take(self, length):
        while len(self.received) < length:
            if not self.more():
                raise OSError("the peer went away")
        taken, self.received = self.received[:length], self.received[length:]
        return taken

    def take_body(self, head):
        length = re.search(rb"(?i)content-length: *(\d+)", head)
        if length:
            self.take(int(length.group(1)))
        elif re.search(rb"(?i)transfer-encoding: *chunked", head):
            while size := self.take_chunk():
                del size

    def take_chunk(self):
        while b"\r\n" not in self.received:
            if not self.more():
                raise OSError("the peer went away")
        size = int(self.received.partition(b"\r\n")[0], 16)
        self.take(self.received.index(b"\r\n") + 2 + size + 2)
        return size

    def exchange(self):
        while b"\r\n\r\n" not in self.received:
            if not self.more():
                return False
        head = self.take(self.received.index(b"\r\n\r\n") + 4)
        method, target, version = head.split(b"\r\n")[0].split(b" ")
        kind = target.decode().strip("/").partition("/")[0]
        if kind == "early":
            self.send("413 Content Too Large", b"" if method == b"HEAD" else b"too large")
            self.take_body(head)
            return True
        if kind == "socket":
            return self.echo()
        if kind == "continue":
            self.socket.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        if kind == "slow":
            time.sleep(0.02)
        self.take_body(head)
        if kind == "chunked":
            self.send_chunked()
        elif method == b"HEAD":
            self.socket.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n")
        else:
            self.send("200 OK", b"hello", version.decode())
        return version == b"HTTP/1.1"

    def send(self, status, body, version="HTTP/1.1"):
        head = f"{version} {status}\r\ncontent-length: {len(body)}\r\n\r\n"
        self.socket.sendall(head.encode() + body)

    def send_chunked(self):
        self.socket.sendall(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
        for chunk in (b"3\r\none\r\n", b"3\r\ntwo\r\n", b"5\r\nthree\r\n0\r\n\r\n"):
            time.sleep(0.005)
            self.socket.sendall(chunk)

    def echo(self):
        self.socket.sendall(b"HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-accept: x\r\n\r\n")
        while self.received or self.more():
            self.socket.sendall(self.received)
            self.received = b""
        return False


listener = socket.create_server(("", int(sys.argv[1])), family=socket.AF_INET6, dualstack_ipv6=True, backlog=128)
while True:
    accepted, _ = listener.accept()
    accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    threading.Thread(target=Connection(accepted).serve, daemon=True).start()
