"""TikTok's Content Posting API, as documented: parts in order, of 5 to 64 MB."""

import re
from typing import Any

from stand_ins.server import Reply, Request, StandIn


def answered(
    data: dict[str, Any] | None = None, code: str = "ok", status: int = 200
) -> Reply:
    error = {"code": code, "message": "", "log_id": "1"}
    return Reply(status, {"data": data or {}, "error": error})


class TikTokStandIn(StandIn):
    """Attributes: `films` by publish id, `posts` with what was said of each."""

    def __init__(self) -> None:
        super().__init__()
        self.films: dict[str, bytearray] = {}
        self.sources: dict[str, dict[str, Any]] = {}
        self.posts: dict[str, dict[str, Any]] = {}
        self.gone: set[str] = set()
        self.polls = 0
        self.fail_reason = ""
        self.refusal: Reply | None = None
        self.options = ["SELF_ONLY", "PUBLIC_TO_EVERYONE"]
        self.received = 0
        self.least_bytes = 5_000_000

    def answer(self, request: Request) -> Reply:
        if request.path.startswith("/video/"):
            return self._part(request, request.query["upload_id"])
        if not self.is_authorized(request):
            return answered(code="access_token_invalid", status=401)
        path = request.path.removeprefix("/v2/post/publish/").strip("/")
        if path == "creator_info/query":
            facts = {
                "privacy_level_options": self.options,
                "max_video_post_duration_sec": 300,
            }
            return answered(facts)
        if path in {"inbox/video/init", "video/init"}:
            return self._begin(request.json(), is_post=path == "video/init")
        assert path == "status/fetch", path
        return self._status(request.json()["publish_id"])

    def _begin(self, fields: dict[str, Any], *, is_post: bool) -> Reply:
        if self.refusal is not None:
            return self.refusal
        source = fields["source_info"]
        assert source["source"] == "FILE_UPLOAD"
        size, part = source["video_size"], source["chunk_size"]
        count = source["total_chunk_count"]
        is_whole = count == 1 and part == size
        if not is_whole and not self.least_bytes <= part <= 64_000_000:
            return answered(code="invalid_params", status=400)
        if count != size // part:
            return answered(code="invalid_params", status=400)
        name = f"v_pub_file~v2.{len(self.films) + 1}"
        self.films[name], self.sources[name] = bytearray(), source
        if is_post:
            self.posts[name] = fields["post_info"]
        url = f"{self.address}/video/?upload_id={name}&upload_token=secret-of-upload"
        return answered({"publish_id": name, "upload_url": url})

    def _part(self, request: Request, name: str) -> Reply:
        if name in self.gone:
            return Reply(403)
        data, source = self.films[name], self.sources[name]
        found = re.fullmatch(
            r"bytes (\d+)-(\d+)/(\d+)", request.headers["content-range"]
        )
        assert found
        start, last, size = map(int, found.groups())
        part, count = source["chunk_size"], source["total_chunk_count"]
        is_last = start // part == count - 1
        ends = size if is_last else start + part
        if (
            start != len(data)
            or start % part
            or last + 1 != ends
            or size != source["video_size"]
        ):
            return Reply(416)
        # A part counts when it is whole.
        whole = bytearray()
        for piece in self.paced(request):
            whole += piece
            self.received += len(piece)
        data += whole
        headers = {"Content-Range": f"bytes 0-{len(data) - 1}/{size}"}
        return Reply(201 if is_last else 206, None, headers)

    def _status(self, name: str) -> Reply:
        data, source = self.films[name], self.sources[name]
        if len(data) < source["video_size"]:
            facts = {"status": "PROCESSING_UPLOAD", "uploaded_bytes": len(data)}
            return answered(facts)
        if self.fail_reason:
            return answered({"status": "FAILED", "fail_reason": self.fail_reason})
        self.polls += 1
        if self.polls < 2:
            return answered(
                {"status": "PROCESSING_UPLOAD", "uploaded_bytes": len(data)}
            )
        if name not in self.posts:
            return answered({"status": "SEND_TO_USER_INBOX"})
        facts = {"status": "PUBLISH_COMPLETE", "publicaly_available_post_id": [7345]}
        return answered(facts)
