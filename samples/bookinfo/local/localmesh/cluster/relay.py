# Copyright The Sidelight Authors
# SPDX-License-Identifier: Apache-2.0
"""Lets programs of the root network namespace reach the API server: a port of loopback here, the API server's there.

Arguments: the network namespace's path, address and port there, the file into which the port here is written, and that port, if it is not to be any free one.
"""

import asyncio
import contextlib
import socket
import sys
from pathlib import Path

from localmesh.meshfile import replace
from localmesh.namespaces import inside_netns

_CHUNK_BYTES = 65536


class Relay:
    """Copies bytes between connections here and there, until either side ends."""

    def __init__(self, netns: str, address: tuple[str, int], port: int) -> None:
        self._netns = netns
        self._address = address
        self._port = port

    async def serve(self, port_file: Path) -> None:
        """Never returns."""
        server = await asyncio.start_server(self._take, "127.0.0.1", self._port)
        replace(port_file, str(server.sockets[0].getsockname()[1]))
        await server.serve_forever()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError), contextlib.closing(writer):
            other_reader, other_writer = await self._connect()
            with contextlib.closing(other_writer):
                await asyncio.gather(_copy(reader, other_writer), _copy(other_reader, writer))

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        with inside_netns(self._netns):
            connection = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        connection.setblocking(False)
        try:
            await asyncio.get_running_loop().sock_connect(connection, self._address)
        except OSError:
            connection.close()
            raise
        return await asyncio.open_connection(sock=connection)


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while chunk := await reader.read(_CHUNK_BYTES):
            writer.write(chunk)
            await writer.drain()
    finally:
        # One direction's end ends both: neither HTTP's clients nor servers half-close.
        writer.close()


def main() -> None:
    """Serves until it is ended."""
    netns, address, port, port_file = sys.argv[1:5]
    asyncio.run(Relay(netns, (address, int(port)), int(sys.argv[5]) if sys.argv[5:] else 0).serve(Path(port_file)))


if __name__ == "__main__":
    main()
