"""What plugins ask of the network, and what servers do to them."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any

from attacks.hostile_web import PATHS
from attacks.plugin_scene import Attack, Scene, plugin_of, prepared, short
from plugins_factory import ASK, ASKING

from timeline_nb.errors import PluginError
from timeline_nb.wasm_plugins.network import WebClient, WebRequest
from timeline_nb.wasm_plugins.permissions import parse_permission

LIMIT_S = 1
WITHIN = f"within {LIMIT_S} s"
PUBLIC = "93.184.215.14"
# What each answer of `hostile_web` must end with; some reach the limit of time.
ENDS = {
    "endless": "longer than 16 MiB",
    "chunks": WITHIN,
    "drip": WITHIN,
    "drip_head": WITHIN,
    "head_flood": "RemoteProtocolError",
    "long_header": "RemoteProtocolError",
    "continues": WITHIN,
    "bomb": "longer than 16 MiB",
    "bomb_in_bomb": "compressed as 'gzip, gzip'",
    "after_the_end": "goes on after its compressed end",
    "empty_blocks": "longer than 16 MiB",
    "nothing": WITHIN,
    "garbage": "RemoteProtocolError",
}
assert ENDS.keys() == PATHS.keys()


def asked(scene: Scene, seconds: float = 30, **request: Any) -> object:
    """Have a plugin send a request, and raise what its answer says."""
    granted = f"local:127.0.0.1:{scene.port}"
    limits = short(seconds, "extended")
    with prepared(plugin_of(ASKING, limits, granted, commands=[ASK])) as plugin:
        call = {"call": "http", "requests": [request]}
        (answer,) = plugin.call("ask", {"request": call})["answers"]
    if "error" in answer:
        raise PluginError(answer["error"])
    return answer


def _answer(path: str) -> Attack:
    ends = ENDS[path]
    is_timed = "within" in ends
    seconds = LIMIT_S if is_timed else 30

    def run(scene: Scene) -> object:
        return asked(scene, seconds, url=f"http://127.0.0.1:{scene.port}/{path}")

    limit = f"{LIMIT_S} s" if is_timed else ends.removeprefix("longer than ")
    limit = "what HTTP has" if "Error" in ends else limit
    name = f"an answer: {path.replace('_', ' ')}"
    return Attack(name, limit, run, ends, LIMIT_S if is_timed else 0)


def sent(url: str, *granted: str, addresses: list[list[str]], **fields: Any) -> object:
    """Send a request to hosts that lead to addresses, one list for each question."""
    questions = iter(addresses)
    permissions = tuple(map(parse_permission, granted))
    client = WebClient(permissions, resolve=lambda _host, _port: next(questions))
    request = WebRequest(fields.pop("method", "GET"), url, **fields)
    return asyncio.run(client.send(request, 30)).body


def _refused(what: str, url: str, addresses: list[str], message: str) -> Attack:
    def run(_: Scene) -> object:
        answers = [addresses] if addresses else []
        return sent(url, "network:*.example.com", addresses=answers)

    return Attack(what, "refused", run, message)


def _host(url: str) -> Attack:
    # No name server is asked.
    return _refused(f"a host: {url!r}", url, [], "")


# None of these is a host below example.com, at https and port 443.
HOSTS = (
    "https://evilexample.com/",
    "https://example.com/",
    "https://example.com./",
    "https://a.example.com.evil.test/",
    "https://a.example.com@evil.test/",
    "https://evil.test\\@a.example.com/",
    "https://evil.test/@a.example.com",
    "https://a.example.com:443:80/",
    "https://a.example.com:80/",
    "https://a.example.com:65979/",
    "https://a.example.com:-1/",
    "http://a.example.com:443/",
    "https://a.ex\u0430mple.com/",
    "https://a.xn--exmple-4nf.com/",
    "https://a\u3002evil\u3002test/",
    "https://a.example\u2024com/",
    "https://a.example.com%2eevil.test/",
    "https://a.example.com%00.evil.test/",
    "https://a.example.com\t.evil.test/",
    "https://[::1%25lo]/",
    "https://[fe80::1%25eth0]/",
    "https://[::ffff:7f00:1]/",
    "https://127.1/",
    "https://0x7f000001/",
    "https://017700000001/",
    "https://\u2460\u2461\u2466.0.0.1/",
    "https://localhost/",
    "https://localhost.example.com.localhost/",
    "wss://a.example.com/",
    "HTTPS://EVIL.TEST/",
)
PRIVATE = (
    "127.0.0.1",
    "10.1.2.3",
    "169.254.169.254",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "0.0.0.0",  # noqa: S104 - nothing is bound to it
    "::1",
    "::ffff:10.0.0.1",
    "::ffff:0:127.0.0.1",
    "::127.0.0.1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::a9fe:a9fe",
    "2002:a9fe:a9fe::",
    "fe80::1%eth0",
    "fc00::1",
    "fec0::1",
)
HEADERS = ("authorization", "Cookie", "HOST", "proxy-authorization", "content-length")


def _header(name: str) -> Attack:
    def run(scene: Scene) -> object:
        url = f"http://127.0.0.1:{scene.port}/nothing"
        return asked(scene, url=url, headers={name: "stolen"})

    return Attack(f"sets the header {name}", "refused", run, "not a plugin's to set")


def _rebinding(_: Scene) -> object:
    # Public when it is checked; a second question would lead to this machine.
    asked_for: list[str] = []
    answers = iter([[PUBLIC], ["127.0.0.1"]])

    def resolve(host: str, _: int) -> list[str]:
        asked_for.append(host)
        return next(answers)

    client = WebClient((parse_permission("network:*.example.com"),), resolve=resolve)
    request = WebRequest("GET", "https://a.example.com/")
    try:
        asyncio.run(client.send(request, LIMIT_S))
    except PluginError:
        return asked_for
    return "it reached an address"


def _silent_name_server(_: Scene) -> object:
    ended = threading.Event()

    def resolve(_host: str, _port: int) -> list[str]:
        ended.wait(200)
        return []

    client = WebClient((parse_permission("network:*.example.com"),), resolve=resolve)
    request = WebRequest("GET", "https://a.example.com/")
    try:
        return asyncio.run(client.send(request, LIMIT_S))
    finally:
        ended.set()


def _redirect(place: str) -> Attack:
    def redirect(send: Callable[[bytes], None]) -> None:
        head = f"HTTP/1.1 302 Found\r\ncontent-length: 0\r\nlocation: {place}\r\n\r\n"
        send(head.encode())

    def run(scene: Scene) -> object:
        path = f"to{len(PATHS)}"
        PATHS[path] = redirect
        try:
            return asked(scene, url=f"http://127.0.0.1:{scene.port}/{path}")
        finally:
            del PATHS[path]

    return Attack(f"is redirected to {place}", "refused", run, "allowed")


REDIRECTS = (
    "http://127.0.0.1:22/",
    "https://10.0.0.1/",
    "https://169.254.169.254/latest/meta-data/",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://evil.test/",
    "//evil.test/",
    "file:///etc/passwd",
)
NETWORK = [
    *map(_answer, ENDS),
    *map(_host, HOSTS),
    *(
        _refused(f"a name that leads to {one}", "https://a.example.com/", [PUBLIC, one],
                 f"leads to {one}")
        for one in PRIVATE
    ),
    *map(_redirect, REDIRECTS),
    *map(_header, HEADERS),
    Attack("a name server that is silent", f"{LIMIT_S} s", _silent_name_server,
           f"within {LIMIT_S} s", LIMIT_S),
    Attack("a name that changes between check and use", "asked for once", _rebinding,
           None),
]  # fmt: skip
