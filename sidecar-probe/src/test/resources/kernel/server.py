# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""Answers on kept-alive connections, with TLS where it is given a certificate: server.py PORT [CERTIFICATE KEY].
Says READY once it listens."""
import ssl
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self):
        # More than a socket's room; by a socket with a timeout Python writes what fits, and polls.
        body = b"x" * (16_000_000 if self.path.startswith("/large") else 1000)
        self.connection.settimeout(30 if self.path == "/large-by-pieces" else None)
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler)
if len(sys.argv) > 2:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[2], sys.argv[3])
    server.socket = context.wrap_socket(server.socket, server_side=True)
print("READY", flush=True)
server.serve_forever()
