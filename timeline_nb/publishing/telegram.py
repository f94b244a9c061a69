"""Telegram: the Bot API's sendVideo, as one request that is streamed.

Source: https://core.telegram.org/bots/api#sendvideo and #making-requests. A bot's token
is part of the address, so the address is shown nowhere. Telegram keeps no part of a
film that did not arrive whole.
"""

import re
from collections.abc import AsyncIterator
from typing import Final
from uuid import uuid4

from timeline_nb.errors import PublishError
from timeline_nb.i18n import Message
from timeline_nb.publishing.answers import Dropped, PlatformAnswer, spoken
from timeline_nb.publishing.caller import Caller
from timeline_nb.publishing.resumable import film_pieces
from timeline_nb.publishing.settings import post_text
from timeline_nb.publishing.upload import Published, Upload
from timeline_nb.security.secret import Secret

__all__ = ["LOCAL_BYTES", "Telegram"]

# What a Bot API server of one's own takes (#using-a-local-bot-api-server).
LOCAL_BYTES: Final = 2_000_000_000
_TOO_MANY: Final = 429
_NAME: Final = re.compile(r"\w{1,64}")
_KEY: Final = Message("give the bot's token again with tl.vault.ask('telegram')")
_WORDS: Final = {
    401: Message("it does not know the bot's token: {key}", key=_KEY),
    404: Message("it does not know the bot's token: {key}", key=_KEY),
    413: Message(
        "the film is too large for bots: 50 MB, or 2000 MB by a Bot API server of "
        "one's own"
    ),
}


class Telegram:
    """Sends films to a chat as a bot.

    Args:
        caller: Sends the requests.
        base: The address of the Bot API server.
        upload: What is sent.
    """

    base = "https://api.telegram.org"

    def __init__(self, caller: Caller, base: str, upload: Upload) -> None:
        self._caller, self._base, self._upload = caller, base, upload

    async def run(self) -> Published:
        """Send the film, with its thumbnail and its text."""
        upload = self._upload
        if "film" in upload.entry.done:
            name = upload.entry.id
        else:
            # A chat that is not there is known before the film is on its way.
            await self._caller.call(
                "POST",
                self._method("getChat"),
                is_authorized=False,
                json={"chat_id": upload.settings.chat},
            )
            answer = await self._send(upload)
            name = _name(answer)
            upload.entry.finish("film", name)
        return upload.published(_address(name), name)

    def _method(self, name: str) -> Secret:
        """Return the address of a method, which holds the token."""
        return Secret(f"{self._base}/bot{self._caller.token.reveal()}/{name}")

    async def _send(self, upload: Upload) -> PlatformAnswer:
        """Send the film; again only where it cannot have arrived.

        Raises:
            PublishError: The answer was lost: it may be in the chat.
        """
        form = _Form(upload, self._caller)
        caller, failures = self._caller, 0
        caller.stage, caller.total = "upload", upload.film.size_bytes
        while True:
            try:
                answer = await caller.once(
                    "POST",
                    self._method("sendVideo"),
                    is_authorized=False,
                    is_answered=lambda status: status == _TOO_MANY,
                    content=form.pieces,
                    headers=form.headers,
                )
                upload.film.check()
                if answer.is_good:
                    return answer
                asked = answer.at("parameters", "retry_after")
                wait_s = float(asked) if isinstance(asked, int) else None
                drop = Dropped(
                    Message("it answered {status}", status=429), wait_s=wait_s
                )
            except Dropped as dropped:
                drop = dropped
            if drop.was_sent:
                raise PublishError(
                    Message(
                        "Telegram: the film was sent whole, and the answer was "
                        "lost ({drop}): look in the chat before you publish it "
                        "again",
                        drop=drop,
                    )
                )
            failures += 1
            await caller.rest(drop, failures)

    @staticmethod
    def explain(answer: PlatformAnswer) -> str:
        """Return why Telegram refused, and what to do."""
        said = spoken(answer.text_at("description"))
        if "chat not found" in said:
            return Message(
                "there is no such chat, or the bot is no member of it: add the bot to "
                "the chat, and check chat="
            )
        if answer.status == 403 or "not enough rights" in said:
            return Message(
                "the bot may not post there ({said}): make it an administrator",
                said=said,
            )
        if answer.status in _WORDS:
            return _WORDS[answer.status]
        return f"HTTP {answer.status} {said}".strip()


class _Form:
    """The request's body (multipart/form-data, RFC 7578), of which none is kept.

    Args:
        upload: What is sent.
        caller: Reports the progress.
    """

    def __init__(self, upload: Upload, caller: Caller) -> None:
        self._upload, self._caller = upload, caller
        border = uuid4().hex
        self._head = b"".join(
            _part(border, name, value.encode()) for name, value in _fields(upload)
        )
        if upload.thumbnail is not None:
            self._head += _part(
                border, "thumbnail", upload.thumbnail, "thumbnail.jpg", "image/jpeg"
            )
        self._head += _head(border, "video", "film.mp4", "video/mp4")
        self._tail = f"\r\n--{border}--\r\n".encode()
        size = len(self._head) + upload.film.size_bytes + len(self._tail)
        self.headers = {
            "Content-Type": f"multipart/form-data; boundary={border}",
            "Content-Length": str(size),
        }

    async def pieces(self) -> AsyncIterator[bytes]:
        """Yield the body."""
        film = self._upload.film
        yield self._head
        async for piece in film_pieces(film, 0, film.size_bytes, self._caller):
            yield piece
        yield self._tail


def _fields(upload: Upload) -> list[tuple[str, str]]:
    fields = [
        ("chat_id", upload.settings.chat),
        ("caption", post_text(upload.settings)),
        ("supports_streaming", "true"),
        ("duration", str(round(upload.info.duration))),
    ]
    if upload.info.video:
        width, height = upload.info.video[0].display_size
        fields += [("width", str(width)), ("height", str(height))]
    return fields


def _head(border: str, name: str, file: str = "", kind: str = "") -> bytes:
    where = f'form-data; name="{name}"' + (f'; filename="{file}"' if file else "")
    kinds = f"Content-Type: {kind}\r\n" if kind else ""
    return f"--{border}\r\nContent-Disposition: {where}\r\n{kinds}\r\n".encode()


def _part(
    border: str, name: str, value: bytes, file: str = "", kind: str = ""
) -> bytes:
    return _head(border, name, file, kind) + value + b"\r\n"


def _name(answer: PlatformAnswer) -> str:
    """Return the message as `chat/number`: of a public chat by its name."""
    message = answer.text_at("result", "message_id")
    chat = answer.text_at("result", "chat", "username")
    if not _NAME.fullmatch(chat):
        chat = answer.text_at("result", "chat", "id")
    return f"{chat}/{message}"


def _address(name: str) -> str:
    """Return the address of a message; empty in chats that have none."""
    chat, _, message = name.partition("/")
    if not message.isdecimal():
        return ""
    if chat.startswith("-100"):
        return f"https://t.me/c/{chat.removeprefix('-100')}/{message}"
    is_number = chat.removeprefix("-").isdecimal()
    return "" if is_number or not chat else f"https://t.me/{chat}/{message}"
