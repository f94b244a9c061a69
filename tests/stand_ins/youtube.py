"""YouTube's upload interface, as its documentation has it.

Google keeps what arrives of a part in multiples of 256 KiB, answers 308 with `Range`
until a film is whole, and 404 or 410 for sessions that are over. A part that is not the
last one has a multiple of 256 KiB.
"""

import email
import json
import re
import threading
from dataclasses import dataclass, field
from typing import Any, Final

from stand_ins.server import CutError, Reply, Request, StandIn

_UNIT: Final = 262_144


@dataclass
class Session:
    size: int
    resource: dict[str, Any]
    data: bytearray = field(default_factory=bytearray)
    received: int = 0
    is_over: bool = False
    video: str = ""
    # A client that was killed is still read from when the next one asks.
    lock: threading.Lock = field(default_factory=threading.Lock)


def error(status: int, reason: str, message: str = "said by the stand-in") -> Reply:
    """The shape of Google's errors (YouTube Data API, Errors)."""
    one = {"domain": "youtube", "reason": reason, "message": message}
    body = {"error": {"code": status, "message": message, "errors": [one]}}
    return Reply(status, body)


class YouTubeStandIn(StandIn):
    """Attributes: `sessions` by upload id; the others by video."""

    def __init__(self) -> None:
        super().__init__()
        self.sessions: dict[str, Session] = {}
        self.videos: dict[str, bytes] = {}
        self.resources: dict[str, dict[str, Any]] = {}
        self.thumbnails: dict[str, bytes] = {}
        self.captions: dict[str, list[tuple[dict[str, Any], str]]] = {}
        self.channel = "Ada's films"
        self.refusal: Reply | None = None
        self.caption_refusal: Reply | None = None

    def answer(self, request: Request) -> Reply:  # noqa: PLR0911 - one a path
        if request.method == "PUT" and "upload_id" in request.query:
            return self._part(request)
        if not self.is_authorized(request):
            return error(401, "authError", "Invalid Credentials")
        if self.refusal is not None:
            return self.refusal
        if request.path == "/upload/youtube/v3/videos":
            return self._begin(request)
        if request.path == "/upload/youtube/v3/thumbnails/set":
            picture = request.body()
            if len(picture) > 2_097_152:
                return error(413, "mediaBodyTooLarge")
            self.thumbnails[request.query["videoId"]] = picture
            return Reply(200, {"kind": "youtube#thumbnailSetResponse"})
        if request.path == "/upload/youtube/v3/captions":
            return self._captions(request)
        if request.path == "/youtube/v3/channels":
            assert request.query == {"part": "snippet", "mine": "true"}
            return Reply(200, {"items": [{"snippet": {"title": self.channel}}]})
        if request.path == "/youtube/v3/videos":
            return self._state_of_video(request.query)
        return error(404, "notFound")

    def _state_of_video(self, query: dict[str, str]) -> Reply:
        assert query["part"] == "status,processingDetails"
        resource = self.resources.get(query["id"])
        if resource is None:
            return Reply(200, {"items": []})
        status = {"uploadStatus": "uploaded", **resource["status"]}
        details = {"processingStatus": "processing"}
        one = {"id": query["id"], "status": status, "processingDetails": details}
        return Reply(200, {"kind": "youtube#videoListResponse", "items": [one]})

    def _begin(self, request: Request) -> Reply:
        assert request.query == {"uploadType": "resumable", "part": "snippet,status"}
        resource = request.json()
        if len(resource["snippet"]["title"]) > 100:
            return error(400, "invalidTitle")
        name = f"session{len(self.sessions) + 1}"
        size = int(request.headers["x-upload-content-length"])
        assert request.headers["x-upload-content-type"].startswith("video/")
        self.sessions[name] = Session(size, resource)
        place = f"{self.address}/upload/youtube/v3/videos?uploadType=resumable"
        return Reply(200, None, {"Location": f"{place}&upload_id={name}"})

    def _part(self, request: Request) -> Reply:
        session = self.sessions.get(request.query["upload_id"])
        if session is None or session.is_over:
            return error(404 if session is None else 410, "notFound")
        with session.lock:
            return self._kept(request, session)

    def _kept(self, request: Request, session: Session) -> Reply:
        said = request.headers["content-range"]
        if said == f"bytes */{session.size}":
            return self._state(session)
        found = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+)", said)
        assert found, said
        start, last, size = map(int, found.groups())
        assert size == session.size
        assert request.length == last - start + 1
        if start != len(session.data):
            return error(400, "badContentRange")
        if last + 1 < size and request.length % _UNIT:
            return error(400, "badChunkSize")
        try:
            for piece in self.paced(request):
                session.data += piece
                session.received += len(piece)
        except (CutError, ConnectionError):
            del session.data[len(session.data) // _UNIT * _UNIT :]
            raise
        return self._state(session)

    def _state(self, session: Session) -> Reply:
        if len(session.data) < session.size:
            if not session.data:
                return Reply(308)
            return Reply(308, None, {"Range": f"bytes=0-{len(session.data) - 1}"})
        if not session.video:
            session.video = f"video_{len(self.videos) + 1}-A"
            self.videos[session.video] = bytes(session.data)
            self.resources[session.video] = session.resource
        return Reply(200, {"kind": "youtube#video", "id": session.video})

    def _captions(self, request: Request) -> Reply:
        if self.caption_refusal is not None:
            return self.caption_refusal
        kind = request.headers["content-type"]
        message = email.message_from_bytes(
            f"Content-Type: {kind}\r\n\r\n".encode() + request.body()
        )
        _, facts, file = message.walk()
        text, said = file.get_payload(decode=True), facts.get_payload(decode=True)
        assert isinstance(text, bytes)
        assert isinstance(said, bytes)
        snippet = json.loads(said)["snippet"]
        self.captions.setdefault(snippet["videoId"], []).append(
            (snippet, text.decode())
        )
        return Reply(200, {"kind": "youtube#caption"})
