"""Media over HTTP, beside Jupyter's `/files/`, a plain tornado and a plain file.

    python tests/bench/server.py

Ratios of one run on one machine: throughput of one and of 20 clients, how long
Jupyter's own API waits meanwhile, what a GB costs its server, and random seeks of a
`<video>` of 8 Mb/s in Chromium.
"""

import asyncio
import http.client
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).parents[1]))
# This file has the name of a folder of tests.
sys.path.remove(str(Path(__file__).parent))

import psutil
from bench.measure import about
from browser.lab import browser_page
from playwright.sync_api import Page
from server.scene import Site, alone, jupyter
from server.streams import soak
from tornado import httpserver, netutil, web

_FILM_BYTES = 120_000_000
_PART_BYTES = 1 << 23
_CLIENTS = 20
_TURNS = 3
_SEEKS = """async ([src, count]) => {
    const video = document.createElement('video');
    video.muted = true;
    video.preload = 'auto';
    document.body.replaceChildren(video);
    await new Promise((ok, fail) => {
        video.onloadeddata = ok;
        video.onerror = () => fail(new Error(`media error ${video.error?.code}`));
        video.src = src;
    });
    const took = [];
    let state = 12345;
    for (let n = 0; n < count; n++) {
        state = (state * 1103515245 + 12345) % 2147483648;
        const at = (state / 2147483648) * (video.duration - 1);
        const began = performance.now();
        await new Promise(ok => {
            video.requestVideoFrameCallback(ok);
            video.currentTime = at;
        });
        took.push(performance.now() - began);
    }
    video.removeAttribute('src');
    video.load();
    return took;
}"""


@dataclass(frozen=True)
class Load:
    """What a server gave under load.

    Args:
        one_mb_s: To one client.
        many_mb_s: To 20 clients together.
        api_ms: The median wait of a small request meanwhile.
        cpu_s: Processor time of the server for a GB to 20 clients; 0 if not measured.
    """

    one_mb_s: float
    many_mb_s: float
    api_ms: float
    cpu_s: float = 0.0


class Client:
    """One connection that reads a file.

    Args:
        base: The server's base URL.
        token: Sent with each request.
    """

    def __init__(self, base: str, token: str) -> None:
        where = urlsplit(base)
        host, self._path = str(where.hostname), where.path
        self._link = http.client.HTTPConnection(host, where.port, timeout=60)
        self._headers = {"Authorization": f"token {token}"}
        # Else clients that join parts take more of a machine than the server.
        self._part = bytearray(1 << 20)

    def fetch(self, path: str, **headers: str) -> int:
        """Return how many bytes an answer has."""
        self._link.request("GET", self._path + path, headers=self._headers | headers)
        answer = self._link.getresponse()
        assert answer.status in {200, 206}, (path, answer.status)
        count = 0
        while read := answer.readinto(self._part):
            count += read
        return count


def load_of(  # noqa: PLR0917 - who serves what, and how it is asked
    base: str, path: str, probe: str, token: str, seconds: float, pid: int = 0
) -> Load:
    """Read ranges with many clients, and ask for something small meanwhile.

    Args:
        base: The server's base URL.
        path: Of the file.
        probe: Of something small.
        token: Sent with each request.
        seconds: For so long.
        pid: Of the server, if it is a process of its own.
    """
    one, rates = Client(base, token), []
    one.fetch(path)
    for _ in range(3):
        began = time.perf_counter()
        rates.append(one.fetch(path) / (time.perf_counter() - began) / 1e6)
    end = time.monotonic() + seconds
    got: list[int] = []
    waits: list[float] = []

    def read(number: int) -> None:
        mine, chance = Client(base, token), random.Random(number)
        while time.monotonic() < end:
            at = chance.randrange(_FILM_BYTES - _PART_BYTES)
            asked = f"bytes={at}-{at + _PART_BYTES - 1}"
            got.append(mine.fetch(path, Range=asked))

    def wait() -> None:
        mine = Client(base, token)
        while time.monotonic() < end:
            began = time.perf_counter()
            mine.fetch(probe)
            waits.append((time.perf_counter() - began) * 1e3)
            time.sleep(0.02)

    crowd = [threading.Thread(target=read, args=(n,)) for n in range(_CLIENTS)]
    crowd.append(threading.Thread(target=wait))
    began, cpu_before_s = time.perf_counter(), _cpu_s(pid)
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join()
    took, cpu_s = time.perf_counter() - began, _cpu_s(pid) - cpu_before_s
    return Load(
        max(rates),
        sum(got) / took / 1e6,
        statistics.median(waits),
        cpu_s / (sum(got) / 1e9),
    )


def _cpu_s(pid: int) -> float:
    return sum(psutil.Process(pid).cpu_times()[:2]) if pid else 0.0


def in_turns(mine: Callable[[], Load], theirs: Callable[[], Load]) -> tuple[Load, Load]:
    """Return the medians of both, measured in turns.

    What comes first finds a machine that is not warm, and loses a half.
    """
    pairs = [(mine(), theirs()) for _ in range(_TURNS)]
    ours, others = zip(*pairs, strict=True)
    return _median(ours), _median(others)


