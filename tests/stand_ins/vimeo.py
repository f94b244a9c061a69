"""Vimeo's interface, with uploads by tus 1.0.0 (core protocol), as documented."""

import threading
from typing import Any

from stand_ins.server import Reply, Request, StandIn


class VimeoStandIn(StandIn):
    """Attributes: `films`, `fields`, `tracks` and `tags` by video; `files` by link."""

    def __init__(self) -> None:
        super().__init__()
        self.films: dict[str, bytearray] = {}
        self.sizes: dict[str, int] = {}
        # A client that was killed is still read from when the next one asks.
        self.locks: dict[str, threading.Lock] = {}
        self.fields: dict[str, dict[str, Any]] = {}
        self.gone: set[str] = set()
        self.files: dict[str, bytes] = {}
        self.active: list[str] = []
        self.tracks: dict[str, dict[str, Any]] = {}
        self.tags: dict[str, list[str]] = {}
        self.free_bytes = 10**9
        self.received = 0
        self.refusal: Reply | None = None

    def answer(self, request: Request) -> Reply:  # noqa: PLR0911 - one a path
        if request.path.startswith("/tus/"):
            return self._tus(request, request.path.removeprefix("/tus/"))
        if request.path.startswith("/put/"):
            self.files[request.path.removeprefix("/put/")] = request.body()
            return Reply(200)
        if not self.is_authorized(request):
            return Reply(401, {"error": "You must provide a valid access token."})
        if self.refusal is not None:
            return self.refusal
        assert request.headers["accept"] == "application/vnd.vimeo.*+json;version=3.4"
        if request.path == "/me":
            return Reply(200, {"upload_quota": {"space": {"free": self.free_bytes}}})
        if request.path == "/me/videos":
            return self._begin(request)
        return self._video(request)

    def _begin(self, request: Request) -> Reply:
        fields = request.json()
        assert fields["upload"]["approach"] == "tus"
        name = str(1000 + len(self.films))
        self.films[name], self.locks[name] = bytearray(), threading.Lock()
        self.sizes[name] = int(fields["upload"]["size"])
        self.fields[name] = fields
        link = f"{self.address}/tus/{name}"
        return Reply(200, {"uri": f"/videos/{name}", "upload": {"upload_link": link}})

    def _tus(self, request: Request, name: str) -> Reply:
        if request.headers.get("tus-resumable") != "1.0.0":
            return Reply(412, None, {"Tus-Version": "1.0.0"})
        if name not in self.films or name in self.gone:
            return Reply(404)
        with self.locks[name]:
            return self._kept(request, name)

    def _kept(self, request: Request, name: str) -> Reply:
        data, size = self.films[name], self.sizes[name]
        if request.method == "PATCH":
            if request.headers["content-type"] != "application/offset+octet-stream":
                return Reply(415)
            if int(request.headers["upload-offset"]) != len(data):
                return Reply(409)
            for piece in self.paced(request):
                data += piece
                self.received += len(piece)
        headers = {"Tus-Resumable": "1.0.0", "Upload-Offset": str(len(data))}
        if request.method == "HEAD":
            headers |= {"Upload-Length": str(size), "Cache-Control": "no-store"}
            return Reply(200, None, headers)
        return Reply(204, None, headers)

    def _video(self, request: Request) -> Reply:
        _, _, name, *rest = request.path.split("/")
        if request.method == "PUT" and rest == ["tags"]:
            self.tags[name] = [tag["name"] for tag in request.json()]
            return Reply(200, {})
        if request.method == "POST" and rest == ["pictures"]:
            link = f"{self.address}/put/picture{name}"
            return Reply(201, {"uri": f"/videos/{name}/pictures/7", "link": link})
        if request.method == "PATCH" and rest == ["pictures", "7"]:
            assert request.json() == {"active": True}
            self.active.append(name)
            return Reply(200, {})
        if request.method == "POST" and rest == ["texttracks"]:
            self.tracks[name] = request.json()
            return Reply(201, {"link": f"{self.address}/put/track{name}"})
        if request.method == "GET" and not rest:
            return Reply(200, {"link": f"https://vimeo.com/{name}/0a1b2c3d4e"})
        return Reply(404, {"error": "not found"})
