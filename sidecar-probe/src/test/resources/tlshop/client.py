# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""Sends requests on kept-alive connections and keeps them open. A line on standard input is "SCHEME PORT PATH
CONNECTIONS FIRST REQUESTS"; the answer is a line "ID PORT STATUS" a request, with the port that the server saw, and a line
"OK COUNT". "wait PORT" answers OK as soon as the port takes a connection."""
import http.client
import socket
import ssl
import sys
import threading
import time

open_connections = []
context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
context.check_hostname = False
context.verify_mode = ssl.CERT_NONE


def connect(scheme, port):
    if scheme == "https":
        return http.client.HTTPSConnection("127.0.0.1", port, timeout=20, context=context)
    return http.client.HTTPConnection("127.0.0.1", port, timeout=20)


def run(connection, path, numbers, answers):
    for number in numbers:
        name = "%s-%d" % (path, number)
        connection.request("GET", "/%s/%d" % (path, number), headers={"x-request-id": name})
        response = connection.getresponse()
        answers.append("%s %s %d" % (name, response.read().decode(), response.status))


def request(scheme, port, path, connections, first, requests):
    answers = []
    threads = []
    for i in range(connections):
        connection = connect(scheme, port)
        open_connections.append(connection)
        numbers = range(first + i, first + requests, connections)
        threads.append(threading.Thread(target=run, args=(connection, path, numbers, answers)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def wait(port):
    deadline = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
        time.sleep(0.02)


for line in sys.stdin:
    words = line.split()
    lines = []
    if words[0] == "wait":
        wait(int(words[1]))
    else:
        lines = request(words[0], int(words[1]), words[2], *map(int, words[3:]))
    print("\n".join(lines + ["OK %d" % len(lines)]), flush=True)
