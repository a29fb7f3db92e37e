# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""A TLS server over sockets, a thread a connection: threads.py PORT. The body is the peer's port; of every fifth
request the status is 404."""
import ssl
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self):
        body = str(self.client_address[1]).encode()
        self.send_response(404 if int(self.path.rpartition("/")[2]) % 5 == 0 else 200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


class Server(ThreadingHTTPServer):
    request_queue_size = 64


context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain("target/tlshop.crt", "target/tlshop.key")
server = Server(("127.0.0.1", int(sys.argv[1])), Handler)
server.socket = context.wrap_socket(server.socket, server_side=True)
server.serve_forever()
