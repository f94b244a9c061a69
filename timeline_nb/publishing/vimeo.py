"""Vimeo: its API 3.4, and tus 1.0.0, the protocol of its resumable uploads.

Sources: https://developer.vimeo.com/api/upload/videos and .../texttracks,
https://tus.io/protocols/resumable-upload (core protocol).
"""

import re
from typing import Any, Final

from timeline_nb.errors import PublishError
from timeline_nb.i18n import Message
from timeline_nb.publishing.answers import (
    Dropped,
    PlatformAnswer,
    RefusedRequest,
    SessionLost,
    spoken,
)
from timeline_nb.publishing.caller import Caller, is_safe_address
from timeline_nb.publishing.extras import add, warn_of_language
from timeline_nb.publishing.film_file import FilmFile
from timeline_nb.publishing.resumable import Body, Received, send_film
from timeline_nb.publishing.upload import Published, Upload
from timeline_nb.security.secret import Secret

__all__ = ["Vimeo"]

_PART_BYTES: Final = 1 << 24
_TUS: Final = {"Tus-Resumable": "1.0.0"}
_ACCEPT: Final = {"Accept": "application/vnd.vimeo.*+json;version=3.4"}
_VIEWS: Final = {"public": "anybody", "unlisted": "unlisted", "private": "nobody"}
_URI: Final = re.compile(r"/videos/(\d{1,20})")
# tus: a session that is gone; an offset that is not the server's; a wrong checksum.
_LOST: Final = {403, 404, 410}
_DIFFERS: Final = {409, 460}
_CONNECT: Final = Message(
    "connect again with tl.accounts.connect('vimeo'), with the right to upload"
)
_WORDS: Final = {
    "2204": Message("a field is not taken"),
    "3115": Message(
        "this account's plan has no uploads by apps: see vimeo.com/upgrade"
    ),
    "4101": Message(
        "the account's quota is used up: delete videos, or wait for its renewal"
    ),
    "4102": Message(
        "the account's quota of this week is used up: publish again next week"
    ),
    "4103": Message("the account may upload no more today: publish again tomorrow"),
    "4104": Message("the account's whole quota is used up: delete videos at vimeo.com"),
    "8003": Message(
        "the app has no access to this account: {connect}", connect=_CONNECT
    ),
}


