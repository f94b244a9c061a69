"""Open many streams at once, read some slowly, cut some off, and take a file away.

    soak(site, folder, streams=100)

Nothing of it may stay open in the server.
"""

import os
import socket
import time
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

from server.scene import Site, open_files, wait_until

# More than the buffers of a connection hold.
FILM_BYTES = 24_000_000
_WINDOW_BYTES = 65_536
_SLOWLY_BYTES = 500_000


def soak(site: Site, folder: Path, *, streams: int) -> dict[str, int]:
    """Have clients read files in bad ways; raise if descriptors stay open.

    Returns:
        How many streams ended in each way, and how many descriptors the server had
        open before, during and after.
    """
    films = [folder / f"soaked_{n}.mp4" for n in range(3)]
    for path in films:
        path.write_bytes(os.urandom(1_000_000) * (FILM_BYTES // 1_000_000))
    addresses = [site.address_of(path) for path in films]
    name, before = str(folder / "soaked"), len(open_files(site.pid))

    def open_count() -> int:
        return sum(name in file for file in open_files(site.pid))

    with ExitStack() as stack:
        clients = [
            stack.enter_context(_begin(site, addresses[n % 3])) for n in range(streams)
        ]
        assert open_count() == streams
        during = len(open_files(site.pid))
        films[1].unlink()
        os.truncate(films[2], 1_000)
        ways = [_end(client, n // 3 % 3) for n, client in enumerate(clients)]
    assert wait_until(lambda: open_count() == 0), open_count()
    assert wait_until(lambda: len(open_files(site.pid)) <= before + 2)
    assert site.ask(addresses[0], "HEAD").status == 200
    found = {way: ways.count(way) for way in sorted(set(ways))}
    after = len(open_files(site.pid))
    return found | {"before": before, "during": during, "after": after}


def _begin(site: Site, address: str) -> socket.socket:
    where = urlsplit(site.base)
    client = socket.socket()
    # Set before it connects, so that the server cannot send all at once.
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _WINDOW_BYTES)
    client.settimeout(200)
    client.connect((where.hostname, where.port))
    request = f"GET {where.path}{address} HTTP/1.1\r\nHost: {where.netloc}\r\n"
    client.sendall(f"{request}Authorization: token {site.token}\r\n\r\n".encode())
    assert client.recv(12) == b"HTTP/1.1 200"
    return client


def _end(client: socket.socket, way: int) -> str:
    if way == 1:
        # Reset: no orderly end of the connection.
        linger = b"\1\0\0\0\0\0\0\0"
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    if way == 2:
        count = 0
        while count < _SLOWLY_BYTES and (part := client.recv(16_384)):
            count += len(part)
            time.sleep(0.002)
    client.close()
    return ("cut off", "reset", "read slowly")[way]
