# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""Sends requests on kept-alive connections and keeps them open: client.py HOST PORT. A line on standard input is
"CONNECTIONS REQUESTS RATE PATH"; the answer is a line "OK COUNT" when all were answered with 200."""
import http.client
import sys
import threading
import time

host, port = sys.argv[1], int(sys.argv[2])
open_connections = []


def wait_until_served():
    deadline = time.monotonic() + 20
    while True:
        try:
            connection = http.client.HTTPConnection(host, port, timeout=5)
            connection.request("GET", "/ready")
            if connection.getresponse().read() and time.monotonic() < deadline:
                return
        except OSError:
            if time.monotonic() > deadline:
                raise
        time.sleep(0.05)


def send_whole(connection, path, number):
    connection.request("GET", path, headers={"x-request-id": "%s-%d" % (path.strip("/").replace("/", "-"), number)})


def send_in_pieces(connection, number):
    """The request id is in the third send; Nagle's algorithm is off, so each leaves as it is."""
    if connection.sock is None:
        connection.connect()
    for piece in ("GET /split HTTP/1.1\r\n", "host: x\r\n", "x-request-id: split-%d\r\n" % number, "\r\n"):
        connection.sock.sendall(piece.encode())
        time.sleep(0.002)


def run(first, count, step, interval, path, answered):
    connection = http.client.HTTPConnection(host, port, timeout=10)
    open_connections.append(connection)
    due = time.monotonic()
    for number in range(first, count, step):
        time.sleep(max(0.0, due - time.monotonic()))
        due += interval
        if path == "/split":
            send_in_pieces(connection, number)
        else:
            send_whole(connection, path, number)
        response = http.client.HTTPResponse(connection.sock) if path == "/split" else connection.getresponse()
        if path == "/split":
            response.begin()
        response.read()
        if response.status == 200:
            answered.append(number)


wait_until_served()
print("READY", flush=True)
for line in sys.stdin:
    connections, requests, rate, path = line.split()
    answered = []
    threads = [
        threading.Thread(target=run, args=(i, int(requests), int(connections), int(connections) / float(rate), path, answered))
        for i in range(int(connections))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print("OK", len(answered), flush=True)
