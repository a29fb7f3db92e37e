# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""A TLS server over memory BIOs, one event loop: loop.py PORT. Answers as threads.py does."""
import asyncio
import ssl
import sys


async def serve(reader, writer):
    port = str(writer.get_extra_info("peername")[1])
    while True:
        head = await reader.readuntil(b"\r\n\r\n")
        number = int(head.split(b" ", 2)[1].rpartition(b"/")[2])
        # Others are served meanwhile.
        await asyncio.sleep(number % 3 / 1000)
        status = "404 Not Found" if number % 5 == 0 else "200 OK"
        writer.write(f"HTTP/1.1 {status}\r\ncontent-length: {len(port)}\r\n\r\n{port}".encode())


async def accept(reader, writer):
    try:
        await serve(reader, writer)
    except (OSError, EOFError):
        writer.close()


async def main():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain("target/tlshop.crt", "target/tlshop.key")
    server = await asyncio.start_server(accept, "127.0.0.1", int(sys.argv[1]), ssl=context)
    await server.serve_forever()


asyncio.run(main())