def _median(loads: Sequence[Load]) -> Load:
    return Load(
        statistics.median(load.one_mb_s for load in loads),
        statistics.median(load.many_mb_s for load in loads),
        statistics.median(load.api_ms for load in loads),
        statistics.median(load.cpu_s for load in loads),
    )


@contextmanager
def static_tornado(folder: Path) -> Iterator[str]:
    """Tornado's own handler of files in another process' place: a thread."""
    sockets = netutil.bind_sockets(0, "127.0.0.1")
    loop = asyncio.new_event_loop()

    class Small(web.RequestHandler):
        def get(self) -> None:
            self.finish("ok")

    def serve() -> None:
        asyncio.set_event_loop(loop)
        handlers: list[Any] = [
            (r"/probe", Small),
            (r"/(.*)", web.StaticFileHandler, {"path": str(folder)}),
        ]
        httpserver.HTTPServer(web.Application(handlers)).add_sockets(sockets)
        loop.run_forever()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{sockets[0].getsockname()[1]}/"
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)


def write_film(path: Path) -> None:
    """Write 40 s of 720p with noise, of which a browser does not buffer all."""
    noise = "testsrc2=size=1280x720:rate=25:duration=40,noise=alls=30:allf=t"
    command = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", noise]
    command += [
        "-preset",
        "ultrafast",
        "-b:v",
        "8M",
        "-maxrate",
        "8M",
        "-bufsize",
        "8M",
    ]
    command += ["-g", "48", "-pix_fmt", "yuv420p", str(path)]
    subprocess.run(command, check=True)


def seeks(page: Page, source: str, count: int) -> list[float]:
    """Seek in a video at random, and return the milliseconds of each."""
    found: list[float] = page.evaluate(_SEEKS, [source, count])
    return found


def show(name: str, mine: Load, other: Load, peer: str) -> None:
    """Print two loads, and their ratios."""
    for label, load in ((name, mine), (peer, other)):
        print(
            f"{label:<28} one client {load.one_mb_s:6.0f} MB/s   20 clients "
            f"{load.many_mb_s:6.0f} MB/s   small request {load.api_ms:6.1f} ms"
            + (f"   CPU {load.cpu_s:.2f} s a GB" if load.cpu_s else "")
        )
    print(
        f"{'  ours / theirs':<28} one {mine.one_mb_s / other.one_mb_s:.2f}   "
        f"20 clients {mine.many_mb_s / other.many_mb_s:.2f}   small request "
        f"{mine.api_ms / other.api_ms:.2f}"
        + (f"   CPU {mine.cpu_s / other.cpu_s:.2f}" if other.cpu_s else "")
    )


def loads(site: Site, folder: Path, *, seconds: float) -> None:
    """Compare with `/files/` in one Jupyter server."""
    media = site.address_of(folder / "large.mp4")

    def load(path: str) -> Load:
        return load_of(site.base, path, "api/status", site.token, seconds, site.pid)

    mine, theirs = in_turns(lambda: load(media), lambda: load("files/large.mp4"))
    show("Jupyter, timeline_nb/media", mine, theirs, "/files/")


def browser_seeks(site: Site, folder: Path, *, count: int) -> None:
    """Compare random seeks in Chromium with `/files/` and a plain file."""
    media = site.base + site.address_of(folder / "film.mp4")
    # A page of the origin that lets media be shown, which that of the API does not.
    place = f"{site.base}login?token={site.token}"
    sources = {
        "timeline_nb/media": (place, media),
        "/files/": (place, f"{site.base}files/film.mp4"),
        "a plain file": (f"file://{folder}/page.html", f"file://{folder}/film.mp4"),
    }
    (folder / "page.html").write_text("<!doctype html><body></body>")
    took: dict[str, list[float]] = {name: [] for name in sources}
    with browser_page() as page:
        # In turns, so that other work on the machine meets all, and none is the first.
        names = list(sources)
        for turn in range(_TURNS):
            for name in names[turn:] + names[:turn]:
                page_url, source = sources[name]
                page.goto(page_url)
                took[name] += seeks(page, source, count)
    middle = {name: statistics.median(times) for name, times in took.items()}
    for name, milliseconds in middle.items():
        print(f"seek, {name:<22} p50 {milliseconds:6.0f} ms")
    mine = middle["timeline_nb/media"]
    print(
        f"  ours / a plain file {mine / middle['a plain file']:.2f}, "
        f"ours / /files/ {mine / middle['/files/']:.2f}"
    )


def main(*, seconds: float = 3, count: int = 25) -> None:
    """Print everything."""
    print(about())
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        (folder / "large.mp4").write_bytes(os.urandom(_FILM_BYTES))
        write_film(folder / "film.mp4")
        with jupyter(folder) as site:
            loads(site, folder, seconds=seconds)
            browser_seeks(site, folder, count=count)
        with alone(folder) as site, static_tornado(folder) as plain:
            media = site.address_of(folder / "large.mp4")
            probe = "timeline_nb/health"
            mine, other = in_turns(
                lambda: load_of(site.base, media, probe, site.token, seconds),
                lambda: load_of(plain, "large.mp4", "probe", "", seconds),
            )
            show("alone, timeline_nb/media", mine, other, "tornado, StaticFileHandler")
        with jupyter(folder) as site:
            print("soak, 100 streams:", soak(site, folder, streams=100))


if __name__ == "__main__":
    main()