class Vimeo:
    """Uploads to Vimeo.

    Args:
        caller: Sends the requests.
        base: The address of Vimeo's interface.
        upload: What is uploaded.
    """

    base = "https://api.vimeo.com"

    def __init__(self, caller: Caller, base: str, upload: Upload) -> None:
        self._caller, self._base, self._upload = caller, base, upload
        self._settings = upload.settings
        self._part_bytes = upload.part_bytes or _PART_BYTES

    async def run(self) -> Published:
        """Upload the film, its tags, its thumbnail and its captions."""
        upload, settings = self._upload, self._settings
        if upload.entry.session is None:
            await self._check_quota(upload.film)
        name = await send_film(self, upload.film, upload.entry, self._caller)
        if settings.tags:
            await add(upload, "tags", lambda: self._set_tags(name), self.explain)
        if upload.thumbnail is not None:
            picture = upload.thumbnail
            await add(
                upload,
                "thumbnail",
                lambda: self._add_picture(name, picture),
                self.explain,
            )
        if upload.captions:
            warn_of_language(upload)
            text = upload.captions
            await add(
                upload,
                "captions",
                lambda: self._add_captions(name, text),
                self.explain,
            )
        return upload.published(await self._link(name), name)

    async def _check_quota(self, film: FilmFile) -> None:
        """Check that the account has room, where Vimeo says how much.

        Raises:
            PublishError: It has too little.
        """
        answer = await self._caller.call(
            "GET",
            f"{self._base}/me",
            params={"fields": "upload_quota"},
            headers=_ACCEPT,
        )
        free = answer.at("upload_quota", "space", "free")
        if isinstance(free, int) and free < film.size_bytes:
            raise PublishError(
                Message(
                    "Vimeo: the account's quota has room for {free} MB, and the "
                    "film has {size_bytes} MB: delete videos, or wait until the "
                    "quota is renewed",
                    free=f"{free / 1000000.0:.1f}",
                    size_bytes=f"{film.size_bytes / 1000000.0:.1f}",
                )
            )

    async def begin(self, film: FilmFile) -> tuple[Secret, str]:
        """Make a video that waits for its film."""
        settings = self._settings
        fields: dict[str, Any] = {
            "upload": {"approach": "tus", "size": str(film.size_bytes)},
            "name": settings.title,
            "description": settings.description,
            "privacy": {"view": _VIEWS[settings.privacy]},
        }
        if settings.language:
            fields["locale"] = settings.language
        answer = await self._caller.call(
            "POST", f"{self._base}/me/videos", json=fields, headers=_ACCEPT
        )
        link = Secret(answer.text_at("upload", "upload_link"))
        found = _URI.match(answer.text_at("uri"))
        if not found or not is_safe_address(link.reveal(), beside=self._base):
            raise PublishError(
                Message("Vimeo named no address for the upload: publish again")
            )
        return link, found[1]

    def end_of_part(self, offset: int, size_bytes: int) -> int:
        """Return where a part ends."""
        return min(size_bytes, offset + self._part_bytes)

    async def received(self, session: Secret, film: FilmFile) -> Received:
        """Ask for what arrived (tus: HEAD)."""
        return await self._tus("HEAD", session, film, headers=_TUS)

    async def send(
        self, session: Secret, film: FilmFile, start: int, end: int, body: Body
    ) -> Received:
        """Send a part (tus: PATCH)."""
        headers = {
            **_TUS,
            "Upload-Offset": str(start),
            "Content-Type": "application/offset+octet-stream",
            "Content-Length": str(end - start),
        }
        return await self._tus("PATCH", session, film, headers=headers, content=body)

    async def _tus(
        self, method: str, session: Secret, film: FilmFile, **options: Any
    ) -> Received:
        try:
            answer = await self._caller.once(
                method, session, is_authorized=False, **options
            )
        except RefusedRequest as refusal:
            status = refusal.answer.status
            if status in _LOST:
                raise SessionLost from None
            if status in _DIFFERS:
                why = Message("it answered {status}", status=status)
                raise Dropped(why) from None
            raise
        offset = answer.headers.get("upload-offset", "")
        if not offset.isdecimal():
            raise Dropped(Message("it did not say what it has"))
        return Received(int(offset), is_whole=int(offset) == film.size_bytes)

    async def _set_tags(self, name: str) -> None:
        await self._caller.call(
            "PUT",
            f"{self._base}/videos/{name}/tags",
            json=[{"name": tag} for tag in self._settings.tags],
            headers=_ACCEPT,
        )

    async def _add_picture(self, name: str, picture: bytes) -> None:
        made = await self._caller.call(
            "POST", f"{self._base}/videos/{name}/pictures", headers=_ACCEPT
        )
        await self._put_file(made, picture, "image/jpeg")
        await self._caller.call(
            "PATCH",
            f"{self._base}{made.text_at('uri')}",
            json={"active": True},
            headers=_ACCEPT,
        )

    async def _add_captions(self, name: str, text: str) -> None:
        made = await self._caller.call(
            "POST",
            f"{self._base}/videos/{name}/texttracks",
            json={
                "type": "captions",
                "language": self._settings.language or "en",
                "name": "captions.srt",
                "active": True,
            },
            headers=_ACCEPT,
        )
        await self._put_file(made, text.encode(), "application/x-subrip")

    async def _put_file(self, made: PlatformAnswer, data: bytes, kind: str) -> None:
        """Send a file to the address that Vimeo made for it."""
        link = Secret(made.text_at("link"))
        if not is_safe_address(link.reveal(), beside=self._base):
            raise PublishError(Message("Vimeo named no address for it"))
        await self._caller.call(
            "PUT",
            link,
            is_authorized=False,
            content=data,
            headers={"Content-Type": kind},
        )

    async def _link(self, name: str) -> str:
        """Return the film's address; that of unlisted ones has a second part."""
        fallback = f"https://vimeo.com/{name}"
        try:
            answer = await self._caller.call(
                "GET",
                f"{self._base}/videos/{name}",
                params={"fields": "link"},
                headers=_ACCEPT,
            )
        except RefusedRequest:
            return fallback
        link = answer.text_at("link")
        is_own = re.fullmatch(rf"https://vimeo\.com/{name}(/[0-9a-f]{{1,64}})?", link)
        return link if is_own else fallback

    @staticmethod
    def explain(answer: PlatformAnswer) -> str:
        """Return why Vimeo refused, and what to do."""
        code = answer.text_at("error_code")
        said = spoken(answer.text_at("developer_message") or answer.text_at("error"))
        if code in _WORDS:
            why = _WORDS[code]
            return Message("{why} ({said})", why=why, said=said) if said else why
        if answer.status == 401:
            return Message(
                "the token is not valid any more: {connect}", connect=_CONNECT
            )
        if answer.status == 403:
            return Message(
                "the account may not do this ({said}): {connect}",
                said=said,
                connect=_CONNECT,
            )
        return f"HTTP {answer.status} {said}".strip()
