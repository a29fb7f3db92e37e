# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""One end of a TCP connection that counts its own calls: endpoint.py serve|call ADDRESS PORT KEY=VALUE... Says READY (when it
listens, or is connected and gated), and at the end, in one line of JSON, what its calls moved."""
import json
import os
import socket
import sys
import time

what, address, port = sys.argv[1], sys.argv[2], int(sys.argv[3])
options = dict(argument.split("=", 1) for argument in sys.argv[4:])
rounds = int(options.get("rounds", "1"))
request = bytes.fromhex(options.get("request", "")) or b"q" * int(options.get("request_bytes", "100"))
response = bytes.fromhex(options.get("response", "")) or b"r" * int(options.get("response_bytes", "100"))
done = {"writes": 0, "written": 0, "reads": 0, "read": 0, "peers": []}


def send(connection, data):
    while data:
        sent = connection.send(data)
        done["writes"] += 1
        done["written"] += sent
        data = data[sent:]


def receive(connection, length):
    while length:
        data = connection.recv(min(length, int(options.get("chunk", "65536"))))
        if not data:
            return
        done["reads"] += 1
        done["read"] += len(data)
        length -= len(data)


def end(connection):
    """Who closes first shuts down and waits for the other's FIN; the other sees it, lingers, and closes."""
    if options.get("closer") == what:
        connection.shutdown(socket.SHUT_WR)
        connection.recv(1)
    else:
        connection.recv(1)
        time.sleep(float(options.get("linger", "0")))
    connection.close()


def serve_one(connection, peer):
    done["peers"].append(peer[1])
    for number in range(rounds):
        receive(connection, len(request))
        time.sleep(float(options.get("think", "0")))
        send(connection, response)
    return connection


def serve():
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if address == "::":
        listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    listener.bind((address, port))
    listener.listen(16)
    print("READY", flush=True)
    if "late" in options:
        sys.stdin.readline()
    opened = [serve_one(*listener.accept()) for _ in range(int(options.get("connections", "1")))]
    for connection in opened:
        end(connection)


def dial(to, to_port):
    connection = socket.socket(socket.AF_INET6 if ":" in to else socket.AF_INET)
    if "local_port" in options:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        connection.bind(("", int(options["local_port"])))
    connection.connect((to, to_port))
    return connection


def call():
    opened = [dial(to, port) for to in address.split(",")]
    print("READY", flush=True)
    if "gated" in options:
        sys.stdin.readline()
    for connection in opened:
        for _ in range(rounds):
            send(connection, request)
            receive(connection, len(response))
    for connection in opened:
        end(connection)


serve() if what == "serve" else call()
print(json.dumps(done), flush=True)
os._exit(0)
