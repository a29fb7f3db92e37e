# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""An application that keeps connections alive: app.py PORT. /delay/N answers after N milliseconds,
/slow/N sends half the body, waits N milliseconds, and sends the rest."""
import socket
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self):
        kind, _, value = self.path.split("?")[0].strip("/").partition("/")
        seconds = int(value) / 1000 if value.isdigit() else 0
        body = b"x" * 1000
        if kind == "delay":
            time.sleep(seconds)
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        if kind == "slow":
            self.wfile.write(body[:500])
            time.sleep(seconds)
            body = body[500:]
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


class Server(ThreadingHTTPServer):
    # Takes IPv4 as well, whose addresses it sees in their mapped form.
    address_family = socket.AF_INET6


Server(("::", int(sys.argv[1])), Handler).serve_forever()
