# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""The program of the tests in Python: server.py PORT [CERTIFICATE KEY]. GET answers 200, or 404 below /missing; POST reads its body and answers 201."""

import socket
import ssl
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

BODY = b'{"program": "python", "filler": "' + b"x" * 200 + b'"}'


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self):
        self.answer(404 if self.path.startswith("/missing") else 200)

    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        self.answer(201)

    def answer(self, status):
        self.send_response(status)
        self.send_header("content-length", str(len(BODY)))
        self.end_headers()
        self.wfile.write(BODY)

    def log_message(self, *arguments):
        pass


class Server(ThreadingHTTPServer):
    # Takes IPv4 as well, whose addresses it sees in their mapped form.
    address_family = socket.AF_INET6
    request_queue_size = 128


server = Server(("::", int(sys.argv[1])), Handler)
if len(sys.argv) > 2:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*sys.argv[2:4])
    # The handshake is the connection's thread's.
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
server.serve_forever()
