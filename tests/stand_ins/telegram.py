"""Telegram's Bot API: getChat and sendVideo, as documented."""

from typing import Any, Final

from stand_ins.server import Reply, Request, StandIn
from tornado.httputil import HTTPFile, parse_multipart_form_data

TOKEN: Final = "123456:AAtelegram-token-of-a-bot"  # noqa: S105 - of the stand-in


def failed(status: int, description: str, **more: Any) -> Reply:
    body = {"ok": False, "error_code": status, "description": description, **more}
    return Reply(status, body)


class TelegramStandIn(StandIn):
    """Attributes: `messages`, each with its fields, film and thumbnail."""

    def __init__(self) -> None:
        super().__init__()
        self.tokens = {TOKEN}
        self.messages: list[dict[str, Any]] = []
        self.chats = {"@films": "films", "-1001234": ""}
        self.refusals: list[Reply] = []
        self.most_bytes = 50_000_000

    def answer(self, request: Request) -> Reply:
        token, _, method = request.path.removeprefix("/bot").rpartition("/")
        if token not in self.tokens:
            return failed(401, "Unauthorized")
        if method == "getChat":
            if request.json()["chat_id"] not in self.chats:
                return failed(400, "Bad Request: chat not found")
            return Reply(200, {"ok": True, "result": {}})
        assert method == "sendVideo"
        if request.length > self.most_bytes:
            return failed(413, "Request Entity Too Large")
        fields, files = self._form(request)
        if self.refusals:
            return self.refusals.pop(0)
        message = {**fields, **files, "message_id": len(self.messages) + 7}
        self.messages.append(message)
        chat: dict[str, Any] = {"id": -1001234}
        if self.chats[fields["chat_id"]]:
            chat["username"] = self.chats[fields["chat_id"]]
        result = {"message_id": message["message_id"], "chat": chat}
        return Reply(200, {"ok": True, "result": result})

    def _form(self, request: Request) -> tuple[dict[str, str], dict[str, bytes]]:
        border = request.headers["content-type"].partition("boundary=")[2]
        body = b"".join(self.paced(request))
        fields: dict[str, list[bytes]] = {}
        files: dict[str, list[HTTPFile]] = {}
        parse_multipart_form_data(border.encode(), body, fields, files)
        texts = {name: values[0].decode() for name, values in fields.items()}
        return texts, {name: found[0]["body"] for name, found in files.items()}
