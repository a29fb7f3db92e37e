# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""A TLS server by libssl 1.1, a thread a connection: old.py PORT DIRECTORY, with libssl and libcrypto in DIRECTORY.
Answers as threads.py does."""
import ctypes
import glob
import socket
import sys
import threading

directory = sys.argv[2]
ctypes.CDLL(glob.glob(directory + "/libcrypto*.so.1.1")[0], ctypes.RTLD_GLOBAL)
libssl = ctypes.CDLL(glob.glob(directory + "/libssl*.so.1.1")[0])
for name in ("TLS_server_method", "SSL_CTX_new", "SSL_new"):
    getattr(libssl, name).restype = ctypes.c_void_p
context = ctypes.c_void_p(libssl.SSL_CTX_new(ctypes.c_void_p(libssl.TLS_server_method())))
assert libssl.SSL_CTX_use_certificate_file(context, b"target/tlshop.crt", 1) == 1
assert libssl.SSL_CTX_use_PrivateKey_file(context, b"target/tlshop.key", 1) == 1


def serve(connection, port):
    ssl = ctypes.c_void_p(libssl.SSL_new(context))
    libssl.SSL_set_fd(ssl, connection.fileno())
    buffer = ctypes.create_string_buffer(16384)
    libssl.SSL_accept(ssl)
    while (length := libssl.SSL_read(ssl, buffer, len(buffer))) > 0:
        number = int(buffer.raw[:length].split(b" ", 2)[1].rpartition(b"/")[2])
        status = "404 Not Found" if number % 5 == 0 else "200 OK"
        answer = f"HTTP/1.1 {status}\r\ncontent-length: {len(port)}\r\n\r\n{port}".encode()
        libssl.SSL_write(ssl, answer, len(answer))
    libssl.SSL_free(ssl)
    connection.close()


listener = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=64)
while True:
    accepted, peer = listener.accept()
    threading.Thread(target=serve, args=(accepted, str(peer[1])), daemon=True).start()
