"""Instagram's content publishing with resumable uploads, as documented."""

from typing import Any
from urllib.parse import parse_qs

from stand_ins.server import Reply, Request, StandIn


def error(code: int, message: str = "said by the stand-in", subcode: int = 0) -> Reply:
    body = {"message": message, "code": code, "error_subcode": subcode}
    return Reply(400, {"error": body})


class InstagramStandIn(StandIn):
    """Attributes: `films` by container, `published` containers."""

    def __init__(self) -> None:
        super().__init__()
        self.films: dict[str, bytearray] = {}
        self.sizes: dict[str, int] = {}
        self.fields: dict[str, dict[str, str]] = {}
        self.published: list[str] = []
        self.account = "17841400000000001"
        self.refusal: Reply | None = None
        self.polls = 0
        self.received = 0

    def answer(self, request: Request) -> Reply:  # noqa: PLR0911 - one a path
        if request.path.startswith("/ig-api-upload/"):
            return self._film(request)
        if not self.is_authorized(request):
            return Reply(401, {"error": {"code": 190, "message": "Invalid token"}})
        path = request.path.removeprefix("/v23.0/")
        if path == "me":
            return Reply(200, {"user_id": self.account, "username": "films"})
        if path == "me/accounts":
            page = {"id": "5", "instagram_business_account": {"id": self.account}}
            return Reply(200, {"data": [{"id": "4"}, page] if self.account else []})
        if path == f"{self.account}/media":
            return self._begin(request)
        if path == f"{self.account}/media_publish":
            (name,) = parse_qs(request.body().decode())["creation_id"]
            self.published.append(name)
            return Reply(200, {"id": "18000000000000009"})
        if path == "18000000000000009":
            return Reply(200, {"permalink": "https://www.instagram.com/reel/AbC_1/"})
        return self._container(path)

    def _begin(self, request: Request) -> Reply:
        if self.refusal is not None:
            return self.refusal
        fields = {k: v[0] for k, v in parse_qs(request.body().decode()).items()}
        assert fields["media_type"] == "REELS"
        assert fields["upload_type"] == "resumable"
        name = str(17_900_000_000_000_000 + len(self.films))
        self.films[name], self.fields[name] = bytearray(), fields
        uri = f"{self.address}/ig-api-upload/v23.0/{name}"
        return Reply(200, {"id": name, "uri": uri})

    def _film(self, request: Request) -> Reply:
        assert self.is_authorized(request, "OAuth")
        name = request.path.rpartition("/")[2]
        data = self.films[name]
        self.sizes[name] = int(request.headers["file_size"])
        if int(request.headers["offset"]) != len(data):
            debug: dict[str, Any] = {"retriable": True, "type": "OffsetInvalidError"}
            return Reply(400, {"debug_info": debug})
        for piece in self.paced(request):
            data += piece
            self.received += len(piece)
        return Reply(200, {"success": True, "message": "Upload successful."})

    def _container(self, name: str) -> Reply:
        if name not in self.films:
            return error(100, "Unsupported get request")
        data = self.films[name]
        is_whole = len(data) == self.sizes.get(name)
        self.polls += is_whole
        code = "FINISHED" if self.polls > 1 else "IN_PROGRESS"
        code = "PUBLISHED" if name in self.published else code
        status = "complete" if is_whole else "in_progress"
        phase = {"status": status, "bytes_transferred": len(data)}
        return Reply(
            200, {"status_code": code, "video_status": {"uploading_phase": phase}}
        )
